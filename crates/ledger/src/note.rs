//! Signed notes (C2SP signed-note) with Ed25519 signatures of the log and cosignatures of witnesses (C2SP tlog-cosignature).

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::LedgerError;
use crate::encoding::{base64, from_base64};
use crate::hash::Hash;

/// Bytes of a note: a checkpoint is some hundred, a cosignature another hundred.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;
/// Signatures of one note; C2SP asks for at least 16.
const SIGNATURE_COUNT_MAX: usize = 100;
/// A plain Ed25519 signature over the text.
const TYPE_ED25519: u8 = 1;
/// A cosignature: an Ed25519 signature over text and time.
const TYPE_COSIGNATURE: u8 = 4;
/// What a private key begins with.
const PRIVATE: &str = "PRIVATE+KEY+";

/// A public key with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    kind: u8,
    key: [u8; 32],
}

/// A private key with its name. It has no `Debug`, `Clone` or `==`.
///
/// ```compile_fail,E0277
/// fn shown<T: std::fmt::Debug>() {}
/// shown::<chancery_ledger::SigningKey>();
/// ```
pub struct SigningKey {
    public: PublicKey,
    pair: Ed25519KeyPair,
}

/// A text with signatures under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature {
    name: String,
    key_id: [u8; 4],
    bytes: Vec<u8>,
}

fn malformed(reason: &'static str) -> LedgerError {
    LedgerError::Malformed { what: "note", reason }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|letter| letter.is_whitespace() || letter.is_control() || letter == '+')
}

impl PublicKey {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is the same key, under whatever name.
    #[must_use]
    pub fn is_same_key(&self, other: &Self) -> bool {
        self.key == other.key
    }

    /// Four bytes that say which of several keys with one name this is. They decide nothing about trust.
    fn id(&self) -> [u8; 4] {
        let digest = Hash::of(&[self.name.as_bytes(), b"\n", &[self.kind], &self.key]);
        let [a, b, c, d, ..] = *digest.as_bytes();
        [a, b, c, d]
    }

    /// Whether it is the key of a witness, and not of a log.
    #[must_use]
    pub const fn is_witness(&self) -> bool {
        self.kind == TYPE_COSIGNATURE
    }

    /// The key as text: `name+id+key`, as signed-note writes it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let key: Vec<u8> = [&[self.kind], self.key.as_slice()].concat();
        format!("{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), base64(&key))
    }

    /// Reads the text form of a log's key or of a witness's.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`]; also when the id does not fit, which a damaged copy shows by.
    pub fn parse(text: &str) -> Result<Self, LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "public key", reason };
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("it is not `name+id+key`"));
        };
        let bytes = from_base64(key).ok_or_else(|| malformed("its last part is not base64"))?;
        let Some((&kind, key)) = bytes.split_first() else { return Err(malformed("its last part is empty")) };
        if kind != TYPE_ED25519 && kind != TYPE_COSIGNATURE {
            return Err(malformed("its type is neither Ed25519 nor a cosignature"));
        }
        let key = key.try_into().map_err(|_| malformed("it does not have 32 bytes"))?;
        let public = Self { name: name.to_owned(), kind, key };
        if !is_name(name) || format!("{:08x}", u32::from_be_bytes(public.id())) != id {
            return Err(malformed("its name or id does not fit the key"));
        }
        Ok(public)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), LedgerError> {
        let key = UnparsedPublicKey::new(&ED25519, self.key);
        key.verify(message, signature).map_err(|_| LedgerError::FalseSignature { name: self.name.clone() })
    }
}

impl SigningKey {
    /// The key of a log.
    ///
    /// # Errors
    /// A name that is empty or holds spaces or `+`; or the library failed.
    pub fn log(name: &str, seed: &[u8; 32]) -> Result<Self, LedgerError> {
        Self::new(name, TYPE_ED25519, seed)
    }

    /// The key of a witness.
    ///
    /// # Errors
    /// As for a log.
    pub fn witness(name: &str, seed: &[u8; 32]) -> Result<Self, LedgerError> {
        Self::new(name, TYPE_COSIGNATURE, seed)
    }

    /// Reads the private key of a witness: `PRIVATE+KEY+name+id+key`, as C2SP signed-note writes it.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse_witness(text: &str) -> Result<Self, LedgerError> {
        let malformed = |reason| LedgerError::Malformed { what: "private key", reason };
        let rest = text.strip_prefix(PRIVATE).ok_or_else(|| malformed("it does not begin with `PRIVATE+KEY+`"))?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("it is not `PRIVATE+KEY+name+id+key`"));
        };
        let mut bytes = from_base64(key).ok_or_else(|| malformed("its last part is not base64"))?;
        let seed = match bytes.split_first() {
            Some((&TYPE_COSIGNATURE, seed)) => <&[u8; 32]>::try_from(seed).ok(),
            _ => None,
        };
        let made = seed.map(|seed| Self::witness(name, seed));
        bytes.fill(0);
        let made = made.ok_or_else(|| malformed("it is not the key of a witness"))??;
        if format!("{:08x}", u32::from_be_bytes(made.public.id())) != id {
            return Err(malformed("its id does not fit the key"));
        }
        Ok(made)
    }

    /// The private key of a witness as text, for the one file that keeps it.
    ///
    /// # Errors
    /// A name that is empty or holds spaces or `+`.
    pub fn witness_text(name: &str, seed: &[u8; 32]) -> Result<String, LedgerError> {
        let id = u32::from_be_bytes(Self::witness(name, seed)?.public.id());
        let key = base64(&[[TYPE_COSIGNATURE].as_slice(), seed].concat());
        Ok(format!("{PRIVATE}{name}+{id:08x}+{key}"))
    }

    fn new(name: &str, kind: u8, seed: &[u8; 32]) -> Result<Self, LedgerError> {
        if !is_name(name) {
            return Err(LedgerError::Malformed { what: "key's name", reason: "it is empty or holds a space or `+`" });
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| LedgerError::Library)?;
        let key = pair.public_key().as_ref().try_into().map_err(|_| LedgerError::Library)?;
        Ok(Self { public: PublicKey { name: name.to_owned(), kind, key }, pair })
    }

    /// What others check its signatures with.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }
}

