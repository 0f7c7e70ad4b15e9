-- The key that signs checkpoints is replaced: the one before keeps its public half here, and its private half is
-- overwritten in the same transaction in which both sign the checkpoint that introduces the next.

create table ledger_past_keys (
    position integer primary key check (position >= 0),
    -- Name, id and key, as C2SP signed-note writes them. The name is that of the log, for all keys.
    public text not null check (octet_length(public) <= 512),
    -- Of the key from which it was derived.
    key_id bytea not null unique check (octet_length(key_id) = 8),
    -- Entries of the checkpoint that both signed.
    until_size bigint not null check (until_size > 0),
    -- Since when somebody else may have had it, in milliseconds since 1970.
    compromised_since bigint,
    replaced_at timestamptz not null
);
alter table ledger_past_keys enable row level security;
alter table ledger_past_keys force row level security;
create policy ledger on ledger_past_keys to chancery_lookup using (true) with check (true);
grant select, insert on ledger_past_keys to chancery_lookup;
create trigger append_only before update or delete on ledger_past_keys for each row execute function refuse_change();
create trigger never_truncated before truncate on ledger_past_keys for each statement execute function refuse_change();

alter table ledger_key add column since timestamptz not null default now();
grant update (since) on ledger_key to chancery_lookup;

-- Another key may take the place only after the one before was recorded.
create function refuse_unrecorded_key() returns trigger
    language plpgsql
as $$
begin
    if not exists (select from ledger_past_keys p where p.key_id = substring(old.wrapped from 10 for 8)) then
        raise exception 'the audit log is append-only' using errcode = 'CH002';
    end if;
    return new;
end
$$;
revoke all on function refuse_unrecorded_key() from public;
drop trigger another_key on ledger_key;
create trigger another_key before update on ledger_key for each row
    when (substring(new.wrapped from 10 for 8) is distinct from substring(old.wrapped from 10 for 8))
    execute function refuse_unrecorded_key();

grant create on schema chancery to chancery_lookup;
set local role chancery_lookup;

-- Replaces the key, unless it changed since it was read; says whether it did.
create function ledger_rotate_key(
    was bytea, becomes bytea, public_before text, introduced_at bigint, since_millis bigint, at_millis bigint
) returns boolean
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
begin
    if not exists (select from ledger_key k where k.wrapped = was for update) then
        return false;
    end if;
    insert into ledger_past_keys (position, public, key_id, until_size, compromised_since, replaced_at)
    select count(*), public_before, substring(was from 10 for 8), introduced_at, since_millis, from_millis(at_millis)
    from ledger_past_keys;
    update ledger_key set wrapped = becomes, since = from_millis(at_millis);
    return true;
end
$$;

create function ledger_key_history()
    returns table (public text, until_size bigint, compromised_since bigint, replaced_at timestamptz)
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select p.public, p.until_size, p.compromised_since, p.replaced_at from ledger_past_keys p order by p.position
$$;

create function ledger_key_since() returns timestamptz
    language sql stable security definer
    set search_path = chancery, pg_temp
as $$
    select k.since from ledger_key k
$$;

do $$
declare
    signature regprocedure;
begin
    for signature in
        select oid::regprocedure from pg_proc
        where pronamespace = 'chancery'::regnamespace
          and proname in ('ledger_rotate_key', 'ledger_key_history', 'ledger_key_since')
    loop
        execute format('revoke all on function %s from public', signature);
        execute format('grant execute on function %s to chancery_app', signature);
    end loop;
end
$$;
reset role;
revoke create on schema chancery from chancery_lookup;
