//! Refusals by payouts.

use crate::{
    entity::enums::{Currency, PayoutState},
    error::{Code, Facts, Rejection},
    money::Money,
};

/// There is no such payout, or the person may not see it.
pub fn no_such_payout() -> Rejection {
    let sentence = "There is no such payout. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("payoutId")
}

/// The payout's state does not allow the request.
pub fn illegal_state(state: PayoutState, allowed: &[PayoutState]) -> Rejection {
    Rejection::illegal_state("This payout", state, allowed).at("payoutId").by("W-1")
}

/// The cash account has less than is to be withdrawn.
pub fn insufficient_cash(required: Money, available: Money) -> Rejection {
    let sentence = format!(
        "Your cash account has {} and you want to withdraw {}. Withdraw less.",
        available.amount(),
        required.amount()
    );
    let facts = Facts::InsufficientCash { required, available };
    Rejection::new(Code::InsufficientCash, sentence).at("amount").by("O-4").with(facts)
}

/// An answer says of a payout, or of a whole file, what is not of the file that it answers.
pub fn of_another_file(reference: &str) -> Rejection {
    let sentence = format!(
        "This report does not answer the file that {reference} is in, so nothing of it is taken in. Check that it is the right one."
    );
    Rejection::new(Code::InvalidInput, sentence).by("W-2")
}

/// An answer is about another amount than was to be paid.
pub fn other_amount(reference: &str) -> Rejection {
    let sentence = format!(
        "The answer has another amount for {reference} than its file, so nothing of it is taken in. Ask the bank or PayPal."
    );
    Rejection::new(Code::InvalidInput, sentence).by("W-2")
}

/// An answer is to a file of another count or sum.
pub fn other_total(payouts: i64, total: Money) -> Rejection {
    let sentence = format!(
        "The answer is to a file of another count or sum than ours, which had {payouts} payouts of {total}, so nothing of it \
         is taken in. Ask the bank."
    );
    Rejection::new(Code::InvalidInput, sentence).by("W-2")
}

/// Only BACS says nothing of what was carried out.
pub fn answers_itself() -> Rejection {
    let sentence = "This batch did not go out by BACS. Import the answer of the bank or of PayPal.";
    Rejection::new(Code::InvalidInput, sentence).by("W-2")
}

/// The file of a batch is not complete, or was refused.
pub fn not_out() -> Rejection {
    let sentence = "The file of this batch never went out, so nothing of it is paid. Take the id from the name of a file.";
    Rejection::new(Code::InvalidInput, sentence).by("W-2")
}

/// An answer calls payouts paid that had failed.
pub fn paid_after_failure(references: &[String]) -> Rejection {
    let sentence = format!(
        "The answer is taken in, but it says that these were paid, although they had failed: {}. Their money is due again or \
         was sent again, so find out with the bank or PayPal who has it twice.",
        references.join(", ")
    );
    Rejection::new(Code::Conflict, sentence).by("W-2")
}

/// There must be one account to pay to.
pub fn one_account() -> Rejection {
    let sentence = "There must be one account to pay to. Give exactly one of bankTransfer, bacs and paypal.";
    Rejection::new(Code::InvalidInput, sentence).by("W-4")
}

/// Nothing is paid in this currency.
pub fn no_rate(currency: Currency) -> Rejection {
    let sentence = format!("Nothing is paid in {currency} now. Choose another currency.");
    Rejection::new(Code::InvalidInput, sentence).at("currencyCode").by("W-5")
}

/// The person has not said where to pay to.
pub fn no_payout_method() -> Rejection {
    let sentence = "You have not said where to pay to. Set your payout details first.";
    Rejection::new(Code::NoPayoutMethod, sentence).by("O-4")
}

/// What would be paid is not what was reviewed any more.
pub fn plan_changed() -> Rejection {
    let sentence = "This is not what would be paid now. Read the plan again, and apply that.";
    Rejection::new(Code::PayoutPlanChanged, sentence).at("digest").by("W-1")
}

/// The plan's total needs two admins.
pub fn needs_second_admin(limit: Money) -> Rejection {
    let sentence = format!(
        "A plan of more than {} needs two admins. Ask another one to approve it first.",
        limit.amount()
    );
    Rejection::new(Code::NeedsSecondAdmin, sentence).at("digest").by("W-1")
}

/// There is no such batch.
pub fn no_such_batch() -> Rejection {
    let sentence = "There is no such batch. Take its id from the name of its file.";
    Rejection::new(Code::NotFound, sentence).by("W-2")
}

/// Payout details are encrypted with a key that is to be deleted.
pub fn still_encrypted() -> Rejection {
    let sentence =
        "Payout details are still encrypted with the previous key. Run the task retire-keys first.";
    Rejection::new(Code::NotAllowed, sentence).by("W-4")
}

/// An admin does not pay themselves.
pub fn own_payout() -> Rejection {
    let sentence = "This plan pays you. Ask an admin whom it does not pay.";
    Rejection::new(Code::NotAllowed, sentence).at("digest").by("W-1")
}

/// Nobody carries out payouts here.
pub fn not_configured() -> Rejection {
    let sentence = "Nobody carries out payouts here. Ask the operator to configure a payout provider.";
    Rejection::new(Code::PayoutsNotConfigured, sentence).by("W-2")
}
