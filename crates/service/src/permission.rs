//! Permissions: what a key may do, as a closed list with stable names.

use std::fmt;

/// One thing that a key may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Permission {
    /// Render documents and images from templates, and get links to them.
    DocumentsCreate,
    /// List what was rendered.
    TransactionsRead,
    /// List and read templates and their versions.
    TemplatesRead,
    /// Create, copy and change templates.
    TemplatesWrite,
    /// Delete templates.
    TemplatesDelete,
    /// Read the workspace's name and counters.
    AccountRead,
    /// Make links with conditions to documents.
    LinksCreate,
    /// List the links of a document.
    LinksRead,
    /// Revoke links.
    LinksRevoke,
    /// Make, take out and share documents of the class `restricted`.
    DocumentsRestricted,
    /// Change the class of the workspace.
    WorkspaceClassify,
}

impl Permission {
    /// All permissions, in the order in which they are documented.
    pub const ALL: [Self; 11] = [
        Self::DocumentsCreate,
        Self::TransactionsRead,
        Self::TemplatesRead,
        Self::TemplatesWrite,
        Self::TemplatesDelete,
        Self::AccountRead,
        Self::LinksCreate,
        Self::LinksRead,
        Self::LinksRevoke,
        Self::DocumentsRestricted,
        Self::WorkspaceClassify,
    ];

    /// The stable name, as it is stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DocumentsCreate => "documents:create",
            Self::TransactionsRead => "transactions:read",
            Self::TemplatesRead => "templates:read",
            Self::TemplatesWrite => "templates:write",
            Self::TemplatesDelete => "templates:delete",
            Self::AccountRead => "account:read",
            Self::LinksCreate => "links:create",
            Self::LinksRead => "links:read",
            Self::LinksRevoke => "links:revoke",
            Self::DocumentsRestricted => "documents:restricted",
            Self::WorkspaceClassify => "workspace:classify",
        }
    }

    /// The permission of this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name() == name)
    }

    const fn bit(self) -> u32 {
        1 << (self as u8)
    }
}

/// A set of permissions; a word in size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermissionSet(u32);

impl PermissionSet {
    /// No permission at all.
    pub const NONE: Self = Self(0);

    /// Every permission there is in this version.
    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.into_iter().collect()
    }

    /// Whether the permission is in the set.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The permissions of the set, in the documented order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.contains(*permission))
    }

    /// Reads stored names. A name that this version does not know grants nothing.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(Permission::from_name).collect()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | permission.bit()))
    }
}

impl fmt::Display for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, permission) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(permission.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_is_found_by_its_name_and_has_its_own_bit() {
        let mut bits = 0;
        for permission in Permission::ALL {
            assert_eq!(Permission::from_name(permission.name()), Some(permission));
            assert_eq!(bits & permission.bit(), 0);
            bits |= permission.bit();
        }
    }

    #[test]
    fn an_unknown_stored_name_grants_nothing() {
        assert_eq!(PermissionSet::from_names(["root", "", "templates:*"]), PermissionSet::NONE);
    }

    #[test]
    fn a_set_contains_what_was_put_in_and_nothing_else() {
        let set = PermissionSet::from_names(["templates:read", "account:read"]);
        assert!(set.contains(Permission::TemplatesRead));
        assert!(!set.contains(Permission::TemplatesWrite));
        assert_eq!(set.to_string(), "templates:read,account:read");
    }
}
