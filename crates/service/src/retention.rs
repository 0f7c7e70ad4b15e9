//! How long what is kept: the limits of each kind of data, the policies of a workspace, and a preview of what they delete.

use std::sync::Arc;

use chancery_store::{DataKind, PolicyRow, Slice, StoreError, WorkspaceStore};
use chancery_vault::{Class, Timestamp};
use serde_json::{Value as Json, json};

use crate::Shared;
use crate::access::Actor;
use crate::error::ServiceError;
use crate::permission::Permission;
use crate::sealing::{Event, audit_entry};

/// Milliseconds of a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What a policy may say about a kind of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The kind.
    pub kind: DataKind,
    /// Days while nobody said anything else; none is without end.
    pub days_default: Option<u32>,
    /// The fewest days.
    pub days_min: u32,
    /// The most days; without, the kind may be kept without end.
    pub days_max: Option<u32>,
    /// Why these limits.
    pub reason: &'static str,
}

/// Ten years: what tax law of several countries asks of vouchers (in Germany § 147 AO), and no longer.
const TEN_YEARS: Option<u32> = Some(3650);
/// Three years to the end of which most claims are barred (in Germany § 195 BGB), and a little.
const THREE_YEARS: Option<u32> = Some(1100);

/// The limits, one line a kind.
pub const RULES: [Rule; DataKind::ALL.len()] = [
    Rule {
        kind: DataKind::Documents,
        days_default: None,
        days_min: 1,
        days_max: None,
        reason: "a document ends with its link, at most; a policy can only end it sooner, and not before a day",
    },
    Rule {
        kind: DataKind::TemplateVersions,
        days_default: None,
        days_min: 1,
        days_max: None,
        reason: "counted from the version that replaced it; the latest version stays",
    },
    Rule {
        kind: DataKind::Transactions,
        days_default: THREE_YEARS,
        days_min: 30,
        days_max: TEN_YEARS,
        reason: "a month, so that an invoice can be checked; ten years, as tax law asks of vouchers",
    },
    Rule {
        kind: DataKind::AuditBodies,
        days_default: THREE_YEARS,
        days_min: 90,
        days_max: TEN_YEARS,
        reason: "three months, so that an incident can be understood; the entries themselves stay, and details of acts on what is still there",
    },
    Rule {
        kind: DataKind::Requests,
        days_default: Some(0),
        days_min: 0,
        days_max: TEN_YEARS,
        reason: "0 keeps none, which is the default: they hold the data of persons",
    },
    Rule {
        kind: DataKind::ApiKeys,
        days_default: Some(365),
        days_min: 30,
        days_max: TEN_YEARS,
        reason: "counted from the end of the key; a month, so that its owner can be asked",
    },
    Rule {
        kind: DataKind::Pseudonyms,
        days_default: Some(365),
        days_min: 1,
        days_max: TEN_YEARS,
        reason: "counted from when it was last used; afterwards the pseudonym is anonymous",
    },
];

/// The retention of a workspace.
pub struct Retention<'a> {
    pub(crate) shared: &'a Shared,
}

/// Days for one kind of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The limits of the kind.
    pub rule: &'static Rule,
    /// The class.
    pub class: Class,
    /// Days; none is without end.
    pub days: Option<u32>,
    /// Whether somebody said so.
    pub is_set: bool,
}

/// A change of the days of one kind.
#[derive(Clone, Debug)]
pub struct PolicyChange {
    /// The kind.
    pub kind: DataKind,
    /// For one class; without, for all.
    pub class: Option<Class>,
    /// The new days; none is without end.
    pub days: Option<u32>,
}

/// What a purge would delete now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The policy.
    pub policy: Policy,
    /// Rows that are due.
    pub count: u64,
    /// Their bytes.
    pub size_bytes: u64,
    /// Rows that a hold keeps.
    pub held_count: u64,
}

