-- The acts about a row say what it must be; they are asked for with it. Documents have one act each and are many.
create index audit_events_about on audit_events (workspace_id, target_id) where target_kind <> 'document';

-- A document whose object was lost: kept with its key until it expires, because its object may come back.
do $$
declare
    name text;
begin
    for name in
        select conname from pg_constraint
        where conrelid = 'documents'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%state%'
    loop
        execute format('alter table documents drop constraint %I', name);
    end loop;
end
$$;
alter table documents add constraint documents_state check (state in ('live', 'lost', 'purging')),
    add constraint documents_key check ((state = 'purging') = (key_wrapped is null));
