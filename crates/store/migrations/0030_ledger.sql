-- The ledger: every audit event gets a number and a leaf in a Merkle tree whose root is signed.
--
-- Events are written without a number, so that nobody waits for anybody, and wait in ledger_queue, into which a trigger
-- puts them in the same transaction. The sequencer, one at a time, takes from the queue what it sees and gives numbers,
-- in one transaction. An event is in the queue until the transaction that numbers it is committed, and appears there
-- with the commit of its own: none is skipped, whichever transaction ends first, and none gets two numbers. A counter of
-- transactions (xmin) instead of a queue would break when a dump is restored into another cluster.
--
-- No role has rights on these tables but chancery_lookup, as which nobody can log in and whose functions below are all
-- that can be done with them.

create table ledger_queue (
    workspace_id uuid not null,
    event_id uuid not null
);

create table ledger_entries (
    number bigint primary key check (number >= 0),
    workspace_id uuid not null,
    event_id uuid not null unique,
    leaf bytea not null check (octet_length(leaf) = 32),
    -- Stays when the body is erased.
    commitment bytea check (octet_length(commitment) = 32)
);

-- Complete subtrees above the leaves, so that a proof reads as many rows as the tree is high.
create table ledger_nodes (
    level smallint not null check (level > 0),
    index bigint not null check (index >= 0),
    hash bytea not null check (octet_length(hash) = 32),
    primary key (level, index)
);

create table ledger_checkpoints (
    size bigint primary key check (size > 0),
    -- Public: the name of the log, size, root and signatures.
    note text not null check (note ~ '^chancery/ledger/[0-9a-z]+\n[0-9]+\n' and octet_length(note) <= 65536)
);

-- One row: the key that signs checkpoints, under the root key.
create table ledger_key (
    is_single boolean primary key default true check (is_single),
    wrapped bytea not null
);

do $$
declare
    name text;
