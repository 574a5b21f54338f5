"""All models of the domain, by name."""

from .change import Cause, Change, ChangeQuerySet, Direction, Event, Weight
from .clause import Clause, ClauseQuerySet, Quote, Territory, Threshold, in_force, values
from .descent import Descent
from .license import Attribute, Document, License, LicenseKind, LicenseQuerySet, Publisher, Revision
from .open_model import LicenseCount, OpenModel, OpenModelQuerySet
from .proposal import Proposal
from .release import Artifact, Component, Release, ReleaseQuerySet
from .rule import Rule

__all__ = [
    "Artifact",
    "Attribute",
    "Cause",
    "Change",
    "ChangeQuerySet",
    "Clause",
    "ClauseQuerySet",
    "Component",
    "Descent",
    "Direction",
    "Document",
    "Event",
    "License",
    "LicenseCount",
    "LicenseKind",
    "LicenseQuerySet",
    "OpenModel",
    "OpenModelQuerySet",
    "Proposal",
    "Publisher",
    "Quote",
    "Release",
    "ReleaseQuerySet",
    "Revision",
    "Rule",
    "Territory",
    "Threshold",
    "Weight",
    "in_force",
    "values",
]
