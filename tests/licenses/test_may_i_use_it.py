# ruff: noqa: E501 - a row of the table is a line
"""May I use it? The worked examples, through the pure function, on what the bundled catalogue says."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from licenses import bundles
from licenses.clauses.profile import Profile
from licenses.models import License, Release
from licenses.profiles import ProfileForm
from licenses.verdict import Judge, Result, Standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def profile(address: str) -> Profile:
    form = ProfileForm(QueryDict(address))
    assert form.is_valid(), form.errors
    return form.profile()


def standing(handle: str) -> Standing:
    held = bundles.shelf()
    if handle.startswith("licenses/"):
        return bundles.of_license(License.objects.get(slug=handle.removeprefix("licenses/")), held)
    if not handle:
        return Standing((None,))
    release = Release.objects.with_weights().get(slug=handle)
    return bundles.of_releases([release], held)[handle]


def ask(address: str, handle: str) -> Result:
    return Judge(profile(address)).result(standing(handle))


STARTUP = "commercial=yes&seat=DE&organisation=company"
STUDENT = "train=own-llm&student=published"
#: number, profile, what it is about, verdict, words of what decided or is to be done
EXAMPLES = [
    ("1", f"{STARTUP}&use=host&use=publish", "qwen3-dense", "obligations", "say that you changed it"),
    ("2", f"{STARTUP}&use=product", "llama-4", "prohibited", "your seat is there (DE)"),
    ("3", "commercial=yes&seat=DE&end_user=yes", "llama-4", "permitted", ""),
    ("4", "commercial=yes&seat=US&use=product&users=800M&users_at=2025-03:600M", "llama-4", "obligations", "Built with Llama"),
    ("5", "commercial=yes&seat=US&use=product&users_at=2025-03:800M", "llama-4", "needs-license", "700 million monthly users"),
    ("6", f"{STARTUP}&use=product&users=5000", "llama-3.2", "obligations", "Built with Llama"),
    ("7", "commercial=yes&use=product&product_revenue_month=60M", "kimi-k2", "obligations", "Kimi K2"),
    ("8", "commercial=yes&use=product&product_revenue_month=60M&badge=no", "kimi-k2", "needs-license", "which you cannot"),
    ("9", "commercial=no&organisation=person", "kimi-k2", "permitted", ""),
    ("10", "commercial=yes&seat=FR&place=FR&use=sell-outputs", "hunyuan-a13b", "prohibited", "or its outputs, there (FR)"),
    ("11", "commercial=yes&use=product&revenue_year=0.9M", "stable-diffusion-3.5-large", "obligations", "register"),
    ("12", "commercial=yes&use=product&revenue_year=1.0M", "stable-diffusion-3.5-large", "obligations", "Powered by Stability AI"),
    ("13", "commercial=yes&revenue_year=10.0M", "lfm2-8b-a1b", "needs-license", "10 million USD"),
    ("14", "commercial=no&seat=KR&organisation=university&use=publish", "exaone-4.0-32b", "obligations", "begin with “EXAONE”"),
    ("15", "commercial=yes&seat=KR&use=product", "exaone-4.0-32b", "needs-license", "commercial use is not granted"),
    ("16", STUDENT, "llama-3", "prohibited", "train other models"),
    ("17", STUDENT, "llama-3.3", "obligations", "begin with “Llama”"),
    ("18", STUDENT, "qwen2.5-72b", "obligations", "Built with Qwen / Improved using Qwen"),
    ("19", STUDENT, "licenses/tongyi-qianwen", "prohibited", "train other models"),
    ("20", STUDENT, "deepseek-r1", "permitted", ""),
    ("21", f"{STUDENT}&student=alike", "gemma-3", "obligations", "carry these same terms"),
    ("22", "commercial=no&organisation=person&use=sell-outputs", "flux.1-dev", "obligations", "limits on outputs"),
    ("22b", "commercial=yes&organisation=company&use=product", "flux.1-dev", "needs-license", "commercial use is not granted"),
    ("23", "commercial=yes&use=host", "starcoder-2", "obligations", "the users of your service"),
    ("24", "commercial=yes&use=product&product_users=120M", "qwen2.5-72b", "needs-license", "100 million monthly users"),
    ("25", "commercial=yes&use=product&use=redistribute&product_users=120M", "qwen2.5", "obligations", "copy of the license"),
    ("26", "commercial=no&organisation=university&field=military", "llama-3.3", "prohibited", "closed for military"),
    ("27", "commercial=no", "", "unknown", "not read yet"),
    ("28", "commercial=yes&seat=ES&use=product", "deepseek-r1-distill-llama-70b", "obligations", "Built with Llama"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "address", "handle", "verdict", "words"), EXAMPLES, ids=[row[0] for row in EXAMPLES]
)
def test_a_worked_example(number: str, address: str, handle: str, verdict: str, words: str) -> None:
    result = ask(address, handle)

    said = [finding.outcome.says + finding.outcome.must for _, finding in result.deciding] or [result.reason]
    assert result.verdict == verdict, [(j.bundle and j.bundle.slug, f.kind.slug, f.outcome) for j, f in result.deciding]
    assert any(words in sentence for sentence in said), said
