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

text_enum! {
    /// What a plan gives besides Connects (M-11).
    Perk {
        /// Sees the range of the amounts that others ask for in their proposals to a job post.
        CompetingBids = "COMPETING_BIDS",
        /// May hide what they have earned.
        HiddenEarnings = "HIDDEN_EARNINGS",
        /// May choose the address of their profile.
        ProfileUrl = "PROFILE_URL",
        /// Searches find the profile, however long its owner has not been active.
        StaysVisible = "STAYS_VISIBLE",
    }
}

text_enum! {
    /// How the cycles of a plan are paid (M-7, M-10).
    PlanBasis {
        /// An admin granted the plan, and nothing is charged.
        Granted = "GRANTED",
        /// Each cycle is charged to the person.
        Charged = "CHARGED",
        /// Each cycle uses a month that was given to the person.
        Gift = "GIFT",
    }
}

text_enum! {
    /// From where months of a plan come that were given to a person (M-10).
    GiftSource {
        /// A promo code.
        Promo = "PROMO",
        /// The referral by a freelancer.
        Referral = "REFERRAL",
        /// An admin.
        Admin = "ADMIN",
    }
}

text_enum! {
    /// The state of a renewal: a cycle that has begun and that the person is to pay (M-7).
    RenewalState {
        /// Its payment has not begun.
        Due = "DUE",
        /// Its payment is under way.
        Charging = "CHARGING",
        /// It is paid, and its paid part is issued.
        Paid = "PAID",
        /// It could not be paid, and the person is on the free plan from its start.
        Failed = "FAILED",
    }
}
