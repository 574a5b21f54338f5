"""Who was made from whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from .open_model import OpenModel


class Descent(models.Model):
    """A claim that one model was made from another. The parent may be unknown to us."""

    class Relation(models.TextChoices):
        REUPLOAD = "reupload"
        QUANTIZED = "quantized"
        FINETUNE = "finetune"
        ADAPTER = "adapter"
        MERGE = "merge"
        COMPONENT = "component"
        TRAINED_ON_OUTPUTS = "trained_on_outputs"

    child = models.ForeignKey(OpenModel, models.CASCADE, related_name="parents")
    parent = models.ForeignKey(OpenModel, models.SET_NULL, null=True, blank=True, related_name="children")
    parent_repo = models.CharField(max_length=200, help_text="As the child names it.")
    relation = models.CharField(max_length=20, choices=Relation.choices)
    claimed_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "parent_repo", "relation"], name="a_descent_is_claimed_once"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="no_model_descends_from_itself"),
        ]
