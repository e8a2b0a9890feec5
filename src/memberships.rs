//! Memberships: plans, billing cycles, and the Connects that each cycle brings.
//!
//! A plan is in force for periods. How the cycles of a period are paid is its basis: an admin granted the plan, the person is
//! charged, or months are used that were given to them. When a cycle begins, [`issue_due`] issues its free part to all, and its
//! paid part where nothing is to be paid; where something is, it leaves a renewal, which `subscriptions` charges.

mod begin_plan;
mod cancel_plan;
mod change_plan;
mod end_plan;
mod give;
mod issue;
mod notifications;
mod perks;
mod plan_of;
pub mod rejection;
mod renew;
pub mod rules;
mod start;
pub mod store;

pub use begin_plan::{Beginning, begin_plan};
pub use cancel_plan::{cancel_plan, keep_plan};
pub use change_plan::change_plan;
pub use end_plan::end_plan;
pub use give::{Gift, give, give_by_admin, use_next};
pub use issue::{issue_due, issue_due_of, next_due};
pub use notifications::EVENTS;
pub use perks::must_have;
pub use plan_of::plan_of;
pub use renew::{Next, begin_renewal, decide_renewal, fail_renewal, give_up_renewal, pay_renewal};
pub use start::start;
pub use store::{CHECKS, REACHES, SECTIONS};
