"""How far our readings agree with another reader's labels of the same texts.

The labels are a table of `slug, clause, value, threshold`; an `index.csv` of `slug, sha256` beside it says which of our
revisions a text is, so that other slugs do no harm. Without it a slug is a license's, or `license/date`. A bundle is
compared as a whole, as we read it: what one of its documents says, the bundle says.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from licenses.clauses import KIND, Answer

from .whole import Catalogue

YES, NO, PARTLY, SILENT = Answer.YES, Answer.NO, Answer.PARTLY, Answer.SILENT
THERE, NOT_THERE, TOUCHED = {YES, PARTLY}, {NO, SILENT}, {YES, NO, PARTLY}
COLUMNS = {"slug", "clause", "value", "threshold"}
VALUES = {"yes", "no", "na", "implied", "unclear"}


class LabelsRefused(Exception):
    """The file is not such a table, or its index is missing."""


class Wording(NamedTuple):
    """One license at one time: until the day on which its next wording took effect, None for today's."""

    license: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Labels:
    """What the other reader says of a bundle: clause → values, `other` names, thresholds by clause."""

    values: dict[str, set[str]]
    names: set[str]
    amounts: dict[str, set[int]]

    def has(self, clause: str) -> bool:
        return "yes" in self.values.get(clause, ())

    def is_unclear(self, *clauses: str) -> bool:
        """Unsettled, with nothing else that settles it: then there is nothing to agree with."""
        return any("unclear" in self.values.get(clause, ()) for clause in clauses) and not any(map(self.has, clauses))

    def is_labelled(self, clause: str) -> bool:
        return bool(self.values.get(clause, set()) - {"na"})


def found(*clauses: str) -> Callable[[Labels], set[Answer] | None]:
    """Yes to any of the clauses means that it is there; no to all that it is not."""

    def expected(labels: Labels) -> set[Answer] | None:
        if not any(labels.is_labelled(clause) for clause in clauses) or labels.is_unclear(*clauses):
            return None
        return THERE if any(labels.has(clause) for clause in clauses) else NOT_THERE

    return expected


def commercial_use(labels: Labels) -> set[Answer] | None:
    if not labels.is_labelled("noncommercial_only"):
        return None
    if "no_production_use" in labels.names:
        return {PARTLY, NO}
    if labels.has("noncommercial_only") or labels.has("research_only"):
        return {NO, PARTLY} if labels.has("registration_or_request_required") else {NO}
    return THERE if labels.has("registration_or_request_required") else {YES}


def redistribution(labels: Labels) -> set[Answer] | None:
    values = labels.values.get("redistribution_allowed", set()) - {"na"}
    return {{"yes": YES, "no": NO}.get(value, PARTLY) for value in values} or None


def output_training(labels: Labels) -> set[Answer] | None:
    if not labels.is_labelled("output_training_restriction"):
        return None
    if labels.has("output_training_restriction"):
        return {NO, PARTLY}
    return {YES} if labels.has("output_training_permitted_explicitly") else {YES, SILENT}


def patent_grant(labels: Labels) -> set[Answer] | None:
    if "patent_exclusion" in labels.names:
        return {NO}
    meant = {"yes": {YES}, "implied": {PARTLY}, "no": NOT_THERE}
    values = labels.values.get("patent_grant", set()) - {"na", "unclear"}
    return set().union(*(meant[value] for value in values)) if values else None


def patent_retaliation(labels: Labels) -> set[Answer] | None:
    """A ban on challenging the licensor's rights counts as well."""
    return THERE if "no_challenge" in labels.names else found("patent_retaliation")(labels)


def branding(labels: Labels) -> set[Answer] | None:
    if labels.has("branding_threshold") or "branding_encouraged" in labels.names:
        return THERE if labels.has("branding_required") else {PARTLY}
    return found("branding_required")(labels)


#: Kind → what its answer may be, given the labels. The crosswalk from the clauses that both readers know.
EXPECTED: dict[str, Callable[[Labels], set[Answer] | None]] = {
    "commercial_use": commercial_use,
    "redistribution": redistribution,
    "copyleft_sharealike": found("copyleft_sharealike"),
    "mau_cap": found("mau_cap"),
    "revenue_cap": found("revenue_cap"),
    "registration": found("registration_or_request_required"),
    "acceptable_use_policy": found("acceptable_use_policy"),
    "field_of_use": found("field_of_use_restrictions"),
    "geo_exclusion": found("geo_exclusion"),
    "attribution_notice": found("attribution_notice"),
    "state_changes": found("state_changes"),
    "branding_required": branding,
    "derivative_naming": found("derivative_naming"),
    "output_training": output_training,
    "must_pass_on_terms": found("must_pass_on_terms"),
    "patent_grant": patent_grant,
    "patent_retaliation": patent_retaliation,
    "indemnity": found("indemnity_required"),
    "termination_for_breach": found("termination_for_breach"),
    "unilateral_change": found("unilateral_change_or_update_duty"),
    "governing_law": found("governing_law"),
}

