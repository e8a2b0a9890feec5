//! Purchases.

use super::text_enum;

text_enum! {
    /// The state of a purchase of Connects (B-3).
    PurchaseState {
        /// The payment is under way; the Connects come once it is paid.
        Pending = "PENDING",
        /// It is paid, and the Connects are in the wallet.
        Paid = "PAID",
        /// The payment failed, and nothing was bought.
        Failed = "FAILED",
        /// The bank took the payment back, and what was left of the Connects is gone (B-4).
        ChargedBack = "CHARGED_BACK",
    }
}

text_enum! {
    /// What a person buys.
    PurchaseItem {
        /// Connects (B-1).
        Connects = "CONNECTS",
        /// A cycle of a plan, with its paid Connects (M-6, M-7).
        Membership = "MEMBERSHIP",
    }
}
