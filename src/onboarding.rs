//! Registration: an account, and for a freelancer the wallet, the first cycle and the welcome gift,
//! all in one transaction; by command, or through the API with a password and an address to be verified.

mod add_profile;
mod register;
mod sign_up;
mod verify_email;

pub use add_profile::add_profile;
pub use register::{Registered, Registration, register, register_by_command};
pub use sign_up::{SignUp, sign_up};
pub use verify_email::{request_verification, verify_email};
