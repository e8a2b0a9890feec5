//! Ids of the cash journal.

typed_id! {
    /// A place where money is.
    CashAccountId,
    /// What happened to money.
    CashTransactionId,
}
