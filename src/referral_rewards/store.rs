//! All SQL of rewards for referrals.

mod checks;
mod earned;

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryResult,
    Value,
};

pub use checks::CHECKS;
pub(super) use earned::know;
use earned::standing;

use crate::{
    clock::Instant,
    db::{Source, Sql, Txn},
    entity::{
        enums::ReferralState,
        ids::{AccountId, ReferralCampaignId, ReferralId},
        referral, referral_campaign,
    },
    error::Result,
};

/// Referrals of one look, at most.
const AT_ONCE: u64 = 5_000;

/// Since or from when a referral, as [`standing`] has it, may be another one: its friend has earned enough, or not any more;
/// the budget reaches for it; the campaign closes; or its people turn out to belong together.
const CHANGES: &str = "CASE \
     WHEN s.barred_by IS NOT NULL THEN s.registered_at \
     WHEN s.state = 'OPEN' AND s.cents >= s.threshold_cents AND s.last_at < s.closes_at THEN s.last_at \
     WHEN s.state = 'OPEN' THEN s.closes_at \
     WHEN s.cents < s.threshold_cents THEN COALESCE(s.last_at, s.registered_at) \
     WHEN s.state = 'WAITING' AND s.reserved_cents + s.reward_cents <= s.budget_cents THEN s.reached_at \
     WHEN s.state = 'WAITING' AND NOT EXISTS (SELECT 1 FROM referrals q WHERE q.campaign_id = s.campaign_id \
     AND q.state = 'QUALIFIED') THEN s.closes_at END";

/// Those who are neither suspended nor gone at `:at`.
const FREE: &str = "NOT EXISTS (SELECT 1 FROM restrictions b WHERE b.account_id = s.referrer_id \
     AND (b.until_at IS NULL OR b.until_at > :at))";

/// The instant since or from which there is something to look at or to pay; `None` if nothing is in sight.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_due(db: &Source<'_>, now: Instant) -> Result<Option<Instant>> {
    let sql = standing(Sql::new("r.state IN ('OPEN', 'WAITING', 'QUALIFIED')"))
        .push(format!(" SELECT MIN(x.at) AS at FROM (SELECT {CHANGES} AS at FROM standing s"))
        .push(
            Sql::new(format!(
                " UNION ALL SELECT s.due_at FROM standing s WHERE s.state = 'QUALIFIED' AND {FREE}) AS x"
            ))
            .bind("at", now),
        );
    let row = db.query_one_raw(sql.on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "at")).transpose()?.flatten())
}

/// The first campaign in which a referral may have changed.
pub(super) async fn find_campaign_to_judge(txn: &Txn) -> Result<Option<ReferralCampaignId>> {
    let sql = standing(Sql::new("r.state IN ('OPEN', 'WAITING', 'QUALIFIED')")).push(
        Sql::new(format!(
            " SELECT s.campaign_id FROM standing s WHERE {CHANGES} <= :at ORDER BY s.campaign_id LIMIT 1"
        ))
        .bind("at", txn.due_by()),
    );
    let row = txn.query_one_raw(sql.on(txn)?).await?;
    Ok(row.map(|row| row.try_get("", "campaign_id")).transpose()?)
}

