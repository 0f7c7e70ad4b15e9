//! Classes: one table says for each how documents are handled, and functions here hold every rule of it.
//!
//! Request bodies and contents are never logged, whatever the class: that is no rule of the table.

use chancery_render::Template;
use chancery_vault::LinkLifetime;

pub use chancery_render::template::Classification as Class;

use crate::access::Actor;
use crate::error::ServiceError;
use crate::permission::Permission;

/// What a document gets that was stored by a version without classes: the class that workspaces had then.
pub(crate) const CLASS_BEFORE_CLASSES: Class = Class::Confidential;

const HOUR_S: u64 = 60 * 60;

/// How documents of one class are handled: one line of [`TABLE`].
#[derive(Debug, PartialEq, Eq)]
pub struct Handling {
    /// How long a link may work at most, in seconds.
    pub link_lifetime_s_max: u64,
    /// Whether a link without a recipient and a passcode will do: whoever has the URL has the document.
    pub allows_plain_links: bool,
    /// Whether a link is bound to a recipient, who is named on its page.
    pub needs_recipient: bool,
    /// Whether a link asks for a passcode, which goes another way than the link.
    pub needs_passcode: bool,
    /// How often a link may be used at most; nothing: as often as one likes.
    pub link_uses_max: Option<u32>,
    /// Whether browsers may show the document instead of saving it, so that it stays in no cache of a viewer.
    pub allows_inline: bool,
    /// What an actor needs besides the permission to make or share documents.
    pub permission: Option<Permission>,
    /// Whether the template must print the class on the page (`sys.classLabel`). In metadata it always is.
    pub needs_label: bool,
}

/// The table. A file that is encrypted itself is asked for nowhere: where that would be needed, the passcode stands for it.
pub const TABLE: [(Class, Handling); 4] = [
    (Class::Public, OPEN),
    (Class::Internal, OPEN),
    (Class::Confidential, Handling { link_lifetime_s_max: 72 * HOUR_S, allows_inline: false, ..OPEN }),
    (
        Class::Restricted,
        Handling {
            link_lifetime_s_max: 24 * HOUR_S,
            allows_plain_links: false,
            needs_recipient: true,
            needs_passcode: true,
            link_uses_max: Some(1),
            allows_inline: false,
            permission: Some(Permission::DocumentsRestricted),
            needs_label: true,
        },
    ),
];

const OPEN: Handling = Handling {
    link_lifetime_s_max: 7 * 24 * HOUR_S,
    allows_plain_links: true,
    needs_recipient: false,
    needs_passcode: false,
    link_uses_max: None,
    allows_inline: true,
    permission: None,
    needs_label: false,
};

/// A rule of the table that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The link would work for too long.
    Lifetime,
    /// The link needs conditions.
    PlainLink,
    /// The link needs a recipient.
    Recipient,
    /// The link needs a passcode.
    Passcode,
    /// The link could be used too often.
    Uses,
    /// The link would show the document in a browser.
    Inline,
    /// The template does not print the class.
    Label,
}

impl Rule {
    /// All rules that an error can name.
    pub const ALL: [Self; 7] =
        [Self::Lifetime, Self::PlainLink, Self::Recipient, Self::Passcode, Self::Uses, Self::Inline, Self::Label];

    /// What documents of a class with this rule are like; continues `documents of this class …`.
    #[must_use]
    pub const fn demand(self) -> &'static str {
        match self {
            Self::Lifetime => "have links that end sooner",
            Self::PlainLink => "have no links without conditions",
            Self::Recipient => "have links that are bound to a recipient",
            Self::Passcode => "have links with a passcode",
            Self::Uses => "have links that are used once",
            Self::Inline => "are saved and not shown by browsers",
            Self::Label => "show their class on the page",
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Lifetime => "ask for a shorter lifetime",
            Self::PlainLink => {
                "give `link` with `recipient`, `passcode` and `one_time`, or take the bytes with `export_type` `file`"
            }
            Self::Recipient => "give `recipient` with a name",
            Self::Passcode => "set `passcode` to true; the answer holds one, to be sent another way than the link",
            Self::Uses => "set `one_time` to true",
            Self::Inline => "leave `disposition` out, or set it to `attachment`",
            Self::Label => "print `{{ sys.classLabel }}`, best in the header",
        }
    }
}

