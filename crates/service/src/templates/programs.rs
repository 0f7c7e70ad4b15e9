//! Programs: templates made ready to render, kept while they are in use. A version never changes, so neither does its program.

use std::sync::Arc;

use chancery_render::template::Strictness;
use chancery_render::{Limits, Program, Template};
use chancery_store::TemplateId;
use tokio::sync::OnceCell;

use super::{AuthorisedTemplate, Purpose, VersionChoice};
use crate::Shared;
use crate::cache::Cache;
use crate::error::ServiceError;
use crate::renderer::making::ServiceWorld;
use crate::sealing::{self, Cell};

/// Programs kept at once. One takes some ten to a few hundred kilobytes.
const PROGRAM_COUNT_MAX: usize = 500;

type Key = (TemplateId, u32);

/// The programs in use. Several requests for one that is not there yet make it once.
pub(crate) struct Programs {
    known: Cache<Key, Arc<OnceCell<Arc<Program>>>>,
}

impl Programs {
    pub(crate) fn new() -> Self {
        Self { known: Cache::new(PROGRAM_COUNT_MAX) }
    }

    /// The program of a version of an authorised template.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a version that does not exist, [`ServiceError::TemplateInvalid`] when this
    /// installation cannot use it (a font is missing), [`ServiceError::Busy`], [`ServiceError::Unavailable`].
    pub(crate) async fn of<P: Purpose>(
        &self,
        shared: &Arc<Shared>,
        template: &AuthorisedTemplate<P>,
        version: u32,
    ) -> Result<Arc<Program>, ServiceError> {
        let key = (template.id(), version);
        let cell = self.known.get(&key).unwrap_or_else(|| {
            let cell = Arc::new(OnceCell::new());
            self.known.insert(self.known.ticket(), key, Arc::clone(&cell));
            cell
        });
        let made = cell.get_or_try_init(|| make(shared, template, version)).await;
        if made.is_err() {
            // What does not exist now may exist later, and must not take a place until then.
            self.known.forget(|known, value| *known == key && !value.initialized());
        }
        made.cloned()
    }
}

/// Which number a choice means for a template that has versions up to the latest.
///
/// # Errors
/// [`ServiceError::NotFound`].
pub(crate) fn number_of(choice: VersionChoice, latest_version: u32) -> Result<u32, ServiceError> {
    match choice {
        VersionChoice::Latest => Ok(latest_version),
        VersionChoice::Number(number) if (1..=latest_version).contains(&number) => Ok(number),
        VersionChoice::Number(_) => Err(ServiceError::NotFound { what: "template version" }),
    }
}

async fn make<P: Purpose>(
    shared: &Arc<Shared>,
    template: &AuthorisedTemplate<P>,
    version: u32,
) -> Result<Arc<Program>, ServiceError> {
    let actor = template.actor();
    let row = shared.store.workspace(actor.workspace()).template_version(template.id(), Some(version)).await?;
    let row = row.ok_or(ServiceError::NotFound { what: "template version" })?;
    let cell = Cell { table: "template_versions", column: "body_sealed", row: row.id.uuid() };
    let body = sealing::open(actor.keys(), cell, &row.body_sealed)?;
    let shared_here = Arc::clone(shared);
    shared.renderer.run(move |_, _| compile(&body, &shared_here)).await?
}

fn compile(body: &str, shared: &Shared) -> Result<Arc<Program>, ServiceError> {
    let invalid = |findings| ServiceError::TemplateInvalid { findings };
    let limits: &Limits = &shared.policy.render_limits;
    let json =
        serde_json::from_str(body).map_err(|error| ServiceError::internal("parsing a stored template", error))?;
    // What was stored leniently is read leniently.
    let (template, _) = Template::from_value(&json, limits, Strictness::Lenient).map_err(invalid)?;
    prepare(Arc::new(template), shared).map(Arc::new)
}

/// Finds the fonts and pictures of a template.
pub(super) fn prepare(template: Arc<Template>, shared: &Shared) -> Result<Program, ServiceError> {
    let world = ServiceWorld { fonts: &shared.fonts, now_ms: shared.clock.now().signed_millis() };
    Program::new(template, &world).map_err(|findings| ServiceError::TemplateInvalid { findings })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn versions_count_from_1_to_the_latest() {
        assert_eq!(number_of(VersionChoice::Latest, 3).unwrap(), 3);
        assert_eq!(number_of(VersionChoice::Number(1), 3).unwrap(), 1);
        assert_eq!(number_of(VersionChoice::Number(3), 3).unwrap(), 3);
        for number in [0, 4, u32::MAX] {
            assert_eq!(number_of(VersionChoice::Number(number), 3).unwrap_err().code(), "not-found");
        }
    }
}
