//! `template import --from`: a template of another program as format 1, with notes on what is not in it.

use std::path::Path;

use chancery_import::Imported;
use chancery_render::template::{CheckOptions, check, format_json};
use chancery_render::{Limits, Severity};

use crate::cli::Foreign;
use crate::error::CommandError;
use crate::world::AssetFolder;
use crate::{inputs, output};

/// The template in its canonical form; notes and findings go to standard error.
pub(crate) fn text(from: Foreign, path: &Path, limits: &Limits) -> Result<String, CommandError> {
    let Imported { template, notes } = match from {
        Foreign::Pdfme => chancery_import::pdfme(&inputs::json(path)?)
            .map_err(|error| CommandError::input(format!("{}: {error}", path.display())))?,
        Foreign::Html => chancery_import::html(&inputs::text(path)?),
    };
    for note in &notes {
        output::note(&format!("note: {note}"));
    }
    let text = format_json(&template);
    // What a person must mend is told, and the template is written all the same: nobody mends what they cannot see.
    let assets = AssetFolder::beside(path);
    for finding in check(&text, &CheckOptions { data: None, assets: Some(&assets) }, limits) {
        let told = finding.severity == Severity::Error;
        output::note(&format!("{}{finding}", if told { "to mend: " } else { "" }));
    }
    Ok(text)
}
