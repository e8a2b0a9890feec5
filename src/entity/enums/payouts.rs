//! Payouts.

use super::text_enum;

text_enum! {
    /// The way by which money goes out to a person (W-2).
    PayoutRail {
        /// A bank transfer, by an ISO 20022 file.
        BankTransfer = "BANK_TRANSFER",
        /// A transfer between British accounts, by a BACS file.
        Bacs = "BACS",
        /// PayPal, by a mass payment file.
        Paypal = "PAYPAL",
    }
}

text_enum! {
    /// What a payout pays.
    PayoutPurpose {
        /// Commissions that are due (F-7).
        Commissions = "COMMISSIONS",
        /// Money from a cash account (O-4).
        Withdrawal = "WITHDRAWAL",
    }
}

text_enum! {
    /// The state of a payout (W-1).
    PayoutState {
        /// It waits for the next run.
        Scheduled = "SCHEDULED",
        /// Something stands in its way; the next run looks again.
        Held = "HELD",
        /// It is under way.
        Processing = "PROCESSING",
        /// Nobody knows its outcome yet; the provider is asked again by its key.
        Unknown = "UNKNOWN",
        /// The money is out.
        Paid = "PAID",
        /// The money came back, or never went out.
        Failed = "FAILED",
    }
}

text_enum! {
    /// Why something is not paid in this run (F-7, W-1).
    PayoutHold {
        /// It is not a business day.
        NotABusinessDay = "NOT_A_BUSINESS_DAY",
        /// The person's account is suspended or closed (P-4).
        AccountRestricted = "ACCOUNT_RESTRICTED",
        /// The affiliate is suspended (F-8).
        AffiliateSuspended = "AFFILIATE_SUSPENDED",
        /// The person owes money after a reversal (O-5).
        Receivable = "RECEIVABLE",
        /// The person has not said where to pay to.
        NoPayoutMethod = "NO_PAYOUT_METHOD",
        /// The person has just changed where to pay to (W-4).
        PayoutMethodChanged = "PAYOUT_METHOD_CHANGED",
        /// The last payout there failed, and the person has not said where else to pay to.
        PayoutMethodFailed = "PAYOUT_METHOD_FAILED",
        /// There is no rate for the currency of the payout method (W-5).
        NoRate = "NO_RATE",
        /// The affiliate is paid on a later day.
        PaidLater = "PAID_LATER",
        /// Less is due than is paid out at least (W-5).
        BelowMinimum = "BELOW_MINIMUM",
        /// Less is due than the affiliate wants to be paid at once (F-7).
        BelowThreshold = "BELOW_THRESHOLD",
        /// An admin has yet to decide whether it is fraud (F-8).
        UnderReview = "UNDER_REVIEW",
        /// The hire turned out to be outside the programme's terms (F-9).
        OutsideTerms = "OUTSIDE_TERMS",
    }
}

text_enum! {
    /// Why a payout failed (W-1).
    PayoutFailure {
        /// The details are not those of an account.
        InvalidDetails = "INVALID_DETAILS",
        /// The account is closed.
        AccountClosed = "ACCOUNT_CLOSED",
        /// The bank or PayPal refused it.
        Refused = "REFUSED",
        /// The bank refused the whole file that it was in; nothing is wrong with the account.
        FileRefused = "FILE_REFUSED",
        /// The provider never received it.
        NotReceived = "NOT_RECEIVED",
        /// The person cancelled it before it went out.
        Cancelled = "CANCELLED",
    }
}

text_enum! {
    /// Who carries out a payout (W-2).
    PayoutProvider {
        /// The built-in one of a sandbox, which moves no money.
        Sandbox = "SANDBOX",
        /// A file that goes to a bank or to PayPal.
        File = "FILE",
    }
}

text_enum! {
    /// When an affiliate wants to be paid (F-7).
    PayoutSchedule {
        /// On the first of each month.
        First = "FIRST",
        /// On the fifteenth of each month.
        Fifteenth = "FIFTEENTH",
        /// Once so much is due.
        Threshold = "THRESHOLD",
    }
}
