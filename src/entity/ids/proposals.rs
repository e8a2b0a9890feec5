//! Ids of proposals.

typed_id! {
    /// A freelancer's proposal.
    ProposalId,
}
