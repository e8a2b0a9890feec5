//! Refusals by purchases.

use crate::{
    error::{Code, Rejection},
    input::invalid,
    money::Money,
};

/// So many Connects cannot be bought at once.
pub fn quantity_out_of_range(least: i64, most: i64) -> Rejection {
    let sentence = format!(
        "So many Connects cannot be bought at once. Choose a bundle, or a number from {least} to {most}."
    );
    invalid("quantity", sentence).by("B-1")
}

/// The Connects cost something else than the person saw.
pub fn price_changed(now: Money) -> Rejection {
    let sentence = format!("These Connects cost {now} now. Buy them again if you agree.");
    Rejection::new(Code::PriceChanged, sentence).at("expectedTotal").by("B-2")
}

/// The person has no freelancer profile, and so no wallet.
pub fn no_wallet() -> Rejection {
    let sentence = "Only freelancers buy Connects. Create a freelancer profile first.";
    Rejection::new(Code::NotAFreelancer, sentence).by("P-2")
}

/// A bank took back what the person paid, and no admin has let them buy again.
pub fn purchases_frozen() -> Rejection {
    let sentence =
        "A bank took back a payment of yours, so you cannot buy more. Ask support to look into it.";
    Rejection::new(Code::PurchasesFrozen, sentence).by("B-4")
}

/// Nobody decides on their own purchases.
pub fn own_purchases() -> Rejection {
    let sentence = "You cannot unfreeze your own purchases. Ask a colleague to look into it.";
    Rejection::new(Code::NotAllowed, sentence).at("accountId").by("B-4")
}

/// The person's purchases are not frozen.
pub fn not_frozen() -> Rejection {
    let sentence = "This person can buy Connects. Choose an account whose purchases are frozen.";
    Rejection::new(Code::PurchasesNotFrozen, sentence).at("accountId").by("B-4")
}
