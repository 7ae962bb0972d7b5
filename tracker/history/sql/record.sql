-- One statement's changes, as one insert. The trigger's arguments: the model; the column that names a record; the model
-- and the column of the record whose page shows it; the columns kept as digests; the columns never kept.
-- Statement level with transition tables: half a million rows are recorded by one INSERT … SELECT.
CREATE OR REPLACE FUNCTION audit.record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    acting jsonb := audit.acting();
BEGIN
    -- A statement that changed no row costs next to nothing.
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        PERFORM FROM new_rows LIMIT 1;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM FROM old_rows LIMIT 1;
    END IF;
    IF TG_OP <> 'TRUNCATE' AND NOT FOUND THEN
        RETURN NULL;
    END IF;
    EXECUTE
        'WITH changed (object_id, part_of_id, before, after) AS (' || audit.changes(TG_OP, TG_RELID, TG_ARGV[1],
            TG_ARGV[3], string_to_array(TG_ARGV[4], ','), string_to_array(TG_ARGV[5], ',')) || '), kept AS (
            INSERT INTO audit.entry (at, transaction, model, object_id, part_of_model, part_of_id, action, actor,
                actor_id, unit, address, database_role, reason, request, before, after)
            SELECT statement_timestamp(), pg_current_xact_id()::text::bigint, $1, object_id, $2, part_of_id, $3, $4,
                $5, $6, $7, session_user, $8, $9, before, after
            FROM changed
            RETURNING id)
        INSERT INTO audit.waiting SELECT id FROM kept'
    USING
        TG_ARGV[0], TG_ARGV[2], lower(TG_OP),
        coalesce(nullif(acting ->> 'actor', ''), format('unknown (database role %s)', session_user)),
        CASE WHEN acting ->> 'id' ~ '^\d{1,18}$' THEN (acting ->> 'id')::bigint END,
        acting ->> 'unit', acting ->> 'address', acting ->> 'reason', acting ->> 'request';
    RETURN NULL;
END $$;
