//! People: accounts, suspensions, roles, and signing in.

mod acting;
mod activity;
mod attempts;
mod change_password;
pub mod gate;
mod grant_role;
pub mod hasher;
mod one_time;
mod refresh;
pub mod rejection;
mod reset_password;
pub mod rules;
mod sign_in;
mod sign_out;
pub mod store;
mod suspend;
mod traces;

pub use acting::{Acting, acting, acting_even_suspended, acting_unless_fraud, holder};
pub use activity::{Activity, note_activity};
pub use attempts::{forget_guesses, must_be_allowed, take_back_try, try_one_more};
pub use change_password::{ChangePassword, change_password, prove_password};
pub use gate::{Address, Gate, Origin};
pub use grant_role::{grant_role, revoke_role};
pub use one_time::{mail_token, use_token};
pub use refresh::refresh;
pub use reset_password::{request_reset, reset_password};
pub use sign_in::{SignedIn, sign_in};
pub use sign_out::{end_other_sessions, sign_out, sign_out_everywhere};
pub use store::{REACHES, SECTIONS, erase_of};
pub use suspend::{reinstate, suspend};
pub use traces::{Bond, are_related, list_bonds, note_person, note_trace, shared_by, trace_all};
