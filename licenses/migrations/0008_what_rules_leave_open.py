"""Indexes for what the rules leave open, and of which wording a file of a model was compared with known texts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("licenses", "0007_the_workbench"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="judged",
            field=models.ForeignKey(
                blank=True,
                help_text="A model's own file: the wording of which that was found.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="licenses.revision",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["sha256"], name="wordings_of_the_same_words"),
        ),
        migrations.AddIndex(
            model_name="openmodel",
            index=models.Index(
                condition=models.Q(("gone_at__isnull", True), models.Q(("declared_name", ""), _negated=True)),
                fields=["declared_name"],
                name="models_with_a_license_name",
            ),
        ),
        migrations.AddIndex(
            model_name="openmodel",
            index=models.Index(
                condition=models.Q(("gone_at__isnull", True), models.Q(("declared_link", ""), _negated=True)),
                fields=["declared_link"],
                name="models_with_a_license_link",
            ),
        ),
        migrations.AddIndex(
            model_name="openmodel",
            index=models.Index(
                condition=models.Q(
                    ("gone_at__isnull", True),
                    ("license__isnull", True),
                    models.Q(
                        models.Q(("declared", []), _negated=True),
                        models.Q(("declared_name", ""), _negated=True),
                        models.Q(("declared_link", ""), _negated=True),
                        _connector="OR",
                    ),
                ),
                fields=["id"],
                name="models_waiting_for_a_rule",
            ),
        ),
    ]
