-- Who may see the schema, and how times cross the border: as milliseconds since 1970, so that no library decides.

grant usage on schema chancery to chancery_app, chancery_ops, chancery_lookup;

create function from_millis(millis bigint) returns timestamptz
    language sql immutable parallel safe strict
    return to_timestamp(millis::double precision / 1000);

create function to_millis(at timestamptz) returns bigint
    language sql stable parallel safe strict
    return (extract(epoch from at) * 1000)::bigint;

revoke all on function from_millis(bigint), to_millis(timestamptz) from public;
grant execute on function from_millis(bigint), to_millis(timestamptz) to chancery_app, chancery_ops, chancery_lookup;
