//! Creates, changes, copies, deletes and reads templates. Whatever is stored is checked before and sealed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chancery_render::template::Strictness;
use chancery_render::{Diagnostic, Limits, Template};
use chancery_store::{
    BatchRow, NewTemplate as NewRow, NewVersion, PublicTemplateId, TemplateChange as RowChange, TemplateId,
    TemplateRow, TemplateStatus, VersionId,
};
use chancery_vault::BlindIndex;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::programs::{number_of, prepare};
use super::{
    AuthorisedTemplate, CreatedTemplate, NewTemplate, Purpose, TemplateChange, TemplateContent, TemplateCopy,
    TemplateKey, TemplateSummary, Templates, ToDelete, ToRead, ToWrite, VersionChoice, VersionSummary,
};
use crate::access::Actor;
use crate::classes::{self, Class};
use crate::error::ServiceError;
use crate::page::Page;
use crate::permission::Permission;
use crate::receipts;
use crate::renderer::Workbench;
use crate::sealing::{self, Cell, Event, audit_entry, change};
use crate::security::records::TemplateHead;

/// Characters of a name or a group.
const NAME_LENGTH_MAX: usize = 200;

/// Tries to store a change while others change the same template; each loses only to one that succeeded.
const CHANGE_TRIES_MAX: u32 = 50;

/// What a template has when it was given no sample data.
const EMPTY_SAMPLE: &str = "{}";

