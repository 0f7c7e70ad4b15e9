-- Workspaces and the API keys that act in them.
-- Row-level security is forced for the owner too. A missing or empty app.workspace is null: no rows.

create table workspaces (
    id uuid primary key,
    name_sealed bytea not null,
    class text not null check (class in ('public', 'internal', 'confidential', 'restricted')),
    state text not null default 'active' check (state in ('active', 'suspended')),
    key_wrapped bytea not null,
    key_state text not null default 'active' check (key_state in ('active', 'retired', 'compromised', 'destroyed')),
    created_at timestamptz not null
);

create table api_keys (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    hint text not null check (hint ~ '^chy_[a-z]{4}_[0-9A-Za-z]{4}$'),
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    name_sealed bytea not null,
    permissions text[] not null check (array_to_string(permissions, ',') ~ '^[a-z0-9_.:*,-]*$'),
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
);
create index api_keys_of_workspace on api_keys (workspace_id, id);

alter table workspaces enable row level security;
alter table workspaces force row level security;
create policy isolation on workspaces
    using (id = nullif(current_setting('app.workspace', true), '')::uuid)
    with check (id = nullif(current_setting('app.workspace', true), '')::uuid);

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy isolation on api_keys
    using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
    with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid);

grant select, insert, update on workspaces to chancery_app;
grant select, insert, update on api_keys to chancery_app;
