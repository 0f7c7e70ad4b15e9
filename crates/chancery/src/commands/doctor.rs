//! `doctor`: checks what the service stands on, and says what it found.

use chancery_service::access::Operator;
use chancery_service::doctor::Verdict;

use crate::config::Config;
use crate::error::CommandError;
use crate::{opened, output, places};

/// Checks, prints one line a check, and fails when one of them is not as it should be.
pub(crate) async fn run(config: &Config) -> Result<(), CommandError> {
    let places = places::open(config)?;
    let opened = opened::open_with_fonts(config).await?;
    let checks = opened.service.doctor().run(&Operator::of_this_machine()).await;
    let places = places::standings(&opened.service, &places).await;
    opened.close().await;
    let mut failed = 0_usize;
    for check in checks {
        let word = match check.verdict {
            Verdict::Good => "ok",
            Verdict::Note => "note",
            Verdict::Bad => {
                failed += 1;
                "BAD"
            }
        };
        output::line(&format!("{word}\t{}\t{}", check.name, check.finding))?;
    }
    let places = places?;
    if places.is_empty() {
        output::line("note\tledger\tno place outside of the database keeps checkpoints: set `audit.places_file`")?;
    }
    for place in places {
        let (word, error) = match place.error {
            Some(error) => {
                failed += 1;
                ("BAD", format!("; {error}"))
            }
            None => ("ok", String::new()),
        };
        let (kind, name, size, behind) = (place.kind, place.name, place.size, place.behind);
        output::line(&format!("{word}\tledger\t{kind} `{name}` keeps {size} entries, {behind} behind{error}"))?;
    }
    match failed {
        0 => Ok(()),
        1 => Err(CommandError::environment("1 check failed", "see above")),
        count => Err(CommandError::environment(format!("{count} checks failed"), "see above")),
    }
}
