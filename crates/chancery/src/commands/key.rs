//! `key`: creates, lists and revokes API keys.

use chancery_service::access::Operator;
use chancery_service::keys::{KeyState, NewKey};
use chancery_service::permission::{Permission, PermissionSet};

use crate::cli::Key;
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Key) -> Result<(), CommandError> {
    let operator = Operator::of_this_machine();
    let opened = opened::open(config).await?;
    let result = match command {
        Key::Create { workspace, name, permissions, expires_in_days } => {
            create(&opened, workspace, name, permissions, *expires_in_days).await
        }
        Key::List { workspace } => list(&opened, workspace).await,
        Key::Revoke { workspace, key } => match opened.workspace(workspace).await {
            Ok(workspace) => {
                let revoked = opened.service.keys().revoke(&operator, workspace, key).await;
                revoked.map_err(|error| service_error("cannot revoke the key", error))
            }
            Err(error) => Err(error),
        },
    };
    opened.close().await;
    result
}

async fn create(
    opened: &Opened,
    workspace: &str,
    name: &str,
    permissions: &[String],
    expires_in_days: Option<u32>,
) -> Result<(), CommandError> {
    let new =
        NewKey { name: name.to_owned(), permissions: permissions_of(permissions)?, lifetime_days: expires_in_days };
    let workspace = opened.workspace(workspace).await?;
    let created = opened
        .service
        .keys()
        .create(&Operator::of_this_machine(), workspace, new)
        .await
        .map_err(|error| service_error("cannot create the key", error))?;
    output::line(created.key.reveal())?;
    output::note(&format!("key {} created; it is shown this once", created.id));
    Ok(())
}

fn permissions_of(names: &[String]) -> Result<PermissionSet, CommandError> {
    if names.is_empty() {
        return Ok(PermissionSet::all());
    }
    names
        .iter()
        .map(|name| {
            Permission::from_name(name).ok_or_else(|| {
                CommandError::input(format!("there is no permission `{name}`; there are: {}", PermissionSet::all()))
            })
        })
        .collect()
}

async fn list(opened: &Opened, workspace: &str) -> Result<(), CommandError> {
    let workspace = opened.workspace(workspace).await?;
    let keys = opened
        .service
        .keys()
        .list(&Operator::of_this_machine(), workspace)
        .await
        .map_err(|error| service_error("cannot list the keys", error))?;
    for key in keys {
        let state = match key.state {
            KeyState::Active => "active",
            KeyState::Expired => "expired",
            KeyState::Revoked => "revoked",
        };
        let created = opened::time(key.created_at);
        output::line(&format!("{}\t{}\t{created}\t{state}\t{}\t{}", key.id, key.hint, key.permissions, key.name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn no_permission_given_means_all_and_an_unknown_one_is_refused_with_the_list() {
        assert_eq!(permissions_of(&[]).unwrap(), PermissionSet::all());
        let some = permissions_of(&["templates:read".to_owned()]).unwrap();
        assert_eq!(some.to_string(), "templates:read");
        let error = permissions_of(&["root".to_owned()]).unwrap_err().to_string();
        assert!(error.starts_with("there is no permission `root`; there are: documents:create,"), "{error}");
    }
}
