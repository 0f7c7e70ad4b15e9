//! XAES-256-GCM (C2SP): AES-256-GCM with 192-bit nonces, which may be drawn at random without counting.
//!
//! Plain AES-256-GCM with random 96-bit nonces must stop at 2³² messages a key (NIST SP 800-38D, 8.3); a busy
//! workspace would get there. XAES derives a fresh AES-256-GCM key for each message from the first half of
//! the nonce by the counter mode of NIST SP 800-108 with CMAC and uses the second half as the GCM nonce.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_256, EncryptingKey, UnboundCipherKey};
use zeroize::Zeroize as _;

use crate::random::array;
use crate::{Random, Secret, VaultError};

/// Length of the nonce in front of a sealed text.
pub(crate) const NONCE_BYTES: usize = 24;
/// Length of the tag behind it.
pub(crate) const TAG_BYTES: usize = 16;

const DERIVE: VaultError = VaultError::Library { operation: "deriving a message key" };
const SEAL: VaultError = VaultError::Library { operation: "sealing" };

/// A key that seals any number of messages.
pub(crate) struct XaesKey {
    block_cipher: EncryptingKey,
    /// CMAC's subkey K1 (NIST SP 800-38B, 6.1).
    subkey: Secret<16>,
}

impl XaesKey {
    pub(crate) fn new(key: &Secret<32>) -> Result<Self, VaultError> {
        let block_cipher =
            UnboundCipherKey::new(&AES_256, key.expose()).and_then(EncryptingKey::ecb).map_err(|_| DERIVE)?;
        let subkey = Secret::filled_by(|block| {
            block_cipher.encrypt(block).map_err(|_| DERIVE)?;
            // Doubling in GF(2^128) without a branch on secret bits.
            let value = u128::from_be_bytes(*block);
            let reduction = 0x87 & (value >> 127).wrapping_neg();
            *block = ((value << 1) ^ reduction).to_be_bytes();
            Ok(())
        })?;
        Ok(Self { block_cipher, subkey })
    }

    /// Appends nonce, ciphertext and tag to `out`.
    pub(crate) fn seal_onto(
        &self,
        random: &dyn Random,
        aad: &[u8],
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), VaultError> {
        let nonce: [u8; NONCE_BYTES] = array(random)?;
        self.seal_with_nonce(&nonce, aad, plaintext, out)
    }

    fn seal_with_nonce(
        &self,
        nonce: &[u8; NONCE_BYTES],
        aad: &[u8],
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), VaultError> {
        let (message_key, message_nonce) = self.message_key(nonce)?;
        out.reserve(NONCE_BYTES + plaintext.len() + TAG_BYTES);
        out.extend_from_slice(nonce);
        let start = out.len();
        out.extend_from_slice(plaintext);
        let body = out.get_mut(start..).ok_or(SEAL)?;
        let tag = message_key.seal_in_place_separate_tag(message_nonce, Aad::from(aad), body).map_err(|_| SEAL)?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Opens what `seal_onto` appended; `None` when it is not authentic.
    pub(crate) fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        let Some((nonce, body)) = sealed.split_first_chunk::<NONCE_BYTES>() else {
            return Ok(None);
        };
        let (message_key, message_nonce) = self.message_key(nonce)?;
        let mut body = body.to_vec();
        let Ok(plaintext) = message_key.open_in_place(message_nonce, Aad::from(aad), &mut body) else {
            return Ok(None);
        };
        let length = plaintext.len();
        body.truncate(length);
        Ok(Some(body))
    }

    /// As `open`, into the one place where a secret of known length may be. Whether it is authentic; if not, nothing of it
    /// is there.
    pub(crate) fn open_into(&self, aad: &[u8], sealed: &[u8], opened: &mut [u8]) -> Result<bool, VaultError> {
        let Some((nonce, body)) = sealed.split_first_chunk::<NONCE_BYTES>() else {
            return Ok(false);
        };
        let Some((ciphertext, tag)) = body.split_at_checked(opened.len()) else {
            return Ok(false);
        };
        let (message_key, message_nonce) = self.message_key(nonce)?;
        Ok(message_key.open_separate_gather(message_nonce, Aad::from(aad), ciphertext, tag, opened).is_ok())
    }

