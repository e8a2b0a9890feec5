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
    }
}
