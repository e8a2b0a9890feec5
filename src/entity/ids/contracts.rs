//! Ids of contracts.

typed_id! {
    /// A client's offer to a freelancer.
    OfferId,
    /// A contract between a client and a freelancer.
    ContractId,
    /// A part of a contract that is funded at once.
    MilestoneId,
    /// Two sides who do not agree on a milestone.
    DisputeId,
}
