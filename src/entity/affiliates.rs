//! The affiliate programme.

pub mod affiliate;
pub mod affiliate_flag;
pub mod affiliate_link;
pub mod affiliate_suspension;
pub mod attribution;
pub mod click;
pub mod creative;