impl Templates<'_> {
    /// Creates a template with version 1.
    ///
    /// # Errors
    /// [`ServiceError::TemplateInvalid`] with all findings, [`ServiceError::InvalidField`] for name, group or sample,
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn create(&self, actor: &Arc<Actor>, new: NewTemplate) -> Result<CreatedTemplate, ServiceError> {
        actor.require(Permission::TemplatesWrite)?;
        let (name_given, warnings) = self.check_body(actor.class(), new.body.clone(), Strictness::Check).await?;
        if let Some(sample) = &new.sample {
            check_sample("sample", sample)?;
        }
        let name = new.name.unwrap_or(name_given);
        let key = self
            .insert(actor, &name, &new.group_name, &new.body, new.sample.as_deref(), "template.create", json!({}))
            .await?;
        Ok(CreatedTemplate { key, name, warnings })
    }

    /// The templates of the actor's workspace, the most recently changed first.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Unavailable`].
    pub async fn list(
        &self,
        actor: &Actor,
        group_name: Option<&str>,
        page: Page,
    ) -> Result<Vec<TemplateSummary>, ServiceError> {
        actor.require(Permission::TemplatesRead)?;
        let group = group_name.map(|group_name| group_indexes(actor, group_name));
        let rows = self.store(actor).list_templates(group.as_deref(), page.into()).await?;
        rows.iter().map(|row| summary_of(actor, row)).collect()
    }

    /// The versions of a template, the latest first.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn versions(
        &self,
        template: &AuthorisedTemplate<ToRead>,
        page: Page,
    ) -> Result<Vec<VersionSummary>, ServiceError> {
        let actor = template.actor();
        let rows = self.store(actor).list_template_versions(template.id(), page.into()).await?;
        rows.into_iter()
            .map(|row| {
                let cell = version_cell("description_sealed", row.id);
                let description = sealing::open_or_empty(actor.keys(), cell, row.description_sealed.as_deref())?;
                Ok(VersionSummary { number: row.number, description, created_at: row.created_at })
            })
            .collect()
    }

    /// A version with its definition.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], [`ServiceError::Unavailable`].
    pub async fn content(
        &self,
        template: &AuthorisedTemplate<ToRead>,
        version: VersionChoice,
    ) -> Result<TemplateContent, ServiceError> {
        self.read(template, version).await
    }

    /// Changes a template. A new definition or new sample data make the next version.
    ///
    /// # Errors
    /// As [`Templates::create`].
    pub async fn update(
        &self,
        template: &AuthorisedTemplate<ToWrite>,
        change: TemplateChange,
    ) -> Result<(), ServiceError> {
        let actor = template.actor();
        if let Some(sample) = &change.sample {
            check_sample("json", sample)?;
        }
        if let Some(body) = &change.body {
            self.check_body(actor.class(), body.clone(), change.strictness).await?;
        }
        let old = self.read(template, VersionChoice::Latest).await?;
        let changes = changes_of(actor, &old, &change);
        let version = if change.body.is_some() || change.sample.is_some() {
            let body = change.body.unwrap_or(old.body);
            let sample = change.sample.unwrap_or(old.sample);
            Some(self.new_version(actor, &body, Some(&sample), &change.description)?)
        } else {
            None
        };
        let name_sealed = match &change.name {
            Some(name) => Some(self.seal_name(actor, template.id(), name)?),
            None => None,
        };
        let details = json!({ "name": change.name.is_some(), "version": version.is_some(), "changes": changes });
        let row_change = RowChange { name_sealed, version, ..RowChange::default() };
        let result = self.store_change(template, row_change, details).await;
        self.forget_head(template);
        result
    }

    /// Stores a change whose act records the head as it becomes; whoever changed it meanwhile makes that another one.
    async fn store_change(
        &self,
        template: &AuthorisedTemplate<ToWrite>,
        mut change: RowChange,
        mut details: Json,
    ) -> Result<(), ServiceError> {
        let (actor, id) = (template.actor(), template.id());
        for _ in 0..CHANGE_TRIES_MAX {
            let head = self.store(actor).template(id).await?.ok_or(ServiceError::NotFound { what: "template" })?;
            change.expected_revision = Some(head.revision);
            let number = head.latest_version.saturating_add(u32::from(change.version.is_some()));
            let becomes = TemplateHead {
                id,
                public_id: head.public_id,
                status: change.status.unwrap_or(head.status),
                latest_version: number,
                revision: head.revision.saturating_add(1),
            };
            becomes.record(&mut details, change.version.as_ref().map(|version| version.id));
            let entry = self.entry(actor, "template.update", id.uuid(), &details)?;
            let now = self.shared.clock.now();
            match self.store(actor).update_template(id, &change, now, actor.for_audit(), &entry).await {
                Err(chancery_store::StoreError::Conflict { .. }) => {}
                other => return other.map(|_| ()).map_err(gone),
            }
        }
        Err(ServiceError::Busy { retry_after_s: 1 })
    }

    /// Copies one version of a template into a new template.
    ///
    /// # Errors
    /// As [`Templates::create`]; [`ServiceError::NotFound`] for the version.
    pub async fn copy(
        &self,
        template: &AuthorisedTemplate<ToWrite>,
        copy: TemplateCopy,
    ) -> Result<TemplateKey, ServiceError> {
        let actor = template.actor();
        actor.require(Permission::TemplatesRead)?;
        let content = self.read(template, copy.version).await?;
        let row =
            self.store(actor).template(template.id()).await?.ok_or(ServiceError::NotFound { what: "template" })?;
        let group_name = match copy.group_name {
            Some(group_name) => group_name,
            None => summary_of(actor, &row)?.group_name,
        };
        let name = copy.name.unwrap_or_else(|| format!("{} (copy)", content.name));
        let details = json!({ "from": template.key().to_string(), "from_version": content.version });
        self.insert(actor, &name, &group_name, &content.body, Some(&content.sample), "template.copy", details).await
    }

    /// Deletes a template with all its versions. Documents made from it stay until they expire.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is gone already, [`ServiceError::Held`], [`ServiceError::Unavailable`].
    pub async fn delete(&self, template: AuthorisedTemplate<ToDelete>) -> Result<(), ServiceError> {
        let actor = template.actor();
        // What cannot be opened any more can be deleted all the same.
        let old = self.read(&template, VersionChoice::Latest).await.ok();
        let changes = json!({
            "name": change(actor.keys(), "name", old.as_ref().map(|old| old.name.as_str()), None),
            "body": change(actor.keys(), "body", old.as_ref().map(|old| old.body.as_str()), None),
        });
        let entry = self.entry(actor, "template.delete", template.id().uuid(), &json!({ "changes": changes }))?;
        let batch = BatchRow {
            at: self.shared.clock.now(),
            kind: "templates".to_owned(),
            class: self.shared.policies_of(actor.workspace()).await?.class,
            bytes: 0,
            ids: vec![template.id().uuid()],
            key_ids: Vec::new(),
        };
        let deletion = receipts::deletion(self.shared, actor.keys(), actor.for_audit(), batch)?;
        self.store(actor).delete_template(template.id(), &deletion, &entry).await.map_err(gone)?;
        self.forget_head(&template);
        Ok(())
    }

    async fn read<P: Purpose>(
        &self,
        template: &AuthorisedTemplate<P>,
        version: VersionChoice,
    ) -> Result<TemplateContent, ServiceError> {
        let actor = template.actor();
        let number = number_of(version, template.latest_version())?;
        let store = self.store(actor);
        let row = store.template(template.id()).await?.ok_or(ServiceError::NotFound { what: "template" })?;
        let version = store.template_version(template.id(), Some(number)).await?;
        let version = version.ok_or(ServiceError::NotFound { what: "template version" })?;
        let sample_cell = version_cell("sample_sealed", version.id);
        let body = sealing::open(actor.keys(), version_cell("body_sealed", version.id), &version.body_sealed)?;
        Ok(TemplateContent {
            name: sealing::open(actor.keys(), template_cell("name_sealed", row.id), &row.name_sealed)?,
            version: version.number,
            sample: match &version.sample_sealed {
                Some(sealed) => sealing::open(actor.keys(), sample_cell, sealed)?,
                None => sample_of(&body),
            },
            body,
        })
    }

    #[expect(clippy::too_many_arguments, reason = "private; all of it is one row")]
    async fn insert(
        &self,
        actor: &Arc<Actor>,
        name: &str,
        group_name: &str,
        body: &str,
        sample: Option<&str>,
        action: &'static str,
        details: Json,
    ) -> Result<TemplateKey, ServiceError> {
        let now = self.shared.clock.now();
        let random = &*self.shared.random;
        let id = TemplateId::generate(now, random)?;
        let public_id = PublicTemplateId::generate(random)?;
        let group = if group_name.is_empty() {
            None
        } else {
            check_name("group_name", group_name)?;
            let sealed = sealing::seal(actor.keys(), random, template_cell("group_sealed", id), group_name)?;
            group_indexes(actor, group_name).into_iter().next().map(|index| (sealed, index))
        };
        let row = NewRow {
            id,
            public_id,
            name_sealed: self.seal_name(actor, id, name)?,
            group,
            status: TemplateStatus::Active,
            created_at: now,
            first_version: self.new_version(actor, body, sample, "")?,
        };
        let changes = json!({
            "name": change(actor.keys(), "name", None, Some(name)),
            "body": change(actor.keys(), "body", None, Some(body)),
            "sample": change(actor.keys(), "sample", None, sample),
        });
        let mut details = details;
        if let Some(fields) = details.as_object_mut() {
            fields.insert("changes".to_owned(), changes);
        }
        TemplateHead { id, public_id, status: row.status, latest_version: 1, revision: 1 }
            .record(&mut details, Some(row.first_version.id));
        let entry = self.entry(actor, action, id.uuid(), &details)?;
        self.store(actor).create_template(&row, actor.for_audit(), &entry).await?;
        Ok(TemplateKey::new(public_id))
    }

    fn new_version(
        &self,
        actor: &Actor,
        body: &str,
        sample: Option<&str>,
        description: &str,
    ) -> Result<NewVersion, ServiceError> {
        let random = &*self.shared.random;
        let id = VersionId::generate(self.shared.clock.now(), random)?;
        let seal = |column, text| sealing::seal(actor.keys(), random, version_cell(column, id), text);
        Ok(NewVersion {
            id,
            body_sealed: seal("body_sealed", body)?,
            sample_sealed: sample.map(|sample| seal("sample_sealed", sample)).transpose()?,
            description_sealed: (!description.is_empty())
                .then(|| seal("description_sealed", description))
                .transpose()?,
        })
    }

    fn seal_name(&self, actor: &Actor, id: TemplateId, name: &str) -> Result<Vec<u8>, ServiceError> {
        check_name("name", name)?;
        sealing::seal(actor.keys(), &*self.shared.random, template_cell("name_sealed", id), name)
    }

    /// Reads a definition and finds its fonts and pictures; returns its name and the warnings. On a render thread: a large
    /// one takes long enough to hold up other requests here.
    async fn check_body(
        &self,
        workspace_class: Class,
        body: String,
        strictness: Strictness,
    ) -> Result<(String, Vec<Diagnostic>), ServiceError> {
        let shared = Arc::clone(self.shared);
        let check = move |_: &mut Workbench, _: &AtomicBool| {
            let (template, warnings) = read_body(&body, strictness, &shared.policy.render_limits)?;
            if let Some(fault) = template.class_fault() {
                return Err(ServiceError::TemplateInvalid { findings: vec![fault] });
            }
            classes::check_label(classes::class_of(&template, workspace_class), &template)?;
            let name = template.name.clone();
            prepare(Arc::new(template), &shared)?;
            Ok((name, warnings))
        };
        self.shared.renderer.run(check).await?
    }

    fn entry(
        &self,
        actor: &Actor,
        action: &'static str,
        target_id: Uuid,
        details: &Json,
    ) -> Result<chancery_store::AuditEntry, ServiceError> {
        let event = Event { actor: actor.for_audit(), action, target_kind: "template", target_id, details };
        audit_entry(actor.keys(), &*self.shared.random, self.shared.clock.now(), &event)
    }

    fn store(&self, actor: &Actor) -> chancery_store::WorkspaceStore {
        self.shared.store.workspace(actor.workspace())
    }

    /// This node need not wait to hear of its own change.
    fn forget_head<P: Purpose>(&self, template: &AuthorisedTemplate<P>) {
        let id = template.id();
        self.shared.heads.forget(|_, head| head.id == id);
    }
}

