"""Facts that verdicts rest on, read off the database: whose number, counted when, and what follows.

The sizes are those of the texts; the other facts are the clauses behind worked examples of "may I use it?".
"""

from __future__ import annotations

from datetime import date

import pytest

from licenses import versions
from licenses.models import Artifact, Clause, License, Release

LLAMA = ("llama-2", "llama-3", "llama-3.1", "llama-3.2", "llama-3.3", "llama-4")


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def clause(license: str, kind: str) -> Clause:
    return Clause.objects.current().get(license__slug=license, kind=kind)


#: license, kind, metric, comparator, amount, currency, measured, whose, applies to, effect; "*" is not asked.
SIZES = """
llama-2                mau_cap           mau               gt  700000000  -   at_release affiliates any separate_license
llama-3                mau_cap           mau               gt  700000000  -   at_release affiliates any separate_license
llama-3.1              mau_cap           mau               gt  700000000  -   at_release affiliates any separate_license
llama-3.2              mau_cap           mau               gt  700000000  -   at_release affiliates any separate_license
llama-3.3              mau_cap           mau               gt  700000000  -   at_release affiliates any separate_license
llama-4                mau_cap           mau               gt  700000000  -   at_release affiliates any separate_license
databricks-open-model  mau_cap           mau               gt  700000000  -   at_release *          *   separate_license
hunyuan-large          mau_cap           mau               gt  100000000  -   at_release *          *   separate_license
hunyuan-a13b           mau_cap           mau               gt  100000000  -   at_release *          *   separate_license
hunyuan-image-3        mau_cap           mau               gt  100000000  -   at_release *          *   separate_license
tongyi-qianwen         mau_cap           mau               gt  100000000  -   ongoing    product    com separate_license
qwen-license           mau_cap           mau               gt  100000000  -   ongoing    product    com separate_license
kimi-k2-modified-mit   branding_required mau               gt  100000000  -   ongoing    product    com brand_display
kimi-k2-modified-mit   branding_required revenue           gt  20000000   USD ongoing    product    com brand_display
kimi-k2.5-modified-mit branding_required mau               gt  100000000  -   ongoing    product    com brand_display
kimi-k2.5-modified-mit branding_required revenue           gt  20000000   USD ongoing    product    com brand_display
minimax-m2             branding_required mau               gt  100000000  -   ongoing    product    com brand_display
minimax-m2             branding_required recurring_revenue gt  30000000   USD ongoing    product    com brand_display
bilibili-model-use     mau_cap           mau               gt  100000000  -   ongoing    affiliates *   separate_license
bilibili-model-use     revenue_cap       revenue           gt  1000000000 CNY ongoing    affiliates *   separate_license
stability-ai-community revenue_cap       revenue           gt  1000000    USD ongoing    affiliates *   *
ltxv-open-weights      revenue_cap       revenue           gte 10000000   USD ongoing    *          com separate_license
lfm-open-license       revenue_cap       revenue           gte 10000000   USD ongoing    *          com no_rights
minicpm-model-license  mau_cap           dau               gte 1000000    -   ongoing    *          *   separate_license
minicpm-model-license  mau_cap           devices           gt  5000       -   ongoing    *          *   separate_license
playground-v2-community mau_cap          unique_users      gt  1000000    -   ongoing    *          *   separate_license
"""
FIELDS = ("metric", "comparator", "amount", "currency", "measured", "whose", "applies_to", "effect")
SPELLED = {"-": "", "affiliates": "licensee_and_affiliates", "any": "any_use", "com": "commercial_use"}


@pytest.mark.parametrize("row", SIZES.strip().splitlines())
def test_a_size_is_the_texts_own(row: str) -> None:
    license, kind, *words = row.split()
    marks = {field: SPELLED.get(word, word) for field, word in zip(FIELDS, words, strict=True) if word != "*"}

    assert clause(license, kind).thresholds.filter(**marks).exists()


@pytest.mark.parametrize("license", ["hunyuan-large", "hunyuan-a13b", "hunyuan-image-3", "bilibili-model-use"])
def test_the_licensor_decides_alone(license: str) -> None:
    assert clause(license, "mau_cap").thresholds.get().discretion


@pytest.mark.parametrize("license", LLAMA)
def test_the_snapshot_is_tested_once_and_meta_decides_alone(license: str) -> None:
    size = clause(license, "mau_cap").thresholds.get()

    assert (size.period, size.measured, size.discretion) == ("calendar_month", "at_release", True)


