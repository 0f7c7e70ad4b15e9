//! What a node must forget: changes of keys, templates and workspaces, as the database announces them with the commit.
//!
//! A cache may be trusted only between [`Invalidation::Connected`] and [`Invalidation::Disconnected`]: announcements
//! made while nobody listens are lost, so everything cached before a `Connected` must be dropped.

use std::time::Duration;

use chancery_vault::WorkspaceId;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

const CHANNEL: &str = "chancery_invalidate";
/// Announcements that wait for a slow consumer; beyond it the listener waits, and PostgreSQL keeps them.
const WAITING_MAX: usize = 1024;
/// After this silence the connection is asked for a sign of life.
const SILENCE: Duration = Duration::from_secs(5);
/// Without an answer for this long the connection counts as lost.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
/// Between two tries to connect.
const RECONNECT_INTERVAL: Duration = Duration::from_millis(250);

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalidation {
    /// Announcements arrive from now on: drop everything cached before, then caches may be used.
    Connected,
    /// Announcements may be lost from now on: use no cache.
    Disconnected,
    /// One thing changed or is gone.
    Changed(Change),
}

/// Which thing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its kind.
    pub kind: ChangeKind,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// Its id: an [`ApiKeyId`](crate::ApiKeyId), a [`TemplateId`](crate::TemplateId) or the workspace's own.
    pub id: Uuid,
}

/// The kinds of things that are announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// A workspace.
    Workspace,
    /// An API key.
    ApiKey,
    /// A template.
    Template,
}

/// The stream of announcements; stops listening when dropped.
pub struct Invalidations {
    events: mpsc::Receiver<Invalidation>,
    task: JoinHandle<()>,
}

impl Invalidations {
    pub(crate) fn start(options: &PgConnectOptions) -> Self {
        let (sender, events) = mpsc::channel(WAITING_MAX);
        let task = tokio::spawn(listen_forever(options.clone().application_name("chancery invalidation"), sender));
        Self { events, task }
    }

    /// Waits for the next event. The first one is [`Invalidation::Connected`], as soon as the database can be reached.
    pub async fn next(&mut self) -> Option<Invalidation> {
        self.events.recv().await
    }
}

impl Drop for Invalidations {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen_forever(options: PgConnectOptions, events: mpsc::Sender<Invalidation>) {
    while !events.is_closed() {
        if let Ok(listener) = connect(&options).await {
            if events.send(Invalidation::Connected).await.is_err() {
                return;
            }
            listen(listener, &events).await;
            if events.send(Invalidation::Disconnected).await.is_err() {
                return;
            }
        }
        tokio::time::sleep(RECONNECT_INTERVAL).await;
    }
}

async fn connect(options: &PgConnectOptions) -> Result<PgListener, sqlx::Error> {
    // A pool of its own with one connection: the listener keeps it for good.
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .acquire_timeout(ANSWER_TIMEOUT)
        .connect_with(options.clone())
        .await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.ignore_pool_close_event(true);
    // A lost connection must be seen as such, not silently replaced.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Passes announcements on until the connection is lost or nobody wants them.
async fn listen(mut listener: PgListener, events: &mpsc::Sender<Invalidation>) {
    loop {
        match tokio::time::timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => {
                let event = match Change::parse(notification.payload()) {
                    Some(change) => Invalidation::Changed(change),
                    None => {
                        // A later version's kind: forgetting everything is always right.
                        tracing::warn!("an unknown announcement arrived");
                        Invalidation::Connected
                    }
                };
                if events.send(event).await.is_err() {
                    return;
                }
            }
            Ok(Ok(None) | Err(_)) => return,
            Err(_) => {
                let alive = sqlx::query_scalar!(r#"select 1 as "one!""#).fetch_one(&mut listener);
                if !matches!(tokio::time::timeout(ANSWER_TIMEOUT, alive).await, Ok(Ok(_))) {
                    return;
                }
            }
        }
    }
}

impl Change {
    fn parse(payload: &str) -> Option<Self> {
        let mut parts = payload.split(':');
        let kind = match parts.next()? {
            "workspace" => ChangeKind::Workspace,
            "api_key" => ChangeKind::ApiKey,
            "template" => ChangeKind::Template,
            _ => return None,
        };
        let workspace = parts.next()?.parse().ok()?;
        let id = Uuid::try_parse(parts.next()?).ok()?;
        parts.next().is_none().then_some(Self { kind, workspace, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_read_strictly() {
        let id = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
        assert_eq!(Change::parse(&format!("api_key:{id}:{id}")).map(|change| change.kind), Some(ChangeKind::ApiKey));
        for other in [
            "",
            "api_key",
            &format!("api_key:{id}"),
            &format!("font:{id}:{id}"),
            &format!("api_key:{id}:{id}:x"),
            "api_key:x:y",
        ] {
            assert_eq!(Change::parse(other), None, "{other}");
        }
    }
}
