//! Registration: an account, and for a freelancer the wallet, the first cycle and the welcome gift,
//! all in one transaction.

mod register;

pub use register::{Registered, Registration, register};
