-- Templates and their versions. A version is never changed; names, groups, bodies and samples are sealed.

create table templates (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    public_id text not null unique check (public_id ~ '^[0-9a-f]{16}$'),
    name_sealed bytea not null,
    group_sealed bytea,
    group_index bytea check (octet_length(group_index) = 32),
    status text not null check (status in ('draft', 'active', 'archived')),
    latest_version integer not null check (latest_version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- The target of the composite key below.
    unique (workspace_id, id)
);
create index templates_by_group on templates (workspace_id, group_index) where group_index is not null;

create table template_versions (
    id uuid primary key,
    workspace_id uuid not null,
    template_id uuid not null,
    number integer not null check (number > 0),
    body_sealed bytea not null,
    sample_sealed bytea,
    description_sealed bytea,
    created_at timestamptz not null,
    created_by_kind text not null check (created_by_kind in ('api_key', 'person', 'operator', 'system')),
    created_by_id uuid,
    -- With the workspace in the key, a version cannot hang on another workspace's template.
    foreign key (workspace_id, template_id) references templates (workspace_id, id) on delete cascade,
    unique (template_id, number)
);

alter table templates enable row level security;
alter table templates force row level security;
create policy isolation on templates
    using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
    with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid);

alter table template_versions enable row level security;
alter table template_versions force row level security;
create policy isolation on template_versions
    using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
    with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid);

grant select, insert, update, delete on templates to chancery_app;
grant select, insert on template_versions to chancery_app;