@pytest.mark.parametrize("license", ["kimi-k2-modified-mit", "kimi-k2.5-modified-mit", "minimax-m2"])
def test_a_size_that_asks_for_a_display_is_no_cap(license: str) -> None:
    assert clause(license, "mau_cap").answer == "silent"
    assert clause(license, "revenue_cap").answer == "silent"
    assert clause(license, "branding_required").answer == "partly"


@pytest.mark.parametrize(
    ("license", "regions", "bases", "reaches"),
    [
        *((one, {"EU"}, {"domicile", "principal_place_of_business"}, "multimodal_only") for one in LLAMA[3:]),
        ("hunyuan-dit", {"EU"}, {"output_use", "place_of_use"}, "all_models"),
        ("hunyuan-large", {"EU"}, {"output_use"}, "all_models"),
        ("hunyuan-a13b", {"EU", "GB", "KR"}, {"output_use"}, "all_models"),
        ("hunyuan-video", {"EU", "GB", "KR"}, {"output_use"}, "all_models"),
        ("hunyuan-image-3", {"EU", "GB", "KR"}, {"output_use"}, "all_models"),
    ],
)
def test_a_territory_is_the_texts_own(license: str, regions: set[str], bases: set[str], reaches: str) -> None:
    places = list(clause(license, "geo_exclusion").territories.all())

    assert {region for place in places for region in place.regions} == regions
    assert bases <= {basis for place in places for basis in place.basis}
    assert {place.applies_to for place in places} == {reaches}


@pytest.mark.parametrize("license", LLAMA[3:])
def test_end_users_of_products_are_spared_by_the_policy(license: str) -> None:
    found = clause(license, "geo_exclusion")

    assert found.territories.get().exception == "end_users_of_products"
    assert {quote.document.role for quote in found.quotes.select_related("document")} == {"acceptable_use_policy"}


#: What the worked examples rest on: license, kind → answers that make the verdict what it is.
FACTS = [
    ("apache-2.0", "state_changes", {"yes"}),
    ("apache-2.0", "attribution_notice", {"yes"}),
    ("apache-2.0", "mau_cap", {"no", "silent"}),
    ("mit", "attribution_notice", {"yes"}),
    ("mit", "output_training", {"silent", "yes"}),
    ("llama-4", "geo_exclusion", {"yes"}),
    ("llama-4", "branding_required", {"yes"}),
    ("llama-4", "derivative_naming", {"yes"}),
    ("llama-4", "acceptable_use_policy", {"yes"}),
    ("llama-3.2", "geo_exclusion", {"partly"}),
    ("llama-3", "output_training", {"no"}),
    ("llama-3.3", "output_training", {"yes"}),
    ("llama-3.3", "derivative_naming", {"yes"}),
    ("llama-3.3", "field_of_use", {"yes"}),
    ("qwen-license", "output_training", {"yes"}),
    ("qwen-license", "branding_required", {"yes"}),
    ("tongyi-qianwen", "output_training", {"no"}),
    ("gemma-terms", "distillation_derivative", {"yes", "partly"}),
    ("gemma-terms", "output_training", {"yes"}),
    ("stability-ai-community", "registration", {"yes"}),
    ("stability-ai-community", "branding_required", {"yes"}),
    ("lfm-open-license", "revenue_cap", {"yes"}),
    ("exaone-1.2-nc", "commercial_use", {"no"}),
    ("exaone-1.2-nc", "derivative_naming", {"yes"}),
    ("exaone-1.2-nc", "redistribution", {"yes", "partly"}),
    ("flux-1-dev-nc", "commercial_use", {"no", "partly"}),
    ("flux-1-dev-nc", "output_training", {"partly"}),
    ("flux-1-dev-nc", "safeguard_duty", {"yes"}),
    ("bigcode-openrail-m", "must_pass_on_terms", {"yes"}),
    ("hunyuan-a13b", "geo_exclusion", {"yes"}),
]


@pytest.mark.parametrize(("license", "kind", "answers"), FACTS)
def test_what_a_verdict_rests_on_is_in_the_catalogue(license: str, kind: str, answers: set[str]) -> None:
    assert clause(license, kind).answer in answers


def test_military_use_is_closed_under_llama() -> None:
    assert "military" in clause("llama-3.3", "field_of_use").payload["fields"]


