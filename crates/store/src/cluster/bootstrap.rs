//! Roles and database of a new private cluster, made through its socket by the role that initdb made.

use std::path::Path;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use tokio::time::timeout;

use super::{ClusterError, DATABASE_NAME, PORT};
use crate::migration::{BOOTSTRAP_DATABASE_SQL, BOOTSTRAP_ROLES_SQL};

/// The cluster's superuser; the product never connects as it but here.
pub(super) const ROLE: &str = "chancery_bootstrap";

/// A server that takes longer for a first answer over a local socket is not there.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes what is missing.
pub(super) async fn prepare(socket_folder: &Path) -> Result<(), ClusterError> {
    let mut connection = connect(socket_folder, "postgres").await.map_err(ClusterError::Bootstrap)?;
    let prepared = prepare_cluster(&mut connection, socket_folder).await;
    let closed = connection.close().await;
    prepared.and(closed).map_err(ClusterError::Bootstrap)
}

async fn prepare_cluster(connection: &mut PgConnection, socket_folder: &Path) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(BOOTSTRAP_ROLES_SQL).execute(&mut *connection).await?;
    if !has_database(connection).await? {
        sqlx::raw_sql(AssertSqlSafe(format!("create database {DATABASE_NAME} owner chancery_migrate")))
            .execute(&mut *connection)
            .await?;
    }
    let mut inside = connect(socket_folder, DATABASE_NAME).await?;
    sqlx::raw_sql(BOOTSTRAP_DATABASE_SQL).execute(&mut inside).await?;
    inside.close().await
}

/// Whether a server answers in this folder.
pub(super) async fn answers(socket_folder: &Path) -> bool {
    matches!(timeout(ANSWER_TIMEOUT, connect(socket_folder, "postgres")).await, Ok(Ok(_)))
}

/// Whether the database is there, for a guest that waits for the owner's preparation.
pub(super) async fn is_prepared(socket_folder: &Path) -> bool {
    let ask = async {
        let mut inside = connect(socket_folder, DATABASE_NAME).await?;
        sqlx::query_scalar::<_, bool>("select to_regnamespace('chancery') is not null").fetch_one(&mut inside).await
    };
    matches!(timeout(ANSWER_TIMEOUT, ask).await, Ok(Ok(true)))
}

async fn has_database(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(DATABASE_NAME)
        .fetch_one(connection)
        .await
}

async fn connect(socket_folder: &Path, database: &str) -> Result<PgConnection, sqlx::Error> {
    let options =
        PgConnectOptions::new_without_pgpass().socket(socket_folder).port(PORT).username(ROLE).database(database);
    options.disable_statement_logging().connect().await
}
