//! The request that led to a document: kept sealed where the workspace's policy says so, and shown to whoever may ask.

use std::sync::Arc;

use chancery_render::data::Step;
use chancery_render::template::Strictness;
use chancery_render::{Limits, Template};
use chancery_store::{NewRequest, StoreError};
use chancery_vault::{PseudonymKind, Timestamp};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::making::Ready;
use super::{Documents, RenderRequest, StoreRequest};
use crate::access::Actor;
use crate::classes::Class;
use crate::error::ServiceError;
use crate::permission::Permission;
use crate::pseudonyms::{Pseudonyms, kind_of};
use crate::sealing::{self, Cell, Event, audit_entry, check_reason};
use crate::templates::{AuthorisedTemplate, ToRender};
use crate::workspaces::stored_class;

/// A kept request.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRequest {
    /// What was asked for.
    pub request: Json,
    /// When.
    pub created_at: Timestamp,
    /// Whether pseudonyms stand for what tells about persons.
    pub is_pseudonymous: bool,
}

/// How much of a request is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// With pseudonyms for all that its template's schema marks as personal.
    Pseudonymous,
    /// As it came, for a reason.
    Plain {
        /// The reason.
        reason: &'a str,
    },
}

impl Documents<'_> {
    /// What is to be kept of a request; nothing when the workspace keeps none of this class.
    pub(super) async fn to_keep(
        &self,
        template: &AuthorisedTemplate<ToRender>,
        request: &RenderRequest,
        store: Option<&StoreRequest>,
        class: Class,
    ) -> Result<Option<String>, ServiceError> {
        let policies = self.shared.policies_of(template.actor().workspace()).await?;
        if !policies.keeps_requests(stored_class(class)) {
            return Ok(None);
        }
        let kept = json!({
            "template": template.key().to_string(),
            "media_type": request.format.media_type(),
            "strict": request.strict,
            "file_name": store.map(|store| store.file_name.as_str()),
            "is_stored": store.is_some(),
            "data": request.data,
        });
        Ok(Some(kept.to_string()))
    }

    /// Keeps a request under the id of what it led to, before that is recorded.
    pub(super) async fn keep(
        &self,
        template: &AuthorisedTemplate<ToRender>,
        reference: Uuid,
        ready: &Ready,
        kept: Option<String>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(kept) = kept else { return Ok(()) };
        let (actor, random) = (template.actor(), &*self.shared.random);
        let new = NewRequest {
            id: reference,
            template: template.id(),
            template_version: ready.version,
            class: stored_class(ready.class),
            request_sealed: sealing::seal(actor.keys(), random, request_cell(reference), &kept)?,
            created_at: now,
        };
        let entry = self.entry(actor, "request.keep", reference, &Json::Null)?;
        Ok(self.shared.store.workspace(actor.workspace()).keep_request(&new, &entry).await?)
    }

    /// The request that led to a document or to a file that was handed out. That it was read is recorded.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when none was kept or its time is over; [`ServiceError::InvalidField`] for the reason,
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn request(
        &self,
        actor: &Arc<Actor>,
        reference: Uuid,
        shown: Shown<'_>,
    ) -> Result<KeptRequest, ServiceError> {
        actor.require(Permission::RequestsRead)?;
        let details = match shown {
            Shown::Pseudonymous => json!({ "pseudonymous": true }),
            Shown::Plain { reason } => {
                actor.require(Permission::PseudonymsResolve)?;
                check_reason(reason)?;
                json!({ "pseudonymous": false, "reason": reason })
            }
        };
        let entry = self.entry(actor, "request.read", reference, &details)?;
        let store = self.shared.store.workspace(actor.workspace());
        let row = store.read_request(reference, &entry).await.map_err(|error| match error {
            StoreError::NotFound { .. } => ServiceError::NotFound { what: "kept request" },
            other => other.into(),
        })?;
        let text = sealing::open(actor.keys(), request_cell(reference), &row.request_sealed)?;
        let mut request: Json =
            serde_json::from_str(&text).map_err(|error| ServiceError::internal("reading a kept request", error))?;
        let is_pseudonymous = shown == Shown::Pseudonymous;
        if is_pseudonymous {
            let version = store.template_version(row.template, Some(row.template_version)).await?;
            let template = match version {
                Some(version) => {
                    let cell = Cell { table: "template_versions", column: "body_sealed", row: version.id.uuid() };
                    let body = sealing::open(actor.keys(), cell, &version.body_sealed)?;
                    read_template(&body, &self.shared.policy.render_limits)
                }
                None => None,
            };
            self.pseudonymise(actor, template.as_ref(), &mut request)?;
            // Whoever sees a pseudonym can ask who is behind it.
            self.shared.allocations.flush(&self.shared.store, self.shared.clock.now()).await;
        }
        Ok(KeptRequest { request, created_at: row.created_at, is_pseudonymous })
    }

    /// Puts pseudonyms in the place of the file's name and of all personal fields. Without the template's schema nobody
    /// knows which fields are personal: then all are.
    fn pseudonymise(&self, actor: &Actor, template: Option<&Template>, request: &mut Json) -> Result<(), ServiceError> {
        let pseudonyms = Pseudonyms { shared: self.shared };
        if let Some(name) = request.get_mut("file_name") {
            pseudonyms.replace(actor, PseudonymKind::File, name)?;
        }
        let Some(data) = request.get_mut("data") else { return Ok(()) };
        let Some(template) = template.filter(|template| template.data.schema.is_some()) else {
            return pseudonyms.replace(actor, PseudonymKind::Other, data);
        };
        // The inner ones first: what says something of its own keeps its own kind.
        let mut fields = template.personal_fields();
        fields.sort_by_key(|field| std::cmp::Reverse(field.path.steps().len()));
        for field in fields {
            let kind = field.personal.map_or(PseudonymKind::Other, kind_of);
            at_each(data, field.path.steps(), &mut |value| pseudonyms.replace(actor, kind, value))?;
        }
        Ok(())
    }

    fn entry(
        &self,
        actor: &Actor,
        action: &'static str,
        reference: Uuid,
        details: &Json,
    ) -> Result<chancery_store::AuditEntry, ServiceError> {
        let event = Event { actor: actor.for_audit(), action, target_kind: "document", target_id: reference, details };
        audit_entry(actor.keys(), &*self.shared.random, self.shared.clock.now(), &event)
    }
}

