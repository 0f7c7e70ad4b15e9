//! Signed links: a short text that opens one document of one workspace until a given second.
//!
//! ```text
//! base64url, 104 characters, of:
//! version (1) | key id (8) | workspace (16) | target (16) | expiry, seconds since 1970 (5) | HMAC-SHA256 (32)
//! ```
//! The version says what the target is: 1, a document, and the link alone decides; 2, a link that is kept with its
//! conditions (how often, from where, for whom), which must be looked up. The code covers the version, too.
//!
//! Everything before the code is inside the code. 78 bytes are a whole number of base64 groups, so that no
//! letter holds unused bits: one link, one text.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::{DocumentId, KeyId, LinkId, Secret, Timestamp, VaultError, WorkspaceId};

/// Length of a link's text.
pub const LINK_CHARACTERS: usize = 104;

const VERSION_DOCUMENT: u8 = 1;
const VERSION_KEPT: u8 = 2;
const PAYLOAD_BYTES: usize = 46;
const MAC_BYTES: usize = 32;
const LINK_BYTES: usize = PAYLOAD_BYTES + MAC_BYTES;
const WHAT: &str = "the link";
/// Separates this use of HMAC from every other one.
const LABEL: &[u8] = b"chancery/1/link\0";

/// How long a link lives: one minute to seven days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkLifetime {
    seconds: u32,
}

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkTarget {
    /// A document; nothing else is asked.
    Document(DocumentId),
    /// A link that is kept with its conditions.
    Kept(LinkId),
}

/// What a verified link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedLink {
    /// Whose document it is.
    pub workspace: WorkspaceId,
    /// What it leads to.
    pub target: LinkTarget,
    /// The link is refused from this second on.
    pub expires_at: Timestamp,
}

/// A new link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLink {
    /// The text to put into a URL. It opens the document: never log it.
    pub token: String,
    /// The link is refused from this second on.
    pub expires_at: Timestamp,
}

/// A link of the right form whose code is not yet checked; it says only which key to check it with.
pub struct UnverifiedLink {
    payload: [u8; PAYLOAD_BYTES],
    mac: [u8; MAC_BYTES],
    key_id: KeyId,
    link: SignedLink,
}

/// Signs and checks the links of one workspace.
pub struct LinkKey {
    id: KeyId,
    workspace: WorkspaceId,
    key: hmac::Key,
}

impl LinkLifetime {
    /// One minute.
    pub const MIN: Self = Self { seconds: 60 };
    /// Seven days.
    pub const MAX: Self = Self { seconds: 7 * 24 * 60 * 60 };

    /// A lifetime in seconds.
    ///
    /// # Errors
    /// [`VaultError::OutOfRange`] below one minute or above seven days.
    pub fn from_seconds(seconds: u64) -> Result<Self, VaultError> {
        let lifetime = Self::clamped_from_seconds(seconds);
        if u64::from(lifetime.seconds) == seconds {
            Ok(lifetime)
        } else {
            let (min, max) = (u64::from(Self::MIN.seconds), u64::from(Self::MAX.seconds));
            Err(VaultError::OutOfRange { what: "a link's lifetime in seconds", min, max })
        }
    }

    /// The nearest lifetime that is allowed.
    #[must_use]
    pub fn clamped_from_seconds(seconds: u64) -> Self {
        let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
        Self { seconds: seconds.clamp(Self::MIN.seconds, Self::MAX.seconds) }
    }

    /// The lifetime in seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.seconds
    }
}

impl LinkKey {
    pub(crate) fn new(id: KeyId, workspace: WorkspaceId, secret: &Secret<32>) -> Self {
        Self { id, workspace, key: hmac::Key::new(hmac::HMAC_SHA256, secret.expose()) }
    }

    /// Which key this is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Makes a link to `document` that lives `lifetime` from the second of `now`.
    #[must_use]
    pub fn issue(&self, document: DocumentId, now: Timestamp, lifetime: LinkLifetime) -> IssuedLink {
        self.sign(LinkTarget::Document(document), now.seconds() + u64::from(lifetime.seconds))
    }

    /// Makes the text of a link that is kept; it lives until the second of `expires_at`.
    #[must_use]
    pub fn issue_kept(&self, link: LinkId, expires_at: Timestamp) -> IssuedLink {
        self.sign(LinkTarget::Kept(link), expires_at.seconds())
    }

    fn sign(&self, target: LinkTarget, expires_s: u64) -> IssuedLink {
        let [_, _, _, expiry @ ..] = expires_s.to_be_bytes();
        let (version, target) = match target {
            LinkTarget::Document(document) => (VERSION_DOCUMENT, document.uuid()),
            LinkTarget::Kept(link) => (VERSION_KEPT, link.uuid()),
        };
        let mut bytes = [0; LINK_BYTES];
        let payload = [version]
            .into_iter()
            .chain(*self.id.as_bytes())
            .chain(*self.workspace.uuid().as_bytes())
            .chain(*target.as_bytes())
            .chain(expiry);
        for (to, from) in bytes.iter_mut().zip(payload) {
            *to = from;
        }
        let (payload, mac) = bytes.split_at_mut(PAYLOAD_BYTES);
        for (to, from) in mac.iter_mut().zip(self.code(payload).as_ref()) {
            *to = *from;
        }
        let expires_at = Timestamp::from_millis(expires_s.saturating_mul(1000));
        IssuedLink { token: URL_SAFE_NO_PAD.encode(bytes), expires_at }
    }

