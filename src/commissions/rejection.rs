//! Refusals by commissions.

use crate::error::{Code, Rejection};

/// There is no such commission, or the person may not see it.
pub fn no_such_commission() -> Rejection {
    let sentence = "There is no such commission. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("commissionId")
}
