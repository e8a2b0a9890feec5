//! The ledger: what its entries are about.

use super::text_enum;

text_enum! {
    /// What a history row is about (H-7).
    HistoryKind {
        /// Welcome gift at the first registration.
        Signup = "SIGNUP",
        /// The free part of a monthly grant (M-4).
        MonthlyFree = "MONTHLY_FREE",
        /// The paid part of a monthly grant (M-4).
        Membership = "MEMBERSHIP",
        /// The free part of an upgrade's first cycle (M-6).
        MembershipProrated = "MEMBERSHIP_PRORATED",
        /// Bought (B-3).
        Purchase = "PURCHASE",
        /// Won by a promo code (B-5).
        Promo = "PROMO",
        /// First Rising Talent badge.
        RisingTalent = "RISING_TALENT",
        /// First skill certification.
        SkillCertification = "SKILL_CERTIFICATION",
        /// Given back for an interview.
        InterviewRefunded = "INTERVIEW_REFUNDED",
        /// Won by an interview.
        InterviewAwarded = "INTERVIEW_AWARDED",
        /// Paid for a proposal (S-2).
        Proposal = "PROPOSAL",
        /// Held for a boost bid.
        BoostBid = "BOOST_BID",
        /// A boost bid given back.
        BoostReturned = "BOOST_RETURNED",
        /// Paid for the availability badge (V-2).
        Badge = "BADGE",
        /// Given back because the client cancelled (T-1).
        ReturnedCancelled = "RETURNED_CANCELLED",
        /// Given back because the post was removed (T-1).
        ReturnedRemoved = "RETURNED_REMOVED",
        /// A return taken back (T-6).
        ReturnReversed = "RETURN_REVERSED",
        /// A year has passed (L-5).
        Expired = "EXPIRED",
        /// Taken back after a charge-back (B-4).
        Chargeback = "CHARGEBACK",
        /// Set right by an admin (H-6).
        Adjustment = "ADJUSTMENT",
    }
}

text_enum! {
    /// What kind of document caused a row.
    DocumentKind {
        /// The registration of a freelancer profile; the account's id.
        Registration = "REGISTRATION",
        /// A billing cycle; its first day.
        Cycle = "CYCLE",
        /// A proposal; its id.
        Proposal = "PROPOSAL",
        /// A lot; its number in the wallet.
        Lot = "LOT",
    }
}
