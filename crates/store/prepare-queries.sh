#!/bin/sh
# Checks every query against a scratch PostgreSQL with the current migrations and writes what the compiler needs to
# check them without a database into crates/store/.sqlx. Run it after changing a query or a migration.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
chmod 711 "$scratch"
mkdir -m 700 "$scratch/data" "$scratch/socket"

# PostgreSQL refuses to run as root.
as=""
if [ "$(id -u)" = 0 ]; then
    chown postgres "$scratch/data" "$scratch/socket"
    as="setpriv --reuid postgres --regid postgres --clear-groups"
fi

programs=${POSTGRES_PROGRAMS:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
server=""
finish() {
    if [ -n "$server" ]; then
        kill -INT "$server" && wait "$server" || true
    fi
    rm -rf "$scratch"
}
trap finish EXIT

cd "$scratch"
$as "$programs/initdb" -D "$scratch/data" -U chancery_bootstrap --auth trust -E UTF8 --locale C --no-sync >/dev/null
$as "$programs/postgres" -D "$scratch/data" -k "$scratch/socket" -c listen_addresses= -c fsync=off 2>/dev/null &
server=$!
until "$programs/pg_isready" -q -h "$scratch/socket"; do
    kill -0 "$server"
done

run() {
    role=$1
    database=$2
    shift 2
    "$programs/psql" -q -v ON_ERROR_STOP=1 -h "$scratch/socket" -U "$role" "$database" "$@"
}
run chancery_bootstrap postgres -f "$here/bootstrap/roles.sql"
run chancery_bootstrap postgres -c "create database chancery owner chancery_migrate"
run chancery_bootstrap chancery -f "$here/bootstrap/database.sql"
# The library's own table, which the doctor reads.
run chancery_migrate chancery -c "create table _sqlx_migrations (version bigint primary key, success boolean not null)"
run chancery_migrate chancery -c "grant select on _sqlx_migrations to chancery_app"
for migration in "$here"/migrations/*.sql; do
    run chancery_migrate chancery -1 -f "$migration"
done

mkdir -p "$here/.sqlx"
rm -f "$here"/.sqlx/query-*.json
cd "$here"
touch src/lib.rs
socket=$(printf '%s' "$scratch/socket" | sed 's|/|%2F|g')
DATABASE_URL="postgres://chancery_app@$socket/chancery" SQLX_OFFLINE_DIR="$here/.sqlx" cargo check -p chancery-store
echo "$(ls "$here"/.sqlx | wc -l) queries are prepared."
