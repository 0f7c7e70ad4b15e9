//! Keys in AWS KMS: one for each workspace, found by its alias, with an encryption context.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_vault::{Keeper, Random, VaultError, WorkspaceId};
use object_store::aws::{AwsAuthorizer, AwsCredential};
use object_store::client::HttpRequest;
use reqwest::Url;
use reqwest::blocking::Request;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use crate::https::{Answer, Https};
use crate::name;

const KEEPER: &str = "AWS KMS";
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
/// The media type of AWS's JSON protocol.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
/// Days that AWS keeps a key that is to be deleted, unusable meanwhile: the shortest that it allows.
const DELETION_DAYS: u32 = 7;

/// Where the service is, and which keys are ours.
pub struct KmsConfig {
    /// Address of the service; without it, that of AWS in the region.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
    /// Id of the access key.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// What the aliases of our keys start with, behind `alias/`.
    pub name: String,
}

/// AWS KMS in one region.
pub struct Kms {
    address: Url,
    region: String,
    name: String,
    identity: String,
    credential: AwsCredential,
    https: Https,
}

impl Kms {
    /// Prepares for the service, and asks whether the access key works.
    ///
    /// # Errors
    /// [`VaultError::Keeper`].
    pub fn open(config: KmsConfig) -> Result<Self, VaultError> {
        name::check(&config.name)?;
        name::check(&config.region)?;
        let endpoint = config.endpoint.unwrap_or_else(|| format!("https://kms.{}.amazonaws.com", config.region));
        let kms = Self {
            address: Https::address(KEEPER, &endpoint)?,
            identity: format!("kms/{}/{}", config.region, config.name),
            region: config.region,
            name: config.name,
            credential: AwsCredential {
                key_id: config.access_key_id,
                secret_key: config.secret_access_key,
                token: None,
            },
            https: Https::new(KEEPER, None)?,
        };
        let answer = kms.ask("ListAliases", &json!({ "Limit": 1 }))?;
        if answer.status == 200 { Ok(kms) } else { Err(refused(&answer)) }
    }

    fn alias(&self, workspace: WorkspaceId) -> String {
        format!("alias/{}", name::of_workspace(&self.name, workspace))
    }

    /// One call, signed with AWS Signature Version 4.
    fn ask(&self, operation: &str, body: &Json) -> Result<Answer, VaultError> {
        let failed = |what: &str| told(format!("the request could not be {what}"));
        let body = Zeroizing::new(body.to_string());
        let target = HeaderValue::from_str(&format!("TrentService.{operation}")).map_err(|_| failed("made"))?;
        let mut signed = HttpRequest::new(body.as_bytes().to_vec().into());
        *signed.method_mut() = reqwest::Method::POST;
        *signed.uri_mut() = self.address.as_str().parse().map_err(|_| failed("made"))?;
        signed.headers_mut().insert(CONTENT_TYPE, MEDIA_TYPE);
        signed.headers_mut().insert(TARGET, target);
        AwsAuthorizer::new(&self.credential, "kms", &self.region)
            .try_authorize(&mut signed, None)
            .map_err(|_| failed("signed"))?;
        let mut request = Request::new(reqwest::Method::POST, self.address.clone());
        *request.headers_mut() = std::mem::take(signed.headers_mut());
        *request.body_mut() = Some(body.as_bytes().to_vec().into());
        self.https.send(request)
    }

    /// The id of the workspace's key behind its alias, and its state.
    fn describe(&self, workspace: WorkspaceId) -> Result<Option<(String, String)>, VaultError> {
        let answer = self.ask("DescribeKey", &json!({ "KeyId": self.alias(workspace) }))?;
        let text = |name: &str| answer.body.pointer(name).and_then(Json::as_str).map(str::to_owned);
        match (text("/KeyMetadata/KeyId"), text("/KeyMetadata/KeyState")) {
            (Some(id), Some(state)) if answer.status == 200 => Ok(Some((id, state))),
            _ if kind(&answer) == "NotFoundException" => Ok(None),
            _ => Err(refused(&answer)),
        }
    }