/// Digests of what a change replaces, and by what.
fn changes_of(actor: &Actor, old: &TemplateContent, new: &TemplateChange) -> Json {
    let parts = [("name", &old.name, &new.name), ("body", &old.body, &new.body), ("sample", &old.sample, &new.sample)];
    let changed = parts.into_iter().filter_map(|(field, old, new)| {
        let new = new.as_deref()?;
        Some((field.to_owned(), change(actor.keys(), field, Some(old), Some(new))))
    });
    Json::Object(changed.collect())
}

fn read_body(body: &str, strictness: Strictness, limits: &Limits) -> Result<(Template, Vec<Diagnostic>), ServiceError> {
    let read = match (strictness, serde_json::from_str::<Json>(body)) {
        // The engine's own reader knows line and column of what is no JSON.
        (Strictness::Check, _) | (Strictness::Lenient, Err(_)) => Template::parse(body, limits),
        (Strictness::Lenient, Ok(json)) => Template::from_value(&json, limits, strictness),
    };
    read.map_err(|findings| ServiceError::TemplateInvalid { findings })
}

/// The sample data that a definition itself holds: the one called `default`, or else the first.
fn sample_of(body: &str) -> String {
    let json = serde_json::from_str::<Json>(body).unwrap_or_default();
    let samples = json.pointer("/data/samples").and_then(Json::as_object);
    let sample = samples.and_then(|samples| samples.get("default").or_else(|| samples.values().next()));
    sample.map_or_else(|| EMPTY_SAMPLE.to_owned(), Json::to_string)
}

