//! The SQL of disputes.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QuerySelect, QueryTrait, Select, sea_query::Expr,
};

use super::milestones_visible_to;
use crate::{
    db::{Sql, Txn},
    entity::{
        dispute,
        enums::DisputeState,
        ids::{AccountId, DisputeId, MilestoneId},
        milestone,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Disputes that `viewer` may see: those over the milestones that they may see; only those in `state`, if that is given.
pub fn disputes_visible_to(viewer: &Viewer, state: Option<DisputeState>) -> Select<dispute::Entity> {
    use dispute::Column::{MilestoneId, State};
    let standing = Condition::all().add_option(state.map(|state| State.eq(state)));
    let disputes = dispute::Entity::find().filter(standing);
    if viewer.may(Permission::ReadMarket) {
        return disputes;
    }
    let seen = milestones_visible_to(viewer).select_only().column(milestone::Column::Id).into_query();
    disputes.filter(MilestoneId.in_subquery(seen))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_disputes(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[DisputeId],
) -> Result<Vec<dispute::Model>> {
    let these = dispute::Column::Id.is_in(ids.iter().copied());
    Ok(disputes_visible_to(viewer, None).filter(these).all(db).await?)
}

/// The last dispute over each of these milestones, which the viewer may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_last_disputes(
    db: &impl ConnectionTrait,
    milestones: &[MilestoneId],
) -> Result<Vec<dispute::Model>> {
    let theirs = dispute::Column::MilestoneId.is_in(milestones.iter().copied());
    let last = Expr::cust(
        "NOT EXISTS (SELECT 1 FROM disputes n WHERE n.milestone_id = disputes.milestone_id \
         AND (n.opened_at, n.id) > (disputes.opened_at, disputes.id))",
    );
    Ok(dispute::Entity::find().filter(theirs).filter(last).all(db).await?)
}

pub(in crate::contracts) async fn find_dispute(
    db: &impl ConnectionTrait,
    id: DisputeId,
) -> Result<Option<dispute::Model>> {
    Ok(dispute::Entity::find_by_id(id).one(db).await?)
}

/// The disputes over a milestone, which is locked.
pub(in crate::contracts) async fn list_disputes(
    txn: &Txn,
    milestone: MilestoneId,
) -> Result<Vec<dispute::Model>> {
    Ok(dispute::Entity::find().filter(dispute::Column::MilestoneId.eq(milestone)).all(txn).await?)
}

/// The open dispute over a milestone, which is locked.
pub(in crate::contracts) async fn lock_open_dispute(
    txn: &Txn,
    milestone: MilestoneId,
) -> Result<Option<dispute::Model>> {
    let sql = Sql::new("SELECT * FROM disputes WHERE milestone_id = :milestone AND state = 'OPEN'");
    let sql = sql.bind("milestone", milestone).push(txn.for_update());
    Ok(dispute::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

pub(in crate::contracts) async fn insert_dispute(txn: &Txn, row: dispute::Model) -> Result<()> {
    dispute::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

pub(in crate::contracts) async fn update_dispute(txn: &Txn, row: dispute::Model) -> Result<()> {
    dispute::Entity::update(row.into_active_model().reset_all()).exec(txn).await?;
    Ok(())
}

/// Takes the words of `account` out of the refunds that it made and the disputes that it had (P-6).
///
/// # Errors
/// When the database refuses.
pub(super) async fn erase_words_of(txn: &Txn, account: AccountId) -> Result<()> {
    let theirs = "SELECT m.id FROM milestones m JOIN contracts c ON c.id = m.contract_id";
    let disputes = format!(
        "UPDATE disputes SET reason = CASE WHEN opened_by = :account THEN '[erased]' ELSE reason END, \
         decision = CASE WHEN decision IS NULL THEN NULL ELSE '[erased]' END WHERE milestone_id IN \
         ({theirs} WHERE c.client_id = :account OR c.freelancer_id = :account)"
    );
    txn.run(Sql::new(disputes).bind("account", account)).await?;
    let refunds = format!(
        "UPDATE refunds SET reason = '[erased]' WHERE payment_id IN (SELECT id FROM payments \
         WHERE purpose = 'MILESTONE' AND document_id IN ({theirs} WHERE c.freelancer_id = :account))"
    );
    txn.run(Sql::new(refunds).bind("account", account)).await?;
    Ok(())
}
