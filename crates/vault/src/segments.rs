//! The segments of one object: each sealed and opened alone, by one cipher, under nonces that STREAM prescribes.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, Tag, UnboundKey};

use crate::context::Context;
use crate::object::{HEADER_BYTES, WHAT};
use crate::{DataKey, VaultError};

/// Length of the part of the nonce that all segments of an object share; the header's end.
pub(crate) const PREFIX_BYTES: usize = 7;

const NOT_AUTHENTIC: VaultError = VaultError::NotAuthentic { what: WHAT };

/// The cipher with what all segments of one object share.
pub(crate) struct Segments {
    cipher: LessSafeKey,
    associated_data: Context,
    prefix: [u8; PREFIX_BYTES],
}

impl Segments {
    pub(crate) fn new(key: &DataKey, header: &[u8; HEADER_BYTES]) -> Result<Self, VaultError> {
        let cipher = UnboundKey::new(&AES_256_GCM, key.secret().expose())
            .map_err(|_| VaultError::Library { operation: "preparing a data key" })?;
        Ok(Self {
            cipher: LessSafeKey::new(cipher),
            associated_data: key.context().of_segments(header),
            prefix: *header.last_chunk().ok_or(NOT_AUTHENTIC)?,
        })
    }

    /// Seals where the plaintext lies and gives the tag.
    pub(crate) fn seal(&self, index: u32, is_last: bool, segment: &mut [u8]) -> Result<Tag, VaultError> {
        self.cipher
            .seal_in_place_separate_tag(self.nonce(index, is_last), self.associated_data(), segment)
            .map_err(|_| VaultError::Library { operation: "sealing a segment" })
    }

    /// Opens where ciphertext and tag lie and says how many bytes of plaintext are at the start. What is not authentic
    /// is overwritten with zeros.
    pub(crate) fn open(&self, index: u32, is_last: bool, sealed: &mut [u8]) -> Result<usize, VaultError> {
        self.cipher
            .open_in_place(self.nonce(index, is_last), self.associated_data(), sealed)
            .map(|plaintext| plaintext.len())
            .map_err(|_| NOT_AUTHENTIC)
    }

    /// Opens into `opened`, which is as long as the plaintext; what is not authentic leaves zeros there.
    pub(crate) fn open_into(
        &self,
        index: u32,
        is_last: bool,
        sealed: &[u8],
        opened: &mut [u8],
    ) -> Result<(), VaultError> {
        let (ciphertext, tag) = sealed.split_at_checked(opened.len()).ok_or(NOT_AUTHENTIC)?;
        self.cipher
            .open_separate_gather(self.nonce(index, is_last), self.associated_data(), ciphertext, tag, opened)
            .map_err(|_| NOT_AUTHENTIC)
    }

    fn nonce(&self, index: u32, is_last: bool) -> Nonce {
        let [p0, p1, p2, p3, p4, p5, p6] = self.prefix;
        let [i0, i1, i2, i3] = index.to_be_bytes();
        Nonce::assume_unique_for_key([p0, p1, p2, p3, p4, p5, p6, i0, i1, i2, i3, u8::from(is_last)])
    }

    fn associated_data(&self) -> Aad<&[u8]> {
        Aad::from(self.associated_data.as_bytes())
    }
}