fn gone(error: chancery_store::StoreError) -> ServiceError {
    match error {
        chancery_store::StoreError::NotFound { .. } => ServiceError::NotFound { what: "template" },
        other => other.into(),
    }
}

fn template_cell(column: &'static str, id: TemplateId) -> Cell {
    Cell { table: "templates", column, row: id.uuid() }
}

fn version_cell(column: &'static str, id: VersionId) -> Cell {
    Cell { table: "template_versions", column, row: id.uuid() }
}

/// The indexes under which templates of a group may be stored; new ones go under the first.
fn group_indexes(actor: &Actor, group_name: &str) -> Vec<BlindIndex> {
    actor.keys().blind_indexes("templates.group", group_name.as_bytes())
}

fn summary_of(actor: &Actor, row: &TemplateRow) -> Result<TemplateSummary, ServiceError> {
    Ok(TemplateSummary {
        key: TemplateKey::new(row.public_id),
        name: sealing::open(actor.keys(), template_cell("name_sealed", row.id), &row.name_sealed)?,
        group_name: sealing::open_or_empty(
            actor.keys(),
            template_cell("group_sealed", row.id),
            row.group_sealed.as_deref(),
        )?,
        status: row.status.as_str().to_owned(),
        version: row.latest_version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn check_name(field: &'static str, name: &str) -> Result<(), ServiceError> {
    if name.trim().is_empty() {
        return Err(ServiceError::invalid(field, "must not be empty"));
    }
    if name.chars().count() > NAME_LENGTH_MAX {
        return Err(ServiceError::invalid(field, "must be at most 200 characters long"));
    }
    if name.chars().any(char::is_control) {
        return Err(ServiceError::invalid(field, "must not hold control characters"));
    }
    Ok(())
}

fn check_sample(field: &'static str, sample: &str) -> Result<(), ServiceError> {
    match serde_json::from_str::<Json>(sample) {
        Ok(Json::Object(_)) => Ok(()),
        Ok(_) => Err(ServiceError::invalid(field, "must be a JSON object")),
        Err(error) => Err(ServiceError::invalid(field, format!("is not valid JSON: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn names_are_short_texts_without_control_characters() {
        assert!(check_name("name", "Rechnung für Größe 7").is_ok());
        for (name, message) in [
            (String::new(), "`name` must not be empty"),
            ("  ".into(), "`name` must not be empty"),
            ("x".repeat(201), "`name` must be at most 200 characters long"),
            ("a\nb".into(), "`name` must not hold control characters"),
        ] {
            assert_eq!(check_name("name", &name).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_definition_brings_its_own_sample() {
        assert_eq!(sample_of(r#"{"data":{"samples":{"a":{"x":1},"default":{"x":2}}}}"#), r#"{"x":2}"#);
        assert_eq!(sample_of(r#"{"data":{"samples":{"a":{"x":1}}}}"#), r#"{"x":1}"#);
        assert_eq!(sample_of(r#"{"data":{}}"#), "{}");
        assert_eq!(sample_of("no JSON"), "{}");
    }

    #[test]
    fn sample_data_is_a_json_object() {
        assert!(check_sample("json", "{\"a\":1}").is_ok());
        assert_eq!(check_sample("json", "[]").unwrap_err().to_string(), "`json` must be a JSON object");
        assert!(check_sample("json", "{").unwrap_err().to_string().starts_with("`json` is not valid JSON: "));
        assert!(check_sample("json", &"[".repeat(100_000)).is_err());
    }
}
