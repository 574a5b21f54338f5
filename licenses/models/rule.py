"""How declared metadata points to a license. Rules are rows: adding one needs no release of ours."""

from __future__ import annotations

from django.db import models

from .license import License


class Rule(models.Model):
    """One spelling and the license it means. See decision record 0002."""

    class Signal(models.TextChoices):
        TAG = "tag", "Hub license identifier"
        NAME = "name", "license_name"
        LINK = "link", "license_link"
        REPO = "repo", "known repository"

    signal = models.CharField(max_length=4, choices=Signal.choices)
    value = models.CharField(max_length=300, help_text="Normalised as `licenses.spelling.normal` writes it.")
    author = models.CharField(max_length=100, blank=True, help_text="Only for models of this namespace.")
    license = models.ForeignKey(License, models.CASCADE, related_name="rules")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signal", "value", "author"], name="a_spelling_means_one_license")
        ]

    def __str__(self) -> str:
        return f"{self.signal}:{self.author + '/' if self.author else ''}{self.value}"
