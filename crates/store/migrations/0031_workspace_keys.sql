-- A workspace has several keys in its life, of which one seals. Each sealed value names its key: one byte of version,
-- then the key's id (8 bytes), so that the database itself can refuse what a key that is going sealed too late.

create table root_keys (
    id bytea primary key check (octet_length(id) = 8),
    state text not null check (state in ('active', 'deactivated', 'destroyed')),
    created_at timestamptz not null,
    deactivated_at timestamptz,
    destroyed_at timestamptz
);
create unique index one_active_root_key on root_keys (state) where state = 'active';
alter table root_keys enable row level security;
alter table root_keys force row level security;
-- Ids and times of keys that are elsewhere: nothing of any workspace.
create policy installation on root_keys using (true) with check (true);
grant select, insert, update on root_keys to chancery_app;

-- States and their order: NIST SP 800-57 part 1, section 7.
create table workspace_keys (
    workspace_id uuid not null references workspaces (id),
    id bytea not null check (octet_length(id) = 8),
    wrapped bytea,
    state text not null check (state in ('pre_activation', 'active', 'deactivated', 'compromised', 'destroyed')),
    created_at timestamptz not null,
    activated_at timestamptz,
    deactivated_at timestamptz,
    compromised_at timestamptz,
    -- From here on the database refuses every value that names this key.
    closed_at timestamptz,
    destroyed_at timestamptz,
    primary key (workspace_id, id),
    check ((state = 'destroyed') = (wrapped is null))
);
create unique index one_active_key on workspace_keys (workspace_id) where state = 'active';

-- Purpose keys of earlier workspace keys, sealed by the active one: for audit entries and for links, which cannot move.
create table carried_keys (
    workspace_id uuid not null references workspaces (id),
    id bytea not null check (octet_length(id) = 8),
    purpose text not null check (purpose in ('audit', 'links')),
    wrapped bytea not null,
    carried_at timestamptz not null,
    primary key (workspace_id, purpose, id)
);

do $$
declare
    name text;
begin
    foreach name in array array['workspace_keys', 'carried_keys'] loop
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
grant select, insert, update on workspace_keys to chancery_app;
grant select, insert, update, delete on carried_keys to chancery_app;

-- The keys that there are. The owner sees all workspaces for this moment only.
alter table workspaces no force row level security;
alter table workspace_keys no force row level security;
insert into workspace_keys (workspace_id, id, wrapped, state, created_at, activated_at, deactivated_at, compromised_at,
                            closed_at, destroyed_at)
select id, substring(key_wrapped from 10 for 8), case when key_state <> 'destroyed' then key_wrapped end,
       case key_state when 'retired' then 'deactivated' else key_state end, created_at, created_at,
       case when key_state = 'retired' then now() end, case when key_state = 'compromised' then now() end,
       case when key_state = 'destroyed' then now() end, case when key_state = 'destroyed' then now() end
from workspaces;
insert into root_keys (id, state, created_at)
select substring(key_wrapped from 2 for 8), 'active', min(created_at) from workspaces
where key_state <> 'destroyed' group by 1 order by 3 desc limit 1;
alter table workspace_keys force row level security;
alter table workspaces force row level security;
alter table workspaces drop column key_wrapped, drop column key_state;

create or replace function enter_workspace(workspace uuid) returns void
    language plpgsql
as $$
begin
    perform set_config('app.workspace', workspace::text, true);
    if not exists (select from workspaces where id = workspace and state = 'active')
       or not exists (select from workspace_keys where workspace_id = workspace and state = 'active') then
        raise exception 'the workspace is not active' using errcode = 'CH001';
    end if;
end
$$;

-- Holds back the closing of keys until this transaction ends, and refuses what names a closed one. Who closes a key
-- takes the same lock alone: whatever was checked before is committed then, and whatever comes later sees it closed.
create function refuse_closed_keys(workspace uuid, ids bytea[]) returns void
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock_shared(31, hashtext(workspace::text));
    if exists (select from workspace_keys where workspace_id = workspace and closed_at is not null and id = any (ids)) then
        raise exception 'the key is not in use any more' using errcode = 'CH003';
    end if;
end
$$;
revoke all on function refuse_closed_keys(uuid, bytea[]) from public;
grant execute on function refuse_closed_keys(uuid, bytea[]) to chancery_app;

-- One function and two triggers a table, checked once a statement.
create function guard_sealed_columns(name text, workspace_column text, columns text[]) returns void
    language plpgsql
as $$
declare
    ids text := (select string_agg(format('substring(%I from 2 for 8)', c), ', ') from unnest(columns) as c);
