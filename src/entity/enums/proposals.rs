//! Proposals.

use super::text_enum;

text_enum! {
    /// Where a proposal stands (S-5).
    ProposalState {
        /// Sent.
        Submitted = "SUBMITTED",
        /// Turned down by the client.
        Declined = "DECLINED",
        /// Taken back by the freelancer.
        Withdrawn = "WITHDRAWN",
        /// The job ended without it.
        Archived = "ARCHIVED",
    }
}

text_enum! {
    /// What may happen to a proposal's job post.
    RefundEvent {
        /// The client gives the job up before any contract.
        ClientCancels = "CLIENT_CANCELS",
        /// The post is taken down for a violation.
        PostRemoved = "POST_REMOVED",
        /// The post expires without activity.
        PostExpires = "POST_EXPIRES",
        /// The client declines the proposal or hires another.
        NotChosen = "NOT_CHOSEN",
        /// The freelancer withdraws the proposal.
        Withdrawn = "WITHDRAWN",
    }
}
