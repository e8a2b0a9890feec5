//! Refusals by rewards for referrals.

use crate::error::{Code, Rejection};

/// There is no such referral, or the person may not see it.
pub fn no_such_referral() -> Rejection {
    let sentence = "There is no such referral. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("referralId")
}

/// No reward is kept for somebody who is suspended or has left.
pub fn not_kept() -> Rejection {
    let sentence = "No reward is kept here for anyone who is suspended or has closed their account. Only such \
                    rewards are forfeited.";
    Rejection::new(Code::ReferrerNotBarred, sentence).at("referralId").by("P-4")
}
