-- The roles of an installation. Run once per cluster by an administrator (the private cluster does it by itself).
-- None of them is a superuser, none may bypass row-level security, none may create roles or databases.
do $$
begin
    if not exists (select from pg_roles where rolname = 'chancery_migrate') then
        create role chancery_migrate login nosuperuser nocreatedb nocreaterole nobypassrls noreplication;
    end if;
    if not exists (select from pg_roles where rolname = 'chancery_app') then
        create role chancery_app login nosuperuser nocreatedb nocreaterole nobypassrls noreplication;
    end if;
    if not exists (select from pg_roles where rolname = 'chancery_ops') then
        create role chancery_ops login nosuperuser nocreatedb nocreaterole nobypassrls noreplication;
    end if;
    -- Owns the few look-ups that run before a workspace is known; nobody can log in as it.
    if not exists (select from pg_roles where rolname = 'chancery_lookup') then
        create role chancery_lookup nologin nosuperuser nocreatedb nocreaterole nobypassrls noreplication;
    end if;
    -- Owns the schema that says who is behind a pseudonym; nobody can log in as it either.
    if not exists (select from pg_roles where rolname = 'chancery_allocation') then
        create role chancery_allocation nologin nosuperuser nocreatedb nocreaterole nobypassrls noreplication;
    end if;
end
$$;

-- So that a migration may hand functions to it. Without inheritance: the owner of the schema must not see through the
-- policies that let chancery_lookup see all workspaces.
alter role chancery_migrate noinherit;
grant chancery_lookup, chancery_allocation to chancery_migrate;

-- A statement that runs longer than this is a mistake, and an open transaction would stop vacuum.
alter role chancery_app set statement_timeout = '30s';
alter role chancery_app set lock_timeout = '10s';
alter role chancery_app set idle_in_transaction_session_timeout = '60s';
alter role chancery_ops set statement_timeout = '120s';
alter role chancery_ops set default_transaction_read_only = on;
