-- What the ledger costs: the events of one statement wait in one row, the tree keeps every fourth level, and a proof is one
-- question.

-- One row for the events that one statement wrote into a workspace, at most 256: 4 KiB of ids, which fit into a page.
alter table ledger_queue alter column event_id type uuid[] using array[event_id];
alter table ledger_queue rename column event_id to event_ids;
alter table ledger_queue
    alter column event_ids set storage plain,
    add check (cardinality(event_ids) between 1 and 256);

-- A node of another level is computed from the at most eight below it that are stored.
drop trigger append_only on ledger_nodes;
grant delete on ledger_nodes to chancery_lookup;
set local role chancery_lookup;
delete from ledger_nodes where level % 4 <> 0;
reset role;
revoke delete on ledger_nodes from chancery_lookup;
create trigger append_only before update or delete on ledger_nodes for each row execute function refuse_change();
alter table ledger_nodes add check (level % 4 = 0);

grant create on schema chancery to chancery_lookup;
set local role chancery_lookup;

create or replace function ledger_enqueue() returns trigger
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
begin
    insert into ledger_queue (workspace_id, event_ids)
    select w.workspace_id, array_agg(w.id)
    from (select n.workspace_id, n.id, (row_number() over () - 1) / 256 as part from written n) w
    group by w.workspace_id, w.part;
    return null;
end
$$;

-- Takes whole rows of the queue until they have so many events. Events whose row is gone stay in the queue, where the
-- verification names them, and hold nothing back: when a take finds none but such, the next one follows.
-- The planner knows neither how many are wanted nor how many there are, and a plan that was made for few is kept for many:
-- it would read all events for each batch.
drop function ledger_take(integer);
create function ledger_take(count_max integer)
    returns table (
        workspace_id uuid, event_id uuid, at timestamptz, actor_kind text, actor_id uuid, action text, target_kind text,
        target_id uuid, body_sealed bytea
    )
    language plpgsql volatile security definer
    set search_path = chancery, pg_temp
    set enable_hashjoin = off
    set enable_mergejoin = off
    set plan_cache_mode = force_custom_plan
as $$
declare
    queue cursor for select q.ctid as place, cardinality(q.event_ids) as events from ledger_queue q;
    next_place tid;
    next_events integer;
    places tid[];
    wanted integer;
    found_count integer;
begin
    open queue;
    loop
        places := '{}';
        wanted := 0;
        while wanted < count_max loop
            fetch queue into next_place, next_events;
            exit when not found;
            places := places || next_place;
            wanted := wanted + next_events;
        end loop;
        exit when wanted = 0;
        return query
            select e.workspace_id, e.id, e.at, e.actor_kind, e.actor_id, e.action, e.target_kind, e.target_id, e.body_sealed
            from ledger_queue q cross join unnest(q.event_ids) as i (id)
                 join audit_events e on e.workspace_id = q.workspace_id and e.id = i.id
            where q.ctid = any (places);
        get diagnostics found_count = row_count;
        if found_count < wanted then
            insert into ledger_queue (workspace_id, event_ids)
            select q.workspace_id, array[i.id]
            from ledger_queue q cross join unnest(q.event_ids) as i (id)
            where q.ctid = any (places)
                  and not exists (select from audit_events e where e.workspace_id = q.workspace_id and e.id = i.id);
        end if;
        delete from ledger_queue q where q.ctid = any (places);
        exit when found_count > 0;
    end loop;
    close queue;
end
$$;

-- What is stored of the tree of so many leaves on the way from a leaf to the root and at the right edge: leaves and nodes
-- of every fourth level, up to sixteen siblings together. The limits only tell the planner that they are few.
create function ledger_tiles(leaf bigint, of_size bigint) returns table (level smallint, first bigint, hashes bytea)
    language plpgsql stable security definer
    set search_path = chancery, pg_temp
