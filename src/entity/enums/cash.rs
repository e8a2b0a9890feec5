//! The cash journal: where money is, and what happens to it.

use super::text_enum;

text_enum! {
    /// The kind of a place where money is (P-3).
    CashAccountKind {
        /// What the platform owes to a person: earnings, credits, commissions.
        Person = "PERSON",
        /// What a person owes after a reversal that their cash did not cover; never above zero (O-5).
        Receivable = "RECEIVABLE",
        /// What a client has funded for a contract and nobody has earned yet (O-2).
        Escrow = "ESCROW",
        /// What the platform has earned (O-2).
        Fees = "FEES",
        /// What a payment provider owes to the platform; below zero while it holds money.
        Clearing = "CLEARING",
        /// What goes back to clients and has not been confirmed by the payment provider (O-2).
        RefundsInTransit = "REFUNDS_IN_TRANSIT",
        /// What has left a person's cash and has not been confirmed by the bank (W-1).
        PayoutsInTransit = "PAYOUTS_IN_TRANSIT",
        /// What has left the platform's bank account by payouts (W-1).
        PaidOut = "PAID_OUT",
        /// What Connects were sold for, without tax (B-3).
        Sales = "SALES",
        /// Taxes that were collected (B-2).
        Taxes = "TAXES",
        /// What the platform gives away: credits and commissions; never above zero (C-4, F-5).
        Promotions = "PROMOTIONS",
    }
}

text_enum! {
    /// The kind of a transaction in the cash journal: what happened.
    CashKind {
        /// A client's payment went into the escrow of a contract (O-2).
        Funding = "FUNDING",
        /// Money left escrow for the freelancer's cash, less the service fee (O-2).
        Release = "RELEASE",
        /// Money left escrow, or what had been released, on its way back to the client (O-2).
        Refund = "REFUND",
        /// A refund reached the client: the payment provider carried it out, or it is in the cash account from which they
        /// had paid (O-2, P-3).
        RefundPaid = "REFUND_PAID",
        /// The payment provider could not carry out a refund, so it went into the client's cash (O-2).
        RefundToCash = "REFUND_TO_CASH",
        /// A payment was charged back by the bank (O-5).
        Chargeback = "CHARGEBACK",
        /// A payment was charged back by the bank after it had been refunded, so that the client had it twice (O-5).
        ChargebackOfRefunded = "CHARGEBACK_OF_REFUNDED",
        /// The bank gave back what it had taken (O-5).
        ChargebackWon = "CHARGEBACK_WON",
        /// The bank gave back what it had taken of what is the client's own (O-5).
        ChargebackOfRefundedWon = "CHARGEBACK_OF_REFUNDED_WON",
        /// Connects were bought (B-3).
        Sale = "SALE",
        /// A purchase of Connects was charged back by the bank (B-4).
        SaleChargedBack = "SALE_CHARGED_BACK",
        /// The bank gave back what it had taken of a purchase of Connects (B-4).
        SaleRestored = "SALE_RESTORED",
        /// Money left a cash account, or commissions were paid, on its way to the person (W-1).
        Payout = "PAYOUT",
        /// A payout reached the person (W-1).
        PayoutPaid = "PAYOUT_PAID",
        /// A payout failed, and the money is where it came from (W-1).
        PayoutReturned = "PAYOUT_RETURNED",
        /// A freelancer has the reward for referring a friend (C-4).
        ReferralReward = "REFERRAL_REWARD",
        /// Income settled what the person owed (O-5).
        ReceivableSettled = "RECEIVABLE_SETTLED",
    }
}

text_enum! {
    /// The kind of document that caused a transaction in the cash journal.
    CashDocumentKind {
        /// A milestone of a contract, referred to by its id.
        Milestone = "MILESTONE",
        /// A payment, referred to by its id.
        Payment = "PAYMENT",
        /// A refund, referred to by its id.
        Refund = "REFUND",
        /// A charge-back, referred to by its id.
        Chargeback = "CHARGEBACK",
        /// A payout, referred to by its id.
        Payout = "PAYOUT",
        /// A referral, referred to by its id.
        Referral = "REFERRAL",
    }
}
