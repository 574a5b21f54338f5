"""Purposes that licenses close and that somebody may well have: in words that a person would tick, by theme.

The others of `FIELDS_OF_USE` (fraud, malware …) are nobody's honest plan; an address may still name them.
"""

from __future__ import annotations

PURPOSES: tuple[tuple[str, str], ...] = (
    # state and force
    ("military", "Military"),
    ("weapons", "Weapons"),
    ("nuclear", "Nuclear technology"),
    ("national_security", "National security, intelligence"),
    ("law_enforcement_prediction", "Predicting crime or offenders"),
    ("surveillance", "Watching people"),
    ("biometrics", "Identifying people by face or body"),
    ("social_scoring", "Scoring people’s conduct"),
    ("critical_infrastructure", "Running power, water, traffic"),
    ("public_authority_use", "Work of a public authority"),
    # decisions and advice
    ("automated_legal_decisions", "Decisions on rights, by machine alone"),
    ("high_risk_automated_decisions", "Decisions on jobs, credit, housing"),
    ("unlicensed_professional_advice", "Advice on law, tax or money"),
    ("medical_advice", "Medical advice"),
    ("clinical_use", "Treating patients"),
    # media
    ("impersonation", "Speaking as a real person"),
    ("political_manipulation", "Election campaigns"),
    ("sexual_content", "Content for adults"),
    ("undisclosed_ai_output", "Outputs not marked as machine-made"),
    # trades
    ("autonomous_driving", "Self-driving vehicles"),
    ("drug_discovery", "Finding medicines"),
    ("export_controlled", "Goods under export control"),
    ("commercial_synthetic_data", "Selling synthetic data"),
)