/// Locks those of a campaign that may have changed, and of those that wait for its budget as many as it may reach for. Those
/// of whom more is known than that the campaign is over come first.
pub(super) async fn lock_changing(
    txn: &Txn,
    campaign: &referral_campaign::Model,
) -> Result<Vec<referral::Model>> {
    let these = Sql::new("r.campaign_id = :campaign AND r.state IN ('OPEN', 'WAITING', 'QUALIFIED')")
        .bind("campaign", campaign.id);
    let changing = standing(these).push(
        Sql::new(format!(
            " SELECT s.id, s.state FROM standing s WHERE {CHANGES} <= :at \
             ORDER BY CASE WHEN s.state = 'OPEN' AND s.cents < s.threshold_cents THEN 1 ELSE 0 END, \
             COALESCE(s.last_at, s.registered_at), s.id LIMIT :most"
        ))
        .bind("at", txn.due_by())
        .bind("most", txn.at_once(AT_ONCE) as i64),
    );
    let rows = txn.query_all_raw(changing.on(txn)?).await?;
    let mut ids =
        rows.iter().map(|row| row.try_get("", "id")).collect::<Result<BTreeSet<ReferralId>, _>>()?;
    let states =
        rows.iter().map(|row| row.try_get("", "state")).collect::<Result<Vec<ReferralState>, _>>()?;
    let freed = states.iter().filter(|state| **state == ReferralState::Qualified).count() as i64;
    let room = (campaign.budget_cents - campaign.reserved_cents) / campaign.reward_cents + freed;
    ids.extend(list_waiting(txn, campaign.id, room.min(AT_ONCE as i64)).await?);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    lock(txn, Sql::new("r.id IN (").push(Sql::list(ids)).push(")")).await
}

/// Some of those of a campaign that wait for its budget, the first that reached the threshold first.
async fn list_waiting(txn: &Txn, campaign: ReferralCampaignId, most: i64) -> Result<Vec<ReferralId>> {
    let sql = Sql::new(
        "SELECT id FROM referrals WHERE campaign_id = :campaign AND state = 'WAITING' \
         ORDER BY reached_at, id LIMIT :most",
    );
    let rows = txn.query_all_raw(sql.bind("campaign", campaign).bind("most", most).on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Locks some of those of a campaign that wait for its budget.
pub(super) async fn lock_waiting(txn: &Txn, campaign: ReferralCampaignId) -> Result<Vec<referral::Model>> {
    let ids = list_waiting(txn, campaign, txn.at_once(AT_ONCE) as i64).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    lock(txn, Sql::new("r.id IN (").push(Sql::list(ids)).push(")")).await
}

/// Locks the referrals by `referrer` that have not ended.
pub(super) async fn lock_unfinished_by(txn: &Txn, referrer: AccountId) -> Result<Vec<referral::Model>> {
    lock(txn, Sql::new("r.referrer_id = :referrer").bind("referrer", referrer)).await
}

/// The campaigns of the referrals by `referrer` that have not ended, in order.
pub(super) async fn list_campaigns_of(txn: &Txn, referrer: AccountId) -> Result<Vec<ReferralCampaignId>> {
    let sql = Sql::new(
        "SELECT DISTINCT campaign_id FROM referrals WHERE referrer_id = :referrer \
         AND state IN ('OPEN', 'WAITING', 'QUALIFIED') ORDER BY campaign_id",
    );
    let rows = txn.query_all_raw(sql.bind("referrer", referrer).on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "campaign_id")?)).collect()
}

/// Whether a reward is reserved for `person`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_reserved_for(db: &impl ConnectionTrait, person: AccountId) -> Result<bool> {
    let sql =
        Sql::new("SELECT id FROM referrals WHERE referrer_id = :person AND state = 'QUALIFIED' LIMIT 1");
    Ok(db.query_one_raw(sql.bind("person", person).on(db)?).await?.is_some())
}

