//! The affiliate programme.

pub mod affiliate;
pub mod affiliate_link;
pub mod attribution;
pub mod click;
