//! What was made: a list with one entry a render, without content.

use std::collections::HashMap;

use chancery_store::{Export, TransactionRow};
use chancery_vault::{DocumentId, Pseudonym, PseudonymKind, Timestamp};
use uuid::Uuid;

use crate::Shared;
use crate::access::Actor;
use crate::documents::{StoredName, file_name_cell};
use crate::error::ServiceError;
use crate::page::Page;
use crate::permission::Permission;
use crate::pseudonyms::Pseudonyms;
use crate::sealing;
use crate::templates::TemplateKey;

/// The transactions of a workspace.
pub struct Transactions<'a> {
    pub(crate) shared: &'a Shared,
}

/// One render.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Names it.
    pub reference: Uuid,
    /// The template.
    pub template: Option<TemplateKey>,
    /// `pdf` or `image`.
    pub kind: &'static str,
    /// Whether the file was stored, instead of sent and forgotten.
    pub is_stored: bool,
    /// `done` or `failed`.
    pub status: &'static str,
    /// Pages of the document.
    pub page_count: u32,
    /// Bytes of the file.
    pub size_bytes: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Transactions<'_> {
    /// What was made in the actor's workspace, the latest first. Renders that were sent and not stored appear within
    /// 200 ms.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn list(&self, actor: &Actor, page: Page) -> Result<Vec<Transaction>, ServiceError> {
        actor.require(Permission::TransactionsRead)?;
        let rows = self.shared.store.workspace(actor.workspace()).list_transactions(page.into()).await?;
        Ok(rows.into_iter().map(Transaction::from).collect())
    }

    /// What was made, as [`Transactions::list`] has it, each with a pseudonym for the name of its file while that is there.
    ///
    /// # Errors
    /// As [`Transactions::list`].
    pub async fn export(
        &self,
        actor: &Actor,
        page: Page,
    ) -> Result<Vec<(Transaction, Option<Pseudonym>)>, ServiceError> {
        actor.require(Permission::TransactionsRead)?;
        let store = self.shared.store.workspace(actor.workspace());
        let rows = store.list_transactions(page.into()).await?;
        let documents: Vec<DocumentId> = rows.iter().filter_map(|row| row.document).collect();
        let names: HashMap<DocumentId, Vec<u8>> = store.file_names(&documents).await?.into_iter().collect();
        rows.into_iter()
            .map(|row| {
                let sealed = row.document.and_then(|id| names.get(&id).map(|sealed| (id, sealed)));
                let file = match sealed {
                    Some((id, sealed)) => {
                        let name = StoredName::from_text(&sealing::open(actor.keys(), file_name_cell(id), sealed)?);
                        let pseudonyms = Pseudonyms { shared: self.shared };
                        Some(pseudonyms.of(actor, PseudonymKind::File, name.file_name.as_str())?)
                    }
                    None => None,
                };
                Ok((Transaction::from(row), file))
            })
            .collect()
    }
}

impl From<TransactionRow> for Transaction {
    fn from(row: TransactionRow) -> Self {
        Self {
            reference: row.id.uuid(),
            template: row.template_public_id.map(TemplateKey::new),
            kind: row.kind.as_str(),
            is_stored: row.export == Export::Stored,
            status: row.status.as_str(),
            page_count: row.pages,
            size_bytes: row.size_bytes,
            created_at: row.created_at,
        }
    }
}
