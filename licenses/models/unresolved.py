"""What the rules leave open, tallied for the curators' queue after each sweep: no page counts millions of rows."""

from __future__ import annotations

from django.db import models

from .license import License
from .open_model import OpenModel
from .rule import Rule


class UnresolvedName(models.Model):
    """A spelling that no rule knows, and how many live models wait for it."""

    signal = models.CharField(max_length=4, choices=Rule.Signal.choices)
    value = models.CharField(max_length=300, help_text="Normalised as `licenses.spelling.normal` writes it.")
    written = models.CharField(max_length=500, help_text="As the most downloaded of them writes it.")
    total = models.PositiveIntegerField(help_text="Live models.")
    downloads = models.BigIntegerField()
    leading = models.CharField(max_length=200, help_text="The most downloaded of them.")
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-total", "-downloads"], name="unresolved_names_by_models")]
        constraints = [models.UniqueConstraint(fields=["signal", "value"], name="a_spelling_is_tallied_once")]

    def __str__(self) -> str:
        return f"{self.signal}:{self.value}"


class Disagreement(models.Model):
    """A model whose signals name two licenses: what it resolves to, and what its name, link, file or card says."""

    class Source(models.TextChoices):
        NAME = "name", "its license_name"
        LINK = "link", "its license_link"
        FILE = "file", "its license file"
        CARD = "card", "its model card"

    model = models.OneToOneField(OpenModel, models.CASCADE, related_name="disagreement")
    says = models.ForeignKey(License, models.CASCADE, related_name="+", help_text="The license that the other means.")
    source = models.CharField(max_length=4, choices=Source.choices)
    words = models.CharField(max_length=300, help_text="How it says so.")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.model}: {self.source} says {self.says}"
