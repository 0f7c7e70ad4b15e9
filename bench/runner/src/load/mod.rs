//! The load generator: callers on loopback that make requests to the service, one after the other, and check every answer.

mod answer;
mod caller;
mod cpu;
mod plan;
#[cfg(test)]
mod tests;
mod trial;

use std::process::ExitCode;

use serde_json::{Value as Json, json};

use crate::arguments::Options;
use crate::failure::Failure;
use crate::report;
use answer::Expected;
use caller::{Outcome, Round};
use cpu::{CpuTime, Watched};
use plan::Plan;

/// Requests before each measured round, so that connections, caches and code are warm.
const WARM_UP_COUNT: u64 = 50;

/// Measures a running service. The exit code says whether every answer was right.
pub(crate) fn run(options: &Options) -> Result<ExitCode, Failure> {
    let plan = Plan::read(options)?;
    let watched = Watched::new(plan.service_pid, plan.cluster.as_deref());
    let runtime = runtime()?;
    let mut code = ExitCode::SUCCESS;
    for expected in [Expected::Pdf, Expected::Json] {
        for callers in &plan.callers {
            let round = plan.round(expected, *callers);
            let warm_up = Round { request_count_max: WARM_UP_COUNT.max(u64::from(*callers)), ..round.clone() };
            runtime.block_on(caller::run(&warm_up))?;
            let before = watched.read()?;
            let outcome = runtime.block_on(caller::run(&round))?;
            let used = watched.read()?.since(before);
            if outcome.failure_count > 0 {
                code = ExitCode::FAILURE;
            }
            report::line(&figures(expected, *callers, &outcome, used))?;
        }
    }
    Ok(code)
}

/// Runs the generator against servers that answer wrongly. The exit code says whether each was found out.
pub(crate) fn self_check() -> Result<ExitCode, Failure> {
    let runtime = runtime()?;
    for trial in trial::ALL {
        let verdict = runtime.block_on(trial.run())?;
        report::note(&format!("{}: {verdict}", trial.name));
    }
    Ok(ExitCode::SUCCESS)
}

/// One thread: the generator must leave the other cores to the service.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| Failure::Channel { doing: "starting the runtime", source })
}

/// The figures of one round. CPU is in milliseconds a request, latency in milliseconds.
fn figures(expected: Expected, callers: u32, outcome: &Outcome, used: CpuTime) -> Json {
    let requests = outcome.success_count + outcome.failure_count;
    let latency = |quantile: f64| micros_to_ms(outcome.latency_us.value_at_quantile(quantile));
    json!({
        "answer": expected.name(),
        "callers": callers,
        "requests": requests,
        "failures": outcome.failure_count,
        "first_failure": outcome.first_failure,
        "seconds": outcome.elapsed.as_secs_f64(),
        "requests_per_second": per(requests, outcome.elapsed.as_secs_f64()),
        "p50_ms": latency(0.5),
        "p90_ms": latency(0.9),
        "p99_ms": latency(0.99),
        "max_ms": micros_to_ms(outcome.latency_us.max()),
        "service_cpu_ms": per_request(used.service_ms, requests),
        "database_cpu_ms": per_request(used.database_ms, requests),
    })
}

fn micros_to_ms(micros: u64) -> f64 {
    std::time::Duration::from_micros(micros).as_secs_f64() * 1_000.0
}

fn per(requests: u64, seconds: f64) -> f64 {
    if seconds > 0.0 { f64::from(u32::try_from(requests).unwrap_or(u32::MAX)) / seconds } else { 0.0 }
}

fn per_request(total_ms: u64, requests: u64) -> f64 {
    let count = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    if requests == 0 { 0.0 } else { count(total_ms) / count(requests) }
}