    fn message_key(&self, nonce: &[u8; NONCE_BYTES]) -> Result<(LessSafeKey, Nonce), VaultError> {
        let [n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, message_nonce @ ..] = *nonce;
        let subkey = u128::from_be_bytes(*self.subkey.expose());
        let mut derived = [0; 32];
        for (counter, block) in [1, 2].into_iter().zip(derived.as_chunks_mut::<16>().0) {
            let input = [0, counter, b'X', 0, n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11];
            *block = (u128::from_be_bytes(input) ^ subkey).to_be_bytes();
        }
        let made = self
            .block_cipher
            .encrypt(&mut derived)
            .and_then(|_| UnboundKey::new(&AES_256_GCM, &derived))
            .map(LessSafeKey::new);
        derived.zeroize();
        Ok((made.map_err(|_| DERIVE)?, Nonce::assume_unique_for_key(message_nonce)))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::SystemRandom;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn sealed(key: u8, aad: &[u8]) -> String {
        let key = XaesKey::new(&Secret::take(&mut [key; 32])).unwrap();
        let mut out = Vec::new();
        key.seal_with_nonce(b"ABCDEFGHIJKLMNOPQRSTUVWX", aad, b"XAES-256-GCM", &mut out).unwrap();
        hex(out.get(NONCE_BYTES..).unwrap())
    }

    #[test]
    fn the_known_answers_of_the_specification_come_out() {
        // C2SP XAES-256-GCM, test vectors; the second key makes the doubling reduce.
        assert_eq!(sealed(1, b""), "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271");
        assert_eq!(sealed(3, b"c2sp.org/XAES-256-GCM"), "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d");
    }

    #[test]
    fn aes_256_gcm_itself_gives_its_known_answer() {
        // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16.
        let bytes = |text: &str| -> Vec<u8> {
            (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2).unwrap(), 16).unwrap()).collect()
        };
        let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
        let mut text = bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        );
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
        let nonce = Nonce::try_assume_unique_for_key(&bytes("cafebabefacedbaddecaf888")).unwrap();
        let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), &mut text).unwrap();
        assert_eq!(
            hex(&text),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        );
        assert_eq!(hex(tag.as_ref()), "76fc6ece0f4e1768cddf8853bb2d551b");
    }

    #[test]
    fn changing_any_byte_is_noticed() {
        let key = XaesKey::new(&Secret::generate(&SystemRandom).unwrap()).unwrap();
        let mut sealed = Vec::new();
        key.seal_onto(&SystemRandom, b"aad", b"a secret text", &mut sealed).unwrap();
        let mut opened = [7; 13];
        assert_eq!(key.open(b"aad", &sealed).unwrap().unwrap(), b"a secret text");
        assert!(key.open_into(b"aad", &sealed, &mut opened).unwrap());
        assert_eq!(&opened, b"a secret text");
        assert!(key.open(b"other", &sealed).unwrap().is_none());
        assert!(!key.open_into(b"other", &sealed, &mut opened).unwrap());
        for index in 0..sealed.len() {
            let mut altered = sealed.clone();
            *altered.get_mut(index).unwrap() ^= 1;
            assert!(key.open(b"aad", &altered).unwrap().is_none(), "byte {index}");
            assert!(!key.open_into(b"aad", &altered, &mut opened).unwrap(), "byte {index}");
            assert_eq!(opened, [0; 13], "nothing of what is refused is opened");
            assert!(key.open(b"aad", sealed.get(..index).unwrap()).unwrap().is_none(), "cut at {index}");
            assert!(!key.open_into(b"aad", sealed.get(..index).unwrap(), &mut opened).unwrap(), "cut at {index}");
        }
        for length in [0, 12, 14, 29, 30, 100] {
            assert!(!key.open_into(b"aad", &sealed, &mut vec![0; length]).unwrap(), "a secret of {length} bytes");
        }
    }
}
