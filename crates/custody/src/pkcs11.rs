//! Keys in a security module, by PKCS#11: generated inside, sensitive, not extractable; they encrypt with AES-256-GCM.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chancery_vault::{Keeper, Random, VaultError, WorkspaceId};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use zeroize::Zeroizing;

use crate::name;

const KEEPER: &str = "the security module";
/// Nonce of AES-GCM (NIST SP 800-38D, 8.2.2): drawn at random, for the few wraps that one workspace ever needs.
const NONCE_BYTES: usize = 12;
const TAG_BITS: u64 = 128;
const KEY_BYTES: u64 = 32;
/// Keys with one name: two nodes that make the first at once leave two, never many.
const SAME_NAME_MAX: usize = 16;

/// Where the module is, and which keys are ours.
#[derive(Clone, Debug)]
pub struct Pkcs11Config {
    /// The module, a shared library.
    pub module: PathBuf,
    /// Label of the token.
    pub token: String,
    /// What the names of our keys start with.
    pub name: String,
}

/// A token that is logged in to. A session that breaks is opened anew.
pub struct SecurityModule {
    config: Pkcs11Config,
    identity: String,
    module: Pkcs11,
    pin: AuthPin,
    session: Mutex<Option<Session>>,
}

/// How a call ended early.
enum Failure {
    /// The session does not work any more; another one may.
    Broken(Error),
    /// It is as it is.
    Final(VaultError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl SecurityModule {
    /// Loads the module and logs in.
    ///
    /// # Errors
    /// [`VaultError::Keeper`] with what the module says: no module, no such token, a wrong PIN.
    pub fn open(config: Pkcs11Config, pin: &str) -> Result<Self, VaultError> {
        name::check(&config.name)?;
        let module = load(&config.module)?;
        let pin = AuthPin::new(pin.into());
        let (serial, session) = log_in(&module, &config, &pin)?;
        let identity = format!("pkcs11/{serial}/{}/{}", config.token, config.name);
        Ok(Self { config, identity, module, pin, session: Mutex::new(Some(session)) })
    }

    /// Works with the session; opens another one, once, when it turns out to be broken.
    fn with_session<T>(&self, mut work: impl FnMut(&Session) -> Result<T, Failure>) -> Result<T, VaultError> {
        let mut guard = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = guard.as_ref() {
            match work(session) {
                Ok(done) => return Ok(done),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Broken(error)) => tracing::warn!(%error, "the session with the security module broke"),
            }
        }
        // The old session must be closed first: the token may allow only one.
        *guard = None;
        let (_, session) = log_in(&self.module, &self.config, &self.pin)?;
        let done = work(guard.insert(session));
        done.map_err(|failure| match failure {
            Failure::Final(error) => error,
            Failure::Broken(error) => refused(&error),
        })
    }

    fn keys(&self, session: &Session, workspace: WorkspaceId) -> Result<Vec<ObjectHandle>, Failure> {
        let label = name::of_workspace(&self.config.name, workspace).into_bytes();
        Ok(session.find_objects(&[Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Label(label)])?)
    }

    fn generate(&self, session: &Session, workspace: WorkspaceId) -> Result<ObjectHandle, Failure> {
        let label = name::of_workspace(&self.config.name, workspace).into_bytes();
        let key = session.generate_key(
            &Mechanism::AesKeyGen,
            &[
                Attribute::Class(ObjectClass::SECRET_KEY),
                Attribute::KeyType(KeyType::AES),
                Attribute::ValueLen(KEY_BYTES.into()),
                Attribute::Label(label),
                Attribute::Token(true),
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Extractable(false),
                Attribute::Modifiable(false),
                Attribute::Encrypt(true),
                Attribute::Decrypt(true),
                Attribute::Wrap(false),
                Attribute::Unwrap(false),
            ],
        )?;
        Ok(key)
    }
}

impl Keeper for SecurityModule {
    fn holder(&self) -> &'static str {
        "pkcs11"
    }

