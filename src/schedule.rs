//! Scheduled work: what runs when, what triggers it, and the record of it.
//!
//! A task is an idempotent function of (database, now): it does all that is due up to now, in batches that are
//! transactions of their own, and can be killed at any point and run again. The cron scheduler only rings; our
//! tables hold what is due, who runs it and its outcome.

mod advance;
mod alarm;
mod claim;
mod execution;
mod lease;
pub mod occurrence;
pub mod rejection;
mod run;
mod run_due;
mod run_now;
mod runner;
mod scheduler;
mod sign_of_life;
pub mod store;
mod switch;
mod task;
mod tasks;

pub use advance::{Advance, Ran, advance_within, dry_run_advance, heading};
pub use alarm::Alarm;
pub use claim::Asked;
pub use run_now::dry_run;
pub use runner::Runner;
pub use scheduler::Scheduler;
pub use sign_of_life::confirm_now;
pub use switch::{pause, resume};
pub use task::{Counts, Need, Task};
pub use tasks::TASKS;
