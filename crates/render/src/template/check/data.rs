//! Checks of samples and data against the template's schema.

use serde_json::Value as Json;

use crate::data::escaped;
use crate::diagnostic::{Diagnostic, codes};
use crate::template::model::DataModel;

/// Holds the samples of a template, and data, against the schema of the template.
pub(super) fn check(expected: &DataModel, data: Option<&Json>, findings: &mut Vec<Diagnostic>) {
    let Some(schema) = &expected.schema else { return };
    for (name, sample) in &expected.samples {
        for problem in schema.problems(sample) {
            let pointer = format!("/data/samples/{}{}", escaped(name), problem.pointer);
            let finding = Diagnostic::warning(codes::INVALID_VALUE, pointer, problem.message);
            findings.push(Diagnostic { hint: problem.hint, ..finding });
        }
    }
    findings.extend(data.iter().flat_map(|data| schema.problems(data)).map(Diagnostic::from));
}
