//! Checks what the service stands on, and says in one line each what it found.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use chancery_store::{Facts, ObjectName, StoreError};

use crate::Shared;
use crate::access::Operator;

/// Checks of what the service stands on.
pub struct Doctor<'a> {
    pub(crate) shared: &'a Shared,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Works, but somebody should know.
    Note,
    /// Not as it should be.
    Bad,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub name: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// What was found.
    pub finding: String,
}

impl Doctor<'_> {
    /// Runs all checks. A check that cannot run is a bad one, not an error.
    pub async fn run(&self, operator: &Operator) -> Vec<Check> {
        let mut checks = match self.shared.store.facts().await {
            Ok(facts) => of_facts(&facts),
            Err(error) => vec![failed("database", &error)],
        };
        checks.push(self.objects().await);
        checks.push(self.root_key(operator).await);
        checks.push(self.fonts());
        checks.push(self.listening());
        checks
    }

    /// Writing an object, reading it back and deleting it proves more than any question about the store.
    async fn objects(&self) -> Check {
        let Ok(name) = ObjectName::generate(&*self.shared.random) else {
            return check("object store", Verdict::Bad, "there are no random numbers for a name");
        };
        let objects = &self.shared.objects;
        let probe = Bytes::from_static(b"doctor");
        let tried = async {
            objects.put(&name, probe.clone()).await?;
            let read = objects.get(&name).await;
            objects.delete(&name).await?;
            read
        };
        match tried.await {
            Ok(read) if read == probe => check("object store", Verdict::Good, "writes, reads and deletes"),
            Ok(_) => check("object store", Verdict::Bad, "what is read is not what was written"),
            Err(error) => failed("object store", &error),
        }
    }

    /// Opening every workspace's name proves that the root key is the one they were made with.
    async fn root_key(&self, operator: &Operator) -> Check {
        let workspaces = crate::workspaces::Workspaces { shared: self.shared }.list(operator).await;
        match workspaces {
            Ok(workspaces) => {
                let key = self.shared.keyring.root_id();
                let holder = self.shared.keyring.holder(key).unwrap_or("nobody");
                check("root key", Verdict::Good, format!("{key} ({holder}) opens all {} workspaces", workspaces.len()))
            }
            Err(error) => check("root key", Verdict::Bad, format!("{error}: {}", error.source_text())),
        }
    }

    fn fonts(&self) -> Check {
        match self.shared.fonts.faces().len() {
            0 => {
                check("fonts", Verdict::Note, "no fonts: set `fonts.folder`, or templates with text cannot be rendered")
            }
            count => check("fonts", Verdict::Good, format!("{count} faces")),
        }
    }

    fn listening(&self) -> Check {
        if self.shared.is_listening.load(Ordering::Relaxed) {
            check("invalidation", Verdict::Good, "changes made elsewhere are heard of")
        } else {
            check("invalidation", Verdict::Note, "not connected yet: every request asks the database")
        }
    }
}

fn of_facts(facts: &Facts) -> Vec<Check> {
    let mut checks = vec![check(
        "database",
        Verdict::Good,
        format!("PostgreSQL {}, {} bytes", facts.server_version, facts.database_bytes),
    )];
    checks.push(if facts.schema_version == facts.schema_version_expected {
        check("schema", Verdict::Good, format!("version {}", facts.schema_version))
    } else {
        let finding = format!(
            "version {} instead of {}: run `chancery migrate`",
            facts.schema_version, facts.schema_version_expected
        );
        check("schema", Verdict::Bad, finding)
    });
    let mighty: Vec<&str> = facts
        .roles
        .iter()
        .filter(|role| role.is_superuser || role.bypasses_row_level_security)
        .map(|role| role.name.as_str())
        .collect();
    checks.push(if mighty.is_empty() {
        check(
            "roles",
            Verdict::Good,
            format!("{} roles, none of them sees all rows; working as {}", facts.roles.len(), facts.current_role),
        )
    } else {
        check("roles", Verdict::Bad, format!("{} can see all rows", mighty.join(", ")))
    });
    let open: Vec<&str> = facts
        .tables
        .iter()
        .filter(|table| !table.row_level_security_is_forced)
        .map(|table| table.name.as_str())
        .collect();
    checks.push(if open.is_empty() {
        check("row-level security", Verdict::Good, format!("forced on all {} tables", facts.tables.len()))
    } else {
        check("row-level security", Verdict::Bad, format!("not forced on {}", open.join(", ")))
    });
    checks.push(if facts.audit_log_is_writable {
        check("audit log", Verdict::Bad, "entries could be changed or removed by the serving role")
    } else {
        check("audit log", Verdict::Good, "append-only for the serving role")
    });
    checks.push(if facts.commits_are_durable {
        check("durability", Verdict::Good, "a commit waits for the disk")
    } else {
        check("durability", Verdict::Bad, "a commit does not wait for the disk")
    });
    checks
}

fn check(name: &'static str, verdict: Verdict, finding: impl Into<String>) -> Check {
    Check { name, verdict, finding: finding.into() }
}

fn failed(name: &'static str, error: &StoreError) -> Check {
    let mut finding = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        finding.push_str(": ");
        finding.push_str(&cause.to_string());
        source = cause.source();
    }
    // What servers of S3 answer to a request whose signature is older, or younger, than they take.
    if finding.contains("RequestTimeTooSkewed") {
        finding.push_str(": set the clock of this machine, or that of the server");
    }
    check(name, Verdict::Bad, finding)
}

#[cfg(test)]
mod tests {
    use chancery_store::{RoleFact, TableFact};

    use super::*;

    fn facts() -> Facts {
        Facts {
            server_version: "15.1".into(),
            schema_version: 7,
            schema_version_expected: 7,
            current_role: "chancery_app".into(),
            roles: vec![RoleFact {
                name: "chancery_app".into(),
                is_superuser: false,
                bypasses_row_level_security: false,
            }],
            tables: vec![TableFact { name: "templates".into(), row_level_security_is_forced: true, bytes: 1 }],
            database_bytes: 1,
            commits_are_durable: true,
            audit_log_is_writable: false,
        }
    }

    fn bad(facts: &Facts) -> Vec<&'static str> {
        of_facts(facts).into_iter().filter(|check| check.verdict == Verdict::Bad).map(|check| check.name).collect()
    }

    #[test]
    fn a_healthy_database_has_no_bad_check() {
        assert_eq!(bad(&facts()), Vec::<&str>::new());
    }

    #[test]
    fn every_fact_that_breaks_a_promise_is_a_bad_check_of_its_own() {
        let mut facts = facts();
        facts.schema_version = 6;
        facts.commits_are_durable = false;
        facts.audit_log_is_writable = true;
        facts.tables.push(TableFact { name: "open".into(), row_level_security_is_forced: false, bytes: 1 });
        facts.roles.push(RoleFact { name: "mighty".into(), is_superuser: true, bypasses_row_level_security: false });
        assert_eq!(bad(&facts), ["schema", "roles", "row-level security", "audit log", "durability"]);
    }
}