begin
    execute format($function$
        create function %I() returns trigger language plpgsql as $body$
        declare
            workspace uuid;
            ids bytea[];
        begin
            for workspace, ids in
                select %I, array_agg(key_id) from written cross join lateral unnest(array[%s]) as key_id
                where key_id is not null group by 1
            loop
                perform refuse_closed_keys(workspace, ids);
            end loop;
            return null;
        end
        $body$ $function$, 'guard_' || name, workspace_column, ids);
    execute format('revoke all on function %I() from public', 'guard_' || name);
    execute format('create trigger guard_inserted after insert on %I referencing new table as written
                        for each statement execute function %I()', name, 'guard_' || name);
    execute format('create trigger guard_updated after update on %I referencing new table as written
                        for each statement execute function %I()', name, 'guard_' || name);
end
$$;
revoke all on function guard_sealed_columns(text, text, text[]) from public;

select guard_sealed_columns('workspaces', 'id', array['name_sealed']);
select guard_sealed_columns('api_keys', 'workspace_id', array['name_sealed']);
select guard_sealed_columns('templates', 'workspace_id', array['name_sealed', 'group_sealed']);
select guard_sealed_columns('template_versions', 'workspace_id',
                            array['body_sealed', 'sample_sealed', 'description_sealed']);
select guard_sealed_columns('documents', 'workspace_id', array['key_wrapped', 'file_name_sealed']);

-- A version's content never changes; its sealed form does when the key does.
grant update (body_sealed, sample_sealed, description_sealed) on template_versions to chancery_app;

create function refuse_destroyed_root_key() returns trigger
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock_shared(31, 0);
    if exists (select from root_keys where id = substring(new.wrapped from 2 for 8) and state = 'destroyed') then
        raise exception 'the key is not in use any more' using errcode = 'CH003';
    end if;
    return new;
end
$$;
revoke all on function refuse_destroyed_root_key() from public;
create trigger root_key_is_alive
    before insert or update of wrapped on workspace_keys
    for each row when (new.wrapped is not null) execute function refuse_destroyed_root_key();

-- Every node forgets the workspace's keys and asks again.
create function notify_key_change() returns trigger
    language plpgsql
as $$
begin
    perform pg_notify('chancery_invalidate', 'workspace:' || new.workspace_id || ':' || new.workspace_id);
    return null;
end
$$;
revoke all on function notify_key_change() from public;
create trigger workspace_key_changes
    after insert or update on workspace_keys
    for each row execute function notify_key_change();

-- The look-ups before a workspace is known, again: they brought the key of a workspace, which is not one any more.
set local role chancery_lookup;
drop function lookup_api_key(bytea);
drop function lookup_workspaces();
reset role;

grant select (workspace_id, id, wrapped, state, created_at, activated_at, deactivated_at, compromised_at, destroyed_at)
    on workspace_keys to chancery_lookup;
create policy lookup on workspace_keys for select to chancery_lookup using (true);

create function lookup_api_key(hash bytea)
    returns table (
        id uuid, workspace_id uuid, permissions text[], created_at timestamptz, expires_at timestamptz,
        revoked_at timestamptz, workspace_class text, workspace_state text
    )
    language sql stable security definer rows 1
    set search_path = chancery, pg_temp
as $$
    select k.id, k.workspace_id, k.permissions, k.created_at, k.expires_at, k.revoked_at, w.class, w.state
    from api_keys k join workspaces w on w.id = k.workspace_id
    where k.token_hash = hash
$$;

create function lookup_workspaces()
    returns table (id uuid, name_sealed bytea, class text, state text, created_at timestamptz)
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select w.id, w.name_sealed, w.class, w.state, w.created_at from workspaces w order by w.id
$$;

create function lookup_workspace_keys()
    returns table (
        workspace_id uuid, id bytea, wrapped bytea, state text, created_at timestamptz, activated_at timestamptz,
        deactivated_at timestamptz, compromised_at timestamptz, destroyed_at timestamptz
    )
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select k.workspace_id, k.id, k.wrapped, k.state, k.created_at, k.activated_at, k.deactivated_at, k.compromised_at,
           k.destroyed_at
    from workspace_keys k order by k.workspace_id, k.created_at, k.id
$$;

grant create on schema chancery to chancery_lookup;
do $$
declare
    signature regprocedure;
begin
    for signature in
        select oid::regprocedure from pg_proc
        where pronamespace = 'chancery'::regnamespace
              and proname in ('lookup_api_key', 'lookup_workspaces', 'lookup_workspace_keys')
    loop
        execute format('revoke all on function %s from public', signature);
        execute format('grant execute on function %s to chancery_app', signature);
        execute format('alter function %s owner to chancery_lookup', signature);
    end loop;
end
$$;
revoke create on schema chancery from chancery_lookup;

create policy operations on workspace_keys for select to chancery_ops using (true);
grant select (workspace_id, id, state, created_at, activated_at, deactivated_at, compromised_at, destroyed_at)
    on workspace_keys to chancery_ops;
grant select on root_keys to chancery_ops;
