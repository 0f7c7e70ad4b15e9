//! Transactions: the list of uses, one row for each render, with no content.

use chancery_vault::{DocumentId, Timestamp, WorkspaceId};
use sqlx::PgPool;
use uuid::Uuid;

use crate::number::{from_bigint, from_integer, to_bigint, to_integer};
use crate::{Page, PublicTemplateId, StoreError, TemplateId, TransactionId, WorkspaceStore};

/// What was rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderKind {
    /// A PDF.
    Pdf,
    /// One or more pictures.
    Image,
}

/// What became of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// A document was stored.
    Stored,
    /// They were sent with the answer; nothing was stored.
    File,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionStatus {
    /// The caller got what it asked for.
    Done,
    /// It did not.
    Failed,
}

/// A render of which nothing is stored.
#[derive(Debug, Clone)]
pub struct TransactionRecord {
    /// Whose it is.
    pub workspace: WorkspaceId,
    /// Its id.
    pub id: TransactionId,
    /// The template, inside and outside.
    pub template: Option<(TemplateId, PublicTemplateId)>,
    /// What was rendered.
    pub kind: RenderKind,
    /// How it ended.
    pub status: TransactionStatus,
    /// Bytes sent.
    pub size_bytes: u64,
    /// Pages rendered.
    pub pages: u32,
    /// When it happened.
    pub created_at: Timestamp,
}

/// A transaction as read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionRow {
    /// Its id.
    pub id: TransactionId,
    /// The template, outside.
    pub template_public_id: Option<PublicTemplateId>,
    /// What was rendered.
    pub kind: RenderKind,
    /// What became of the bytes.
    pub export: Export,
    /// How it ended.
    pub status: TransactionStatus,
    /// The document, which may be purged by now.
    pub document: Option<DocumentId>,
    /// Bytes of the result.
    pub size_bytes: u64,
    /// Pages rendered.
    pub pages: u32,
    /// When it happened.
    pub created_at: Timestamp,
}

impl RenderKind {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Image => "image",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "pdf" => Ok(Self::Pdf),
            "image" => Ok(Self::Image),
            _ => Err(StoreError::Unknown { what: "render kind" }),
        }
    }
}

impl Export {
    fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "stored" => Ok(Self::Stored),
            "file" => Ok(Self::File),
            _ => Err(StoreError::Unknown { what: "export" }),
        }
    }
}

impl TransactionStatus {
    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        match text {
            "done" => Ok(Self::Done),
            "failed" => Ok(Self::Failed),
            _ => Err(StoreError::Unknown { what: "transaction status" }),
        }
    }
}

/// Records a batch: one round trip and one commit. What is recorded already stays as it is.
pub(crate) async fn record(pool: &PgPool, records: &[TransactionRecord]) -> Result<(), StoreError> {
    fn column<'r, T>(records: &'r [TransactionRecord], value: impl Fn(&'r TransactionRecord) -> T) -> Vec<T> {
        records.iter().map(value).collect()
    }
    let sizes: Vec<i64> = records.iter().map(|r| to_bigint(r.size_bytes, "result")).collect::<Result<_, _>>()?;
    let pages: Vec<i32> = records.iter().map(|r| to_integer(r.pages, "page count")).collect::<Result<_, _>>()?;
    let templates: Vec<Option<Uuid>> = column(records, |r| r.template.map(|(id, _)| id.uuid()));
    let public_ids: Vec<Option<String>> = column(records, |r| r.template.map(|(_, id)| id.to_string()));
    let kinds: Vec<&str> = column(records, |r| r.kind.as_str());
    let statuses: Vec<&str> = column(records, |r| r.status.as_str());
    sqlx::query!(
        "select record_transactions($1, $2, $3, $4, $5, $6, $7, $8, $9)::text as done",
        &column(records, |r| r.workspace.uuid()),
        &column(records, |r| r.id.uuid()),
        &templates as &[Option<Uuid>],
        &public_ids as &[Option<String>],
        &kinds as &[&str],
        &statuses as &[&str],
        &sizes,
        &pages,
        &column(records, |r| r.created_at.signed_millis()),
    )
    .fetch_one(pool)
    .await
    .map_err(StoreError::during("recording transactions"))?;
    Ok(())
}

impl WorkspaceStore {
    /// The transactions, latest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list_transactions(&self, page: Page) -> Result<Vec<TransactionRow>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query!(
            r#"select id, template_public_id, kind, export, status, document_id, size_bytes, pages,
                      to_millis(created_at) as "created_at!"
               from transactions where workspace_id = $1 order by id desc limit $2 offset $3"#,
            self.id().uuid(),
            page.limit(),
            page.offset(),
        )
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::during("listing transactions"))?;
        rows.into_iter()
            .map(|row| {
                Ok(TransactionRow {
                    id: TransactionId::from_uuid(row.id),
                    template_public_id: row.template_public_id.map(|id| id.parse()).transpose()?,
                    kind: RenderKind::parse(&row.kind)?,
                    export: Export::parse(&row.export)?,
                    status: TransactionStatus::parse(&row.status)?,
                    document: row.document_id.map(DocumentId::from_uuid),
                    size_bytes: from_bigint(row.size_bytes, "result size")?,
                    pages: from_integer(row.pages, "page count")?,
                    created_at: Timestamp::from_signed_millis(row.created_at),
                })
            })
            .collect()
    }
}