impl Note {
    /// A note without signatures. The text ends with a line feed.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self { text, signatures: Vec::new() }
    }

    /// What is signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds the signature of a log.
    ///
    /// # Errors
    /// The key is a witness's.
    pub fn sign(&mut self, key: &SigningKey) -> Result<(), LedgerError> {
        if key.public.kind != TYPE_ED25519 {
            return Err(LedgerError::Library);
        }
        self.add(key, key.pair.sign(self.text.as_bytes()).as_ref().to_vec());
        Ok(())
    }

    /// Adds the cosignature of a witness, who saw the checkpoint at `seconds` since 1970.
    ///
    /// # Errors
    /// The key is a log's.
    pub fn cosign(&mut self, key: &SigningKey, seconds: u64) -> Result<(), LedgerError> {
        if key.public.kind != TYPE_COSIGNATURE {
            return Err(LedgerError::Library);
        }
        let signature = key.pair.sign(cosigned(&self.text, seconds).as_bytes());
        self.add(key, [seconds.to_be_bytes().as_slice(), signature.as_ref()].concat());
        Ok(())
    }

    fn add(&mut self, key: &SigningKey, bytes: Vec<u8>) {
        self.signatures.push(Signature { name: key.public.name.clone(), key_id: key.public.id(), bytes });
    }

    /// Checks the signature of `key`. A cosignature's time is given back.
    ///
    /// # Errors
    /// [`LedgerError::Unsigned`] or [`LedgerError::FalseSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<Option<u64>, LedgerError> {
        let (name, id) = (&key.name, key.id());
        let signature = self.signatures.iter().find(|signature| signature.name == *name && signature.key_id == id);
        let signature = signature.ok_or_else(|| LedgerError::Unsigned { name: name.clone() })?;
        if key.kind == TYPE_ED25519 {
            return key.verify(self.text.as_bytes(), &signature.bytes).map(|()| None);
        }
        let (seconds, bytes) = signature
            .bytes
            .split_first_chunk::<8>()
            .ok_or_else(|| LedgerError::FalseSignature { name: name.clone() })?;
        let seconds = u64::from_be_bytes(*seconds);
        key.verify(cosigned(&self.text, seconds).as_bytes(), bytes).map(|()| Some(seconds))
    }

    /// Takes over the cosignature of `witness` from the lines of its answer, after checking it. Gives its line and time.
    ///
    /// # Errors
    /// There is none, or it is false.
    pub fn adopt(&mut self, witness: &PublicKey, lines: &str) -> Result<(String, u64), LedgerError> {
        let answer = Self::parse(&format!("{}\n{lines}", self.text))?;
        let cosignature = answer.signatures.into_iter().find(|it| it.name == witness.name && it.key_id == witness.id());
        let cosignature = cosignature.ok_or_else(|| LedgerError::Unsigned { name: witness.name.clone() })?;
        let (line, mut signed) = (cosignature.to_line(), Self::new(self.text.clone()));
        signed.signatures.push(cosignature.clone());
        let seconds = signed.verify(witness)?.ok_or_else(|| LedgerError::Unsigned { name: witness.name.clone() })?;
        self.signatures.push(cosignature);
        Ok((line, seconds))
    }

    /// Text, an empty line, and a line for each signature.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.text);
        for signature in &self.signatures {
            text.push_str(&signature.to_line());
        }
        text
    }

    /// Reads the base64 of a note, as a `checkpoint` line of an export holds it.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse_encoded(text: &str) -> Result<Self, LedgerError> {
        let note = from_base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
        Self::parse(&note.ok_or_else(|| malformed("it is not base64 of text"))?)
    }

    /// Reads a note; its signatures are not checked yet.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`].
    pub fn parse(note: &str) -> Result<Self, LedgerError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(malformed("it is longer than 64 KiB"));
        }
        if note.chars().any(|letter| letter < ' ' && letter != '\n') {
            return Err(malformed("it holds control characters"));
        }
        let (text, lines) =
            note.rsplit_once("\n\n").ok_or_else(|| malformed("it has no empty line before its signatures"))?;
        let lines = lines.strip_suffix('\n').ok_or_else(|| malformed("its last line does not end"))?;
        let signatures =
            lines.split('\n').take(SIGNATURE_COUNT_MAX + 1).map(signature).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > SIGNATURE_COUNT_MAX {
            return Err(malformed("it has more than 100 signatures"));
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }
}

impl Signature {
    /// An em dash, the name, and the bytes, with the line feed.
    fn to_line(&self) -> String {
        format!("— {} {}\n", self.name, base64(&[self.key_id.as_slice(), &self.bytes].concat()))
    }
}

fn signature(line: &str) -> Result<Signature, LedgerError> {
    let (name, bytes) = line
        .strip_prefix("— ")
        .and_then(|line| line.split_once(' '))
        .filter(|(name, _)| is_name(name))
        .ok_or_else(|| malformed("a line of a signature is not `— name signature`"))?;
    let bytes = from_base64(bytes).ok_or_else(|| malformed("a signature is not base64"))?;
    let (key_id, bytes) = bytes.split_first_chunk::<4>().ok_or_else(|| malformed("a signature is too short"))?;
    Ok(Signature { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
}

/// What a witness signs.
fn cosigned(text: &str, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}