    fn identity(&self) -> &str {
        &self.identity
    }

    fn encrypt(
        &self,
        random: &dyn Random,
        workspace: WorkspaceId,
        context: &[u8],
        key: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce)?;
        self.with_session(|session| {
            let with = match self.keys(session, workspace)?.first() {
                Some(with) => *with,
                None => self.generate(session, workspace)?,
            };
            let mut used = nonce;
            let parameters = GcmParams::new(&mut used, context, TAG_BITS.into())?;
            let encrypted = session.encrypt(&Mechanism::AesGcm(parameters), with, key)?;
            // Some modules put a nonce of their own into the parameters.
            Ok([used.as_slice(), &encrypted].concat())
        })
    }

    fn decrypt(
        &self,
        workspace: WorkspaceId,
        context: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let not_authentic = VaultError::NotAuthentic { what: "the wrapped workspace key" };
        let (nonce, body) = encrypted.split_first_chunk::<NONCE_BYTES>().ok_or(not_authentic.clone())?;
        self.with_session(|session| {
            let keys = self.keys(session, workspace)?;
            if keys.is_empty() {
                return Err(Failure::Final(VaultError::Destroyed));
            }
            for key in keys.into_iter().take(SAME_NAME_MAX) {
                let mut nonce = *nonce;
                let parameters = GcmParams::new(&mut nonce, context, TAG_BITS.into())?;
                match session.decrypt(&Mechanism::AesGcm(parameters), key, body) {
                    Ok(opened) => return Ok(Zeroizing::new(opened)),
                    Err(error) if is_refused_content(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Err(Failure::Final(not_authentic.clone()))
        })
    }

    fn destroy(&self, workspace: WorkspaceId) -> Result<(), VaultError> {
        self.with_session(|session| {
            for key in self.keys(session, workspace)? {
                session.destroy_object(key)?;
            }
            match self.keys(session, workspace)?.len() {
                0 => Ok(()),
                left => Err(Failure::Final(told(format!("{left} keys are still there after they were destroyed")))),
            }
        })
    }
}

/// Whether a module says that the content is wrong. What a failed tag is called differs between modules.
fn is_refused_content(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::EncryptedDataInvalid
                | RvError::EncryptedDataLenRange
                | RvError::DataInvalid
                | RvError::DataLenRange
                | RvError::GeneralError
                | RvError::FunctionFailed,
            _
        )
    )
}

fn load(path: &Path) -> Result<Pkcs11, VaultError> {
    let module = Pkcs11::new(path).map_err(|error| told(format!("{}: {}", path.display(), line(&error))))?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // A module is initialised once in a process.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(module),
        Err(error) => Err(refused(&error)),
    }
}

/// Opens a session and logs in; gives the token's serial number too.
fn log_in(module: &Pkcs11, config: &Pkcs11Config, pin: &AuthPin) -> Result<(String, Session), VaultError> {
    let slots = module.get_slots_with_initialized_token().map_err(|error| refused(&error))?;
    for slot in slots {
        let Ok(token) = module.get_token_info(slot) else { continue };
        if token.label() != config.token {
            continue;
        }
        let session = module.open_rw_session(slot).map_err(|error| refused(&error))?;
        return match session.login(UserType::User, Some(pin)) {
            // Another session of this process logged in.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {
                Ok((token.serial_number().to_owned(), session))
            }
            Err(error) => Err(refused(&error)),
        };
    }
    Err(told(format!("there is no token with the label `{}`", config.token)))
}

fn refused(error: &Error) -> VaultError {
    told(line(error))
}

/// What the binding says, without the standard's long explanations.
fn line(error: &Error) -> String {
    match error {
        Error::Pkcs11(code, function) => format!("{function:?} gave {code:?}"),
        other => other.to_string(),
    }
}

const fn told(reason: String) -> VaultError {
    VaultError::Keeper { keeper: KEEPER, reason }
}
