"""The bundled catalogue: what we have read, as files under review like code. See docs/catalogue.md."""

from .agreement import Agreement, LabelsRefused, agreement
from .dumping import dump
from .loading import BUNDLED, CatalogueRefused, Report, load
from .source import Problem
from .whole import Catalogue, check, read_catalogue

__all__ = [
    "BUNDLED",
    "Agreement",
    "Catalogue",
    "CatalogueRefused",
    "LabelsRefused",
    "Problem",
    "Report",
    "agreement",
    "check",
    "dump",
    "load",
    "read_catalogue",
]
