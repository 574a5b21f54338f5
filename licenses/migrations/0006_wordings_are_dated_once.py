from django.db import migrations

#: A wording that a watched place showed first is dated when a curator learns since when it stands.
WORDINGS = """
DROP TRIGGER append_only ON licenses_revision;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON licenses_revision FOR EACH ROW
    EXECUTE FUNCTION licenses_append_only({columns});
"""
FETCHED = "'once:text', 'once:sha256', 'once:first_seen_at'"


class Migration(migrations.Migration):
    dependencies = [("licenses", "0005_what_a_change_covers")]

    operations = [
        migrations.RunSQL(WORDINGS.format(columns=f"{FETCHED}, 'once:effective_on'"), WORDINGS.format(columns=FETCHED)),
    ]
