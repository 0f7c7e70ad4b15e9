-- Documents are recorded with their class.

drop function record_documents(
    uuid[], uuid[], uuid[], uuid[], text[], integer[], text[], text[], bytea[], bigint[], integer[], text[], bytea[],
    bigint[], bigint[], uuid[], text[], uuid[], text[], text[], uuid[], bytea[]
);
create function record_documents(
    workspace_ids uuid[], document_ids uuid[], transaction_ids uuid[],
    template_ids uuid[], template_public_ids text[], template_versions integer[],
    kinds text[], object_names text[], keys_wrapped bytea[], sizes_bytes bigint[], pages integer[], mimes text[],
    classes text[], file_names_sealed bytea[], created_millis bigint[], expires_millis bigint[],
    audit_ids uuid[], actor_kinds text[], actor_ids uuid[], actions text[], target_kinds text[], target_ids uuid[],
    audit_bodies_sealed bytea[]
) returns void
    language plpgsql
as $$
declare
    current_id uuid;
begin
    for current_id in select distinct unnest(workspace_ids) loop
        perform enter_workspace(current_id);
        with record as (
            select *
            from unnest(
                workspace_ids, document_ids, transaction_ids, template_ids, template_public_ids, template_versions,
                kinds, object_names, keys_wrapped, sizes_bytes, pages, mimes, classes, file_names_sealed,
                created_millis, expires_millis, audit_ids, actor_kinds, actor_ids, actions, target_kinds, target_ids, audit_bodies_sealed
            ) as r (
                workspace_id, document_id, transaction_id, template_id, template_public_id, template_version,
                kind, object_name, key_wrapped, size_bytes, page_count, mime, class, file_name_sealed,
                created, expires, audit_id, actor_kind, actor_id, action, target_kind, target_id, audit_body_sealed
            )
            where r.workspace_id = current_id
        ),
        document as (
            insert into documents (workspace_id, id, template_id, template_version, object_name, key_wrapped, size_bytes,
                                   pages, mime, class, file_name_sealed, created_at, expires_at)
            select workspace_id, document_id, template_id, template_version, object_name, key_wrapped, size_bytes,
                   page_count, mime, class, file_name_sealed, from_millis(created), from_millis(expires)
            from record
        ),
        transaction as (
            insert into transactions (workspace_id, id, template_id, template_public_id, kind, export, status, document_id,
                                      size_bytes, pages, created_at)
            select workspace_id, transaction_id, template_id, template_public_id, kind, 'stored', 'done', document_id,
                   size_bytes, page_count, from_millis(created)
            from record
        )
        insert into audit_events (workspace_id, id, at, actor_kind, actor_id, action, target_kind, target_id, body_sealed)
        select workspace_id, audit_id, from_millis(created), actor_kind, actor_id, action, target_kind, target_id,
               audit_body_sealed
        from record;
    end loop;
end
$$;
revoke all on function record_documents(
    uuid[], uuid[], uuid[], uuid[], text[], integer[], text[], text[], bytea[], bigint[], integer[], text[], text[],
    bytea[], bigint[], bigint[], uuid[], text[], uuid[], text[], text[], uuid[], bytea[]
) from public;
grant execute on function record_documents(
    uuid[], uuid[], uuid[], uuid[], text[], integer[], text[], text[], bytea[], bigint[], integer[], text[], text[],
    bytea[], bigint[], bigint[], uuid[], text[], uuid[], text[], text[], uuid[], bytea[]
) to chancery_app;
