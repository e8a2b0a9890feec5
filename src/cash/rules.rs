//! The arithmetic of cash, and what each kind of transaction means.

use crate::entity::enums::CashKind;

/// How much of `debt`, which is not above zero, `cash` settles (O-5).
pub fn settled(cash: i64, debt: i64) -> i64 {
    cash.min(-debt).max(0)
}

/// How a reversal of `amount` falls on a person who has `cash`: what is taken from it, and what they owe from now on
/// (O-5). Cash never goes below zero.
pub fn reversed(cash: i64, amount: i64) -> (i64, i64) {
    let taken = cash.clamp(0, amount);
    (taken, amount - taken)
}

/// The reason of a transaction of `kind`, with its rule, as a sentence.
pub const fn reason_of(kind: CashKind) -> &'static str {
    match kind {
        CashKind::Funding => "The client's payment went into the contract's escrow (O-2).",
        CashKind::Release => "It was released from escrow, less the service fee (O-2).",
        CashKind::Refund => "It goes back to the client, with the fee for it (O-2).",
        CashKind::RefundPaid => "The refund reached the client (O-2).",
        CashKind::RefundToCash => "The refund could not be paid to the client's payment method (O-2).",
        CashKind::Chargeback => "The bank took the client's payment back (O-5).",
        CashKind::ChargebackOfRefunded => {
            "The bank took the client's payment back after it had been refunded (O-5)."
        }
        CashKind::ChargebackWon => "The bank gave back what it had taken of the payment (O-5).",
        CashKind::ChargebackOfRefundedWon => {
            "The bank gave back what it had taken, and the money is the client's (O-5)."
        }
        CashKind::Sale => "Connects were bought (B-3).",
        CashKind::SaleChargedBack => "The bank took back the payment for Connects (B-4).",
        CashKind::SaleRestored => "The bank gave back what it had taken of the payment for Connects (B-4).",
        CashKind::Payout => "It is on its way out (W-1).",
        CashKind::PayoutPaid => "The payout has arrived (W-1).",
        CashKind::PayoutReturned => "The payout failed, so the money is where it came from (W-1).",
        CashKind::ReferralReward => "A friend whom you referred has earned enough (C-4).",
        CashKind::ReceivableSettled => "Income settled what was owed after a reversal (O-5).",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o_5_income_settles_a_debt_as_far_as_it_reaches() {
        assert_eq!([settled(50, -80), settled(80, -50), settled(80, 0), settled(0, -1)], [50, 50, 0, 0]);
    }

    #[test]
    fn o_5_a_reversal_takes_what_there_is_and_the_rest_is_owed() {
        assert_eq!([reversed(50, 80), reversed(80, 50), reversed(0, 7)], [(50, 30), (50, 0), (0, 7)]);
    }
}
