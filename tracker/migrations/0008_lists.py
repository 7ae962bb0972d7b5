"""Lists at 100,000 commitments: the words that a search looks through, and the orders in which lists are read."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# Each trigger is one statement over all changed rows. An update that touches none of the words costs one comparison.
# Rows that are written in the order of their ids, so that two transactions never wait for each other in a ring.
FORWARD = """
ALTER TABLE tracker_searchable ADD CONSTRAINT searchable_of_commitment
    FOREIGN KEY (commitment_id) REFERENCES tracker_commitment (id) ON DELETE CASCADE;

CREATE FUNCTION tracker_make_searchable(commitments bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO tracker_searchable (commitment_id, words)
    SELECT c.id, upper(concat_ws(E'\\n', c.title, substr(t.body, c.start + 1, c."end" - c.start), l.path, i.title))
    FROM tracker_commitment c
    JOIN tracker_text t ON t.id = c.text_id
    JOIN tracker_instrument i ON i.id = t.instrument_id
    LEFT JOIN tracker_clause l ON l.id = c.clause_id
    WHERE c.id = ANY (commitments)
    ORDER BY c.id
    ON CONFLICT (commitment_id) DO UPDATE SET words = EXCLUDED.words
    WHERE tracker_searchable.words <> EXCLUDED.words
$$;

CREATE FUNCTION tracker_searchable_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'tracker_commitment' AND TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO touched FROM new_rows;
    ELSIF TG_TABLE_NAME = 'tracker_commitment' THEN
        SELECT array_agg(n.id) INTO touched FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.title, n.start, n."end", n.text_id, n.clause_id)
            IS DISTINCT FROM (o.title, o.start, o."end", o.text_id, o.clause_id);
    ELSIF TG_TABLE_NAME = 'tracker_clause' THEN
        SELECT array_agg(c.id) INTO touched FROM new_rows n JOIN old_rows o USING (id)
        JOIN tracker_commitment c ON c.clause_id = n.id WHERE n.path <> o.path;
    ELSIF TG_TABLE_NAME = 'tracker_text' THEN
        SELECT array_agg(c.id) INTO touched FROM new_rows n JOIN old_rows o USING (id)
        JOIN tracker_commitment c ON c.text_id = n.id WHERE (n.body, n.instrument_id) <> (o.body, o.instrument_id);
    ELSE
        SELECT array_agg(c.id) INTO touched FROM new_rows n JOIN old_rows o USING (id)
        JOIN tracker_text t ON t.instrument_id = n.id JOIN tracker_commitment c ON c.text_id = t.id
        WHERE n.title <> o.title;
    END IF;
    IF touched IS NOT NULL THEN
        PERFORM tracker_make_searchable(touched);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER searchable_begins AFTER INSERT ON tracker_commitment
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tracker_searchable_follows();
CREATE TRIGGER searchable_follows AFTER UPDATE ON tracker_commitment
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION tracker_searchable_follows();
CREATE TRIGGER searchable_follows AFTER UPDATE ON tracker_clause
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION tracker_searchable_follows();
CREATE TRIGGER searchable_follows AFTER UPDATE ON tracker_text
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION tracker_searchable_follows();
CREATE TRIGGER searchable_follows AFTER UPDATE ON tracker_instrument
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION tracker_searchable_follows();

SELECT tracker_make_searchable(array_agg(id)) FROM tracker_commitment;
"""

BACKWARD = """
DROP TRIGGER searchable_follows ON tracker_instrument;
DROP TRIGGER searchable_follows ON tracker_text;
DROP TRIGGER searchable_follows ON tracker_clause;
DROP TRIGGER searchable_follows ON tracker_commitment;
DROP TRIGGER searchable_begins ON tracker_commitment;
DROP FUNCTION tracker_searchable_follows();
DROP FUNCTION tracker_make_searchable(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0007_reader_errors")]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Searchable",
            fields=[
                (
                    "commitment",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="searchable",
                        serialize=False,
                        to="tracker.commitment",
                        verbose_name="commitment",
                    ),
                ),
                ("words", models.TextField(verbose_name="words in capitals")),
            ],
            options={"verbose_name": "words to search", "verbose_name_plural": "words to search"},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddIndex(
            model_name="searchable",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], name="searchable_trigrams", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(condition=models.Q(("counted", True)), fields=["due_on", "id"], name="commitment_list"),
        ),
    ]
