//! Facts about the database for the doctor: what is, not what should be.

use crate::migration::expected_version;
use crate::number::from_bigint;
use crate::workspace_store::retried;
use crate::{Store, StoreError};

/// What the database says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// PostgreSQL's version.
    pub server_version: String,
    /// Number of the last migration that ran.
    pub schema_version: i64,
    /// Number of the last migration that this build knows.
    pub schema_version_expected: i64,
    /// The role as which this store works.
    pub current_role: String,
    /// Chancery's roles.
    pub roles: Vec<RoleFact>,
    /// Chancery's tables.
    pub tables: Vec<TableFact>,
    /// Size of the database on disk.
    pub database_bytes: u64,
    /// Whether a commit waits for the disk (`synchronous_commit`, `fsync` and `full_page_writes` all on).
    pub commits_are_durable: bool,
    /// Whether the role could change or remove entries of the audit log.
    pub audit_log_is_writable: bool,
}

/// One role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleFact {
    /// Its name.
    pub name: String,
    /// Whether it may do everything; must be false.
    pub is_superuser: bool,
    /// Whether it sees all rows; must be false.
    pub bypasses_row_level_security: bool,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFact {
    /// Its name.
    pub name: String,
    /// Whether row-level security is on and forced for the owner too.
    pub row_level_security_is_forced: bool,
    /// Its size on disk with indexes.
    pub bytes: u64,
}

impl Store {
    /// Number of the last migration that ran, and of the last one that this build knows. 0 in an empty database.
    ///
    /// # Errors
    /// The database failed.
    pub async fn schema_versions(&self) -> Result<(i64, i64), StoreError> {
        const READING: &str = "reading the schema version";
        // Checked when they run: the table is not there in an empty database.
        let is_migrated: bool = sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null")
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during(READING))?;
        if !is_migrated {
            return Ok((0, expected_version()));
        }
        let version = sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
            .fetch_one(self.pool())
            .await
            .map_err(StoreError::during(READING))?;
        Ok((version, expected_version()))
    }

    /// Gathers the facts.
    ///
    /// # Errors
    /// The database failed.
    pub async fn facts(&self) -> Result<Facts, StoreError> {
        const GATHERING: &str = "gathering facts";
        let server = retried(GATHERING, || async {
            sqlx::query!(
                r#"select current_setting('server_version') as "server_version!", current_user::text as "current_role!",
                          pg_database_size(current_database()) as "database_bytes!",
                          current_setting('synchronous_commit') <> 'off' and current_setting('fsync')::boolean
                              and current_setting('full_page_writes')::boolean as "commits_are_durable!",
                          has_table_privilege('audit_events', 'update, delete, truncate') as "audit_log_is_writable!",
                          coalesce((select max(version) from _sqlx_migrations where success), 0) as "schema_version!""#
            )
            .fetch_one(self.pool())
            .await
        })
        .await?;
        let roles = sqlx::query!(
            r#"select rolname::text as "name!", rolsuper as "is_superuser!", rolbypassrls as "bypasses!"
               from pg_roles where rolname like 'chancery\_%' and rolname <> 'chancery_bootstrap' order by rolname"#
        )
        .fetch_all(self.pool())
        .await
        .map_err(StoreError::during(GATHERING))?;
        let tables = sqlx::query!(
            r#"select relname::text as "name!", relrowsecurity and relforcerowsecurity as "is_forced!",
                      pg_total_relation_size(oid) as "bytes!"
               from pg_class where relnamespace = 'chancery'::regnamespace and relkind in ('r', 'p')
                                   and relname <> '_sqlx_migrations' order by relname"#
        )
        .fetch_all(self.pool())
        .await
        .map_err(StoreError::during(GATHERING))?;
        Ok(Facts {
            server_version: server.server_version,
            schema_version: server.schema_version,
            schema_version_expected: expected_version(),
            current_role: server.current_role,
            roles: roles
                .into_iter()
                .map(|role| RoleFact {
                    name: role.name,
                    is_superuser: role.is_superuser,
                    bypasses_row_level_security: role.bypasses,
                })
                .collect(),
            tables: tables
                .into_iter()
                .map(|table| {
                    Ok(TableFact {
                        name: table.name,
                        row_level_security_is_forced: table.is_forced,
                        bytes: from_bigint(table.bytes, "size")?,
                    })
                })
                .collect::<Result<_, StoreError>>()?,
            database_bytes: from_bigint(server.database_bytes, "size")?,
            commits_are_durable: server.commits_are_durable,
            audit_log_is_writable: server.audit_log_is_writable,
        })
    }
}
