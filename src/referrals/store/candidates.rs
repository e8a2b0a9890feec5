//! The SQL of those who are invited to refer friends, and reminded (C-1, C-2).

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    clock::Instant,
    db::{Source, Sql, Txn},
    entity::{
        ids::AccountId,
        referral_campaign,
        referral_link::{self, Column},
    },
    error::Result,
    talent_badges::rules::at_least,
};

/// Those whom mails of `campaign` may reach at `at`, as the end of a select of accounts `a`: freelancers who fulfil what it
/// asks for and want its mails.
fn reachable(campaign: &referral_campaign::Model, at: Instant) -> Sql {
    let mut sql = Sql::new(
        " FROM accounts a JOIN wallets w ON w.account_id = a.id WHERE a.email_verified_at IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM mail_opt_outs o WHERE o.account_id = a.id AND o.topic = 'REFERRAL_CAMPAIGNS') \
         AND NOT EXISTS (SELECT 1 FROM restrictions r WHERE r.account_id = a.id \
         AND (r.until_at IS NULL OR r.until_at > :at))",
    )
    .bind("at", at);
    if let Some(country) = &campaign.country {
        sql = sql.push(Sql::new(" AND a.country = :country").bind("country", country.clone()));
    }
    if let Some(badge) = campaign.badge {
        let held = "b.account_id = a.id AND b.ended_at IS NULL AND b.kind IN (";
        sql = sql.push(format!(" AND EXISTS (SELECT 1 FROM talent_badges b WHERE {held}"));
        sql = sql.push(Sql::list(at_least(badge))).push("))");
    }
    sql
}

/// Those of them who have no link.
fn candidates(campaign: &referral_campaign::Model, at: Instant) -> Sql {
    let without = Sql::new(
        " AND NOT EXISTS (SELECT 1 FROM referral_links l WHERE l.campaign_id = :campaign AND l.referrer_id = a.id)",
    );
    reachable(campaign, at).push(without.bind("campaign", campaign.id))
}

/// When the first of those who are to be invited could be; nothing if there is nobody.
pub(in crate::referrals) async fn find_next_candidate(
    db: &Source<'_>,
    campaign: &referral_campaign::Model,
    now: Instant,
) -> Result<Option<Instant>> {
    let sql = Sql::new("SELECT MIN(w.created_at) AS since").push(candidates(campaign, now));
    let row = db.query_one_raw(sql.on(db)?).await?;
    let since: Option<Instant> = row.map(|row| row.try_get("", "since")).transpose()?.flatten();
    Ok(since.map(|since| since.max(campaign.opens_at)))
}

/// Some of those who are to be invited.
pub(in crate::referrals) async fn list_candidates(
    txn: &Txn,
    campaign: &referral_campaign::Model,
    (at, most): (Instant, u64),
) -> Result<Vec<AccountId>> {
    let limit = Sql::new(" ORDER BY a.id LIMIT :most").bind("most", most as i64);
    let sql = Sql::new("SELECT a.id").push(candidates(campaign, at)).push(limit);
    ids(txn, sql).await
}

/// The owners of those of `links` whom a mail may still reach.
pub(in crate::referrals) async fn list_reachable(
    txn: &Txn,
    campaign: &referral_campaign::Model,
    links: &[referral_link::Model],
    at: Instant,
) -> Result<Vec<AccountId>> {
    let owners = Sql::list(links.iter().map(|link| link.referrer_id));
    let sql = Sql::new("SELECT a.id").push(reachable(campaign, at)).push(" AND a.id IN (").push(owners);
    ids(txn, sql.push(")")).await
}

async fn ids(txn: &Txn, sql: Sql) -> Result<Vec<AccountId>> {
    let rows = txn.query_all_raw(sql.on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// That nobody who counts has come through a link, as far as its owner may know, and the owner was not reminded.
const UNUSED: &str = "referral_links.reminded_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM referrals r JOIN accounts a ON a.id = r.friend_id WHERE r.link_id = referral_links.id \
     AND a.email_verified_at IS NOT NULL AND (r.ended_at IS NULL OR r.ended_at > r.registered_at))";

/// When the first of those was invited who are to be reminded.
pub(in crate::referrals) async fn find_first_to_remind(
    db: &Source<'_>,
    campaign: &referral_campaign::Model,
) -> Result<Option<Instant>> {
    let sql = Sql::new("SELECT MIN(issued_at) AS at FROM referral_links WHERE campaign_id = :campaign AND ");
    let row = db.query_one_raw(sql.bind("campaign", campaign.id).push(UNUSED).on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "at")).transpose()?.flatten())
}

/// Some of the links that were issued by `invited_by` and brought nobody, and whose owners were not reminded.
pub(in crate::referrals) async fn list_to_remind(
    txn: &Txn,
    campaign: &referral_campaign::Model,
    (invited_by, most): (Instant, u64),
) -> Result<Vec<referral_link::Model>> {
    let unused = sea_orm::sea_query::Expr::cust(UNUSED);
    let links = referral_link::Entity::find().filter(Column::CampaignId.eq(campaign.id)).filter(unused);
    let links = links.filter(Column::IssuedAt.lte(invited_by)).order_by_asc(Column::IssuedAt);
    Ok(links.order_by_asc(Column::Id).limit(most).all(txn).await?)
}
