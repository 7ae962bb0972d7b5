-- The words of an entry `e` that its hash is made of. Every hash ever made depends on this text: it never changes.
jsonb_build_object(
    'id', e.id,
    'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'transaction', e.transaction,
    'model', e.model,
    'object', e.object_id,
    'part_of_model', e.part_of_model,
    'part_of', e.part_of_id,
    'action', e.action,
    'actor', e.actor,
    'actor_id', e.actor_id,
    'unit', e.unit,
    'address', e.address,
    'database_role', e.database_role,
    'reason', e.reason,
    'request', e.request,
    'before', e.before,
    'after', e.after
)::text
