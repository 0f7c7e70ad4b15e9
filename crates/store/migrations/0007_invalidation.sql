-- Tells every node what it must forget: 'kind:workspace:id' on the channel chancery_invalidate, sent with the commit.

create function notify_change() returns trigger
    language plpgsql
as $$
declare
    changed record := coalesce(new, old);
    workspace uuid;
begin
    if tg_argv[0] = 'workspace' then
        workspace := changed.id;
    else
        workspace := changed.workspace_id;
    end if;
    perform pg_notify('chancery_invalidate', tg_argv[0] || ':' || workspace || ':' || changed.id);
    return null;
end
$$;
revoke all on function notify_change() from public;

create trigger workspace_changes
    after insert or update or delete on workspaces
    for each row execute function notify_change('workspace');
-- Not for last_used_at: it changes all the time and decides nothing.
create trigger api_key_changes
    after insert or delete or update of permissions, expires_at, revoked_at, token_hash on api_keys
    for each row execute function notify_change('api_key');
create trigger template_changes
    after insert or update or delete on templates
    for each row execute function notify_change('template');