    fn make(&self, workspace: WorkspaceId) -> Result<(), VaultError> {
        let made =
            self.ask("CreateKey", &json!({ "Description": "Chancery: one workspace", "KeyUsage": "ENCRYPT_DECRYPT" }))?;
        let id = made.body.pointer("/KeyMetadata/KeyId").and_then(Json::as_str).ok_or_else(|| refused(&made))?;
        let named = self.ask("CreateAlias", &json!({ "AliasName": self.alias(workspace), "TargetKeyId": id }))?;
        match named.status {
            200 => Ok(()),
            // Another node was faster; our key is not needed.
            _ if kind(&named) == "AlreadyExistsException" => self.delete(id),
            _ => Err(refused(&named)),
        }
    }

    fn delete(&self, id: &str) -> Result<(), VaultError> {
        let body = json!({ "KeyId": id, "PendingWindowInDays": DELETION_DAYS });
        let answer = self.ask("ScheduleKeyDeletion", &body)?;
        if answer.status == 200 { Ok(()) } else { Err(refused(&answer)) }
    }
}

fn encryption_context(context: &[u8]) -> Json {
    // AWS shows it in its log: it holds ids only.
    json!({ "chancery": STANDARD.encode(context) })
}

impl Keeper for Kms {
    fn holder(&self) -> &'static str {
        "kms"
    }

    fn identity(&self) -> &str {
        &self.identity
    }

    fn encrypt(
        &self,
        _random: &dyn Random,
        workspace: WorkspaceId,
        context: &[u8],
        key: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        if self.describe(workspace)?.is_none() {
            self.make(workspace)?;
        }
        let plaintext = Zeroizing::new(STANDARD.encode(key));
        let body = json!({
            "KeyId": self.alias(workspace), "Plaintext": plaintext.as_str(), "EncryptionContext": encryption_context(context),
        });
        let answer = self.ask("Encrypt", &body)?;
        let blob = answer.body.get("CiphertextBlob").and_then(Json::as_str).and_then(|blob| STANDARD.decode(blob).ok());
        blob.filter(|_| answer.status == 200).ok_or_else(|| refused(&answer))
    }

    fn decrypt(
        &self,
        workspace: WorkspaceId,
        context: &[u8],
        encrypted: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        // The key is named, so that what another key of the account encrypted is refused.
        let body = json!({
            "KeyId": self.alias(workspace), "CiphertextBlob": STANDARD.encode(encrypted), "EncryptionContext": encryption_context(context),
        });
        let answer = self.ask("Decrypt", &body)?;
        if answer.status == 200 {
            let plaintext = answer.body.get("Plaintext").and_then(Json::as_str);
            let opened = plaintext.and_then(|plaintext| STANDARD.decode(plaintext).ok());
            return opened.map(Zeroizing::new).ok_or_else(|| refused(&answer));
        }
        match kind(&answer) {
            "NotFoundException" => Err(VaultError::Destroyed),
            "KMSInvalidStateException" => match self.describe(workspace)? {
                Some((_, state)) if state != "PendingDeletion" => Err(refused(&answer)),
                _ => Err(VaultError::Destroyed),
            },
            "InvalidCiphertextException" | "IncorrectKeyException" => {
                Err(VaultError::NotAuthentic { what: "the wrapped workspace key" })
            }
            _ => Err(refused(&answer)),
        }
    }

    fn destroy(&self, workspace: WorkspaceId) -> Result<(), VaultError> {
        let Some((id, state)) = self.describe(workspace)? else { return Ok(()) };
        if state != "PendingDeletion" {
            self.delete(&id)?;
        }
        // Without its alias nobody finds it; what it encrypted cannot be decrypted from this moment on.
        let deleted = self.ask("DeleteAlias", &json!({ "AliasName": self.alias(workspace) }))?;
        if deleted.status == 200 || kind(&deleted) == "NotFoundException" { Ok(()) } else { Err(refused(&deleted)) }
    }
}

/// The kind of an error: AWS may put a namespace in front.
fn kind(answer: &Answer) -> &str {
    let kind = answer.body.get("__type").and_then(Json::as_str).unwrap_or_default();
    kind.rsplit('#').next().unwrap_or(kind)
}

fn refused(answer: &Answer) -> VaultError {
    told(format!("it answered {} {}", answer.status, kind(answer)))
}

const fn told(reason: String) -> VaultError {
    VaultError::Keeper { keeper: KEEPER, reason }
}
