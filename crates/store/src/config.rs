//! How to reach the database, and as which role.

use std::path::Path;
use std::str::FromStr as _;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::StoreError;

/// A database and the two roles that the product uses in it.
#[derive(Clone)]
pub struct Database {
    app: PgConnectOptions,
    migrate: PgConnectOptions,
}

/// How many connections the pool keeps.
#[derive(Debug, Clone, Copy)]
pub struct PoolConfig {
    /// Most connections of the pool; the writers and the listener have three more of their own.
    pub connections_max: u32,
}

/// Distinct statements are fewer than this: none is ever parsed twice on a connection.
const STATEMENT_CACHE_STATEMENTS: usize = 256;

impl Default for PoolConfig {
    /// Twice the processors and two: PostgreSQL runs on the same machine by default, and more would only queue there.
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { connections_max: u32::try_from(processors).unwrap_or(8).saturating_mul(2).saturating_add(2) }
    }
}

impl Database {
    /// A database elsewhere: one URL for the role `chancery_app`, one for `chancery_migrate`.
    ///
    /// # Errors
    /// [`StoreError::Url`]: malformed, or to another machine with a weaker `sslmode` than `verify-full`, with which
    /// somebody on the way could read everything. Without `sslmode` it is `verify-full` there. `sslrootcert` names
    /// the file of the authority; without it the authorities of the public web are believed.
    pub fn from_urls(app: &str, migrate: &str) -> Result<Self, StoreError> {
        Ok(Self { app: prepared(parse(app)?), migrate: prepared(parse(migrate)?) })
    }

    /// The database `name` of the private cluster that listens in `socket_folder`.
    #[must_use]
    pub fn in_private_cluster(socket_folder: &Path, name: &str) -> Self {
        let as_role = |role| {
            let options = PgConnectOptions::new_without_pgpass().socket(socket_folder).port(crate::cluster::PORT);
            prepared(options.database(name).username(role))
        };
        Self { app: as_role("chancery_app"), migrate: as_role("chancery_migrate") }
    }

    pub(crate) fn app(&self) -> &PgConnectOptions {
        &self.app
    }

    pub(crate) fn migrate(&self) -> &PgConnectOptions {
        &self.migrate
    }
}

fn parse(url: &str) -> Result<PgConnectOptions, StoreError> {
    const NO_URL: StoreError = StoreError::Url { reason: "it is not a PostgreSQL URL" };
    // The library takes any scheme.
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(NO_URL);
    }
    let options = PgConnectOptions::from_str(url).map_err(|_| NO_URL)?;
    let host = options.get_host();
    let is_local = options.get_socket().is_some()
        || host.starts_with('/')
        || ["localhost", "127.0.0.1", "::1", "[::1]"].contains(&host);
    let says_mode = ["sslmode=", "ssl-mode="].iter().any(|key| url.contains(key));
    match options.get_ssl_mode() {
        _ if is_local => Ok(options),
        PgSslMode::VerifyFull => Ok(options),
        _ if !says_mode => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        _ => Err(StoreError::Url { reason: "it leads to another machine, which needs `sslmode=verify-full`" }),
    }
}

fn prepared(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name("chancery")
        .statement_cache_capacity(STATEMENT_CACHE_STATEMENTS)
        .options([("search_path", "chancery")])
        // Formatting statements for a log that nobody reads would cost on every request.
        .disable_statement_logging()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_to_other_machines_are_verified_and_nonsense_is_refused() {
        let local = "postgres://chancery_app@127.0.0.1/chancery";
        assert!(Database::from_urls(local, "postgres://chancery_migrate@%2Frun%2Fpostgresql/chancery").is_ok());
        for url in ["postgres://chancery_app@db.example.com/chancery", "postgres://10.0.0.1/x?sslmode=verify-full"] {
            let database = Database::from_urls(url, local);
            assert!(matches!(database.map(|it| it.app.get_ssl_mode()), Ok(PgSslMode::VerifyFull)), "{url}");
        }
        for url in
            ["", "mysql://localhost/x", "postgres://10.0.0.1/x?sslmode=require", "postgres://db/x?ssl-mode=disable"]
        {
            assert!(matches!(Database::from_urls(url, local), Err(StoreError::Url { .. })), "{url}");
            assert!(matches!(Database::from_urls(local, url), Err(StoreError::Url { .. })), "{url}");
        }
    }
}