/// The policies of a workspace with the defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policies {
    rows: Vec<PolicyRow>,
    /// The class of the workspace, which is that of all in it that has none of its own.
    pub(crate) class: Class,
}

impl Policies {
    pub(crate) async fn read(store: &WorkspaceStore) -> Result<Self, ServiceError> {
        let details = store.details().await?.ok_or(ServiceError::NotFound { what: "workspace" })?;
        Ok(Self { rows: store.retention_policies().await?, class: details.class })
    }

    /// The policy for a kind and class.
    pub(crate) fn of(&self, rule: &'static Rule, class: Class) -> Policy {
        let set = self.rows.iter().find(|row| row.kind == rule.kind && row.class == class);
        Policy { rule, class, days: set.map_or(rule.days_default, |row| row.days), is_set: set.is_some() }
    }

    /// All policies, in the order of the kinds.
    pub(crate) fn all(&self) -> impl Iterator<Item = Policy> {
        RULES.iter().flat_map(|rule| Class::ALL.map(|class| self.of(rule, class)))
    }

    /// Whether requests of this class are kept.
    pub(crate) fn keeps_requests(&self, class: Class) -> bool {
        RULES.iter().filter(|rule| rule.kind == DataKind::Requests).any(|rule| self.of(rule, class).days != Some(0))
    }

    /// The policies as a receipt tells them: days by kind and class.
    pub(crate) fn to_json(&self) -> Json {
        RULES
            .iter()
            .map(|rule| {
                let days = Class::ALL.map(|class| (class.as_str().to_owned(), json!(self.of(rule, class).days)));
                (rule.kind.as_str().to_owned(), Json::Object(days.into_iter().collect()))
            })
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn with(&self, change: &PolicyChange) -> Self {
        let mut rows = self.rows.clone();
        rows.retain(|row| row.kind != change.kind || change.class.is_some_and(|class| class != row.class));
        rows.extend(change.rows());
        Self { rows, class: self.class }
    }
}

impl Policy {
    /// What of this kind and class is over at a time.
    pub(crate) fn slice(&self, now: Timestamp) -> Slice {
        let before = self.days.map(|days| now.minus_millis(u64::from(days).saturating_mul(DAY_MS)));
        Slice { kind: self.rule.kind, class: self.class, now, before }
    }
}

impl PolicyChange {
    fn rows(&self) -> Vec<PolicyRow> {
        let classes = Class::ALL.into_iter().filter(|class| self.class.is_none_or(|only| only == *class));
        classes.map(|class| PolicyRow { kind: self.kind, class, days: self.days }).collect()
    }

    fn check(&self) -> Result<(), ServiceError> {
        let Some(rule) = RULES.iter().find(|rule| rule.kind == self.kind) else {
            return Err(ServiceError::invalid("kind", "is not a kind of data"));
        };
        let fits = match (self.days, rule.days_max) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some(days), max) => days >= rule.days_min && max.is_none_or(|max| days <= max),
        };
        if fits {
            return Ok(());
        }
        let upto = rule.days_max.map_or_else(|| "or `forever`".to_owned(), |max| format!("to {max}"));
        let problem = format!("must be from {} {upto} for `{}`: {}", rule.days_min, self.kind.as_str(), rule.reason);
        Err(ServiceError::invalid("days", problem))
    }
}

