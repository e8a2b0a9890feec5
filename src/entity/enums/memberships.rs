//! Memberships.

use super::text_enum;

text_enum! {
    /// A membership plan (M-1).
    MembershipPlan {
        /// The free plan, which every freelancer has by default.
        Basic = "BASIC",
        /// The plan with more Connects and with perks.
        Plus = "PLUS",
    }
}
