//! Makes documents: render, and either hand out, or seal, write the object, commit the row, and sign a link.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bytes::Bytes;
use chancery_render::{Diagnostic, Program};
use chancery_store::{
    AuditEntry, AuditId, DocumentRecord, ObjectName, RenderKind, Target, TransactionId, TransactionRecord,
    TransactionStatus,
};
use chancery_vault::{DocumentId, LinkLifetime, ObjectPurpose, SealedObject, Timestamp, sha256};

use super::stored_name::StoredName;
use super::{Documents, Format, MadeFile, RenderRequest, StoreRequest, StoredDocument};
use crate::classes::{self, Class};
use crate::error::ServiceError;
use crate::links::{Destination, LinkWish, Links};
use crate::renderer::Workbench;
use crate::renderer::making::{Order, Product, ServiceWorld, make};
use crate::sealing::{self, Cell};
use crate::templates::{AuthorisedTemplate, ToRender, VersionChoice, number_of};
use crate::workspaces::stored_class;

/// Seconds of a minute.
const MINUTE_S: u64 = 60;

/// A product sealed for the object store, or as it is.
enum Packed {
    Plain(Bytes),
    Sealed { object: SealedObject, size_bytes: u64, digest: [u8; 32] },
}

/// What a render needs to know of its template.
pub(super) struct Ready {
    pub(super) version: u32,
    program: Arc<Program>,
    pub(super) class: Class,
}

/// What comes back from a render thread.
struct Parcel {
    packed: Packed,
    page_count: u32,
    warnings: Vec<Diagnostic>,
}

