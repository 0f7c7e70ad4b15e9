//! The workspace behind an actor: its name and how much it has and used.

use chancery_vault::Timestamp;

use crate::Shared;
use crate::access::Actor;
use crate::error::ServiceError;
use crate::permission::Permission;
use crate::sealing;
use crate::workspaces::name_cell;

/// The account of one workspace.
pub struct Account<'a> {
    pub(crate) shared: &'a Shared,
}

/// What the account page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// The workspace's name.
    pub workspace_name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Renders since the start of the month, UTC.
    pub document_count_this_month: u64,
    /// Templates.
    pub template_count: u64,
}

impl Account<'_> {
    /// Tells about the actor's workspace.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn info(&self, actor: &Actor) -> Result<AccountInfo, ServiceError> {
        actor.require(Permission::AccountRead)?;
        let store = self.shared.store.workspace(actor.workspace());
        let row = store.details().await?.ok_or(ServiceError::NotFound { what: "workspace" })?;
        let counters = store.account_counters(start_of_month(self.shared.clock.now())?).await?;
        Ok(AccountInfo {
            workspace_name: sealing::open(actor.keys(), name_cell(row.id), &row.name_sealed)?,
            created_at: row.created_at,
            document_count_this_month: counters.renders,
            template_count: counters.templates,
        })
    }
}

/// Midnight of the first day of a time's month, UTC.
fn start_of_month(now: Timestamp) -> Result<Timestamp, ServiceError> {
    let failed = |error: jiff::Error| ServiceError::internal("finding the start of the month", error);
    let now = jiff::Timestamp::from_millisecond(now.signed_millis()).map_err(failed)?;
    let first = now.to_zoned(jiff::tz::TimeZone::UTC).date().first_of_month();
    let midnight = first.to_zoned(jiff::tz::TimeZone::UTC).map_err(failed)?.timestamp();
    Ok(Timestamp::from_signed_millis(midnight.as_millisecond()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_month_starts_at_midnight_of_its_first_day_in_utc() {
        let start = |time: &str| {
            let time = time.parse::<jiff::Timestamp>().unwrap().as_millisecond();
            let start = start_of_month(Timestamp::from_signed_millis(time)).unwrap();
            jiff::Timestamp::from_millisecond(start.signed_millis()).unwrap().to_string()
        };
        assert_eq!(start("2026-02-28T23:59:59.999Z"), "2026-02-01T00:00:00Z");
        assert_eq!(start("2026-03-01T00:00:00Z"), "2026-03-01T00:00:00Z");
        assert_eq!(start("1970-01-15T12:00:00Z"), "1970-01-01T00:00:00Z");
    }
}
