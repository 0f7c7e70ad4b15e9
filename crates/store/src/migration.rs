//! Brings the schema up to date, as the role that owns it.

use sqlx::migrate::Migrator;
use sqlx::{ConnectOptions as _, Connection as _};

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
    MIGRATOR.run(&mut connection).await.map_err(StoreError::Migration)?;
    // The library makes this table itself; the doctor reads it.
    sqlx::raw_sql("grant select on _sqlx_migrations to chancery_app, chancery_ops")
        .execute(&mut connection)
        .await
        .map_err(StoreError::during("granting access to the schema version"))?;
    connection.close().await.map_err(StoreError::during("closing a connection"))
}
