//! Memberships: plans, billing cycles, and the Connects that each cycle brings.

mod change_plan;
mod end_plan;
mod issue;
mod notifications;
mod plan_of;
pub mod rejection;
pub mod rules;
mod start;
pub mod store;

pub use change_plan::change_plan;
pub use end_plan::end_plan;
pub use issue::{issue_due, next_due};
pub use notifications::EVENTS;
pub use plan_of::plan_of;
pub use start::start;
pub use store::SECTIONS;
