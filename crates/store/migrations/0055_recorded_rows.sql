-- The body of the act that says what a row must be is kept for as long as that row lives: without it, an API key or a
-- template that is as it should be could not be told from a forged one, and would be refused.

grant select (id, workspace_id) on templates to chancery_lookup;
create policy lookup on templates for select to chancery_lookup using (true);

create function keep_recorded_acts() returns trigger
    language plpgsql
as $$
begin
    if exists (select from api_keys k where k.workspace_id = old.workspace_id and k.id = old.target_id)
       or exists (select from templates t where t.workspace_id = old.workspace_id and t.id = old.target_id) then
        -- Not an error: whoever erases many bodies leaves this one out.
        return null;
    end if;
    return new;
end
$$;
revoke all on function keep_recorded_acts() from public;
create trigger recorded_acts_keep_their_bodies
    before update on audit_events
    for each row
    when (old.body_sealed is not null and new.body_sealed is null
          and old.action in ('api_key.create', 'api_key.revoke', 'template.create', 'template.copy', 'template.update'))
    execute function keep_recorded_acts();