    fn code(&self, payload: &[u8]) -> hmac::Tag {
        hmac::sign(&self.key, &message(payload))
    }
}

impl UnverifiedLink {
    /// Reads a link's text strictly.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] or [`VaultError::Version`].
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let malformed = VaultError::Malformed { what: WHAT, reason: "it is not one" };
        if text.len() != LINK_CHARACTERS {
            return Err(malformed);
        }
        let mut bytes = [0; LINK_BYTES];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(LINK_BYTES) => {}
            _ => return Err(malformed),
        }
        let (payload, mac) = bytes.split_first_chunk::<PAYLOAD_BYTES>().ok_or(malformed.clone())?;
        let (&version, fields) = payload.split_first().ok_or(malformed.clone())?;
        let (key_id, fields) = fields.split_first_chunk::<8>().ok_or(malformed.clone())?;
        let (workspace, fields) = fields.split_first_chunk::<16>().ok_or(malformed.clone())?;
        let (target, expiry) = fields.split_first_chunk::<16>().ok_or(malformed.clone())?;
        let target = Uuid::from_bytes(*target);
        let target = match version {
            VERSION_DOCUMENT => LinkTarget::Document(DocumentId::from_uuid(target)),
            VERSION_KEPT => LinkTarget::Kept(LinkId::from_uuid(target)),
            _ => return Err(VaultError::Version { what: WHAT, version }),
        };
        let expires = expiry.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        Ok(Self {
            payload: *payload,
            mac: mac.try_into().map_err(|_| malformed)?,
            key_id: KeyId::from_bytes(*key_id),
            link: SignedLink {
                workspace: WorkspaceId::from_uuid(Uuid::from_bytes(*workspace)),
                target,
                expires_at: Timestamp::from_millis(expires.saturating_mul(1000)),
            },
        })
    }

    /// Whose key must check it. Not to be trusted for anything else.
    #[must_use]
    pub const fn claimed_workspace(&self) -> WorkspaceId {
        self.link.workspace
    }

    /// Which key says that it signed it. Not to be trusted for anything but finding that key.
    #[must_use]
    pub const fn claimed_key(&self) -> KeyId {
        self.key_id
    }

    /// What it says that it leads to. To be trusted when [`UnverifiedLink::verify`] found it genuine, expired or not.
    #[must_use]
    pub const fn claimed_target(&self) -> LinkTarget {
        self.link.target
    }

    /// Checks the code, then the time.
    ///
    /// # Errors
    /// [`VaultError::OtherKey`], [`VaultError::NotAuthentic`], and [`VaultError::Expired`] for an authentic link only.
    pub fn verify(&self, key: &LinkKey, now: Timestamp) -> Result<SignedLink, VaultError> {
        if self.key_id != key.id {
            return Err(VaultError::OtherKey { what: WHAT, found: self.key_id, given: key.id });
        }
        let authentic = hmac::verify(&key.key, &message(&self.payload), &self.mac).is_ok();
        if !authentic || self.link.workspace != key.workspace {
            return Err(VaultError::NotAuthentic { what: WHAT });
        }
        if now >= self.link.expires_at {
            return Err(VaultError::Expired);
        }
        Ok(self.link)
    }
}

