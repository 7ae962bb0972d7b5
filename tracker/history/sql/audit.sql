-- The history, owned by pacta_audit, a role that nobody signs in as. Rows arrive only through the trigger function
-- below; no role but their owner may insert, change or delete them. Run by migration 0003 as pacta_audit.

CREATE TABLE audit.entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    transaction bigint NOT NULL,
    model text NOT NULL,
    object_id text,
    part_of_model text,
    part_of_id text,
    action text NOT NULL CHECK (action IN ('insert', 'update', 'delete', 'truncate')),
    actor text NOT NULL,
    actor_id bigint,
    unit text,
    address text,
    database_role text NOT NULL,
    reason text,
    request text,
    before jsonb,
    after jsonb
);
CREATE INDEX entry_timeline ON audit.entry (part_of_model, part_of_id, id);

-- The chain: the entry at each place, and SHA-256(hash of the place before ‖ canonical words of the entry).
CREATE TABLE audit.seal (
    position bigint PRIMARY KEY,
    entry_id bigint NOT NULL UNIQUE,
    hash bytea NOT NULL
);

-- Entries that are not in the chain yet. A table of its own, so that entries are never updated, and an entry whose
-- transaction ends late is not overlooked.
CREATE TABLE audit.waiting (entry_id bigint PRIMARY KEY);

-- Who acts, as the application says it in this transaction; {} where it says nothing, or nonsense.
CREATE FUNCTION audit.acting() RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said text := current_setting('pacta.acting', true);
BEGIN
    IF said IS NULL OR said = '' THEN
        RETURN '{}';
    END IF;
    RETURN CASE WHEN jsonb_typeof(said::jsonb) = 'object' THEN said::jsonb ELSE '{}' END;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN '{}';
END $$;

-- The expression for the value of a column: as it is, as SHA-256 where it is big, or not at all where it is secret.
CREATE FUNCTION audit.value(of_row text, name name, type oid, digested text[], secret text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN name = ANY (secret) THEN '''(secret)''::text'
        WHEN name <> ALL (digested) THEN format('%s.%I', of_row, name)
        WHEN type = 'bytea'::regtype THEN format('''sha256:'' || encode(sha256(%s.%I), ''hex'')', of_row, name)
        ELSE format('''sha256:'' || encode(sha256(convert_to(%s.%I::text, ''UTF8'')), ''hex'')', of_row, name)
    END
$$;

-- The expression for a whole row `r` of a table.
CREATE FUNCTION audit.told(of_table oid, digested text[], secret text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, audit, pg_temp AS $$
    SELECT CASE WHEN digested || secret = '{}' THEN 'to_jsonb(r)' ELSE format(
        '(SELECT to_jsonb(told) FROM (SELECT %s) told)',
        string_agg(value('r', attname, atttypid, digested, secret) || format(' AS %I', attname), ', ' ORDER BY attnum)
    ) END
    FROM pg_attribute WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped
$$;

-- The expression for what a row `of_row`, which is `o` (old) or `n` (new), held in the columns that changed.
CREATE FUNCTION audit.difference(of_row text, of_table oid, digested text[], secret text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, audit, pg_temp AS $$
    SELECT string_agg(format(
        'CASE WHEN o.%1$I IS DISTINCT FROM n.%1$I THEN jsonb_build_object(%1$L, %2$s) ELSE ''{}'' END',
        attname, value(of_row, attname, atttypid, digested, secret)), ' || ' ORDER BY attnum)
    FROM pg_attribute WHERE attrelid = of_table AND attnum > 0 AND NOT attisdropped
$$;

-- The query for the changes of one statement: which record, part of which, what it held before and after.
CREATE FUNCTION audit.changes(action text, of_table oid, key text, part text, digested text[], secret text[])
RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, audit, pg_temp AS $$
    SELECT CASE action
        WHEN 'INSERT' THEN format('SELECT r.%1$I::text, r.%2$I::text, NULL::jsonb, %3$s FROM new_rows r',
            key, part, told(of_table, digested, secret))
        WHEN 'DELETE' THEN format('SELECT r.%1$I::text, r.%2$I::text, %3$s, NULL::jsonb FROM old_rows r',
            key, part, told(of_table, digested, secret))
        -- OFFSET 0 keeps the planner from computing the difference twice.
        WHEN 'UPDATE' THEN format(
            'SELECT * FROM (
                SELECT coalesce(n.%1$I, o.%1$I)::text, coalesce(n.%2$I, o.%2$I)::text, %3$s AS before, %4$s AS after
                FROM old_rows o FULL JOIN new_rows n ON n.%1$I = o.%1$I OFFSET 0
            ) changed (object_id, part_of_id, before, after) WHERE before <> ''{}''',
            key, part, difference('o', of_table, digested, secret), difference('n', of_table, digested, secret))
        WHEN 'TRUNCATE' THEN 'SELECT NULL::text, NULL::text, NULL::jsonb, NULL::jsonb'
    END
$$;

{record}
-- Puts at most `most` of the waiting entries into the chain, in the order of their ids; answers how many. One run at a
-- time. An entry that waits and is gone stays in the list, where the verification finds it.
CREATE FUNCTION audit.seal_waiting(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place bigint;
    head bytea;
    number integer := 0;
    next record;
BEGIN
    LOCK TABLE audit.seal IN SHARE ROW EXCLUSIVE MODE;
    SELECT position, hash INTO place, head FROM audit.seal ORDER BY position DESC LIMIT 1;
    place := coalesce(place, 0);
    head := coalesce(head, '');
    FOR next IN
        WITH taken AS (
            DELETE FROM audit.waiting WHERE entry_id IN (
                SELECT w.entry_id FROM audit.waiting w JOIN audit.entry e ON e.id = w.entry_id
                ORDER BY w.entry_id LIMIT most)
            RETURNING entry_id)
        SELECT e.id, {canonical} AS words FROM taken JOIN audit.entry e ON e.id = taken.entry_id ORDER BY e.id
    LOOP
        place := place + 1;
        head := sha256(head || convert_to(next.words, 'UTF8'));
        INSERT INTO audit.seal (position, entry_id, hash) VALUES (place, next.id, head);
        number := number + 1;
    END LOOP;
    RETURN number;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO {owner}, pacta_runtime;
GRANT SELECT ON ALL TABLES IN SCHEMA audit TO {owner}, pacta_runtime;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA audit TO {owner}; -- for dumps
GRANT EXECUTE ON FUNCTION audit.seal_waiting(integer) TO {owner}, pacta_runtime;
-- To make a trigger one needs the function's EXECUTE: with it the application could forge entries from a table of its
-- own, so only the owner of the tables has it.
GRANT EXECUTE ON FUNCTION audit.record() TO {owner};
