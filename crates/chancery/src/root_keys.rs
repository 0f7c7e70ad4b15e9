//! The holders of root keys that the configuration names, opened.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chancery_custody::{HeldRootKeys, Kms, KmsConfig, Pkcs11Config, SecurityModule, Transit, TransitConfig};
use chancery_vault::{KeptRootKey, RootKeyProvider, VaultError};

use crate::config::{Config, RootKeyHolder};
use crate::error::CommandError;
use crate::opened::secret;
use crate::root_key::RootKeyFiles;

/// Bytes of a file with certificates.
const AUTHORITY_BYTES_MAX: u64 = 1_000_000;

/// Opens every holder that is configured, on a thread that may block.
///
/// # Errors
/// A setting is missing, or one of them does not answer: what it wrapped could not be opened.
pub(crate) async fn open(config: &Config) -> Result<Arc<HeldRootKeys>, CommandError> {
    let config = config.clone();
    let opening = tokio::task::spawn_blocking(move || {
        let first = open_one(&config, config.root_key_provider)?;
        let also = config.root_key_also.filter(|also| *also != config.root_key_provider);
        let others = also.map(|also| open_one(&config, also)).transpose()?;
        Ok(Arc::new(HeldRootKeys::new(first, others.into_iter().collect())))
    });
    opening.await.unwrap_or_else(|error| Err(CommandError::environment("cannot open the root key", error)))
}

fn open_one(config: &Config, holder: RootKeyHolder) -> Result<Arc<dyn RootKeyProvider>, CommandError> {
    let failed = |error: VaultError| {
        CommandError::environment(format!("cannot use the root key of `{}`", holder.as_str()), error)
    };
    let kept = match holder {
        RootKeyHolder::File => return Ok(Arc::new(RootKeyFiles::load_or_create(config)?)),
        RootKeyHolder::Pkcs11 => KeptRootKey::new(Box::new(security_module(config)?.map_err(failed)?)),
        RootKeyHolder::Transit => KeptRootKey::new(Box::new(transit(config)?.map_err(failed)?)),
        RootKeyHolder::Kms => KeptRootKey::new(Box::new(kms(config)?.map_err(failed)?)),
    };
    Ok(Arc::new(kept.map_err(failed)?))
}

fn security_module(config: &Config) -> Result<Result<SecurityModule, VaultError>, CommandError> {
    let pin = secret(needed(config.pkcs11_pin_file.as_deref(), "root_key.pkcs11.pin_file")?)?;
    let module = needed(config.pkcs11_module.clone(), "root_key.pkcs11.module")?;
    let token = needed(config.pkcs11_token.clone(), "root_key.pkcs11.token")?;
    Ok(SecurityModule::open(Pkcs11Config { module, token, name: config.root_key_name.clone() }, &pin))
}

fn transit(config: &Config) -> Result<Result<Transit, VaultError>, CommandError> {
    Ok(Transit::open(TransitConfig {
        url: needed(config.transit_url.clone(), "root_key.transit.url")?,
        token_file: needed(config.transit_token_file.clone(), "root_key.transit.token_file")?,
        mount: config.transit_mount.clone(),
        name: config.root_key_name.clone(),
        authority: config.transit_authority_file.as_deref().map(authority).transpose()?,
    }))
}

fn kms(config: &Config) -> Result<Result<Kms, VaultError>, CommandError> {
    let secret_access_key = secret(needed(config.kms_secret_key_file.as_deref(), "root_key.kms.secret_key_file")?)?;
    Ok(Kms::open(KmsConfig {
        endpoint: config.kms_endpoint.clone(),
        region: config.kms_region.clone(),
        access_key_id: needed(config.kms_access_key_id.clone(), "root_key.kms.access_key_id")?,
        secret_access_key,
        name: config.root_key_name.clone(),
    }))
}

fn needed<T>(value: Option<T>, key: &str) -> Result<T, CommandError> {
    value.ok_or_else(|| CommandError::input(format!("`{key}` is needed for this holder of the root key")))
}

fn authority(path: &Path) -> Result<Vec<u8>, CommandError> {
    let read = |source| CommandError::file("read", path, source);
    if fs::metadata(path).map_err(read)?.len() > AUTHORITY_BYTES_MAX {
        return Err(CommandError::input(format!("{} is too large to hold certificates", path.display())));
    }
    fs::read(path).map_err(read)
}
