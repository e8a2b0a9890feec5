//! Ids of payouts.

typed_id! {
    /// To what a person is paid.
    PayoutMethodId,
    /// Money that goes out to a person.
    PayoutId,
    /// Payouts that leave together.
    PayoutBatchId,
}
