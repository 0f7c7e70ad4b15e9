-- Who is behind a pseudonym: in a schema of its own, owned by a role of its own as which nobody can log in. The
-- application reaches it through the functions below only, and one answer costs one audit event; nobody else does.

do $$
begin
    if to_regrole('chancery_allocation') is null or to_regnamespace('chancery_allocation') is null then
        raise exception 'the role or the schema chancery_allocation is missing'
            using hint = 'run the output of `chancery migrate --print-roles` once more, as administrator';
    end if;
end
$$;

grant usage on schema chancery to chancery_allocation;
grant execute on function from_millis(bigint), to_millis(timestamptz), is_held(uuid, uuid, uuid), share_hold_lock(uuid)
    to chancery_allocation;
grant select (workspace_id, target_id, released_at) on legal_holds to chancery_allocation;
grant select (workspace_id, id, action, xmin) on audit_events to chancery_allocation;

-- Purpose keys of earlier workspace keys open what they sealed here, too.
alter table carried_keys drop constraint carried_keys_purpose_check;
alter table carried_keys add constraint carried_keys_purpose_check check (purpose in ('audit', 'links', 'pseudonyms'));

set local role chancery_allocation;

create table chancery_allocation.pseudonyms (
    workspace_id uuid not null,
    pseudonym text not null check (pseudonym ~ '^[a-z]{1,16}-[A-Z2-7]{16}$'),
    id uuid not null,
    original_sealed bytea not null,
    allocated_at timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (workspace_id, pseudonym)
);
alter table chancery_allocation.pseudonyms enable row level security;
alter table chancery_allocation.pseudonyms force row level security;
create policy isolation on chancery_allocation.pseudonyms
    using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
    with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid);

create function chancery_allocation.allocate(pseudonyms text[], ids uuid[], originals_sealed bytea[], at timestamptz)
    returns void
    language sql volatile security definer
    set search_path = chancery_allocation, chancery, pg_temp
as $$
    insert into pseudonyms (workspace_id, pseudonym, id, original_sealed, allocated_at, last_seen_at)
    select nullif(current_setting('app.workspace', true), '')::uuid, r.pseudonym, r.id, r.original_sealed, at, at
    from unnest(pseudonyms, ids, originals_sealed) as r (pseudonym, id, original_sealed)
    -- Always in the same order, so that two nodes do not wait for each other.
    order by r.pseudonym
    on conflict (workspace_id, pseudonym) do update set last_seen_at = greatest(pseudonyms.last_seen_at, excluded.last_seen_at)
$$;

-- Answers only to a transaction that has written the event which says that it asked.
create function chancery_allocation.resolve(wanted text, event uuid) returns table (id uuid, original_sealed bytea)
    language plpgsql volatile security definer
    set search_path = chancery_allocation, chancery, pg_temp
as $$
begin
    if not exists (
        select from audit_events e
        where e.id = event and e.action = 'pseudonym.resolve' and e.xmin = pg_current_xact_id()::xid
    ) then
        raise exception 'resolving a pseudonym is recorded first' using errcode = 'CH002';
    end if;
    return query select p.id, p.original_sealed from pseudonyms p where p.pseudonym = wanted;
end
$$;

create function chancery_allocation.due(before timestamptz) returns table (due bigint, held bigint)
    language sql stable security definer rows 1
    set search_path = chancery_allocation, chancery, pg_temp
as $$
    select count(*) filter (where not is_held(p.workspace_id, null, null)),
           count(*) filter (where is_held(p.workspace_id, null, null))
    from pseudonyms p where p.last_seen_at <= before
$$;

-- Removes allocations: from then on these pseudonyms are anonymous.
create function chancery_allocation.anonymise(before timestamptz, count_max integer) returns setof uuid
    language plpgsql volatile security definer
    set search_path = chancery_allocation, chancery, pg_temp
as $$
declare
    workspace uuid := nullif(current_setting('app.workspace', true), '')::uuid;
begin
    perform share_hold_lock(workspace);
    if is_held(workspace, null, null) then
        return;
    end if;
    return query
        delete from pseudonyms p using (
            select d.pseudonym from pseudonyms d where d.last_seen_at <= before limit count_max
        ) as due
        where p.pseudonym = due.pseudonym
        returning p.id;
end
$$;

do $$
declare
    signature regprocedure;
begin
    for signature in select oid::regprocedure from pg_proc where pronamespace = 'chancery_allocation'::regnamespace loop
        execute format('revoke all on function %s from public', signature);
        execute format('grant execute on function %s to chancery_app', signature);
    end loop;
end
$$;
grant usage on schema chancery_allocation to chancery_app;

reset role;
