//! People: who they are, what they may do, how they sign in.

pub mod account;
pub mod account_role;
pub mod attempt;
pub mod one_time_token;
pub mod password;
pub mod restriction;
pub mod reward_claim;
pub mod session;
pub mod trace;
