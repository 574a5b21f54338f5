"""All models of the domain, by name."""

from .audit import AuditEntry, AuditEntryQuerySet, Deed
from .change import Cause, Change, ChangeQuerySet, Direction, Event, Weight
from .clause import Clause, ClauseQuerySet, Quote, Territory, Threshold, in_force, values
from .descent import Descent
from .document import Document, Revision
from .license import Attribute, License, LicenseKind, LicenseQuerySet, Publisher
from .open_model import LicenseCount, OpenModel, OpenModelQuerySet
from .proposal import Claim, Draft, Proposal, ProposalQuerySet
from .release import Artifact, Component, Release, ReleaseQuerySet
from .rule import Conclusion, Rule
from .unresolved import Disagreement, UnresolvedName

__all__ = [
    "Artifact",
    "Attribute",
    "AuditEntry",
    "AuditEntryQuerySet",
    "Cause",
    "Change",
    "ChangeQuerySet",
    "Claim",
    "Clause",
    "ClauseQuerySet",
    "Component",
    "Conclusion",
    "Deed",
    "Descent",
    "Direction",
    "Disagreement",
    "Document",
    "Draft",
    "Event",
    "License",
    "LicenseCount",
    "LicenseKind",
    "LicenseQuerySet",
    "OpenModel",
    "OpenModelQuerySet",
    "Proposal",
    "ProposalQuerySet",
    "Publisher",
    "Quote",
    "Release",
    "ReleaseQuerySet",
    "Revision",
    "Rule",
    "Territory",
    "Threshold",
    "UnresolvedName",
    "Weight",
    "in_force",
    "values",
]