fn request_cell(reference: Uuid) -> Cell {
    Cell { table: "document_requests", column: "request_sealed", row: reference }
}

fn read_template(body: &str, limits: &Limits) -> Option<Template> {
    let json = serde_json::from_str(body).ok()?;
    Template::from_value(&json, limits, Strictness::Lenient).ok().map(|(template, _)| template)
}

/// Does something with every value at a place; a place that is not there has none.
fn at_each(
    value: &mut Json,
    steps: &[Step],
    act: &mut dyn FnMut(&mut Json) -> Result<(), ServiceError>,
) -> Result<(), ServiceError> {
    let Some((step, rest)) = steps.split_first() else { return act(value) };
    match (step, value) {
        (Step::Name(name), Json::Object(fields)) => match fields.get_mut(&**name) {
            Some(field) => at_each(field, rest, act),
            None => Ok(()),
        },
        (Step::Item, Json::Array(items)) => items.iter_mut().try_for_each(|item| at_each(item, rest, act)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use chancery_render::data::DataPath;

    use super::*;

    #[test]
    fn every_value_at_a_place_is_met_and_nothing_else() {
        let mut data = json!({ "people": [{ "name": "a", "age": 1 }, { "age": 2 }, { "name": "b" }], "name": "c" });
        let path = DataPath::default().name("people").item().name("name");
        at_each(&mut data, path.steps(), &mut |value| {
            *value = "x".into();
            Ok(())
        })
        .unwrap();
        let expected = json!({ "people": [{ "name": "x", "age": 1 }, { "age": 2 }, { "name": "x" }], "name": "c" });
        assert_eq!(data, expected);
    }
}
