//! Payments.

use super::text_enum;

text_enum! {
    /// Who collects a payment: a payment provider, or nobody but us.
    PaymentProvider {
        /// The person's own cash account pays (P-3); nobody is asked.
        CashAccount = "CASH_ACCOUNT",
        /// The built-in provider of a sandbox, which moves no money.
        Sandbox = "SANDBOX",
        /// Stripe.
        Stripe = "STRIPE",
    }
}

text_enum! {
    /// The kind of document that a payment is for.
    PaymentPurpose {
        /// A milestone of a contract (O-2).
        Milestone = "MILESTONE",
        /// A purchase of Connects (B-3).
        Connects = "CONNECTS",
        /// A cycle of a plan (M-6, M-7).
        Membership = "MEMBERSHIP",
    }
}

text_enum! {
    /// The state of a payment or of a refund (B-3).
    PaymentState {
        /// The provider is being asked for it.
        Pending = "PENDING",
        /// The provider did not say; it is asked until it does.
        Unknown = "UNKNOWN",
        /// The provider has carried it out.
        Paid = "PAID",
        /// It came to nothing: the provider refused it or never heard of it, or, of a refund, has the money again.
        Failed = "FAILED",
    }
}

text_enum! {
    /// The reason for which a payment or a refund failed.
    PaymentFailure {
        /// The bank declined it.
        Declined = "DECLINED",
        /// There is not enough money.
        InsufficientFunds = "INSUFFICIENT_FUNDS",
        /// The bank wants the person to confirm it.
        AuthenticationRequired = "AUTHENTICATION_REQUIRED",
        /// The provider never heard of it, and it is too late to ask for it again.
        NotReceived = "NOT_RECEIVED",
        /// The provider no longer knows the payment method.
        MethodUnusable = "METHOD_UNUSABLE",
    }
}
