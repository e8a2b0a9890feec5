//! What people are notified of.

use super::text_enum;

text_enum! {
    /// What a notification is about (N-1).
    NotificationKind {
        /// A cycle's Connects were issued (M-5).
        ConnectsGranted = "CONNECTS_GRANTED",
        /// Connects are about to expire (L-6).
        ConnectsExpiring = "CONNECTS_EXPIRING",
        /// A proposal came in for a job post of the client.
        ProposalReceived = "PROPOSAL_RECEIVED",
        /// The client turned the proposal down (S-5).
        ProposalDeclined = "PROPOSAL_DECLINED",
        /// The freelancer took the proposal back (S-5).
        ProposalWithdrawn = "PROPOSAL_WITHDRAWN",
        /// The Connects of a proposal came back, because its job was cancelled or taken down (T-1).
        ConnectsReturned = "CONNECTS_RETURNED",
        /// The job ended without the proposal (S-5).
        ProposalArchived = "PROPOSAL_ARCHIVED",
        /// The client's job post expires soon (J-4).
        JobPostExpiring = "JOB_POST_EXPIRING",
        /// The client's job post has expired (J-4).
        JobPostExpired = "JOB_POST_EXPIRED",
        /// The client's job post was taken down (J-7).
        JobPostRemoved = "JOB_POST_REMOVED",
        /// What became of a report (J-7).
        ReportDecided = "REPORT_DECIDED",
        /// What became of an appeal (J-7).
        AppealAnswered = "APPEAL_ANSWERED",
    }
}