/// How documents of a class are handled.
#[must_use]
pub fn handling(class: Class) -> &'static Handling {
    const LAST: &Handling = &TABLE[3].1;
    // A class that the table lacked would be handled as the strictest; a test holds that it lacks none.
    TABLE.iter().find(|(known, _)| *known == class).map_or(LAST, |(_, handling)| handling)
}

/// What of a link the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct LinkTerms {
    /// How long it works.
    pub lifetime: LinkLifetime,
    /// Whether it names a recipient.
    pub has_recipient: bool,
    /// Whether it asks for a passcode.
    pub has_passcode: bool,
    /// How often it may be used.
    pub uses_max: Option<u32>,
    /// Whether browsers are to show the document.
    pub is_inline: bool,
}

impl Handling {
    /// A lifetime, cut to what the class allows.
    #[must_use]
    pub fn shortened(&self, lifetime: LinkLifetime) -> LinkLifetime {
        lifetime.min(LinkLifetime::clamped_from_seconds(self.link_lifetime_s_max))
    }

    /// The first rule that a link breaks.
    fn broken_by(&self, terms: &LinkTerms) -> Option<Rule> {
        let uses_are_too_many = self.link_uses_max.is_some_and(|most| terms.uses_max.is_none_or(|asked| asked > most));
        [
            (u64::from(terms.lifetime.seconds()) > self.link_lifetime_s_max, Rule::Lifetime),
            (self.needs_recipient && !terms.has_recipient, Rule::Recipient),
            (self.needs_passcode && !terms.has_passcode, Rule::Passcode),
            (uses_are_too_many, Rule::Uses),
            (terms.is_inline && !self.allows_inline, Rule::Inline),
        ]
        .into_iter()
        .find_map(|(is_broken, rule)| is_broken.then_some(rule))
    }
}

/// Passes when an actor may make, read out and share documents of a class.
///
/// # Errors
/// [`ServiceError::Forbidden`], naming the permission.
pub(crate) fn check_actor(class: Class, actor: &Actor) -> Result<(), ServiceError> {
    handling(class).permission.map_or(Ok(()), |permission| actor.require(permission))
}

/// Passes when documents of a class may have a link without conditions.
///
/// # Errors
/// [`ServiceError::ClassForbids`].
pub(crate) fn check_plain_link(class: Class) -> Result<(), ServiceError> {
    if handling(class).allows_plain_links {
        Ok(())
    } else {
        Err(ServiceError::ClassForbids { class, rule: Rule::PlainLink })
    }
}

/// Passes when documents of a class may have a link like this.
///
/// # Errors
/// [`ServiceError::ClassForbids`], naming the first rule that is broken.
pub(crate) fn check_link(class: Class, terms: &LinkTerms) -> Result<(), ServiceError> {
    handling(class).broken_by(terms).map_or(Ok(()), |rule| Err(ServiceError::ClassForbids { class, rule }))
}

/// Passes when a template that makes documents of a class prints it, where that is asked for.
///
/// # Errors
/// [`ServiceError::ClassForbids`].
pub(crate) fn check_label(class: Class, template: &Template) -> Result<(), ServiceError> {
    if handling(class).needs_label && !template.shows_class() {
        return Err(ServiceError::ClassForbids { class, rule: Rule::Label });
    }
    Ok(())
}

/// The class of documents that a template makes: what it says itself, or that of the workspace; never below any field of
/// its data.
pub(crate) fn class_of(template: &Template, workspace: Class) -> Class {
    let own = template.output.class.unwrap_or(workspace);
    template.field_class().map_or(own, |fields| fields.max(own))
}

/// The class with this name, if there is one.
#[must_use]
pub fn from_name(name: &str) -> Option<Class> {
    Class::ALL.iter().find(|(known, _)| *known == name).map(|(_, class)| *class)
}

#[cfg(test)]
mod tests;
