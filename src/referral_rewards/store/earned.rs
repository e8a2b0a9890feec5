//! What friends have earned, as far as it counts (C-3, C-5): what the journal says was released to them and not refunded, in
//! contracts of the campaign's category, by clients who do not belong to them or to the referrer.

use sea_orm::ConnectionTrait;

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{ids::ReferralId, referral},
    error::Result,
    referral_rewards::rules::{Earned, Known},
};

/// The transactions of the journal by which friends of these referrals `r` earned something or gave it back, as `earned`. The
/// fee is part of it. SQLite joins in the order of a CROSS JOIN, from the few to the many.
fn earned(these: Sql) -> Sql {
    Sql::new("WITH asked AS (SELECT r.*, g.category FROM referrals r JOIN referral_campaigns g ON g.id = r.campaign_id WHERE ")
        .push(these)
        .push(
            "), counted AS (SELECT a.id, a.friend_id, k.id AS contract_id FROM asked a CROSS JOIN contracts k \
             WHERE k.freelancer_id = a.friend_id AND (a.category IS NULL OR k.category = a.category) \
             AND k.client_id <> a.referrer_id AND NOT EXISTS (SELECT 1 FROM traces t CROSS JOIN traces o \
             WHERE t.account_id = k.client_id AND o.account_id IN (a.friend_id, a.referrer_id) AND o.kind = t.kind \
             AND o.hash = t.hash)), \
             paid AS (SELECT c.id, c.friend_id, m.id AS milestone_id, p.id AS payment_id FROM counted c \
             CROSS JOIN milestones m CROSS JOIN payments p WHERE m.contract_id = c.contract_id \
             AND p.purpose = 'MILESTONE' AND p.document_id = m.id AND p.state = 'PAID'), \
             documents AS (SELECT id, friend_id, milestone_id AS document_id FROM paid \
             UNION ALL SELECT c.id, c.friend_id, f.id FROM paid c CROSS JOIN refunds f WHERE f.payment_id = c.payment_id \
             UNION ALL SELECT c.id, c.friend_id, b.id FROM paid c CROSS JOIN chargebacks b \
             WHERE b.payment_id = c.payment_id), \
             earned AS (SELECT d.id, t.id AS transaction_id, t.recorded_at, CAST(SUM(p.amount) AS BIGINT) AS cents \
             FROM documents d CROSS JOIN cash_transactions t CROSS JOIN cash_postings p CROSS JOIN cash_accounts h \
             WHERE t.document_id = d.document_id AND p.transaction_id = t.id AND h.id = p.cash_account_id \
             AND (h.kind = 'FEES' OR h.account_id = d.friend_id) GROUP BY d.id, t.id, t.recorded_at)",
        )
}

/// How these referrals `r` stand, as `standing`: with the terms of their campaign, what was earned, when that last changed, and
/// why the friend cannot count, if so.
pub(super) fn standing(these: Sql) -> Sql {
    earned(these).push(
        ", sums AS (SELECT id, SUM(cents) AS cents, MAX(recorded_at) AS last_at FROM earned WHERE cents <> 0 GROUP BY id), \
         standing AS (SELECT a.id, a.state, a.campaign_id, a.referrer_id, a.registered_at, a.reached_at, a.due_at, \
         CAST(COALESCE(e.cents, 0) AS BIGINT) AS cents, e.last_at, g.closes_at, g.threshold_cents, g.reward_cents, \
         g.budget_cents, g.reserved_cents, CASE WHEN EXISTS (SELECT 1 FROM traces t CROSS JOIN traces o \
         WHERE t.account_id = a.friend_id AND o.account_id = a.referrer_id AND o.kind = t.kind AND o.hash = t.hash) \
         THEN 'RELATED' WHEN EXISTS (SELECT 1 FROM traces t CROSS JOIN traces o CROSS JOIN accounts b \
         WHERE t.account_id = a.friend_id AND t.kind IN ('PERSON', 'PAYMENT') AND o.kind = t.kind AND o.hash = t.hash \
         AND b.id = o.account_id AND b.created_at < a.registered_at) THEN 'KNOWN_PERSON' END AS barred_by \
         FROM asked a JOIN referral_campaigns g ON g.id = a.campaign_id LEFT JOIN sums e ON e.id = a.id)",
    )
}

/// What is known of the friends of these referrals.
pub(in crate::referral_rewards) async fn know(txn: &Txn, rows: &[referral::Model]) -> Result<Known> {
    let mut known = Known::default();
    if rows.is_empty() {
        return Ok(known);
    }
    let these = || Sql::new("r.id IN (").push(Sql::list(rows.iter().map(|row| row.id))).push(")");
    let sql = earned(these())
        .push(" SELECT id, recorded_at, cents FROM earned ORDER BY recorded_at, transaction_id");
    for row in txn.query_all_raw(sql.on(txn)?).await? {
        let (id, at, cents): (ReferralId, Instant, i64) =
            (row.try_get("", "id")?, row.try_get("", "recorded_at")?, row.try_get("", "cents")?);
        known.earned.entry(id).or_default().push(Earned { at, cents });
    }
    let barred =
        standing(these()).push(" SELECT s.id, s.barred_by FROM standing s WHERE s.barred_by IS NOT NULL");
    for row in txn.query_all_raw(barred.on(txn)?).await? {
        known.barred.insert(row.try_get("", "id")?, row.try_get("", "barred_by")?);
    }
    Ok(known)
}
