//! The ledger: what its entries are about.

use super::text_enum;

text_enum! {
    /// The kind of an entry in the Connects history (H-7).
    HistoryKind {
        /// The welcome gift at the first registration as a freelancer.
        Signup = "SIGNUP",
        /// The free part of a monthly grant (M-4).
        MonthlyFree = "MONTHLY_FREE",
        /// The paid part of a monthly grant (M-4).
        Membership = "MEMBERSHIP",
        /// The free part of the grant for an upgrade's first cycle (M-6).
        MembershipProrated = "MEMBERSHIP_PRORATED",
        /// A purchase of Connects (B-3).
        Purchase = "PURCHASE",
        /// Connects from a promo code (B-5).
        Promo = "PROMO",
        /// A reward for the first Rising Talent badge.
        RisingTalent = "RISING_TALENT",
        /// A reward for the first skill certification.
        SkillCertification = "SKILL_CERTIFICATION",
        /// A refund for an interview.
        InterviewRefunded = "INTERVIEW_REFUNDED",
        /// A reward for an interview.
        InterviewAwarded = "INTERVIEW_AWARDED",
        /// The price of a proposal (S-2).
        Proposal = "PROPOSAL",
        /// A hold for a boost bid.
        BoostBid = "BOOST_BID",
        /// A boost bid that was returned.
        BoostReturned = "BOOST_RETURNED",
        /// The price of the availability badge (V-2).
        Badge = "BADGE",
        /// A refund because the client cancelled the job post (T-1).
        ReturnedCancelled = "RETURNED_CANCELLED",
        /// A refund because the job post was removed (T-1).
        ReturnedRemoved = "RETURNED_REMOVED",
        /// The reversal of a refund (T-6).
        ReturnReversed = "RETURN_REVERSED",
        /// Connects that expired with their lot (L-5).
        Expired = "EXPIRED",
        /// Connects taken back after a charge-back (B-4).
        Chargeback = "CHARGEBACK",
        /// A correction by an admin (H-6).
        Adjustment = "ADJUSTMENT",
    }
}

text_enum! {
    /// The kind of document that caused an entry.
    DocumentKind {
        /// The registration of a freelancer profile, referred to by the account's id.
        Registration = "REGISTRATION",
        /// A billing cycle, referred to by its first day.
        Cycle = "CYCLE",
        /// A proposal, referred to by its id.
        Proposal = "PROPOSAL",
        /// A purchase, referred to by its id.
        Purchase = "PURCHASE",
        /// A month of a plan that was given, referred to by its number in the wallet.
        GiftMonth = "GIFT_MONTH",
        /// A use of a promo code, referred to by its id.
        PromoRedemption = "PROMO_REDEMPTION",
        /// A lot, referred to by its number in the wallet.
        Lot = "LOT",
    }
}
