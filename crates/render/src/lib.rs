//! The document engine: template and data in, pages out.
//!
//! ```text
//! Template  ->  Program  ->  Document  ->  pdf | image | screen
//! parse         resolve      lay out       write
//! ```
//!
//! This crate knows no files, network, clock, environment, random numbers or keys. Whatever it needs from
//! outside comes through [`World`]. The same input gives the same bytes, on every thread and in every process.

pub mod bound;
mod chart;
pub mod conformance;
pub mod data;
pub mod diagnostic;
pub mod document;
pub mod expression;
pub mod fonts;
pub mod image;
pub mod layout;
pub mod limits;
mod markdown;
pub mod pdf;
pub mod picture;
mod press;
pub mod program;
pub mod screen;
pub mod stress;
pub mod template;
mod text;
pub mod world;

pub use bound::{Bound, DataBounds};
pub use conformance::Profile;
pub use diagnostic::{Diagnostic, Severity};
pub use document::Document;
pub use limits::Limits;
pub use program::{Program, RenderOptions, Rendered};
pub use template::Template;
pub use world::{Assets, World};
