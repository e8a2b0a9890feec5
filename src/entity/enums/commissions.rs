//! Commissions.

use super::text_enum;

text_enum! {
    /// The state of a commission (F-6).
    CommissionState {
        /// Some of it may still lock.
        Pending = "PENDING",
        /// All of it that is earned has locked.
        Locked = "LOCKED",
        /// All of it has been paid.
        Paid = "PAID",
        /// Nothing of it was earned.
        Reversed = "REVERSED",
        /// The hire is outside the programme's terms, so nothing more of it is earned (F-9).
        OutsideTerms = "OUTSIDE_TERMS",
    }
}

text_enum! {
    /// Why nothing, or nothing more, of a commission is earned (F-6, F-8, F-9).
    CommissionReason {
        /// The client was refunded.
        Refunded = "REFUNDED",
        /// The client's bank took the payment back.
        ChargedBack = "CHARGED_BACK",
        /// The affiliate was suspended or terminated before it locked.
        AffiliateSuspended = "AFFILIATE_SUSPENDED",
        /// The client is not a new one.
        NotANewClient = "NOT_A_NEW_CLIENT",
        /// The affiliate was hired.
        AffiliateHired = "AFFILIATE_HIRED",
        /// The affiliate and the client are the same person, or belong together.
        SelfReferral = "SELF_REFERRAL",
        /// The freelancer belongs together with the affiliate.
        RelatedToAffiliate = "RELATED_TO_AFFILIATE",
        /// The freelancer belongs together with the client.
        RelatedToClient = "RELATED_TO_CLIENT",
        /// An admin has found fraud.
        Fraud = "FRAUD",
        /// The affiliate gave it up to have their data erased (P-6).
        GivenUp = "GIVEN_UP",
    }
}
