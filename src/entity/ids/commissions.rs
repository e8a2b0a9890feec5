//! Ids of commissions.

typed_id! {
    /// What an affiliate earns by a new client.
    CommissionId,
    /// A part of a commission that has locked.
    CommissionLockId,
}
