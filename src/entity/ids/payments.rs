//! Ids of payments.

typed_id! {
    /// A person's way to pay, kept by a payment provider.
    PaymentMethodId,
    /// Money that a payment provider collects from a person.
    PaymentId,
    /// Money of a payment that goes back to who paid.
    RefundId,
    /// What a bank took back of a payment.
    ChargebackId,
}
