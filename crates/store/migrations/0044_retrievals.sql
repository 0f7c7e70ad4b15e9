-- Every download is an audit event, and whoever holds a link is the one who acts: they have no other name here.

alter table audit_events drop constraint audit_events_actor_kind_check;
alter table audit_events add constraint audit_events_actor_kind_check
    check (actor_kind in ('api_key', 'person', 'operator', 'system', 'link'));

-- Whole batches of entries in one round trip and one commit, with the caller's rights: row-level security checks each.
create function record_entries(
    workspace_ids uuid[], audit_ids uuid[], at_millis bigint[], actor_kinds text[], actor_ids uuid[], actions text[],
    target_kinds text[], target_ids uuid[], bodies_sealed bytea[]
) returns void
    language plpgsql
as $$
declare
    current_id uuid;
begin
    for current_id in select distinct unnest(workspace_ids) loop
        perform set_config('app.workspace', current_id::text, true);
        insert into audit_events (workspace_id, id, at, actor_kind, actor_id, action, target_kind, target_id, body_sealed)
        select r.workspace_id, r.id, from_millis(r.at), r.actor_kind, r.actor_id, r.action, r.target_kind, r.target_id,
               r.body_sealed
        from unnest(workspace_ids, audit_ids, at_millis, actor_kinds, actor_ids, actions, target_kinds, target_ids,
                    bodies_sealed)
            as r (workspace_id, id, at, actor_kind, actor_id, action, target_kind, target_id, body_sealed)
        where r.workspace_id = current_id
        -- A batch whose answer was lost is sent again.
        on conflict do nothing;
    end loop;
end
$$;
revoke all on function record_entries(uuid[], uuid[], bigint[], text[], uuid[], text[], text[], uuid[], bytea[]) from public;
grant execute on function record_entries(uuid[], uuid[], bigint[], text[], uuid[], text[], text[], uuid[], bytea[])
    to chancery_app;
