-- How long what is kept, what must be kept meanwhile whatever a policy says, and what was deleted.

-- Days for one kind of data of one class; no row means the default of this version, no days means without end.
create table retention_policies (
    workspace_id uuid not null references workspaces (id),
    kind text not null check (kind ~ '^[a-z_]{1,32}$'),
    class text not null check (class in ('public', 'internal', 'confidential', 'restricted')),
    days integer check (days >= 0),
    set_at timestamptz not null,
    primary key (workspace_id, kind, class)
);

create table legal_holds (
    workspace_id uuid not null references workspaces (id),
    id uuid not null,
    target_kind text not null check (target_kind in ('workspace', 'template', 'document')),
    target_id uuid not null,
    reason_sealed bytea not null,
    placed_at timestamptz not null,
    placed_by_kind text not null check (placed_by_kind in ('api_key', 'person', 'operator', 'system')),
    placed_by_id uuid,
    released_at timestamptz,
    released_by_kind text check (released_by_kind in ('api_key', 'person', 'operator', 'system')),
    released_by_id uuid,
    primary key (workspace_id, id),
    check ((released_at is null) = (released_by_kind is null))
);
create index legal_holds_in_force on legal_holds (workspace_id, target_id) where released_at is null;

-- A run is what one purge did, or one deletion that somebody asked for. The event that ends it holds a digest of it.
alter table purge_runs
    add column cause text not null default 'retention' check (cause in ('retention', 'request')),
    add column policy text check (octet_length(policy) <= 8192 and policy ~ '^[{][a-z0-9_":,{}]*[}]$'),
    add column held bigint not null default 0 check (held >= 0),
    add column event_id uuid;
create index purge_runs_unfinished on purge_runs (workspace_id) where finished_at is null;

-- What was destroyed in one transaction of a run: the ids, and those of the data keys that went with them.
create table purge_batches (
    workspace_id uuid not null,
    id uuid not null,
    run_id uuid not null,
    at timestamptz not null,
    kind text not null check (kind ~ '^[a-z_]{1,32}$'),
    class text not null check (class in ('public', 'internal', 'confidential', 'restricted')),
    bytes bigint not null check (bytes >= 0),
    ids uuid[] not null check (cardinality(ids) > 0),
    key_ids bytea[] not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, run_id) references purge_runs (workspace_id, id)
);
create index purge_batches_of_run on purge_batches (workspace_id, run_id, id);

do $$
declare
    name text;
begin
    foreach name in array array['retention_policies', 'legal_holds', 'purge_batches'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$
            create policy isolation on %I
                using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
                with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
            $policy$, name);
    end loop;
end
$$;
grant select, insert, update on retention_policies to chancery_app;
-- A hold is placed and released, nothing else; its reason moves with the key that seals it.
grant select, insert, update (reason_sealed, released_at, released_by_kind, released_by_id) on legal_holds to chancery_app;
grant select, insert on purge_batches to chancery_app;
grant delete on template_versions, transactions, api_keys to chancery_app;
select guard_sealed_columns('legal_holds', 'workspace_id', array['reason_sealed']);

-- Operations staff see that something is held and since when, not why.
create policy operations on legal_holds for select to chancery_ops using (true);
grant select (workspace_id, id, target_kind, placed_at, released_at) on legal_holds to chancery_ops;
create policy operations on retention_policies for select to chancery_ops using (true);
grant select on retention_policies to chancery_ops;

-- Every node asks again what the policies of this workspace are.
create function notify_policy_change() returns trigger
    language plpgsql
as $$
begin
    perform pg_notify('chancery_invalidate', 'workspace:' || new.workspace_id || ':' || new.workspace_id);
    return null;
end
$$;
revoke all on function notify_policy_change() from public;
create trigger retention_policy_changes
    after insert or update on retention_policies
    for each row execute function notify_policy_change();

-- Ids are unique whatever they name, so that one list answers for workspace, template and document.
create function is_held(workspace uuid, template uuid, document uuid) returns boolean
    language sql stable parallel safe
    return exists (
        select from legal_holds h
        where h.workspace_id = workspace and h.released_at is null and h.target_id in (workspace, template, document)
    );

-- Holds and deletions of a workspace follow one another: a hold takes this lock alone, whoever deletes shares it. What
-- a hold finds was not deleted, and what was being deleted is gone before the hold looks.
create function share_hold_lock(workspace uuid) returns void
    language sql volatile
    as $$ select pg_advisory_xact_lock_shared(47, hashtext(workspace::text)) $$;