#: `other` names, which are not complete: where one stands, the kind cannot be silent; without it nothing is compared.
NAMED: dict[str, tuple[str, ...]] = {
    "modification": ("no_modification", "reverse_engineering_ban", "base_weight_extraction_ban"),
    "redistribution": ("no_sublicense",),
    "hosted_service": ("hosting_restriction", "hosting_counts_as_distribution"),
    "mau_cap": ("device_count_cap",),
    "fees_royalties": ("liquidated_damages",),
    "acceptable_use_policy": ("violation_reporting",),
    "field_of_use": ("national_security_clause",),
    "excluded_parties": ("org_type_restriction", "competing_use_ban"),
    "safeguard_duty": ("technical_circumvention_ban", "content_filter_duty", "guardrail_circumvention_terminates"),
    "export_control": ("export_control",),
    "attribution_notice": ("license_copy", "citation_duty", "publication_acknowledgement", "model_card_duty"),
    "copyleft_sharealike": ("source_disclosure", "network_copyleft", "grant_back"),
    "branding_required": ("benchmark_labelling", "branding_threshold_revenue"),
    "trademark_use": ("no_endorsement", "brand_guidelines"),
    "output_rights": (
        *("output_ownership", "licensor_owns_outputs", "output_use_limits", "output_commercial_use_allowed"),
        *("output_freedom", "output_disclosure_limit", "benchmarking_restriction", "license_for_outputs"),
    ),
    "distillation_derivative": (
        *("distillation_counts_as_derivative", "derivative_from_output", "distilled_model_notice"),
    ),
    "output_disclosure": ("ai_disclosure_duty", "disclosure_of_ai_dangers", "synthetic_dataset_notice"),
    "indemnity": ("downstream_liability",),
    "revocable_at_will": ("revocable_at_will", "termination_at_discretion"),
    "termination_for_breach": ("cure_period", "destruction_certificate"),
    "unilateral_change": ("later_version_option", "non_retroactive_versions", "interpretation_right"),
    "remote_restriction": ("remote_restriction", "usage_tracking"),
    "access_gate": ("platform_plan_required",),
    "upstream_terms": (
        *("upstream_license_stack", "weights_terms_elsewhere", "appended_third_party", "personal_data_duty"),
    ),
    "governing_law": ("arbitration", "class_action_waiver", "regional_licensor", "regional_variations"),
}

#: Clauses of the labels that hold an amount → our kind.
AMOUNTS = {"mau_cap": "mau_cap", "revenue_cap": "revenue_cap", "branding_threshold": "branding_required"}


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    text: str
    kind: str
    labelled: str
    ours: str

    def __str__(self) -> str:
        return f"{self.text} · {self.kind}: the labels say {self.labelled}, we say {self.ours}"


@dataclass(slots=True)
class Agreement:
    """What was compared, kind by kind, and where the two differ."""

    compared: Counter[str] = field(default_factory=Counter)
    agreed: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def note(self, text: str, kind: str, expected: Iterable[str], ours: str) -> None:
        self.compared[kind] += 1
        if ours in set(expected):
            self.agreed[kind] += 1
        else:
            self.differences.append(Difference(text, kind, " or ".join(sorted(map(str, expected))), str(ours)))

    def lines(self) -> Iterator[str]:
        """A table of the kinds in their order, then the sum."""
        for kind in (*KIND, "amounts"):
            if total := self.compared[kind]:
                yield f"{kind:26} {self.agreed[kind]:4} of {total:4}  {100 * self.agreed[kind] / total:5.1f} %"
        total, agreed = self.compared.total(), self.agreed.total()
        yield f"{'all':26} {agreed:4} of {total:4}  {100 * agreed / (total or 1):5.1f} %"


def agreement(catalogue: Catalogue, labels: Path) -> Agreement:
    """Compare the catalogue with a file of labels. Raises LabelsRefused."""
    places = wordings(catalogue)
    texts = hashes(catalogue, labels)
    result = Agreement()
    bundles: dict[Wording, list[dict[str, str]]] = defaultdict(list)
    names: dict[Wording, str] = {}
    strangers = set()
    for row in rows(labels, COLUMNS):
        held = places.get(texts.get(row["slug"], ""), [])
        if not held:
            strangers.add(row["slug"])
        for wording, leads in held:
            bundles[wording].append(row)
            if leads:
                names[wording] = row["slug"]
    for wording, said in bundles.items():
        if wording in names:
            compare(result, names[wording], read(said), in_force(catalogue.licenses[wording.license], wording.until))
    result.differences.sort()
    result.strangers = sorted(strangers)
    return result


