-- Destroying a key takes two people: one asks and another one agrees, each with a signature of a key of their own.
--
-- Both tables are of the installation and of no workspace: a request outlives what it destroys. Names of custodians stand
-- in their public keys, in receipts and in the ledger; they are chosen to be shown.

create table custodians (
    id uuid primary key,
    name text not null unique check (name ~ '^[a-z0-9.-]{1,64}$'),
    public_key text not null unique check (octet_length(public_key) <= 256),
    created_at timestamptz not null,
    revoked_at timestamptz
);

create table destructions (
    id uuid primary key,
    workspace_id uuid not null,
    -- The statement and the signatures under it.
    note text not null check (octet_length(note) <= 65536),
    requested_by uuid not null references custodians (id),
    requested_at timestamptz not null,
    request_event uuid not null,
    expires_at timestamptz not null,
    approved_by uuid references custodians (id),
    approval_event uuid,
    executed_at timestamptz,
    execution_event uuid,
    -- What became unreadable, counted in the transaction that destroyed.
    counts text check (octet_length(counts) <= 1024),
    receipt text check (octet_length(receipt) <= 1000000),
    check (expires_at > requested_at),
    -- Nobody agrees with themselves.
    check (approved_by <> requested_by),
    check ((approved_by is null) = (executed_at is null)),
    check ((approved_by is null) = (approval_event is null)),
    check ((approved_by is null) = (execution_event is null)),
    check ((approved_by is null) = (counts is null)),
    check (executed_at <= expires_at),
    check (receipt is null or executed_at is not null)
);

do $$
declare
    name text;
begin
    foreach name in array array['custodians', 'destructions'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy installation on %I using (true) with check (true)', name);
    end loop;
end
$$;
grant select, insert, update (revoked_at) on custodians to chancery_app;
grant select, insert, update (note, approved_by, approval_event, executed_at, execution_event, counts, receipt)
    on destructions to chancery_app;

-- What was decided stays as it was decided.
create function refuse_second_decision() returns trigger
    language plpgsql
as $$
begin
    if (old.approved_by is not null and (new.approved_by, new.note, new.executed_at, new.counts)
            is distinct from (old.approved_by, old.note, old.executed_at, old.counts))
       or (old.receipt is not null and new.receipt is distinct from old.receipt) then
        raise exception 'what was destroyed stays destroyed' using errcode = 'CH002';
    end if;
    return new;
end
$$;
revoke all on function refuse_second_decision() from public;
create trigger decided_once before update on destructions for each row execute function refuse_second_decision();

-- A destroyed key does not come back.
create function refuse_resurrection() returns trigger
    language plpgsql
as $$
begin
    raise exception 'the key is not in use any more' using errcode = 'CH003';
end
$$;
revoke all on function refuse_resurrection() from public;
create trigger destroyed_for_good before update on workspace_keys for each row
    when (old.state = 'destroyed' and (new.state <> 'destroyed' or new.wrapped is not null))
    execute function refuse_resurrection();
