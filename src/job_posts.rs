//! Job posts: what clients post, and what a proposal to it costs.

mod activity;
mod draft;
mod import;
mod lock;
mod notifications;
pub mod rejection;
mod report;
pub mod rules;
mod set_free;
pub mod store;
mod warn;
mod write;

pub use activity::note_activity;
pub use draft::{Draft, reprice, touch};
pub use import::{Imported, Row, import_batch};
pub use lock::{lock, lock_own};
pub use notifications::EVENTS;
pub use report::{Report, answer_appeal, appeal, decide_reports, dismiss_reports, report};
pub use set_free::set_free;
pub use store::{LockedPost, REACHES, SECTIONS, erase_of};
pub use warn::warn_due;
pub use write::{create, publish, update};
