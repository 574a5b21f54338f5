from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ingest", "0002_texts_are_watched")]

    operations = [migrations.AlterModelOptions("watch", {"verbose_name_plural": "watched repositories"})]