impl Documents<'_> {
    /// Renders a document and hands it out. Nothing of it is stored; that it was made is counted.
    ///
    /// # Errors
    /// [`ServiceError::RenderFailed`], [`ServiceError::RenderTimeout`], [`ServiceError::Busy`],
    /// [`ServiceError::TemplateInvalid`], [`ServiceError::NotFound`] for the version, [`ServiceError::Unavailable`].
    pub async fn make(
        &self,
        template: &AuthorisedTemplate<ToRender>,
        request: RenderRequest,
    ) -> Result<MadeFile, ServiceError> {
        let now = self.shared.clock.now();
        let reference = DocumentId::generate(now, &*self.shared.random)?;
        let format = request.format;
        let ready = self.ready(template, request.version).await?;
        classes::check_actor(ready.class, template.actor())?;
        let kept = self.to_keep(template, &request, None, ready.class).await?;
        let parcel = self.render(template, request, now, &ready, None).await?;
        let Packed::Plain(bytes) = parcel.packed else {
            return Err(ServiceError::internal("rendering", "the render thread sealed what was not to be stored"));
        };
        self.keep(template, reference.uuid(), &ready, kept, now).await?;
        let record = TransactionRecord {
            workspace: template.actor().workspace(),
            id: TransactionId::from_uuid(reference.uuid()),
            template: Some((template.id(), template.key().id())),
            kind: kind_of(format),
            status: TransactionStatus::Done,
            size_bytes: length_of(&bytes),
            pages: parcel.page_count,
            created_at: now,
        };
        self.shared.transactions.record(record)?;
        Ok(MadeFile {
            bytes,
            media_type: format.media_type(),
            page_count: parcel.page_count,
            reference: reference.uuid(),
            warnings: parcel.warnings,
        })
    }

    /// Renders a document and stores it. When this returns, the object is written and the row is committed.
    ///
    /// # Errors
    /// As [`Documents::make`]. After an error nothing can be opened: an object that was written already is sealed under a
    /// key that exists nowhere, and swept.
    pub async fn create(
        &self,
        template: &AuthorisedTemplate<ToRender>,
        request: RenderRequest,
        store: StoreRequest,
    ) -> Result<StoredDocument, ServiceError> {
        let random = &*self.shared.random;
        let now = self.shared.clock.now();
        let document = DocumentId::generate(now, random)?;
        let format = request.format;
        let ready = self.ready(template, request.version).await?;
        let class = ready.class;
        classes::check_actor(class, template.actor())?;
        if store.link.is_none() {
            classes::check_plain_link(class)?;
        }
        let kept = self.to_keep(template, &request, Some(&store), class).await?;
        let parcel = self.render(template, request, now, &ready, Some(document)).await?;
        let Packed::Sealed { object, size_bytes, digest } = parcel.packed else {
            return Err(ServiceError::internal("rendering", "the render thread sealed nothing"));
        };
        let keys = template.actor().keys();
        let lifetime = classes::handling(class).shortened(self.lifetime(store.lifetime_minutes));
        let link = keys.issue_link(document, now, lifetime);
        let name = StoredName { file_name: store.file_name, download: store.download, class, digest: Some(digest) };
        let object_name = ObjectName::generate(random)?;
        let record = DocumentRecord {
            workspace: template.actor().workspace(),
            document,
            transaction: TransactionId::from_uuid(document.uuid()),
            template: template.id(),
            template_public_id: template.key().id(),
            template_version: ready.version,
            kind: kind_of(format),
            object: object_name.clone(),
            key_wrapped: object.wrapped_key,
            size_bytes,
            pages: parcel.page_count,
            mime: format.media_type(),
            class: stored_class(class),
            file_name_sealed: Some(sealing::seal(keys, random, file_name_cell(document), &name.to_text())?),
            created_at: now,
            expires_at: link.expires_at,
            audit: AuditEntry {
                id: AuditId::generate(now, random)?,
                at: now,
                actor: template.actor().for_audit(),
                action: "document.create",
                target: Target { kind: "document", id: Some(document.uuid()) },
                body_sealed: None,
            },
        };
        self.keep(template, document.uuid(), &ready, kept, now).await?;
        // The object first: a committed row must never lead to nothing.
        self.shared.objects.put(&object_name, object.bytes).await?;
        self.shared.documents.record(record).await?;
        let (token, passcode, expires_at) = match store.link {
            None => (link.token, None, link.expires_at),
            Some(wish) => {
                let destination = Destination { document, created_at: now, name };
                let wish = LinkWish { lifetime: Some(lifetime), ..wish };
                let made = Links { shared: self.shared }.keep(template.actor(), &destination, wish).await?;
                (made.token, made.passcode, made.expires_at)
            }
        };
        Ok(StoredDocument {
            link: token,
            passcode,
            class,
            reference: document.uuid(),
            page_count: parcel.page_count,
            size_bytes,
            expires_at,
            warnings: parcel.warnings,
        })
    }

    /// The program of a version, and the class of what it makes.
    async fn ready(
        &self,
        template: &AuthorisedTemplate<ToRender>,
        version: VersionChoice,
    ) -> Result<Ready, ServiceError> {
        let version = number_of(version, template.latest_version())?;
        let program = self.shared.programs.of(self.shared, template, version).await?;
        let class = classes::class_of(program.template(), template.actor().class());
        Ok(Ready { version, program, class })
    }

    /// Renders on a render thread and seals there, too, when the document is to be stored.
    async fn render(
        &self,
        template: &AuthorisedTemplate<ToRender>,
        request: RenderRequest,
        now: Timestamp,
        ready: &Ready,
        seal_as: Option<DocumentId>,
    ) -> Result<Parcel, ServiceError> {
        let (program, class) = (Arc::clone(&ready.program), ready.class);
        let shared = Arc::clone(self.shared);
        let keys = Arc::clone(template.actor().keys());
        let work = move |workbench: &mut Workbench, cancelled: &AtomicBool| {
            let world = ServiceWorld { fonts: &shared.fonts, now_ms: request.now.unwrap_or(now).signed_millis() };
            let order = Order {
                program: &program,
                world: &world,
                data: &request.data,
                format: request.format,
                class,
                strict: request.strict,
                image_dpi: shared.policy.image_dpi,
                limits: &shared.policy.render_limits,
            };
            let Product { bytes, page_count, warnings } = make(&order, workbench, cancelled)?;
            let packed = match seal_as {
                None => Packed::Plain(Bytes::from(bytes)),
                Some(document) => Packed::Sealed {
                    size_bytes: length_of(&bytes),
                    digest: sha256(&bytes),
                    object: keys.seal_object(&*shared.random, ObjectPurpose::Document, document.uuid(), bytes)?,
                },
            };
            Ok::<_, ServiceError>(Parcel { packed, page_count, warnings })
        };
        self.shared.renderer.run(work).await?
    }

    /// The lifetime of a link: the wish, moved to the nearest that is allowed.
    fn lifetime(&self, wish_minutes: Option<i64>) -> LinkLifetime {
        let policy = &self.shared.policy;
        let wish = wish_minutes.map_or(policy.link_lifetime, |minutes| {
            let minutes = u64::try_from(minutes).unwrap_or(0);
            LinkLifetime::clamped_from_seconds(minutes.saturating_mul(MINUTE_S))
        });
        wish.min(policy.link_lifetime_max)
    }
}

pub(crate) fn file_name_cell(document: DocumentId) -> Cell {
    Cell { table: "documents", column: "file_name_sealed", row: document.uuid() }
}

fn kind_of(format: Format) -> RenderKind {
    match format {
        Format::Pdf => RenderKind::Pdf,
        Format::Png | Format::Jpeg | Format::Webp | Format::Svg => RenderKind::Image,
    }
}

fn length_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
