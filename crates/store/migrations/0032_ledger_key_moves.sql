-- The key of the ledger is wrapped by the root key and moves with it: its wrap is replaced, the key stays the same.

drop trigger append_only on ledger_key;
create trigger append_only before delete on ledger_key for each row execute function refuse_change();
create trigger another_key before update on ledger_key for each row
    when (substring(new.wrapped from 10 for 8) is distinct from substring(old.wrapped from 10 for 8))
    execute function refuse_change();

create trigger root_key_is_alive before insert or update on ledger_key
    for each row execute function refuse_destroyed_root_key();
grant select on root_keys to chancery_lookup;
grant update (wrapped) on ledger_key to chancery_lookup;

-- Replaces the wrap, unless it changed since it was read; says whether it did.
create function ledger_rewrap_key(was bytea, becomes bytea) returns boolean
    language plpgsql security definer
    set search_path = chancery, pg_temp
as $$
begin
    update ledger_key set wrapped = becomes where wrapped = was;
    return found;
end
$$;
revoke all on function ledger_rewrap_key(bytea, bytea) from public;
grant execute on function ledger_rewrap_key(bytea, bytea) to chancery_app;
grant create on schema chancery to chancery_lookup;
alter function ledger_rewrap_key(bytea, bytea) owner to chancery_lookup;
revoke create on schema chancery from chancery_lookup;
