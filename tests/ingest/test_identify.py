"""From what is declared to a license, as a table of cases."""

from dataclasses import dataclass

import pytest

from ingest.rules.identify import Book, RuleRow
from licenses.spelling import address, normal, spelling

APACHE, MIT, LLAMA, KIMI, KIMI_NEW, GEMMA = 1, 2, 3, 4, 5, 6

BOOK = Book.of([
    RuleRow("tag", "apache-2.0", "", APACHE),
    RuleRow("tag", "mit", "", MIT),
    RuleRow("tag", "mit-0", "", MIT),
    RuleRow("tag", "llama3.1", "", LLAMA),
    RuleRow("tag", "other", "", MIT),
    RuleRow("tag", "openrail", "", MIT),
    RuleRow("name", "Kimi-K2 Modified_MIT", "", KIMI),
    RuleRow("name", "modified-mit", "moonshotai", KIMI_NEW),
    RuleRow("name", "modified-mit", "", KIMI),
    RuleRow("link", "huggingface.co/google/gemma/blob/main/LICENSE", "", GEMMA),
    RuleRow("repo", "moonshotai/Kimi-K2-Instruct", "", KIMI),
])  # fmt: skip


@dataclass(frozen=True)
class Model:
    declared: tuple[str, ...] = ()
    declared_name: str = ""
    declared_link: str = ""
    repo_id: str = "acme/tiny"
    hub_id: str = ""

    @property
    def author(self) -> str:
        return self.repo_id.partition("/")[0]


@pytest.mark.parametrize(("model", "license", "rule"), [
    (Model(("apache-2.0",)), APACHE, "tag:apache-2.0"),
    (Model(("Apache 2.0",)), APACHE, "tag:apache-2.0"),
    (Model(("other",), "kimi-k2-modified-mit"), KIMI, "name:Kimi-K2 Modified_MIT"),
    (Model(("other",), "modified-mit"), KIMI, "name:modified-mit"),
    (Model(("other",), "Modified MIT", repo_id="moonshotai/K3"), KIMI_NEW, "name:moonshotai/modified-mit"),
    (Model(("other",), "", "https://huggingface.co/google/gemma/raw/0123abc/LICENSE"), GEMMA,
     "link:huggingface.co/google/gemma/blob/main/LICENSE"),
    (Model(("other",), "mine", "https://www.huggingface.co/google/gemma/blob/main/LICENSE?x=1#y"), GEMMA,
     "link:huggingface.co/google/gemma/blob/main/LICENSE"),
    (Model(repo_id="moonshotai/kimi-k2-instruct"), KIMI, "repo:moonshotai/Kimi-K2-Instruct"),
    (Model(("mit",), repo_id="moonshotai/Kimi-K2-Instruct"), KIMI, "repo:moonshotai/Kimi-K2-Instruct"),
    (Model(("mit",), "modified-mit"), MIT, "tag:mit"),
    (Model(("mit", "mit-0")), MIT, "tag:mit"),
    (Model((), "modified-mit"), KIMI, "name:modified-mit"),
    (Model(("unlisted",), "modified-mit"), KIMI, "name:modified-mit"),
    (Model(), None, ""),
    (Model(("other",)), None, ""),
    (Model(("openrail",)), None, ""),
    (Model(("other",), "apache-2.0"), None, ""),
    (Model(("other",), "", "LICENSE"), None, ""),
    (Model(("other",), "", "javascript:alert(1)"), None, ""),
    (Model(("mit", "apache-2.0")), None, ""),
    (Model(("mit", "unlisted")), None, ""),
    (Model(("mit", "apache-2.0"), "modified-mit"), None, ""),
    (Model(("other", "mit")), None, ""),
], ids=str)  # fmt: skip
def test_a_model_is_under_the_license_that_a_rule_names(model, license, rule):
    finding = BOOK.identify(model)

    assert (finding.license_id, finding.rule) == (license, rule)


@pytest.mark.parametrize(("text", "normal"), [
    ("Llama 3.1_Community", "llama-3.1-community"), ("  apache--2.0 ", "apache-2.0"), ("ＭＩＴ", "mit"), ("", ""),
    ("-", ""), ("openrail++", "openrail++"),
])  # fmt: skip
def test_one_spelling_for_all(text, normal):
    assert spelling(text) == normal
    assert spelling(spelling(text)) == normal


@pytest.mark.parametrize(("link", "normal"), [
    ("https://huggingface.co/a/B/blob/main/LICENSE", "huggingface.co/a/b/license"),
    ("http://www.huggingface.co/a/B/resolve/v1/LICENSE?download=true", "huggingface.co/a/b/license"),
    ("https://github.com/a/b/raw/0123/docs/LICENSE.md", "github.com/a/b/docs/license.md"),
    ("https://github.com/a/b/tree/main", "github.com/a/b"),
    ("https://acme.test/terms/", "acme.test/terms"),
    ("HTTPS://ACME.test//terms", "acme.test/terms"),
    ("https://acme.test", "acme.test"),
    ("https://github.com/a/b/blob/main/blob/x/LICENSE", "github.com/a/b/license"),
    ("https://acme.test/a%3Fb%2Fc%20d", "acme.test/a%3fb/c%20d"), ("https://acme.test/ÜBER", "acme.test/%c3%bcber"),
    ("LICENSE", ""), ("./LICENSE.md", ""), ("", ""), ("ftp://acme.test/x", ""), ("http://[", ""), ("https:///x", ""),
])  # fmt: skip
def test_one_address_for_all(link, normal):
    assert address(link) == normal
    assert address(f"https://{normal}") == normal


@pytest.mark.parametrize(("signal", "value", "spelt"), [
    ("tag", "Apache 2.0", "apache-2.0"), ("name", "Modified_MIT", "modified-mit"), ("repo", "Qwen/Qwen2", "qwen/qwen2"),
    ("link", "www.acme.test/Terms", "acme.test/terms"), ("link", "https://acme.test/Terms", "acme.test/terms"),
])  # fmt: skip
def test_a_rule_is_spelt_as_its_signal_asks_for(signal, value, spelt):
    assert normal(signal, value) == spelt
    assert normal(signal, spelt) == spelt
