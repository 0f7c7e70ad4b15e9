-- Prepares an empty database, connected to it as an administrator: one schema, closed to everybody else.
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to chancery_migrate, chancery_app, chancery_ops', current_database());
    execute format('alter database %I set search_path = chancery', current_database());
end
$$;

revoke all on schema public from public;
create schema if not exists chancery authorization chancery_migrate;
create schema if not exists chancery_allocation authorization chancery_allocation;
