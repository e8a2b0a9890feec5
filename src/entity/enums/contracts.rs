//! Offers, contracts and milestones.

use super::text_enum;

text_enum! {
    /// The state of an offer (O-1).
    OfferState {
        /// The freelancer has not answered yet.
        New = "NEW",
        /// The freelancer accepted it, and there is a contract.
        Accepted = "ACCEPTED",
        /// The freelancer declined it.
        Declined = "DECLINED",
        /// The client withdrew it, or its job post ended.
        Withdrawn = "WITHDRAWN",
        /// Nobody answered in time.
        Expired = "EXPIRED",
    }
}

text_enum! {
    /// The state of a contract (O-1).
    ContractState {
        /// The work goes on.
        Active = "ACTIVE",
        /// The contract has ended.
        Ended = "ENDED",
    }
}

text_enum! {
    /// The state of a milestone (O-2).
    MilestoneState {
        /// The client has not funded it.
        Pending = "PENDING",
        /// The client's payment is under way.
        Funding = "FUNDING",
        /// The money is in escrow.
        Funded = "FUNDED",
        /// The money was released to the freelancer.
        Released = "RELEASED",
        /// All of the money went back to the client.
        Refunded = "REFUNDED",
        /// The client's bank took the payment back (O-5).
        ChargedBack = "CHARGED_BACK",
        /// The freelancer withdrew the invoice before it was funded.
        Withdrawn = "WITHDRAWN",
    }
}

text_enum! {
    /// The state of a dispute (O-2).
    DisputeState {
        /// An admin has not decided yet.
        Open = "OPEN",
        /// The person who opened it withdrew it.
        Withdrawn = "WITHDRAWN",
        /// It ended without a decision, because the money was released, refunded or charged back.
        Settled = "SETTLED",
        /// An admin decided it.
        Decided = "DECIDED",
    }
}
