-- How long a document, and a request that is kept, stays follows its own class. What was made before it had one goes with
-- its workspace. Some databases have the columns already, because migrations 47, 48 and 50 went out changed for a while.

alter table documents
    add column if not exists class text check (class in ('public', 'internal', 'confidential', 'restricted'));
alter table document_requests
    add column if not exists class text check (class in ('public', 'internal', 'confidential', 'restricted'));
alter table document_requests alter column class drop not null;

create or replace function retention_due(wanted text, of_class text, now timestamptz, before timestamptz)
    returns table (id uuid, is_held boolean, bytes bigint, key_id bytea)
    language sql stable
as $$
    select d.id, is_held(d.workspace_id, d.template_id, d.id), d.size_bytes, substring(d.key_wrapped from 10 for 8)
    from documents d join workspaces w on w.id = d.workspace_id
    where wanted = 'documents' and coalesce(d.class, w.class) = of_class and d.state = 'live'
          and (d.expires_at <= now or (d.id <= last_id_at(before) and d.created_at <= before))
    union all
    -- A version is as old as it is out of use: since the next one was made. The latest stays.
    select v.id, is_held(v.workspace_id, v.template_id, null),
           octet_length(v.body_sealed) + coalesce(octet_length(v.sample_sealed), 0)::bigint, null
    from template_versions v join templates t on t.id = v.template_id join workspaces w on w.id = v.workspace_id
    where wanted = 'template_versions' and w.class = of_class and v.number < t.latest_version
          and (select n.created_at from template_versions n
               where n.template_id = v.template_id and n.number > v.number order by n.number limit 1) <= before
    union all
    select t.id, is_held(t.workspace_id, t.template_id, t.id), 0, null
    from transactions t join workspaces w on w.id = t.workspace_id
    where wanted = 'transactions' and w.class = of_class and t.id <= last_id_at(before) and t.created_at <= before
    union all
    select e.id, is_held(e.workspace_id, e.target_id, null), octet_length(e.body_sealed), null
    from audit_events e join workspaces w on w.id = e.workspace_id
    where wanted = 'audit_bodies' and w.class = of_class and e.body_sealed is not null and e.action not like 'purge.%'
          and e.id <= last_id_at(before) and e.at <= before
          -- What made or changed a template or a key that is still there says what that must be: it stays as long.
          and not (e.action like 'template.%' and exists (select from templates t where t.id = e.target_id))
          and not (e.action like 'api_key.%' and exists (select from api_keys k where k.id = e.target_id))
    union all
    select r.id, is_held(r.workspace_id, r.template_id, r.id), octet_length(r.request_sealed), null
    from document_requests r join workspaces w on w.id = r.workspace_id
    where wanted = 'requests' and coalesce(r.class, w.class) = of_class and r.id <= last_id_at(before) and r.created_at <= before
    union all
    select k.id, is_held(k.workspace_id, null, null), 0, null
    from api_keys k join workspaces w on w.id = k.workspace_id
    where wanted = 'api_keys' and w.class = of_class and least(k.revoked_at, k.expires_at) <= before
$$;
