//! Ids of the ledger.

typed_id! {
    /// A holder of Connects.
    WalletId,
}
