//! Whom the policy reaches here.

use crate::db::Reach;

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[
    Reach {
        part: "rewards.signup_when",
        who: "freelancers whose address is not verified: whether they may spend, at once",
        count: "SELECT COUNT(*) AS reached FROM accounts a JOIN wallets w ON w.account_id = a.id \
                WHERE a.email_verified_at IS NULL AND a.erased_at IS NULL",
    },
    Reach {
        part: "leaving",
        who: "people who have closed their accounts and not had their data erased, at once",
        count: "SELECT COUNT(*) AS reached FROM restrictions r JOIN accounts a ON a.id = r.account_id \
                WHERE r.kind = 'CLOSED' AND (r.until_at IS NULL OR r.until_at > :now) AND a.erased_at IS NULL",
    },
];
