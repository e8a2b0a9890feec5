//! The SQL of payouts as lists show them.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Select};

use crate::{
    db::Sql,
    entity::{
        commission_lock,
        enums::PayoutState,
        ids::{AccountId, PayoutId, PayoutMethodId},
        payout, payout_method,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Payouts that `viewer` may see: their own, or all with the permission to see payouts.
pub fn visible_to(viewer: &Viewer) -> Select<payout::Entity> {
    let all = payout::Entity::find();
    if viewer.may(Permission::ReadPayouts) {
        all
    } else {
        all.filter(payout::Column::AccountId.eq(viewer.id()))
    }
}

/// All payouts that `viewer` may see; only those in a state, if that is given.
pub fn visible_in(viewer: &Viewer, state: Option<PayoutState>) -> Select<payout::Entity> {
    let rows = visible_to(viewer);
    match state {
        Some(state) => rows.filter(payout::Column::State.eq(state)),
        None => rows,
    }
}

/// The payouts to `person`.
pub fn payouts_to(person: AccountId) -> Select<payout::Entity> {
    payout::Entity::find().filter(payout::Column::AccountId.eq(person))
}

/// Whether money of `person` is on its way out, or they may still be owed commissions.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_under_way(db: &impl ConnectionTrait, person: AccountId) -> Result<bool> {
    let sql = Sql::new(
        "SELECT 1 AS found FROM payouts WHERE account_id = :person AND state NOT IN ('PAID', 'FAILED') \
         UNION ALL SELECT 1 FROM commissions WHERE affiliate_id = :person AND state = 'PENDING' \
         UNION ALL SELECT 1 FROM commission_locks l JOIN commissions c ON c.id = l.commission_id \
         WHERE l.affiliate_id = :person AND l.payout_id IS NULL AND c.state <> 'OUTSIDE_TERMS' LIMIT 1",
    );
    Ok(db.query_one_raw(sql.bind("person", person).on(db)?).await?.is_some())
}

/// The withdrawals of `person` that have not gone out.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_waiting_of(db: &impl ConnectionTrait, person: AccountId) -> Result<Vec<PayoutId>> {
    let waiting = payout::Column::State.is_in([PayoutState::Scheduled, PayoutState::Held]);
    let rows = payouts_to(person).filter(waiting).all(db).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[PayoutId],
) -> Result<Vec<payout::Model>> {
    Ok(visible_to(viewer).filter(payout::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// Those of the payout methods `ids` that `viewer` may see: their own, or all with the permission to see payouts.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_methods(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[PayoutMethodId],
) -> Result<Vec<payout_method::Model>> {
    use payout_method::Column::{AccountId, Id};
    let rows = payout_method::Entity::find().filter(Id.is_in(ids.iter().copied()));
    let rows =
        if viewer.may(Permission::ReadPayouts) { rows } else { rows.filter(AccountId.eq(viewer.id())) };
    Ok(rows.all(db).await?)
}

/// The parts of commissions that a payout pays, also if it failed.
pub fn locks_of(payout: PayoutId) -> Select<commission_lock::Entity> {
    use crate::entity::payout_item;
    use sea_orm::{QuerySelect, QueryTrait};
    let items = payout_item::Entity::find()
        .select_only()
        .column(payout_item::Column::LockId)
        .filter(payout_item::Column::PayoutId.eq(payout));
    commission_lock::Entity::find().filter(commission_lock::Column::Id.in_subquery(items.into_query()))
}

/// What the commissions of an affiliate come to, in minor units.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Worth {
    /// The affiliate.
    pub affiliate_id: AccountId,
    /// What has locked and is not paid.
    pub owed: i64,
    /// What is on its way.
    pub sent: i64,
    /// What has been paid.
    pub paid: i64,
}

/// What the commissions of these affiliates come to.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_worth(db: &impl ConnectionTrait, affiliates: &[AccountId]) -> Result<Vec<Worth>> {
    let sum = |condition: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN {condition} THEN l.amount_cents ELSE 0 END), 0) AS BIGINT)")
    };
    let sql = Sql::new(format!(
        "SELECT l.affiliate_id, {} AS owed, {} AS sent, {} AS paid FROM commission_locks l \
         JOIN commissions c ON c.id = l.commission_id LEFT JOIN payouts p ON p.id = l.payout_id WHERE l.affiliate_id IN (",
        sum("l.payout_id IS NULL AND c.state <> 'OUTSIDE_TERMS'"),
        sum("p.state IN ('PROCESSING', 'UNKNOWN')"),
        sum("p.state = 'PAID'"),
    ));
    let sql = sql.push(Sql::list(affiliates.iter().copied())).push(") GROUP BY l.affiliate_id");
    Ok(Worth::find_by_statement(sql.on(db)?).all(db).await?)
}

/// The parts of commissions that a payout pays, the earliest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_items(db: &impl ConnectionTrait, payout: PayoutId) -> Result<Vec<commission_lock::Model>> {
    use commission_lock::Column::{Id, LockedAt};
    Ok(locks_of(payout).order_by_asc(LockedAt).order_by_asc(Id).all(db).await?)
}
