//! What reads, runs, compares, reports and rewrites cases.

pub(crate) mod answers;
pub(crate) mod case;
pub(crate) mod determinism;
mod difference;
mod display_list;
mod expressions;
mod form;
pub(crate) mod golden;
mod input;
pub(crate) mod pictures;
pub(crate) mod report;
pub(crate) mod run;
mod tags;
mod text_lines;
mod world;
