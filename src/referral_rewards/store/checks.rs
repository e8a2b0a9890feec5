//! What always holds of rewards for referrals (H-4).

use crate::db::Check;

/// The invariants of this slice.
pub const CHECKS: &[Check] = &[
    Check {
        invariant: "C-5: what is reserved of a campaign's budget is the sum of the rewards that are reserved or paid",
        breaches: "SELECT g.id AS subject, g.reserved_cents AS detail FROM referral_campaigns g \
         WHERE g.reserved_cents <> g.reward_cents * (SELECT COUNT(*) FROM referrals r WHERE r.campaign_id = g.id \
         AND r.state IN ('QUALIFIED', 'PAID'))",
    },
    Check {
        invariant: "C-4: a reward is in the referrer's cash account, once, if it is paid",
        breaches: "SELECT r.id AS subject, g.reward_cents AS detail FROM referrals r \
         JOIN referral_campaigns g ON g.id = r.campaign_id \
         LEFT JOIN cash_transactions t ON t.document_id = r.id AND t.kind = 'REFERRAL_REWARD' \
         LEFT JOIN cash_postings p ON p.transaction_id = t.id AND p.amount > 0 \
         LEFT JOIN cash_accounts h ON h.id = p.cash_account_id \
         WHERE (r.state = 'PAID') <> (t.id IS NOT NULL) OR (t.id IS NOT NULL AND (p.amount IS NULL \
         OR p.amount <> g.reward_cents OR h.kind <> 'PERSON' OR h.account_id <> r.referrer_id))",
    },
    Check {
        invariant: "C-4: no reward is paid that belongs to no referral",
        breaches: "SELECT t.id AS subject, 0 AS detail FROM cash_transactions t \
         LEFT JOIN referrals r ON r.id = t.document_id WHERE t.kind = 'REFERRAL_REWARD' AND r.id IS NULL",
    },
    Check {
        invariant: "C-2: a friend came through a link of the referrer, in its campaign, and registered then",
        breaches: "SELECT r.id AS subject, 0 AS detail FROM referrals r LEFT JOIN referral_links l ON l.id = r.link_id \
         LEFT JOIN accounts a ON a.id = r.friend_id WHERE l.id IS NULL OR l.referrer_id <> r.referrer_id \
         OR l.campaign_id <> r.campaign_id OR a.created_at <> r.registered_at OR r.friend_id = r.referrer_id",
    },
];
