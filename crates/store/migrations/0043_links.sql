-- Links that are kept with their conditions, the grants by which one counted download goes on, and what was revoked.
-- A plain link has no row: its document's row says, in the one question that is asked anyway, whether it was revoked.

create table links (
    workspace_id uuid not null,
    id uuid not null,
    document_id uuid not null,
    -- For whom, from where, which passcode, how it is handed out.
    details_sealed bytea not null,
    -- Null: as often as one likes.
    uses_max integer check (uses_max between 1 and 1000),
    uses integer not null default 0,
    wrong_passcodes integer not null default 0 check (wrong_passcodes >= 0),
    locked_until timestamptz,
    created_at timestamptz not null,
    created_by_kind text not null check (created_by_kind in ('api_key', 'person', 'operator', 'system')),
    created_by_id uuid,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    primary key (workspace_id, id),
    -- A link goes with its document. Links are few beside documents, so that the lock on the row costs nothing.
    foreign key (workspace_id, document_id) references documents (workspace_id, id) on delete cascade,
    -- Whatever a program gets wrong: never once too often.
    check (uses >= 0 and (uses_max is null or uses <= uses_max))
);
create index links_of_document on links (workspace_id, document_id);

create table link_grants (
    workspace_id uuid not null,
    id uuid not null,
    link_id uuid not null,
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    requests_left integer not null check (requests_left >= 0),
    bytes_left bigint not null check (bytes_left >= 0),
    expires_at timestamptz not null,
    primary key (workspace_id, id),
    foreign key (workspace_id, link_id) references links (workspace_id, id) on delete cascade,
    unique (workspace_id, link_id, secret_hash)
);

-- All links of a document, a template or a workspace that were made until then are refused. One row a target: the latest.
create table link_revocations (
    workspace_id uuid not null references workspaces (id),
    -- The document, the template or the workspace.
    id uuid not null,
    target_kind text not null check (target_kind in ('document', 'template', 'workspace')),
    revoked_at timestamptz not null,
    primary key (workspace_id, id)
);

do $$
declare
    name text;
begin
    foreach name in array array['links', 'link_grants', 'link_revocations'] loop
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
grant select, insert, update on links to chancery_app;
grant select, insert, update, delete on link_grants to chancery_app;
grant select, insert, update, delete on link_revocations to chancery_app;

select guard_sealed_columns('links', 'workspace_id', array['details_sealed']);
