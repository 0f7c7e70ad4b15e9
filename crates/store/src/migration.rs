//! Brings the schema up to date, as the role that owns it.

use sqlx::migrate::Migrator;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::{Database, StoreError};

/// Makes the roles; the private cluster does it by itself.
pub(crate) const BOOTSTRAP_ROLES_SQL: &str = include_str!("../bootstrap/roles.sql");

/// Prepares an empty database, connected to it.
pub(crate) const BOOTSTRAP_DATABASE_SQL: &str = include_str!("../bootstrap/database.sql");

/// What an administrator runs once, connected to the empty database; it may be run again.
#[must_use]
pub fn bootstrap_sql() -> String {
    [BOOTSTRAP_ROLES_SQL, BOOTSTRAP_DATABASE_SQL].join("\n")
}

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// Migrations that went out with another text for a while, by number and the SHA-384 digest of that text. Migration 61 does
/// what that text did more, where it is not done.
const CHANGED: [(i64, &str); 3] = [
    (47, "b7ca7315e281b6f97c336193b1b79c2b52879d78aae82ab37b835559a95c0eb4764f513aafb34bb71e2127aa3e283f34"),
    (48, "dd5bd305239f0b08a8635a7dc002f6855b9273fd81c9e297848e5db9368573befe4a9ae5f2218fedc579e0fbec4797b6"),
    (50, "60a76d24d54047cb0de3fc948fa87f62b0cf8c5fe0ae85d722b992c2b4e8a01a00b40773d47ce783dec99f6dcd5049c8"),
];

/// The version that this build's schema has: the number of its last migration.
pub(crate) fn expected_version() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Runs the migrations that are missing, each in a transaction; concurrent calls wait for one another.
///
/// # Errors
/// A migration failed (nothing of it stays), or one that ran before differs from this build's.
pub async fn migrate(database: &Database) -> Result<(), StoreError> {
    let mut connection = database.migrate().connect().await.map_err(StoreError::during("connecting"))?;
    know_changed(&mut connection).await.map_err(StoreError::during("looking at the migrations that ran"))?;
    MIGRATOR.run(&mut connection).await.map_err(StoreError::Migration)?;
    // The library makes this table itself; the doctor reads it.
    sqlx::raw_sql("grant select on _sqlx_migrations to chancery_app, chancery_ops")
        .execute(&mut connection)
        .await
        .map_err(StoreError::during("granting access to the schema version"))?;
    connection.close().await.map_err(StoreError::during("closing a connection"))
}

/// Takes the changed text of a migration that ran for the one of this build.
async fn know_changed(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let is_new: bool =
        sqlx::query_scalar("select to_regclass('_sqlx_migrations') is null").fetch_one(&mut *connection).await?;
    if is_new {
        return Ok(());
    }
    for (version, changed) in CHANGED {
        let ours = MIGRATOR.iter().find(|migration| migration.version == version);
        sqlx::query("update _sqlx_migrations set checksum = $1 where version = $2 and encode(checksum, 'hex') = $3")
            .bind(ours.map(|migration| migration.checksum.as_ref()))
            .bind(version)
            .bind(changed)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::MIGRATOR;

    /// A database that ran a migration refuses every build in which its text is another one.
    #[test]
    fn a_migration_that_went_out_is_never_changed() {
        let locked: Vec<(i64, String)> = include_str!("../migrations.lock")
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(digest, name)| (name.split('_').next().unwrap_or_default().parse().unwrap_or(0), digest.to_owned()))
            .collect();
        let found: Vec<(i64, String)> = MIGRATOR
            .iter()
            .map(|migration| {
                let digest = migration.checksum.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
                (migration.version, digest)
            })
            .collect();
        assert_eq!(
            found, locked,
            "write another migration, and its digest (sha384sum, 32 letters) into migrations.lock"
        );
    }
}
