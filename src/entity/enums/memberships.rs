//! Memberships.

use super::text_enum;

text_enum! {
    /// A membership plan (M-1).
    MembershipPlan {
        /// Free of charge; every freelancer's default.
        Basic = "BASIC",
        /// More Connects and perks.
        Plus = "PLUS",
    }
}