def hashes(catalogue: Catalogue, labels: Path) -> dict[str, str]:
    """Slug of a labelled text → its hash: by the index beside the labels, else `license/date` as our files name it."""
    index = labels.with_name("index.csv")
    if index.exists():
        return {row["slug"]: row["sha256"] for row in rows(index, {"slug", "sha256"})}
    found: dict[str, str] = {}
    for slug, license in catalogue.licenses.items():
        for document in license["documents"]:
            if document["role"] == "agreement":
                for each in sorted(document["revisions"], key=lambda one: one["date"] or date.min):
                    found |= {slug: each["sha256"], f"{slug}/{each['date']}": each["sha256"]}
    return found


def rows(path: Path, columns: set[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            table, named = list(reader), set(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelsRefused(f"Cannot read {path}: {error}.") from error
    missing = columns - named
    wrong = next((row for row in table if None in row or None in row.values()), None)
    if wrong and not missing:
        raise LabelsRefused(f"{path}: the row of “{next(iter(wrong.values()))}” has not as many cells as the head.")
    if missing:
        raise LabelsRefused(f"{path} lacks the columns {', '.join(sorted(missing))}.")
    return table


def wordings(catalogue: Catalogue) -> dict[str, list[tuple[Wording, bool]]]:
    """Hash of a text → the wordings of bundles that it is part of, and whether it is their agreement."""
    places: dict[str, list[tuple[Wording, bool]]] = defaultdict(list)
    for slug, license in catalogue.licenses.items():
        agreements = [each for each in license["documents"] if each["role"] == "agreement"]
        turns = [until for revisions in map(dated, agreements) for _, until in revisions] or [None]
        for document in license["documents"]:
            leads = document["role"] == "agreement" or not any(each["revisions"] for each in agreements)
            for sha256, until in dated(document):
                places[sha256] += [(Wording(slug, turn), leads) for turn in ([until] if leads else turns)]
    return places


def dated(document: dict[str, Any]) -> list[tuple[str, date | None]]:
    """The revisions of a document in order, each with the day on which the next took effect."""
    in_order = sorted(document["revisions"], key=lambda each: each["date"] or date.min)
    ends = [each["date"] for each in in_order[1:]] + [None]
    return [(each["sha256"], end) for each, end in zip(in_order, ends, strict=False)]


def in_force(license: dict[str, Any], until: date | None) -> dict[str, dict[str, Any]]:
    """Kind → the reading of the wording that gave way on a day."""
    held: dict[str, dict[str, Any]] = {}
    for (kind, end), dated_reading in sorted(license["readings"].items(), key=lambda item: item[0][1] or date.max):
        if end is None or (until is not None and end >= until):
            held.setdefault(kind, dated_reading.reading)
    return held


def read(said: list[dict[str, str]]) -> Labels:
    values: dict[str, set[str]] = defaultdict(set)
    amounts: dict[str, set[int]] = defaultdict(set)
    for row in said:
        if row["value"] not in VALUES:
            known = ", ".join(sorted(VALUES))
            raise LabelsRefused(f"{row['slug']}, {row['clause']}: “{row['value']}” is no value. Use one of: {known}.")
        values[row["clause"]].add(row["value"])
        if row["clause"] in AMOUNTS and row["value"] == "yes" and row["threshold"].isdecimal():
            amounts[row["clause"]].add(int(row["threshold"]))
    names = {row["threshold"] for row in said if row["clause"] == "other"}
    return Labels(dict(values), names, dict(amounts))


def compare(result: Agreement, text: str, labels: Labels, readings: dict[str, dict[str, Any]]) -> None:
    def answer(kind: str) -> Answer:
        return Answer(readings[kind]["answer"]) if kind in readings else Answer.UNREAD

    for kind, expected in EXPECTED.items():
        if (answers := expected(labels)) is not None:
            # The other reader found something of the kind, and keeps it under another name.
            touched = answers <= NOT_THERE and labels.names.intersection(NAMED.get(kind, ()))
            result.note(text, kind, answers | TOUCHED if touched else answers, answer(kind))
    for kind in NAMED.keys() - EXPECTED.keys():
        if labels.names.intersection(NAMED[kind]):
            result.note(text, kind, TOUCHED, answer(kind))
    for clause, amounts in labels.amounts.items():
        ours = {size["amount"] for size in readings.get(AMOUNTS[clause], {}).get("thresholds", ())}
        for amount in amounts:
            result.note(text, "amounts", {str(amount)}, str(amount) if amount in ours else f"{sorted(ours) or 'none'}")
