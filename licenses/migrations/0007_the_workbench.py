"""Proposals with readings, drafts, claims, the audit trail, conclusions, and what the rules leave open."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

#: What may still be written to a finished row: see migration 0002.
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW
    EXECUTE FUNCTION licenses_append_only({columns});
"""
DROP = "DROP TRIGGER append_only ON {table};"
READ_TWICE = ["once:superseded_at", "once:confirmed_by", "once:confirmed_on"]
DECIDED = ["outcome", "email", "once:decided_by_id", "once:decided_at", "once:decision", "once:clause_id"]


def trigger(table, columns):
    return TRIGGER.format(table=table, columns=", ".join(f"'{column}'" for column in columns))


def guarded(table, columns):
    return migrations.RunSQL(trigger(table, columns), DROP.format(table=table))


def now_also(table, columns, more):
    """The same guard with further columns that may be written."""
    drop = DROP.format(table=table)
    return migrations.RunSQL(f"{drop} {trigger(table, columns + more)}", f"{drop} {trigger(table, columns)}")


class Migration(migrations.Migration):
    dependencies = [
        ("licenses", "0006_wordings_are_dated_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(help_text="Display name at the time.", max_length=120)),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed a reading"),
                            ("published", "published a reading"),
                            ("confirmed", "confirmed a reading"),
                            ("reverted", "went back to an earlier reading"),
                            ("copied", "took over a reading of another license"),
                            ("accepted", "accepted a proposal"),
                            ("declined", "declined a proposal"),
                            ("withdrew", "withdrew a proposal"),
                            ("established", "entered a license"),
                            ("brought", "brought the words of a license"),
                            ("bound", "added a rule"),
                            ("unbound", "retired a rule"),
                            ("concluded", "concluded a model's license"),
                            ("reopened", "took back a conclusion"),
                            ("invited", "invited somebody"),
                            ("roles", "changed roles"),
                        ],
                        max_length=12,
                    ),
                ),
                ("kind", models.CharField(blank=True, help_text="Slug of a declared kind.", max_length=40)),
                ("before", models.CharField(blank=True, max_length=400)),
                ("after", models.CharField(blank=True, max_length=400)),
                ("reason", models.TextField(blank=True, max_length=4000)),
            ],
            options={
                "verbose_name_plural": "audit entries",
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.CharField(help_text="Topic and key of the queue's entry.", max_length=320, unique=True),
                ),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(max_length=2000)),
                ("evidence", models.URLField(blank=True, max_length=500)),
                ("quote", models.CharField(blank=True, help_text="The words that show it.", max_length=300)),
                ("made_by_name", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Disagreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("name", "its license_name"),
                            ("link", "its license_link"),
                            ("file", "its license file"),
                            ("card", "its model card"),
                        ],
                        max_length=4,
                    ),
                ),
                ("words", models.CharField(help_text="How it says so.", max_length=300)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="Slug of a declared kind.", max_length=40)),
                ("fields", models.JSONField(default=dict, help_text="The form's fields: name → values.")),
                ("saved_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="UnresolvedName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "signal",
                    models.CharField(
                        choices=[
                            ("tag", "Hub license identifier"),
                            ("name", "license_name"),
                            ("link", "license_link"),
                            ("repo", "known repository"),
                        ],
                        max_length=4,
                    ),
                ),
                (
                    "value",
                    models.CharField(help_text="Normalised as `licenses.spelling.normal` writes it.", max_length=300),
                ),
                ("written", models.CharField(help_text="As the most downloaded of them writes it.", max_length=500)),
                ("total", models.PositiveIntegerField(help_text="Live models.")),
                ("downloads", models.BigIntegerField()),
                ("leading", models.CharField(help_text="The most downloaded of them.", max_length=200)),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.AlterModelOptions(
            name="proposal",
            options={
                "permissions": [
                    ("curate", "Read licenses: claim, propose, publish what one reader may"),
                    ("review", "Second reader: confirm, publish, decline"),
                    ("invite", "Invite people and give them roles"),
                ]
            },
        ),
        migrations.RemoveConstraint(
            model_name="rule",
            name="a_spelling_means_one_license",
        ),
        migrations.AddField(
            model_name="clause",
            name="confirmer",
            field=models.ForeignKey(
                blank=True,
                help_text="Curators only.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="reads_as",
            field=models.ForeignKey(
                blank=True,
                help_text="A model's own file: the license whose words it holds, but for names and years.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="licenses.license",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="answers",
            field=models.ForeignKey(
                blank=True,
                help_text="The correction it is for.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answered_by",
                to="licenses.proposal",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                help_text="What stood there when it was made.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licenses.clause",
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="decision",
            field=models.TextField(blank=True, help_text="Why it was decided so; shown to all.", max_length=2000),
        ),
        migrations.AddField(
            model_name="proposal",
            name="email",
            field=models.EmailField(
                blank=True, help_text="For a question back. Never shown; emptied with the decision.", max_length=254
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="key",
            field=models.SlugField(
                db_default=django.db.models.functions.comparison.Cast(
                    django.contrib.postgres.functions.RandomUUID(), models.CharField(max_length=80)
                ),
                help_text="Its name for ever, in addresses.",
                max_length=80,
                unique=True,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="made_by_name",
            field=models.CharField(blank=True, help_text="Display name, as it is shown to all.", max_length=120),
        ),
        migrations.AddField(
            model_name="proposal",
            name="reading",
            field=models.JSONField(
                blank=True, help_text="A whole reading, as `licenses.curation` writes it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="since",
            field=models.DateField(blank=True, help_text="The reading is of words in force since then.", null=True),
        ),
        migrations.AddField(
            model_name="rule",
            name="added_at",
            field=models.DateTimeField(blank=True, help_text="Empty for rules of the catalogue's files.", null=True),
        ),
        migrations.AddField(
            model_name="rule",
            name="added_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Curators only.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="reason",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="rule",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="clause",
            field=models.ForeignKey(
                blank=True,
                help_text="The reading that came of it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licenses.clause",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="license",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="licenses.license"
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="origin",
            field=models.CharField(
                choices=[
                    ("rule", "a rule of ours"),
                    ("curator", "a curator"),
                    ("visitor", "a visitor"),
                    ("publisher", "somebody who speaks for the publisher"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting"),
                    ("accepted", "accepted"),
                    ("declined", "declined"),
                    ("withdrawn", "withdrawn"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="text",
            field=models.TextField(help_text="What is wrong, or why it should be read so.", max_length=4000),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                condition=models.Q(("outcome", "waiting")), fields=["license", "kind"], name="proposals_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "declined"), _negated=True),
                    models.Q(("decision", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_declined_proposal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", "curator"), _negated=True),
                    models.Q(("made_by__isnull", False), ("reading__isnull", False)),
                    _connector="OR",
                ),
                name="a_curator_proposes_a_reading",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("signal", "value", "author"),
                name="a_spelling_means_one_license",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deeds",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="clause",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deeds",
                to="licenses.clause",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="license",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deeds",
                to="licenses.license",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="model",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deeds",
                to="licenses.openmodel",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="proposal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deeds",
                to="licenses.proposal",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="conclusion",
            name="license",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conclusions",
                to="licenses.license",
            ),
        ),
        migrations.AddField(
            model_name="conclusion",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="conclusion",
            name="model",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="conclusions", to="licenses.openmodel"
            ),
        ),
        migrations.AddField(
            model_name="disagreement",
            name="model",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="disagreement", to="licenses.openmodel"
            ),
        ),
        migrations.AddField(
            model_name="disagreement",
            name="says",
            field=models.ForeignKey(
                help_text="The license that the other means.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="licenses.license",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                help_text="What stood there when it was begun.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="licenses.clause",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="license",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="licenses.license"
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="proposal",
            field=models.ForeignKey(
                blank=True,
                help_text="The correction it answers.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="licenses.proposal",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="unresolvedname",
            index=models.Index(fields=["-total", "-downloads"], name="unresolved_names_by_models"),
        ),
        migrations.AddConstraint(
            model_name="unresolvedname",
            constraint=models.UniqueConstraint(fields=("signal", "value"), name="a_spelling_is_tallied_once"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["license", "kind", "-at"], name="deeds_on_a_clause"),
        ),
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=("model",),
                name="one_standing_conclusion_per_model",
            ),
        ),
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_conclusion_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence", ""), ("quote", ""), _negated=True), name="a_conclusion_has_evidence"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("user", "license", "kind"), name="one_draft_of_a_clause_each"),
        ),
        now_also("licenses_clause", READ_TWICE, ["once:confirmer_id"]),
        guarded("licenses_proposal", DECIDED),
        guarded("licenses_auditentry", []),
        guarded("licenses_conclusion", ["once:superseded_at"]),
    ]
