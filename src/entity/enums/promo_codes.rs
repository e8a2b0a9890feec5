//! Promo codes.

use super::text_enum;

text_enum! {
    /// What a promo code gives (B-5).
    PromoKind {
        /// More Connects with a purchase.
        BonusConnects = "BONUS_CONNECTS",
        /// Connects without a purchase.
        FreeConnects = "FREE_CONNECTS",
        /// A percentage off the price of a purchase.
        PercentOff = "PERCENT_OFF",
        /// An amount off the price of a purchase.
        AmountOff = "AMOUNT_OFF",
        /// Months of PLUS without a charge.
        PlanMonths = "PLAN_MONTHS",
    }
}

text_enum! {
    /// The state of a use of a promo code (B-5).
    PromoRedemptionState {
        /// It is kept for a payment that is under way.
        Reserved = "RESERVED",
        /// It is used.
        Used = "USED",
        /// The payment failed, and the code can be used again.
        Released = "RELEASED",
    }
}