/// Locks one referral.
pub(super) async fn lock_referral(txn: &Txn, id: ReferralId) -> Result<Option<referral::Model>> {
    let sql = Sql::new("SELECT * FROM referrals WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(referral::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// Locks those of these referrals `r` that have not ended, as they are now: another process may have been faster.
async fn lock(txn: &Txn, these: Sql) -> Result<Vec<referral::Model>> {
    let sql = Sql::new("SELECT r.* FROM referrals r WHERE ").push(these);
    let sql =
        sql.push(" AND r.state IN ('OPEN', 'WAITING', 'QUALIFIED') ORDER BY r.id").push(txn.for_update());
    Ok(referral::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// A referral.
pub(super) async fn find_referral(
    db: &impl ConnectionTrait,
    id: ReferralId,
) -> Result<Option<referral::Model>> {
    Ok(referral::Entity::find().filter(referral::Column::Id.eq(id)).one(db).await?)
}

/// How many rewards of a campaign are reserved and not paid.
pub(super) async fn count_qualified(txn: &Txn, campaign: ReferralCampaignId) -> Result<u64> {
    let qualified = referral::Column::State.eq(ReferralState::Qualified);
    let these = referral::Entity::find().filter(referral::Column::CampaignId.eq(campaign));
    Ok(these.filter(qualified).count(txn).await?)
}

/// Some of the rewards that are due to people who may be paid, with their amounts.
pub(super) async fn list_payable(txn: &Txn, most: u64) -> Result<Vec<(referral::Model, i64)>> {
    let due = Sql::new("r.state = 'QUALIFIED' AND r.due_at <= :at").bind("at", txn.due_by());
    let limit = Sql::new(" LIMIT :most").bind("most", most as i64);
    payable(txn, due, limit).await
}

/// Those of `due` that are still to be paid, locked.
pub(super) async fn lock_payable(
    txn: &Txn,
    due: &[(referral::Model, i64)],
) -> Result<Vec<(referral::Model, i64)>> {
    let ids = || Sql::list(due.iter().map(|(row, _)| row.id));
    if due.is_empty() {
        return Ok(Vec::new());
    }
    lock(txn, Sql::new("r.id IN (").push(ids()).push(")")).await?;
    payable(txn, Sql::new("r.state = 'QUALIFIED' AND r.id IN (").push(ids()).push(")"), Sql::new("")).await
}

async fn payable(txn: &Txn, these: Sql, limit: Sql) -> Result<Vec<(referral::Model, i64)>> {
    let wanted = Sql::new(format!(
        " SELECT r.*, s.reward_cents FROM standing s JOIN referrals r ON r.id = s.id WHERE s.barred_by IS NULL \
         AND s.cents >= s.threshold_cents AND {FREE} ORDER BY s.due_at, s.id"
    ));
    let sql = standing(these).push(wanted.bind("at", txn.due_by())).push(limit);
    let rows = txn.query_all_raw(sql.on(txn)?).await?;
    let of = |row: &QueryResult| {
        Ok((referral::Model::from_query_result(row, "")?, row.try_get("", "reward_cents")?))
    };
    rows.iter().map(of).collect()
}

/// What the friends of these referrals have earned so far, as far as it counts, in minor units.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_earned(db: &impl ConnectionTrait, ids: &[ReferralId]) -> Result<HashMap<ReferralId, i64>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let these = Sql::new("r.id IN (").push(Sql::list(ids.iter().copied())).push(")");
    let rows =
        db.query_all_raw(standing(these).push(" SELECT s.id, s.cents FROM standing s").on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "cents")?))).collect()
}

/// Reserves more of a campaign's budget, or frees some.
pub(super) async fn update_reserved(txn: &Txn, campaign: ReferralCampaignId, change: i64) -> Result<()> {
    if change == 0 {
        return Ok(());
    }
    let sql =
        Sql::new("UPDATE referral_campaigns SET reserved_cents = reserved_cents + :change WHERE id = :id");
    txn.run(sql.bind("change", change).bind("id", campaign)).await.map(drop)
}

/// Writes how referrals stand.
pub(super) async fn update_referrals(txn: &Txn, rows: Vec<referral::Model>) -> Result<()> {
    let row = |row: referral::Model| -> Vec<Value> {
        let reason = row.reason.map(|reason| reason.as_str().to_owned());
        vec![
            row.id.into(),
            row.state.into(),
            reason.into(),
            row.reached_at.into(),
            row.due_at.into(),
            row.ended_at.into(),
        ]
    };
    let columns = ["id", "state", "reason", "reached_at", "due_at", "ended_at"];
    let mut writes = txn.writes();
    writes.push_rows(&columns, rows.into_iter().map(row).collect(), |rows| {
        Sql::new(format!("WITH c ({}) AS (", columns.join(", "))).push(rows).push(
            ") UPDATE referrals SET state = c.state, reason = c.reason, reached_at = c.reached_at, due_at = c.due_at, \
             ended_at = c.ended_at FROM c WHERE referrals.id = c.id",
        )
    });
    writes.run().await
}
