"""What a constraint cannot say: readings, wordings and changes are append-only, and an answer needs a quote.

A reading is finished with the transaction that writes it, and supersedes one of its own license and kind.

Triggers, not `save()`: they hold for bulk writes, the admin and psql alike. TRUNCATE does not fire them,
so test databases can still be flushed.
"""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION licenses_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := coalesce(TG_ARGV::text[], '{}');
    was jsonb := to_jsonb(OLD);
    now jsonb;
    field text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is append-only: supersede a row instead of deleting it', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    now := to_jsonb(NEW);
    FOREACH field IN ARRAY may_change LOOP
        -- "once:" columns may be filled while they are empty, and then hold.
        IF left(field, 5) = 'once:' THEN
            field := substr(field, 6);
            CONTINUE WHEN coalesce(was ->> field, '') <> '';
        END IF;
        was := was - field;
        now := now - field;
    END LOOP;
    IF was IS DISTINCT FROM now THEN
        RAISE EXCEPTION '% is append-only: write a new row instead of editing one', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

NEEDS_QUOTE = """
CREATE FUNCTION licenses_answer_needs_quote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.answer <> 'silent' AND NOT EXISTS (SELECT 1 FROM licenses_quote WHERE clause_id = NEW.id) THEN
        RAISE EXCEPTION 'the answer "%" on % has no quote: add the words that prove it', NEW.answer, NEW.kind
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'an_answer_needs_a_quote';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER an_answer_needs_a_quote AFTER INSERT OR UPDATE ON licenses_clause
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION licenses_answer_needs_quote();
"""

# A column of the database alone: which transaction wrote the row. Not xmin, which savepoints and updates change.
WRITTEN_IN = """
ALTER TABLE licenses_clause ADD COLUMN written_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION licenses_reading_is_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM licenses_clause WHERE id = NEW.clause_id AND written_in = pg_current_xact_id()) THEN
        RAISE EXCEPTION '% is append-only: a finished reading gets no more rows, supersede it', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

SUPERSEDES = """
CREATE FUNCTION licenses_supersedes_its_like() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM licenses_clause
        WHERE id = NEW.supersedes_id AND id <> NEW.id AND license_id = NEW.license_id AND kind = NEW.kind
    ) THEN
        RAISE EXCEPTION 'a reading of % supersedes one of another license or kind', NEW.kind
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'a_reading_supersedes_its_like';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER a_reading_supersedes_its_like AFTER INSERT ON licenses_clause
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.supersedes_id IS NOT NULL)
    EXECUTE FUNCTION licenses_supersedes_its_like();
"""

#: Rows that belong to a reading: they come in the transaction that writes it, or not at all.
PARTS = ("licenses_threshold", "licenses_territory", "licenses_quote")

#: Table → the columns that may still be written: the end of a reading and who confirmed it, where a quote now stands,
#: a fetched text.
TABLES = {
    "licenses_clause": ["once:superseded_at", "once:confirmed_by", "once:confirmed_on"],
    "licenses_threshold": [],
    "licenses_territory": [],
    "licenses_quote": ["revision_id", "prefix", "suffix", "start", "end", "state"],
    "licenses_revision": ["once:text", "once:sha256", "once:first_seen_at"],
    "licenses_change": [],
}


def trigger(table: str, columns: list[str]) -> migrations.RunSQL:
    arguments = ", ".join(f"'{column}'" for column in columns)
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION licenses_append_only({arguments});",
        f"DROP TRIGGER append_only ON {table};",
    )


def finished(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER reading_is_finished BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION licenses_reading_is_finished();",
        f"DROP TRIGGER reading_is_finished ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("licenses", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION licenses_append_only();"),
        *(trigger(table, columns) for table, columns in TABLES.items()),
        migrations.RunSQL(NEEDS_QUOTE, "DROP FUNCTION licenses_answer_needs_quote() CASCADE;"),
        migrations.RunSQL(
            WRITTEN_IN,
            "DROP FUNCTION licenses_reading_is_finished();\nALTER TABLE licenses_clause DROP COLUMN written_in;",
        ),
        *(finished(table) for table in PARTS),
        migrations.RunSQL(SUPERSEDES, "DROP FUNCTION licenses_supersedes_its_like() CASCADE;"),
    ]
