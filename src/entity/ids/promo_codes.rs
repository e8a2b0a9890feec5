//! Ids of promo codes.

typed_id! {
    /// A promo code.
    PromoCodeId,
    /// A use of a promo code by a person.
    PromoRedemptionId,
}