begin
    foreach name in array array['ledger_queue', 'ledger_entries', 'ledger_nodes', 'ledger_checkpoints', 'ledger_key'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy ledger on %I to chancery_lookup using (true) with check (true)', name);
        execute format('grant select, insert on %I to chancery_lookup', name);
    end loop;
    foreach name in array array['ledger_entries', 'ledger_nodes', 'ledger_checkpoints', 'ledger_key'] loop
        execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', name);
        execute format('create trigger never_truncated before truncate on %I for each statement execute function refuse_change()', name);
    end loop;
end
$$;
grant delete on ledger_queue to chancery_lookup;

create policy ledger on audit_events for select to chancery_lookup using (true);
create policy ledger_erasure on audit_events for update to chancery_lookup using (true) with check (body_sealed is null);
grant select, update (body_sealed) on audit_events to chancery_lookup;

create or replace function refuse_change() returns trigger
    language plpgsql
as $$
begin
    -- The one change there is: ledger_erase_body erases a body; its commitment stays in the ledger.
    if tg_op = 'UPDATE' and tg_table_name = 'audit_events' and current_user = 'chancery_lookup' then
        if new.body_sealed is null and to_jsonb(new) - 'body_sealed' = to_jsonb(old) - 'body_sealed' then
            return new;
        end if;
    end if;
    raise exception 'the audit log is append-only' using errcode = 'CH002';
end
$$;

create function ledger_enqueue() returns trigger
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
begin
    insert into ledger_queue (workspace_id, event_id) select w.workspace_id, w.id from written w;
    return null;
end
$$;
create trigger audit_events_wait_for_a_number
    after insert on audit_events referencing new table as written
    for each statement execute function ledger_enqueue();

-- Events from before the ledger.
create function ledger_enqueue_all() returns void
    language sql security definer
    set search_path = chancery, pg_temp
as $$
    insert into ledger_queue (workspace_id, event_id) select e.workspace_id, e.id from audit_events e
$$;

create function ledger_keep_key(becomes bytea) returns bytea
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
begin
    if becomes is not null then
        insert into ledger_key (wrapped) values (becomes) on conflict do nothing;
    end if;
    return (select k.wrapped from ledger_key k);
end
$$;

create function ledger_state() returns table (size bigint, note text)
    language sql volatile security definer rows 1
    set search_path = chancery, pg_temp
as $$
    select coalesce((select max(e.number) + 1 from ledger_entries e), 0),
           (select c.note from ledger_checkpoints c order by c.size desc limit 1)
$$;

-- Takes events whose row is there; a queued event without a row stays, and the verification names it.
create function ledger_take(count_max integer)
    returns table (
        workspace_id uuid, event_id uuid, at timestamptz, actor_kind text, actor_id uuid, action text, target_kind text,
        target_id uuid, body_sealed bytea
    )
    language sql volatile security definer
    set search_path = chancery, pg_temp
as $$
    with waiting as (
        select q.ctid as place from ledger_queue q
        where exists (select from audit_events e where e.workspace_id = q.workspace_id and e.id = q.event_id)
        limit count_max
    ),
    taken as (
        delete from ledger_queue q using waiting where q.ctid = waiting.place returning q.workspace_id, q.event_id
    )
    select e.workspace_id, e.id, e.at, e.actor_kind, e.actor_id, e.action, e.target_kind, e.target_id, e.body_sealed
    from taken t join audit_events e on e.workspace_id = t.workspace_id and e.id = t.event_id
    order by e.at, e.id
$$;

create function ledger_append(
    first_number bigint, workspace_ids uuid[], event_ids uuid[], leaves bytea[], commitments bytea[],
    node_levels smallint[], node_indexes bigint[], node_hashes bytea[], checkpoint_note text
) returns void
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
begin
    if first_number <> (select s.size from ledger_state() s) then
        raise exception 'the ledger grows at its end only' using errcode = 'CH002';
    end if;
    insert into ledger_entries (number, workspace_id, event_id, leaf, commitment)
    select first_number + r.place - 1, r.workspace_id, r.event_id, r.leaf, r.commitment
    from unnest(workspace_ids, event_ids, leaves, commitments)
        with ordinality as r (workspace_id, event_id, leaf, commitment, place);
    insert into ledger_nodes (level, index, hash) select * from unnest(node_levels, node_indexes, node_hashes);
    insert into ledger_checkpoints (size, note) values (first_number + cardinality(event_ids), checkpoint_note);
end
$$;

create function ledger_hashes(levels smallint[], indexes bigint[])
    returns table (level smallint, index bigint, hash bytea)
    language sql volatile security definer
    set search_path = chancery, pg_temp
as $$
    select n.level, n.index, n.hash
    from unnest(levels, indexes) as wanted (level, index) join ledger_nodes n on (n.level, n.index) = (wanted.level, wanted.index)
    union all
    select 0::smallint, e.number, e.leaf
    from unnest(levels, indexes) as wanted (level, index) join ledger_entries e on e.number = wanted.index
    where wanted.level = 0
$$;

-- Entries from a number on, each with what is left of its event.
create function ledger_page(from_number bigint, count_max integer)
    returns table (
        number bigint, leaf bytea, commitment bytea, workspace_id uuid, event_id uuid, is_there boolean, at timestamptz,
        actor_kind text, actor_id uuid, action text, target_kind text, target_id uuid, body_sealed bytea
    )
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select l.number, l.leaf, l.commitment, l.workspace_id, l.event_id, e.id is not null, e.at, e.actor_kind, e.actor_id,
           e.action, e.target_kind, e.target_id, e.body_sealed
    from ledger_entries l left join audit_events e on e.workspace_id = l.workspace_id and e.id = l.event_id
    where l.number >= from_number
    order by l.number
    limit count_max
$$;

create function ledger_number(event uuid) returns bigint
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select l.number from ledger_entries l where l.event_id = event
$$;

create function ledger_checkpoints_after(after_size bigint, count_max integer) returns table (size bigint, note text)
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select c.size, c.note from ledger_checkpoints c where c.size > after_size order by c.size limit count_max
$$;

-- An event that neither has a number nor waits for one, or that waits but is gone: somebody went past the trigger.
create function ledger_stray() returns table (event_id uuid, is_there boolean)
    language sql stable security definer rows 1
    set search_path = chancery, pg_temp
as $$
    (select e.id, true from audit_events e
     where not exists (select from ledger_entries l where l.event_id = e.id)
       and not exists (select from ledger_queue q where q.event_id = e.id)
     order by e.id limit 1)
    union all
    (select q.event_id, false from ledger_queue q
     where not exists (select from audit_events e where e.workspace_id = q.workspace_id and e.id = q.event_id)
     order by q.event_id limit 1)
$$;

create function ledger_erase_body(event uuid) returns boolean
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
begin
    update audit_events e set body_sealed = null
    where e.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and e.id = event
      and e.body_sealed is not null and exists (select from ledger_entries l where l.event_id = e.id);
    return found;
end
$$;

-- Handing a function over needs the right to create in the schema, for this moment only.
grant create on schema chancery to chancery_lookup;
do $$
declare
    signature regprocedure;
begin
    for signature in
        select oid::regprocedure from pg_proc
        where pronamespace = 'chancery'::regnamespace and proname like 'ledger\_%'
    loop
        execute format('revoke all on function %s from public', signature);
        execute format('grant execute on function %s to chancery_app', signature);
        execute format('alter function %s owner to chancery_lookup', signature);
    end loop;
end
$$;
-- Only this role sees the events of all workspaces.
set role chancery_lookup;
select ledger_enqueue_all();
drop function ledger_enqueue_all();
reset role;
revoke create on schema chancery from chancery_lookup;
