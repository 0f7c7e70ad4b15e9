-- The key of the ledger is wrapped by the root key and moves with it: its wrap is replaced, the key stays the same.

drop trigger append_only on ledger_key;
create trigger append_only before delete on ledger_key for each row execute function refuse_change();
create trigger another_key before update on ledger_key for each row
    when (substring(new.key_wrapped from 10 for 8) is distinct from substring(old.key_wrapped from 10 for 8))
    execute function refuse_change();

-- As for the keys of workspaces.
create function refuse_destroyed_root_key_of_ledger() returns trigger
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock_shared(31, 0);
    if exists (select from root_keys where id = substring(new.key_wrapped from 2 for 8) and state = 'destroyed') then
        raise exception 'the key is not in use any more' using errcode = 'CH003';
    end if;
    return new;
end
$$;
revoke all on function refuse_destroyed_root_key_of_ledger() from public;
create trigger root_key_is_alive before insert or update on ledger_key
    for each row execute function refuse_destroyed_root_key_of_ledger();
grant select on root_keys to chancery_lookup;
grant update (key_wrapped) on ledger_key to chancery_lookup;

-- Replaces the wrap, unless it changed since it was read; says whether it did.
create function ledger_rewrap_key(was bytea, becomes bytea) returns boolean
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
begin
    update ledger_key set key_wrapped = becomes where key_wrapped = was;
    return found;
end
$$;
revoke all on function ledger_rewrap_key(bytea, bytea) from public;
grant execute on function ledger_rewrap_key(bytea, bytea) to chancery_app;
grant create on schema chancery to chancery_lookup;
alter function ledger_rewrap_key(bytea, bytea) owner to chancery_lookup;
revoke create on schema chancery from chancery_lookup;
