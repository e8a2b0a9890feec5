//! Proposals.

use super::text_enum;

text_enum! {
    /// The state of a proposal (S-5).
    ProposalState {
        /// The freelancer has submitted the proposal.
        Submitted = "SUBMITTED",
        /// The client has written to the freelancer (S-9).
        Interviewing = "INTERVIEWING",
        /// The client has offered a contract, and the freelancer has not answered yet (O-1).
        Offered = "OFFERED",
        /// The freelancer was hired (O-1).
        Hired = "HIRED",
        /// The client declined the proposal.
        Declined = "DECLINED",
        /// The freelancer withdrew the proposal.
        Withdrawn = "WITHDRAWN",
        /// The job post ended, and the proposal with it.
        Archived = "ARCHIVED",
    }
}

text_enum! {
    /// An event that decides whether a proposal's Connects are refunded.
    RefundEvent {
        /// The client cancels the job post before any contract.
        ClientCancels = "CLIENT_CANCELS",
        /// The job post is removed for a violation.
        PostRemoved = "POST_REMOVED",
        /// The job post expires for lack of activity.
        PostExpires = "POST_EXPIRES",
        /// The client declines the proposal or hires another freelancer.
        NotChosen = "NOT_CHOSEN",
        /// The freelancer withdraws the proposal.
        Withdrawn = "WITHDRAWN",
    }
}
