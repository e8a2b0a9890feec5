//! Talent badges of freelancers (K-1), each with the time from and to which they have it.

mod award;
mod end;
mod notifications;
pub mod rejection;
pub mod rules;
pub mod store;

pub use award::award;
pub use end::end;
pub use notifications::EVENTS;
pub use store::SECTIONS;
