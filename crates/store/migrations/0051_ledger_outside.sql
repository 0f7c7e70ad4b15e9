-- What became of the ledger's checkpoints outside: cosignatures of witnesses, and how far each place has come.
--
-- The places themselves are what counts; these rows only say what to send next, and what an operator should know. Whoever
-- changes them makes a place get a checkpoint twice or late, which it notices or does not mind.

create table ledger_cosignatures (
    size bigint not null check (size > 0),
    -- Name of the witness, in front of its signature.
    name text not null check (octet_length(name) between 1 and 255),
    -- The line as it stands under the note, without line feed.
    line text not null check (line like '— %' and octet_length(line) <= 1024 and line !~ '[[:cntrl:]]'),
    primary key (size, name)
);

create table ledger_places (
    name text primary key check (octet_length(name) between 1 and 64),
    size bigint not null default 0 check (size >= 0),
    kept_at timestamptz,
    failed_at timestamptz,
    error text check (octet_length(error) <= 1024)
);

do $$
declare
    name text;
begin
    foreach name in array array['ledger_cosignatures', 'ledger_places'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy ledger on %I to chancery_lookup using (true) with check (true)', name);
        execute format('grant select, insert on %I to chancery_lookup', name);
    end loop;
end
$$;
grant update on ledger_places to chancery_lookup;
create trigger append_only before update or delete on ledger_cosignatures for each row execute function refuse_change();
create trigger never_truncated before truncate on ledger_cosignatures for each statement execute function refuse_change();

-- Whoever creates a function owns it. The right to create is for this moment only.
grant create on schema chancery to chancery_lookup;
set local role chancery_lookup;

create function ledger_note(of_size bigint) returns text
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select c.note || coalesce((select string_agg(w.line || E'\n', '' order by w.name)
                               from ledger_cosignatures w where w.size = c.size), '')
    from ledger_checkpoints c where c.size = of_size
$$;

create or replace function ledger_state() returns table (size bigint, note text)
    language sql volatile security definer rows 1
    set search_path = chancery, pg_temp
as $$
    select coalesce((select max(e.number) + 1 from ledger_entries e), 0),
           ledger_note((select max(c.size) from ledger_checkpoints c))
$$;

create or replace function ledger_checkpoints_after(after_size bigint, count_max integer)
    returns table (size bigint, note text)
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select c.size, ledger_note(c.size) from ledger_checkpoints c where c.size > after_size order by c.size limit count_max
$$;

-- Keeps a cosignature of a checkpoint that there is; a checkpoint has room for 64 of them.
create function ledger_cosign(of_size bigint, witness text, cosignature text) returns void
    language sql volatile security definer
    set search_path = chancery, pg_temp
as $$
    insert into ledger_cosignatures (size, name, line)
    select of_size, witness, cosignature
    where exists (select from ledger_checkpoints c where c.size = of_size)
      and (select count(*) from ledger_cosignatures w where w.size = of_size) < 64
    on conflict do nothing
$$;

create function ledger_place_kept(place text, up_to bigint, at_millis bigint) returns void
    language sql volatile security definer
    set search_path = chancery, pg_temp
as $$
    insert into ledger_places (name, size, kept_at) values (place, up_to, from_millis(at_millis))
    on conflict (name) do update
    set size = greatest(ledger_places.size, excluded.size), kept_at = excluded.kept_at, failed_at = null, error = null
$$;

create function ledger_place_failed(place text, why text, at_millis bigint) returns void
    language sql volatile security definer
    set search_path = chancery, pg_temp
as $$
    insert into ledger_places (name, failed_at, error) values (place, from_millis(at_millis), why)
    on conflict (name) do update set failed_at = excluded.failed_at, error = excluded.error
$$;

create function ledger_places_known()
    returns table (name text, size bigint, kept_at timestamptz, failed_at timestamptz, error text)
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select p.name, p.size, p.kept_at, p.failed_at, p.error from ledger_places p order by p.name
$$;

do $$
declare
    signature regprocedure;
begin
    for signature in
        select oid::regprocedure from pg_proc
        where pronamespace = 'chancery'::regnamespace
          and proname in ('ledger_note', 'ledger_cosign', 'ledger_place_kept', 'ledger_place_failed', 'ledger_places_known')
    loop
        execute format('revoke all on function %s from public', signature);
        execute format('grant execute on function %s to chancery_app', signature);
    end loop;
end
$$;
reset role;
revoke create on schema chancery from chancery_lookup;
