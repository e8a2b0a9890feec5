//! Refusals by the ledger.

use crate::{
    error::{Code, Facts, Rejection},
    money::Connects,
};

/// Too few spendable Connects (S-2).
pub fn insufficient_connects(required: Connects, available: Connects) -> Rejection {
    let sentence = format!(
        "This costs {required} Connects, but the wallet has only {available} to spend. Wait for the next monthly grant."
    );
    Rejection::new(Code::InsufficientConnects, sentence)
        .by("S-2")
        .with(Facts::InsufficientConnects { required: required.0, available: available.0 })
}
