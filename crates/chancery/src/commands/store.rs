//! `store`: checks that database, objects and ledger fit together.

use chancery_service::access::Operator;
use chancery_service::check::{CheckOptions, Checked, Finding, Repair, Told};
use serde_json::json;

use crate::cli_watching::{Store, StoreCheck};
use crate::config::Config;
use crate::error::CommandError;
use crate::opened::{self, Opened, service_error};
use crate::output;

/// Does what was asked.
pub(crate) async fn run(config: &Config, command: &Store) -> Result<(), CommandError> {
    let Store::Check(flags) = command;
    let from = flags.from.as_deref().map(str::parse).transpose();
    let from = from.map_err(|problem| CommandError::input(format!("--from: {problem}")))?;
    let options = CheckOptions { is_deep: flags.deep, repairs: flags.repair, from };
    let opened = opened::open(config).await?;
    let result = check(&opened, flags, options).await;
    opened.close().await;
    result
}

async fn check(opened: &Opened, flags: &StoreCheck, options: CheckOptions) -> Result<(), CommandError> {
    let mut written = Ok(());
    let mut last = None;
    let mut tell = |told: Told| match told {
        Told::Found(finding) if written.is_ok() => {
            written = output::line(&if flags.json { as_json(&finding) } else { as_text(&finding) });
        }
        Told::Found(_) => {}
        Told::At(cursor) => {
            output::note(&format!("checked up to {cursor}"));
            last = Some(cursor);
        }
    };
    let checked = opened.service.check().run(&Operator::of_this_machine(), options, &mut tell).await;
    written?;
    let checked = checked.map_err(|error| {
        let goes_on = last.map_or_else(String::new, |last| format!("; `--from {last}` goes on"));
        service_error(&format!("the check did not end{goes_on}"), error)
    })?;
    output::data(&if flags.json { summary_as_json(&checked) } else { summary_as_text(&checked) })?;
    match checked.findings - checked.repaired {
        0 => Ok(()),
        1 => Err(CommandError::input("1 thing is wrong and was not mended")),
        count => Err(CommandError::input(format!("{count} things are wrong and were not mended"))),
    }
}

fn as_text(finding: &Finding) -> String {
    let workspace = finding.workspace.map_or_else(|| "-".to_owned(), |id| id.to_string());
    let Finding { fault, place, which, detail, repair, .. } = finding;
    format!("{}\t{workspace}\t{place}\t{which}\t{detail}\t{}", fault.word(), repair.word())
}

fn as_json(finding: &Finding) -> String {
    json!({
        "fault": finding.fault.word(),
        "workspace": finding.workspace.map(|id| id.to_string()),
        "place": finding.place,
        "which": finding.which,
        "detail": finding.detail,
        "repair": (finding.repair != Repair::None).then_some(finding.repair.word()),
    })
    .to_string()
}

/// What was looked at, by name.
fn counts(checked: &Checked) -> [(&'static str, u64); 11] {
    [
        ("workspaces", checked.workspaces),
        ("keys", checked.keys),
        ("values", checked.values),
        ("records", checked.records),
        ("undigested", checked.undigested),
        ("documents", checked.documents),
        ("segments", checked.segments),
        ("objects", checked.objects),
        ("entries", checked.entries),
        ("findings", checked.findings),
        ("mended", checked.repaired),
    ]
}

fn summary_as_text(checked: &Checked) -> String {
    counts(checked).iter().map(|(name, count)| format!("{name}\t{count}\n")).collect()
}

fn summary_as_json(checked: &Checked) -> String {
    let counts: serde_json::Map<_, _> =
        counts(checked).iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect();
    format!("{}\n", json!({ "checked": counts }))
}
