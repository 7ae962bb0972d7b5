"""What no single row can hold: things that name each other belong to the same text, and `counted` follows `leading`.

Foreign keys over two columns. `commitment.counted` is kept equal to its text's `leading` by ON UPDATE CASCADE, so that
the sweep's partial indexes need no join, and nothing (raw SQL included) can make the two differ.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE tracker_text ADD CONSTRAINT text_leading_of_id UNIQUE (id, "leading");
ALTER TABLE tracker_commitment ADD CONSTRAINT commitment_counted_as_text_leads
    FOREIGN KEY (text_id, counted) REFERENCES tracker_text (id, "leading")
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE tracker_clause ADD CONSTRAINT clause_text_of_id UNIQUE (text_id, id);
ALTER TABLE tracker_clause ADD CONSTRAINT clause_parent_in_same_text
    FOREIGN KEY (text_id, parent_id) REFERENCES tracker_clause (text_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tracker_commitment ADD CONSTRAINT commitment_clause_in_same_text
    FOREIGN KEY (text_id, clause_id) REFERENCES tracker_clause (text_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE tracker_obligor ADD CONSTRAINT obligor_commitment_of_id UNIQUE (commitment_id, id);
ALTER TABLE tracker_statusstep ADD CONSTRAINT statusstep_obligor_of_same_commitment
    FOREIGN KEY (commitment_id, obligor_id) REFERENCES tracker_obligor (commitment_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""

BACKWARD = """
ALTER TABLE tracker_statusstep DROP CONSTRAINT statusstep_obligor_of_same_commitment;
ALTER TABLE tracker_obligor DROP CONSTRAINT obligor_commitment_of_id;
ALTER TABLE tracker_commitment DROP CONSTRAINT commitment_clause_in_same_text;
ALTER TABLE tracker_clause DROP CONSTRAINT clause_parent_in_same_text;
ALTER TABLE tracker_clause DROP CONSTRAINT clause_text_of_id;
ALTER TABLE tracker_commitment DROP CONSTRAINT commitment_counted_as_text_leads;
ALTER TABLE tracker_text DROP CONSTRAINT text_leading_of_id;
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
