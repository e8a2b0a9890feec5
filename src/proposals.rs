//! Proposals: what freelancers send to job posts, and pay Connects for.

mod edit;
pub mod rejection;
pub mod rules;
pub mod store;
mod submit;
mod withdraw;

pub use edit::{Edits, edit};
pub use submit::{Submit, Submitted, submit, submit_many};
pub use withdraw::{lock_with_post, withdraw, withdraw_all};
