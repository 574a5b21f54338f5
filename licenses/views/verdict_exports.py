"""One verdict for machines and for a file: all that its page says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from licenses import profiles
from licenses.clauses import ClauseKind
from licenses.explaining import Ancestor, Explained, Proof, Rest
from licenses.sheets import readers


def record(found: Explained) -> dict[str, Any]:
    """As JSON. Needs a result."""
    profile, result, subject = found.profile, found.result, found.subject
    if profile is None or result is None:
        return {}
    return {
        "name": subject.name,
        "sort": subject.sort,
        "handle": subject.handle,
        "address": subject.address,
        "profile": dict(profiles.as_query(profile).lists()),
        "verdict": result.verdict,
        "label": result.verdict.label,
        "reason": result.reason,
        "disclaimer": result.disclaimer,
        "deciding": [proof_record(proof) for proof in found.deciding],
        "also_in_the_way": [proof_record(proof) for proof in found.others],
        "duties": [proof_record(proof) for proof in found.duties],
        "gate": result.gate.must if result.gate else None,
        "not_held": found.not_held,
        "risks": [proof_record(proof) | {"tone": proof.finding.outcome.tone} for proof in found.risks],
        "footnotes": [proof_record(proof) for proof in found.footnotes],
        "assumed": found.assumed,
        "unread": {name: [kind.slug for kind in kinds] for name, kinds in found.unread},
        "silent": {bundle.name: [kind.slug for kind in kinds] for bundle, kinds in found.silent},
        "in_doubt": [{"license": license.slug, "kind": clause.kind} for license, clause in found.doubted],
        "made_from": [ancestor_record(ancestor) for ancestor in found.ancestors],
        "rests_on": [rest_record(rest) for rest in found.rests_on],
        "would_change": [
            {"words": flip.words, "verdict": flip.verdict, "better": flip.better}
            | {"profile": dict(profiles.as_query(flip.profile).lists())}
            for flip in found.changes
        ],
    }


def proof_record(proof: Proof) -> dict[str, Any]:
    clause, finding = proof.clause, proof.finding
    doubt = proof.cell.in_doubt_since
    return {
        "license": proof.license.slug,
        "kind": finding.kind.slug,
        "answer": finding.answer,
        "verdict": finding.verdict,
        "says": finding.outcome.says,
        "use_case": finding.use_case,
        "if": finding.condition,
        "you_must": finding.outcome.must,
        "in_doubt_since": doubt.date().isoformat() if doubt else None,
        "read_by": clause.read_by if clause else None,
        "read_on": clause.read_on if clause else None,
        "confirmed_by": clause.confirmed_by if clause else None,
        "quotes": [
            {"exact": quote.exact, "document": quote.document.title, "section": quote.section}
            for quote in (clause.proofs if clause else [])
        ],
    }


def ancestor_record(ancestor: Ancestor) -> dict[str, Any]:
    return {
        "name": ancestor.name,
        "path": ancestor.path,
        "findings": [{"code": one.code, "level": one.level, "sentence": one.sentence} for one in ancestor.findings],
        "handed_down": [
            {
                "how": inherited.how,
                "license": inherited.bundle.slug if inherited.bundle else None,
                "verdict": judgment.verdict if judgment else None,
            }
            for inherited, judgment in ancestor.handed_down
        ],
    }


def rest_record(rest: Rest) -> dict[str, Any]:
    return {
        "license": rest.license.slug,
        "name": rest.license.name,
        "how": rest.inherited.how if rest.inherited else "own",
        "verdict": rest.judgment.verdict if rest.judgment else None,
        "read_on": rest.read_on,
        "documents": [
            {
                "title": document.title,
                "address": document.get_absolute_url(),
                "dated": wording.dated if wording else None,
                "sha256": wording.raw_sha256 if wording else None,
                "source": wording.source if wording else None,
            }
            for document, wording in rest.wordings
        ],
    }


def plainly(found: Explained) -> str:
    """As text to be kept. Needs a result."""
    profile, result = found.profile, found.result
    if profile is None or result is None:
        return ""
    asked = [f"{name}: {', '.join(values)}" for name, values in profiles.as_query(profile).lists()]
    parts = [
        ("Asked for", asked),
        ("What decided", map(proof_lines, found.deciding)),
        ("What else stands in the way", map(proof_lines, found.others)),
        ("What to do", [*map(duty_lines, found.duties), *([result.gate.must] if result.gate else [])]),
        ("Risks", map(proof_lines, found.risks)),
        ("Worth knowing", map(proof_lines, found.footnotes)),
        ("Assumed", found.assumed),
        ("Not read yet", [kinds_line(name, kinds) for name, kinds in found.unread]),
        ("The text is silent on", [kinds_line(bundle.name, kinds) for bundle, kinds in found.silent]),
        ("In doubt, as words that prove it are no longer in the text", doubts(found)),
        ("Not held here; its quotes cannot be checked against a text", found.not_held),
        ("What it was made from", [one.sentence for one in found.findings]),
        ("It rests on", map(rest_lines, found.rests_on)),
        ("What would change the answer", [flip.words for flip in found.changes]),
    ]
    head = f"{found.subject.name}: {result.verdict.label}\n\n{result.disclaimer}\n"
    return head + "".join(section(title, list(lines)) for title, lines in parts)


def section(title: str, lines: Iterable[str]) -> str:
    listed = "".join(f"- {line}\n" for line in lines)
    return f"\n{title}\n{listed}" if listed else ""


def proof_lines(proof: Proof) -> str:
    return f"{proof.says} ({proof.license.short_name}, {proof.finding.kind.title}){quotes(proof)}"


def duty_lines(proof: Proof) -> str:
    finding = proof.finding
    return f"{finding.use_case} | if: {finding.condition} | you must: {finding.outcome.must}{quotes(proof)}"


def quotes(proof: Proof) -> str:
    """And who read them."""
    if proof.clause is None:
        return ""
    found = [f"“{quote.exact}” {quote.document.title}, {quote.section}" for quote in proof.clause.proofs]
    return "".join(f"\n    {line}" for line in (*found, readers(proof.clause)))


def kinds_line(name: str, kinds: list[ClauseKind]) -> str:
    return f"{name}: {', '.join(kind.title for kind in kinds) or 'nothing of it is read'}"


def doubts(found: Explained) -> list[str]:
    return [
        f"{license.short_name}, {clause.declaration.title} since {clause.in_doubt_since:%Y-%m-%d}"
        for license, clause in found.doubted
    ]


def rest_lines(rest: Rest) -> str:
    how = f" ({rest.inherited.how})" if rest.inherited else ""
    wordings = [
        f"\n    {document.title}, {wording.dated}, sha256 {wording.raw_sha256}"
        if wording
        else f"\n    {document.title}, no wording held here"
        for document, wording in rest.wordings
    ]
    return f"{rest.license.name}{how}{''.join(wordings)}"
