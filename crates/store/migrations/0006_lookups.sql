-- The few questions that come before a workspace is known. Each is one narrow function that runs as chancery_lookup,
-- a role nobody can log in as and that may read only the columns named here.

grant select (id, workspace_id, token_hash, permissions, created_at, expires_at, revoked_at) on api_keys to chancery_lookup;
grant select (id, name_sealed, class, state, key_wrapped, key_state, created_at) on workspaces to chancery_lookup;
grant select (workspace_id, object_name, expires_at, state) on documents to chancery_lookup;

create policy lookup on api_keys for select to chancery_lookup using (true);
create policy lookup on workspaces for select to chancery_lookup using (true);
create policy lookup on documents for select to chancery_lookup using (true);

create function lookup_api_key(hash bytea)
    returns table (
        id uuid, workspace_id uuid, permissions text[], created_at timestamptz, expires_at timestamptz,
        revoked_at timestamptz, workspace_class text, workspace_state text, key_wrapped bytea, key_state text
    )
    language sql stable security definer rows 1
    set search_path = chancery, pg_temp
as $$
    select k.id, k.workspace_id, k.permissions, k.created_at, k.expires_at, k.revoked_at, w.class, w.state, w.key_wrapped,
           w.key_state
    from api_keys k join workspaces w on w.id = k.workspace_id
    where k.token_hash = hash
$$;

create function lookup_workspaces()
    returns table (
        id uuid, name_sealed bytea, class text, state text, key_wrapped bytea, key_state text, created_at timestamptz
    )
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select w.id, w.name_sealed, w.class, w.state, w.key_wrapped, w.key_state, w.created_at from workspaces w order by w.id
$$;

create function lookup_workspaces_to_purge(now timestamptz, count_max integer) returns setof uuid
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select distinct d.workspace_id from documents d where d.expires_at <= now or d.state = 'purging' limit count_max
$$;

create function lookup_objects(names text[]) returns setof text
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select d.object_name from documents d where d.object_name = any (names)
$$;

create index documents_in_purging on documents (workspace_id) where state = 'purging';

-- Handing a function over needs the right to create in the schema, for this moment only.
grant create on schema chancery to chancery_lookup;
do $$
declare
    signature regprocedure;
begin
    for signature in
        select oid::regprocedure from pg_proc
        where pronamespace = 'chancery'::regnamespace and proname like 'lookup\_%'
    loop
        execute format('revoke all on function %s from public', signature);
        execute format('grant execute on function %s to chancery_app', signature);
        execute format('alter function %s owner to chancery_lookup', signature);
    end loop;
end
$$;
revoke create on schema chancery from chancery_lookup;

-- Operations staff see how much happens, never what.
create policy operations on workspaces for select to chancery_ops using (true);
create policy operations on transactions for select to chancery_ops using (true);
create policy operations on purge_runs for select to chancery_ops using (true);
grant select (id, class, state, key_state, created_at) on workspaces to chancery_ops;
grant select (workspace_id, id, kind, export, status, size_bytes, pages, created_at) on transactions to chancery_ops;
grant select on purge_runs to chancery_ops;
