//! Promo codes and their uses.

pub mod promo_code;
pub mod promo_redemption;
