//! Ids of purchases.

typed_id! {
    /// Connects that a person buys.
    PurchaseId,
}