as $$
begin
    return query
        select 0::smallint, w.place,
               (select string_agg(s.leaf, '' order by s.number)
                from (select e.number, e.leaf from ledger_entries e
                      where e.number >= w.place and e.number < least(w.place + 16, of_size)
                      order by e.number limit 16) s)
        from (select ledger_tiles.leaf & ~15::bigint union select of_size & ~15::bigint) as w (place)
        union all
        select l.height::smallint, w.place,
               (select string_agg(s.hash, '' order by s.index)
                from (select n.index, n.hash from ledger_nodes n
                      where n.level = l.height and n.index >= w.place and n.index < least(w.place + 16, of_size >> l.height)
                      order by n.index limit 16) s)
        from generate_series(4, 60, 4) as l (height)
             cross join lateral (select (ledger_tiles.leaf >> l.height) & ~15::bigint
                                 union select (of_size >> l.height) & ~15::bigint) as w (place)
        where of_size >> l.height > 0;
end
$$;

-- The same as before, in the language whose plans are kept: planning took longer than answering.
create or replace function ledger_note(of_size bigint) returns text
    language plpgsql stable security definer
    set search_path = chancery, pg_temp
as $$
begin
    return (select c.note || coalesce((select string_agg(w.line || E'\n', '' order by w.name)
                                       from ledger_cosignatures w where w.size = c.size), '')
            from ledger_checkpoints c where c.size = of_size);
end
$$;

create or replace function ledger_state() returns table (size bigint, note text)
    language plpgsql volatile security definer rows 1
    set search_path = chancery, pg_temp
as $$
begin
    return query
        select coalesce((select max(e.number) + 1 from ledger_entries e), 0),
               ledger_note((select max(c.size) from ledger_checkpoints c));
end
$$;

-- Everything that proves an event, in one question: its entry, the latest checkpoint, and the tiles between.
create function ledger_proof(event uuid)
    returns table (
        number bigint, commitment bytea, workspace_id uuid, is_there boolean, at timestamptz, actor_kind text, actor_id uuid,
        action text, target_kind text, target_id uuid, note text, tile_levels smallint[], tile_firsts bigint[],
        tile_hashes bytea[]
    )
    language plpgsql stable security definer
    set search_path = chancery, pg_temp
as $$
declare
    newest bigint := (select max(c.size) from ledger_checkpoints c);
begin
    return query
        select l.number, l.commitment, l.workspace_id, e.id is not null, e.at, e.actor_kind, e.actor_id, e.action,
               e.target_kind, e.target_id, ledger_note(newest), t.levels, t.firsts, t.hashes
        from ledger_entries l
             left join audit_events e on e.workspace_id = l.workspace_id and e.id = l.event_id
             cross join lateral (
                 select array_agg(s.level) as levels, array_agg(s.first) as firsts, array_agg(s.hashes) as hashes
                 from ledger_tiles(l.number, newest) s
             ) t
        where l.event_id = event;
end
$$;

drop function ledger_hashes(smallint[], bigint[]);

-- An event that neither has a number nor waits for one, or that waits but is gone: somebody went past the trigger.
-- Asked after every entry was found to have its event: when there are as many events as entries and waiting ones, then none
-- is left over. Only when the counts differ all are compared, to name the first.
create or replace function ledger_stray() returns table (event_id uuid, is_there boolean)
    language plpgsql stable security definer rows 1
    set search_path = chancery, pg_temp
as $$
begin
    return query
        select i.id, false from ledger_queue q cross join unnest(q.event_ids) as i (id)
        where not exists (select from audit_events e where e.workspace_id = q.workspace_id and e.id = i.id)
        order by i.id limit 1;
    if found then
        return;
    end if;
    if (select count(*) from audit_events)
        <> (select count(*) from ledger_entries)
         + (select count(distinct (q.workspace_id, i.id)) from ledger_queue q cross join unnest(q.event_ids) as i (id)
            where not exists (select from ledger_entries l where l.event_id = i.id))
    then
        return query
            select e.id, true from audit_events e
            where not exists (select from ledger_entries l where l.workspace_id = e.workspace_id and l.event_id = e.id)
              and not exists (select from ledger_queue q where q.workspace_id = e.workspace_id and e.id = any (q.event_ids))
            order by e.id limit 1;
    end if;
end
$$;

revoke all on function ledger_take(integer), ledger_tiles(bigint, bigint), ledger_proof(uuid) from public;
grant execute on function ledger_take(integer), ledger_tiles(bigint, bigint), ledger_proof(uuid) to chancery_app;
reset role;
revoke create on schema chancery from chancery_lookup;
