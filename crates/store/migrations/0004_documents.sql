-- What a render leaves: a document while it lives, a transaction in the list of uses, an entry in the audit log.
-- The keys start with the workspace and go on with a UUIDv7: one index serves isolation, look-up and listing by time.
-- These tables carry no foreign keys: each would lock a row of another table for every document, and a
-- transaction or an entry must outlive its template. record_documents checks the workspace instead.

create table documents (
    workspace_id uuid not null,
    id uuid not null,
    template_id uuid not null,
    template_version integer not null,
    object_name text not null unique check (object_name ~ '^[a-z2-7]{32}$'),
    -- Null as soon as purging starts: from then on nobody can open the object.
    key_wrapped bytea,
    size_bytes bigint not null check (size_bytes >= 0),
    pages integer not null check (pages >= 0),
    mime text not null check (mime ~ '^[a-z]+/[a-z0-9.+-]+$'),
    file_name_sealed bytea,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    state text not null default 'live' check (state in ('live', 'purging')),
    primary key (workspace_id, id),
    check ((state = 'live') = (key_wrapped is not null))
);
create index documents_by_expiry on documents (expires_at);

create table transactions (
    workspace_id uuid not null,
    id uuid not null,
    template_id uuid,
    template_public_id text check (template_public_id ~ '^[0-9a-f]{16}$'),
    kind text not null check (kind in ('pdf', 'image')),
    export text not null check (export in ('stored', 'file')),
    status text not null check (status in ('done', 'failed')),
    document_id uuid,
    size_bytes bigint not null check (size_bytes >= 0),
    pages integer not null check (pages >= 0),
    created_at timestamptz not null,
    primary key (workspace_id, id)
);

create table audit_events (
    workspace_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    actor_kind text not null check (actor_kind in ('api_key', 'person', 'operator', 'system')),
    actor_id uuid,
    action text not null check (action ~ '^[a-z_]{1,32}[.][a-z_]{1,32}$'),
    target_kind text not null check (target_kind ~ '^[a-z_]{1,32}$'),
    target_id uuid,
    body_sealed bytea,
    primary key (workspace_id, id)
);

create table purge_runs (
    workspace_id uuid not null,
    id uuid not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    documents bigint not null default 0 check (documents >= 0),
    bytes bigint not null default 0 check (bytes >= 0),
    primary key (workspace_id, id)
);

do $$
declare
    name text;
begin
    foreach name in array array['documents', 'transactions', 'audit_events', 'purge_runs'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format($policy$
            create policy isolation on %I
                using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
                with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
            $policy$, name);
    end loop;
end
$$;

grant select, insert, update, delete on documents to chancery_app;
grant select, insert on transactions to chancery_app;
-- Append only: no grant to change or remove, and a trigger that stops even the owner.
grant select, insert on audit_events to chancery_app;
grant select, insert, update on purge_runs to chancery_app;

create function refuse_change() returns trigger
    language plpgsql
as $$
begin
    raise exception 'the audit log is append-only' using errcode = 'CH002';
end
$$;
revoke all on function refuse_change() from public;

create trigger audit_events_are_append_only
    before update or delete on audit_events
    for each row execute function refuse_change();
create trigger audit_events_are_never_truncated
    before truncate on audit_events
    for each statement execute function refuse_change();