impl Retention<'_> {
    /// How long what is kept in the actor's workspace.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Policy>, ServiceError> {
        actor.require(Permission::RetentionRead)?;
        Ok(Policies::read(&self.store(actor)).await?.all().collect())
    }

    /// Changes how long a kind is kept; the next purge follows it, also for what is there already.
    ///
    /// # Errors
    /// [`ServiceError::InvalidField`] outside of the limits, [`ServiceError::Changed`], [`ServiceError::Forbidden`],
    /// [`ServiceError::Unavailable`].
    pub async fn set(&self, actor: &Arc<Actor>, change: &PolicyChange) -> Result<(), ServiceError> {
        actor.require(Permission::RetentionWrite)?;
        change.check()?;
        let store = self.store(actor);
        let before = Policies::read(&store).await?;
        let after = before.with(change);
        let kind = change.kind.as_str();
        let details = json!({
            "kind": kind, "before": before.to_json().get(kind), "after": after.to_json().get(kind),
        });
        let event = Event {
            actor: actor.for_audit(),
            action: "retention.set",
            target_kind: "workspace",
            target_id: actor.workspace().uuid(),
            details: &details,
        };
        let now = self.shared.clock.now();
        let entry = audit_entry(actor.keys(), &*self.shared.random, now, &event)?;
        let set = store.set_retention(&change.rows(), &before.rows, now, &entry).await;
        self.shared.policies.forget(|workspace, _| *workspace == actor.workspace());
        set.map_err(|error| match error {
            StoreError::Conflict { .. } => ServiceError::Changed { what: "retention policy" },
            other => other.into(),
        })
    }

    /// What a purge would delete now; with a change, what it would delete if that were made. Nothing is changed.
    ///
    /// # Errors
    /// As [`Retention::set`].
    pub async fn preview(&self, actor: &Actor, change: Option<&PolicyChange>) -> Result<Vec<Preview>, ServiceError> {
        actor.require(Permission::RetentionRead)?;
        let store = self.store(actor);
        let mut policies = Policies::read(&store).await?;
        if let Some(change) = change {
            change.check()?;
            policies = policies.with(change);
        }
        let now = self.shared.clock.now();
        let mut previews = Vec::new();
        for policy in policies.all() {
            let due = store.due(&policy.slice(now)).await?;
            previews.push(Preview { policy, count: due.count, size_bytes: due.bytes, held_count: due.held });
        }
        Ok(previews)
    }

    fn store(&self, actor: &Actor) -> WorkspaceStore {
        self.shared.store.workspace(actor.workspace())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_rule_whose_default_is_within_its_limits() {
        for (rule, kind) in RULES.iter().zip(DataKind::ALL) {
            assert_eq!(rule.kind, kind);
            let change = PolicyChange { kind, class: None, days: rule.days_default };
            assert!(change.check().is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn days_outside_of_the_limits_are_refused_with_the_reason() {
        let refused = |kind, days| {
            let change = PolicyChange { kind, class: None, days };
            change.check().err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert_eq!(
            refused(DataKind::AuditBodies, Some(89)),
            "`days` must be from 90 to 3650 for `audit_bodies`: three months, so that an incident can be understood; the entries themselves stay, and details of acts on what is still there"
        );
        assert!(refused(DataKind::Transactions, None).starts_with("`days` must be from 30 to 3650"));
        assert!(refused(DataKind::Documents, Some(0)).starts_with("`days` must be from 1 or `forever`"));
        assert_eq!(refused(DataKind::Requests, Some(0)), "");
        assert_eq!(refused(DataKind::TemplateVersions, None), "");
    }

    #[test]
    fn a_policy_for_one_class_leaves_the_others_as_they_were() {
        let none = Policies { rows: Vec::new(), class: Class::Confidential };
        let all = none.with(&PolicyChange { kind: DataKind::Requests, class: None, days: Some(30) });
        let one = all.with(&PolicyChange { kind: DataKind::Requests, class: Some(Class::Public), days: Some(7) });
        let days = |policies: &Policies, class| {
            policies
                .all()
                .find(|policy| policy.rule.kind == DataKind::Requests && policy.class == class)
                .map(|p| p.days)
        };
        assert_eq!(days(&none, Class::Public), Some(Some(0)));
        assert_eq!(days(&all, Class::Restricted), Some(Some(30)));
        assert_eq!(days(&one, Class::Restricted), Some(Some(30)));
        assert_eq!(days(&one, Class::Public), Some(Some(7)));
        assert!(one.keeps_requests(Class::Public) && !none.keeps_requests(Class::Public));
    }
}