@pytest.mark.parametrize(
    ("release", "license"),
    [
        ("qwen3-dense", "apache-2.0"),
        ("qwen2.5", "apache-2.0"),
        ("qwen2.5-72b", "qwen-license"),
        ("qwen2.5-3b", "qwen-research-license"),
        ("deepseek-r1", "mit"),
        ("deepseek-v3", "deepseek-license-1.0"),
        ("deepseek-v3-0324", "mit"),
        ("gemma-4-31b", "apache-2.0"),
        ("exaone-3.5-32b", "exaone-1.1-nc"),
        ("exaone-4.0-32b", "exaone-1.2-nc"),
        ("flux.1-schnell", "apache-2.0"),
        ("command-a", "cohere-labs-cc-by-nc"),
        ("deepseek-r1-distill-llama-70b", "llama-3.3"),
    ],
)
def test_a_release_stands_under_the_license_that_leads(release: str, license: str) -> None:
    weights = Artifact.objects.weights().get(release__slug=release)

    assert weights.license is not None
    assert weights.license.slug == license


def test_a_relicensed_base_keeps_both_names() -> None:
    distilled = Release.objects.with_weights().get(slug="deepseek-r1-distill-llama-70b")

    assert distilled.weights is not None
    assert (distilled.weights.expression, distilled.weights.others) == ("MIT AND LicenseRef-llama-3.3", ["MIT"])
    assert (distilled.base_model, distilled.base_relation) == ("meta-llama/Llama-3.3-70B-Instruct", "finetune")


def test_a_sentence_lost_for_a_day_is_in_the_history() -> None:
    """FLUX.1 [dev]: the permission to use outputs commercially was away on 2025-06-26."""
    spans = Clause.objects.standing().filter(license__slug="flux-1-dev-nc", kind="output_rights")

    first, lost, back = date(2024, 8, 1), date(2025, 6, 26), date(2025, 6, 27)
    times = spans.order_by("effective_from").values_list("effective_from", "effective_to")
    assert list(times) == [(first, lost), (lost, back), (back, None)]


#: Real changes of wordings: license, the day on which the new words took effect, which way they went.
WORDINGS = [
    ("chatglm-6b", "2023-05-24", None),
    ("chatglm-6b", "2023-07-08", "looser"),
    ("tongyi-qianwen", "2023-09-25", None),
    ("yi-series", "2023-11-04", "looser"),
    ("cogvlm", "2023-12-19", "tighter"),
    ("gemma-terms", "2024-04-01", "looser"),
    ("gemma-terms", "2025-03-24", None),
    ("exaone-1.1-nc", "2024-08-08", "looser"),
    ("flux-1-dev-nc", "2024-11-21", None),
    ("flux-1-dev-nc", "2025-06-26", "tighter"),
    ("hunyuan-video", "2024-12-04", "tighter"),
    ("hunyuan-dit", "2024-12-17", "tighter"),
    ("minimax-01", "2025-02-20", "looser"),
    ("dinov3-license", "2025-08-19", None),
    ("minimax-m2", "2025-11-13", "tighter"),
]


@pytest.mark.parametrize(("license", "day", "way"), WORDINGS)
def test_a_wording_moved_the_way_it_is_known_to_have_moved(license: str, day: str, way: str | None) -> None:
    found = License.objects.for_page().get(slug=license)
    turns = {str(turn.day): turn for turn in versions.turns(found, found.documents.for_page())}

    ways = {str(move.direction) for move in turns[day].moves} - {"neither"}

    assert way in ways if way else not ways


@pytest.mark.parametrize(
    ("before", "after", "kind", "way"),
    [
        ("llama-1-noncommercial", "llama-2", "commercial_use", "looser"),
        ("llama-2", "llama-3", "branding_required", "tighter"),
        ("llama-2", "llama-3", "derivative_naming", "tighter"),
        ("llama-3", "llama-3.1", "output_training", "looser"),
        ("llama-3.1", "llama-3.2", "geo_exclusion", "tighter"),
        ("llama-3.3", "llama-4", "geo_exclusion", "tighter"),
        ("kimi-k2-modified-mit", "kimi-k2.5-modified-mit", "branding_required", "neither"),
    ],
)
def test_a_version_moved_from_the_one_before(before: str, after: str, kind: str, way: str) -> None:
    found = License.objects.get(slug=after)
    line = {one.license.slug: one for one in versions.line(found, License.objects.of_family(found.family))}

    assert list(line).index(before) == list(line).index(after) - 1
    assert {move.kind.slug: str(move.direction) for move in line[after].moves}[kind] == way