fn message(payload: &[u8]) -> [u8; LABEL.len() + PAYLOAD_BYTES] {
    let mut message = [0; LABEL.len() + PAYLOAD_BYTES];
    for (to, from) in message.iter_mut().zip(LABEL.iter().chain(payload)) {
        *to = *from;
    }
    message
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::{SystemRandom, WorkspaceKey, WorkspaceKeys};

    const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_500);
    const DOCUMENT: DocumentId = DocumentId::from_uuid(Uuid::from_u128(0xd0c));

    fn keys() -> WorkspaceKeys {
        WorkspaceKeys::new(
            &WorkspaceKey::generate(&SystemRandom).unwrap(),
            WorkspaceId::from_uuid(Uuid::from_u128(0x1)),
        )
        .unwrap()
    }

    fn verify(keys: &WorkspaceKeys, text: &str, now: Timestamp) -> Result<SignedLink, VaultError> {
        UnverifiedLink::parse(text)?.verify(keys.links(), now)
    }

    #[test]
    fn a_link_opens_its_document_until_its_second() {
        let keys = keys();
        let issued = keys.links().issue(DOCUMENT, NOW, LinkLifetime::MIN);
        assert_eq!(issued.token.len(), LINK_CHARACTERS);
        let link = verify(&keys, &issued.token, NOW).unwrap();
        assert_eq!(
            link,
            SignedLink {
                workspace: keys.workspace(),
                target: LinkTarget::Document(DOCUMENT),
                expires_at: Timestamp::from_millis(1_790_000_060_000)
            }
        );
        assert_eq!(link.expires_at, issued.expires_at);
        assert!(verify(&keys, &issued.token, issued.expires_at.minus_millis(1)).is_ok());
        assert_eq!(verify(&keys, &issued.token, issued.expires_at), Err(VaultError::Expired));
    }

    #[test]
    fn a_kept_link_names_itself_and_cannot_be_turned_into_one_to_a_document() {
        let keys = keys();
        let (link, expires_at) = (LinkId::from_uuid(Uuid::from_u128(0x11)), NOW.plus_millis(90_000));
        let issued = keys.links().issue_kept(link, expires_at);
        assert_eq!(verify(&keys, &issued.token, NOW).unwrap().target, LinkTarget::Kept(link));
        assert_eq!(issued.expires_at, Timestamp::from_millis(1_790_000_090_000));
        let mut bytes = URL_SAFE_NO_PAD.decode(&issued.token).unwrap();
        *bytes.first_mut().unwrap() = VERSION_DOCUMENT;
        let turned = verify(&keys, &URL_SAFE_NO_PAD.encode(&bytes), NOW);
        assert_eq!(turned, Err(VaultError::NotAuthentic { what: WHAT }));
        *bytes.first_mut().unwrap() = 3;
        let unknown = verify(&keys, &URL_SAFE_NO_PAD.encode(&bytes), NOW);
        assert_eq!(unknown, Err(VaultError::Version { what: WHAT, version: 3 }));
    }

    #[test]
    fn changing_any_letter_to_any_other_is_refused() {
        let keys = keys();
        let token = keys.links().issue(DOCUMENT, NOW, LinkLifetime::MAX).token;
        for index in 0..token.len() {
            for letter in *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.% " {
                let mut altered = token.clone().into_bytes();
                if altered.get(index) == Some(&letter) {
                    continue;
                }
                *altered.get_mut(index).unwrap() = letter;
                let altered = String::from_utf8(altered).unwrap();
                assert!(verify(&keys, &altered, NOW).is_err(), "letter {index}: {}", char::from(letter));
            }
        }
    }

    #[test]
    fn a_longer_expiry_cannot_be_written_into_a_link() {
        let keys = keys();
        let token = keys.links().issue(DOCUMENT, NOW, LinkLifetime::MIN).token;
        let mut bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
        *bytes.get_mut(PAYLOAD_BYTES - 5).unwrap() = 0xff;
        let forged = verify(&keys, &URL_SAFE_NO_PAD.encode(bytes), NOW);
        assert_eq!(forged, Err(VaultError::NotAuthentic { what: WHAT }));
    }

    #[test]
    fn links_of_another_key_or_workspace_are_refused() {
        let key = WorkspaceKey::generate(&SystemRandom).unwrap();
        let [first, second] =
            [1, 2].map(|id| WorkspaceKeys::new(&key, WorkspaceId::from_uuid(Uuid::from_u128(id))).unwrap());
        let token = first.links().issue(DOCUMENT, NOW, LinkLifetime::MAX).token;
        assert_eq!(verify(&second, &token, NOW), Err(VaultError::NotAuthentic { what: WHAT }));
        assert!(matches!(verify(&keys(), &token, NOW), Err(VaultError::OtherKey { .. })));
    }

    #[test]
    fn lifetimes_stop_at_one_minute_and_seven_days() {
        assert!(LinkLifetime::from_seconds(59).is_err());
        assert_eq!(LinkLifetime::from_seconds(60).unwrap(), LinkLifetime::MIN);
        assert_eq!(LinkLifetime::from_seconds(604_800).unwrap(), LinkLifetime::MAX);
        assert!(LinkLifetime::from_seconds(604_801).is_err());
        assert_eq!(LinkLifetime::clamped_from_seconds(0), LinkLifetime::MIN);
        assert_eq!(LinkLifetime::clamped_from_seconds(u64::MAX), LinkLifetime::MAX);
    }

    #[test]
    fn damaged_empty_and_huge_texts_are_refused() {
        let token = keys().links().issue(DOCUMENT, NOW, LinkLifetime::MAX).token;
        for text in [
            "",
            "a",
            &token[..103],
            &format!("{token}A"),
            &format!("{token}="),
            &"A".repeat(104),
            &"é".repeat(52),
            &"A".repeat(1 << 20),
        ] {
            assert!(UnverifiedLink::parse(text).is_err());
        }
    }

    proptest! {
        #[test]
        fn any_document_and_lifetime_survive(document: u128, seconds in 60u64..=604_800) {
            let keys = keys();
            let document = DocumentId::from_uuid(Uuid::from_u128(document));
            let issued = keys.links().issue(document, NOW, LinkLifetime::from_seconds(seconds).unwrap());
            let link = verify(&keys, &issued.token, NOW).unwrap();
            prop_assert_eq!(link.target, LinkTarget::Document(document));
            prop_assert_eq!(link.expires_at.seconds(), NOW.seconds() + seconds);
        }
    }
}
