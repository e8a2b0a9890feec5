//! Talent badges.

pub mod talent_badge;
