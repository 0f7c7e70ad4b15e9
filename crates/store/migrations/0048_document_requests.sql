-- The requests that led to documents, for as long as the policy of the workspace says; by default none is kept.

create table document_requests (
    workspace_id uuid not null references workspaces (id),
    -- The document's or, when nothing was stored, the transaction's.
    id uuid not null,
    template_id uuid not null,
    template_version integer not null check (template_version > 0),
    request_sealed bytea not null,
    created_at timestamptz not null,
    primary key (workspace_id, id)
);
alter table document_requests enable row level security;
alter table document_requests force row level security;
create policy isolation on document_requests
    using (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid)
    with check (workspace_id = nullif(current_setting('app.workspace', true), '')::uuid);
grant select, insert, delete, update (request_sealed) on document_requests to chancery_app;
select guard_sealed_columns('document_requests', 'workspace_id', array['request_sealed']);
select guard_held_rows('document_requests', 'g.template_id', 'g.id');