create function take_hold_lock(workspace uuid) returns void
    language sql volatile
    as $$ select pg_advisory_xact_lock(47, hashtext(workspace::text)) $$;

revoke all on function is_held(uuid, uuid, uuid), share_hold_lock(uuid), take_hold_lock(uuid) from public;
grant execute on function is_held(uuid, uuid, uuid), share_hold_lock(uuid), take_hold_lock(uuid) to chancery_app;

-- One function and one trigger a table: the database itself refuses to delete what is held, whoever asks.
create function guard_held_rows(name text, template text, document text) returns void
    language plpgsql
as $$
begin
    execute format($function$
        create function %I() returns trigger language plpgsql as $body$
        declare
            workspace uuid;
        begin
            for workspace in select distinct g.workspace_id from gone g loop
                perform share_hold_lock(workspace);
            end loop;
            if exists (select from gone g where is_held(g.workspace_id, %s, %s)) then
                raise exception 'it is under a legal hold' using errcode = 'CH004';
            end if;
            return null;
        end
        $body$ $function$, 'refuse_held_' || name, template, document);
    execute format('revoke all on function %I() from public', 'refuse_held_' || name);
    execute format('create trigger held_rows_stay after delete on %I referencing old table as gone
                        for each statement execute function %I()', name, 'refuse_held_' || name);
end
$$;
revoke all on function guard_held_rows(text, text, text) from public;

select guard_held_rows('templates', 'g.id', 'null');
select guard_held_rows('template_versions', 'g.template_id', 'null');
select guard_held_rows('transactions', 'g.template_id', 'g.id');
select guard_held_rows('api_keys', 'null', 'null');

-- A document is lost with its key, before its row is: what is in purging already may go.
create function refuse_held_documents() returns trigger
    language plpgsql
as $$
declare
    workspace uuid;
begin
    for workspace in select distinct w.workspace_id from was w loop
        perform share_hold_lock(workspace);
    end loop;
    if exists (select from was w where w.state = 'live' and is_held(w.workspace_id, w.template_id, w.id)
               and not exists (select from documents d where d.workspace_id = w.workspace_id and d.id = w.id and d.state = 'live')) then
        raise exception 'it is under a legal hold' using errcode = 'CH004';
    end if;
    return null;
end
$$;
revoke all on function refuse_held_documents() from public;
create trigger held_rows_stay after delete on documents referencing old table as was
    for each statement execute function refuse_held_documents();
create trigger held_keys_stay after update on documents referencing old table as was
    for each statement execute function refuse_held_documents();

-- With the key that seals, everything of a workspace would be unreadable at once. Old keys of a rotation may go.
create function refuse_held_workspace() returns trigger
    language plpgsql
as $$
begin
    perform share_hold_lock(new.workspace_id);
    if exists (select from legal_holds h where h.workspace_id = new.workspace_id and h.released_at is null) then
        raise exception 'it is under a legal hold' using errcode = 'CH004';
    end if;
    return null;
end
$$;
revoke all on function refuse_held_workspace() from public;
create trigger held_workspace_stays after update on workspace_keys
    for each row when (old.state = 'active' and new.state = 'destroyed') execute function refuse_held_workspace();

-- The bodies of many entries at once, with the same care for holds.
grant select (workspace_id, target_id, released_at) on legal_holds to chancery_lookup;
grant execute on function is_held(uuid, uuid, uuid), share_hold_lock(uuid) to chancery_lookup;
create index audit_bodies on audit_events (workspace_id, id) where body_sealed is not null and action not like 'purge.%';

create function ledger_erase_bodies(events uuid[]) returns setof uuid
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
declare
    workspace uuid := nullif(current_setting('app.workspace', true), '')::uuid;
begin
    perform share_hold_lock(workspace);
    return query
        update audit_events e set body_sealed = null
        where e.workspace_id = workspace and e.id = any (events) and e.body_sealed is not null
              and exists (select from ledger_entries l where l.event_id = e.id)
              and not is_held(workspace, e.target_id, null)
        returning e.id;
end
$$;
grant create on schema chancery to chancery_lookup;
revoke all on function ledger_erase_bodies(uuid[]) from public;
grant execute on function ledger_erase_bodies(uuid[]) to chancery_app;
alter function ledger_erase_bodies(uuid[]) owner to chancery_lookup;
set local role chancery_lookup;
drop function ledger_erase_body(uuid);
reset role;
revoke create on schema chancery from chancery_lookup;
