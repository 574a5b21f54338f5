import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("licenses", "0004_changes_and_their_feeds")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="covers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("weights", "weights"),
                        ("code", "code"),
                        ("data", "data"),
                        ("policy", "use policy"),
                        ("outputs", "outputs"),
                    ],
                    max_length=10,
                ),
                blank=True,
                db_default=[],
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="evidence",
            field=models.CharField(
                blank=True,
                choices=[
                    ("primary", "the publisher's own file"),
                    ("secondary", "a copy, or the word of others"),
                ],
                db_default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="gone_on",
            field=models.DateField(blank=True, help_text="Since when its place shows no text.", null=True),
        ),
    ]
