//! The SQL of offers and contracts as lists show them.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};

use super::with_ids;
use crate::{
    clock::Instant,
    db::Sql,
    entity::{
        contract,
        enums::{ContractState, OfferState, PaymentPurpose},
        ids::{AccountId, ContractId, JobPostId, MilestoneId, OfferId, ProposalId, RefundId},
        milestone, offer, payment, refund,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Offers that `viewer` may see: those they sent and received; all for those who may read the whole market.
pub fn offers_visible_to(viewer: &Viewer) -> Select<offer::Entity> {
    use offer::Column::{ClientId, FreelancerId};
    let rows = offer::Entity::find();
    if viewer.may(Permission::ReadMarket) {
        return rows;
    }
    rows.filter(Condition::any().add(ClientId.eq(viewer.id())).add(FreelancerId.eq(viewer.id())))
}

/// The offers of `person`, as a client and as a freelancer; only those that stand so at `now`, if that is given.
pub fn offers_of(person: AccountId, state: Option<OfferState>, now: Instant) -> Select<offer::Entity> {
    use offer::Column::{ClientId, ExpiresAt, FreelancerId, State};
    let theirs = Condition::any().add(ClientId.eq(person)).add(FreelancerId.eq(person));
    let standing = |state| match state {
        OfferState::New => Condition::all().add(State.eq(state)).add(ExpiresAt.gt(now)),
        OfferState::Expired => Condition::any()
            .add(State.eq(state))
            .add(Condition::all().add(State.eq(OfferState::New)).add(ExpiresAt.lte(now))),
        other => Condition::all().add(State.eq(other)),
    };
    offer::Entity::find().filter(theirs).filter(Condition::all().add_option(state.map(standing)))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_offers(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[OfferId],
) -> Result<Vec<offer::Model>> {
    Ok(offers_visible_to(viewer).filter(offer::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// Contracts that `viewer` may see: their own, on either side; all for those who may read the whole market.
pub fn visible_to(viewer: &Viewer) -> Select<contract::Entity> {
    if viewer.may(Permission::ReadMarket) {
        contract::Entity::find()
    } else {
        contracts_of(viewer.id(), None)
    }
}

/// The contracts of `person`, as a client and as a freelancer.
pub fn contracts_of(person: AccountId, state: Option<ContractState>) -> Select<contract::Entity> {
    use contract::Column::{ClientId, FreelancerId, State};
    let theirs = Condition::any().add(ClientId.eq(person)).add(FreelancerId.eq(person));
    let standing = Condition::all().add_option(state.map(|state| State.eq(state)));
    contract::Entity::find().filter(theirs).filter(standing)
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[ContractId],
) -> Result<Vec<contract::Model>> {
    Ok(visible_to(viewer).filter(with_ids(ids)).all(db).await?)
}

/// The contracts that came of these offers, as far as `viewer` may see them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_of_offers(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    offers: &[OfferId],
) -> Result<Vec<contract::Model>> {
    let theirs = contract::Column::OfferId.is_in(offers.iter().copied());
    Ok(visible_to(viewer).filter(theirs).all(db).await?)
}

/// The offers to `proposals`, as far as `viewer` may see them, oldest first; there are a few to each.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_offers_to(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    proposals: &[ProposalId],
) -> Result<Vec<offer::Model>> {
    use offer::Column::{Id, ProposalId, SentAt};
    let theirs = offers_visible_to(viewer).filter(ProposalId.is_in(proposals.iter().copied()));
    Ok(theirs.order_by_asc(SentAt).order_by_asc(Id).all(db).await?)
}

/// The milestones of contracts that `viewer` may see.
pub(super) fn milestones_visible_to(viewer: &Viewer) -> Select<milestone::Entity> {
    let seen = visible_to(viewer).select_only().column(contract::Column::Id).into_query();
    milestone::Entity::find().filter(milestone::Column::ContractId.in_subquery(seen))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_milestones(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[MilestoneId],
) -> Result<Vec<milestone::Model>> {
    let these = milestone::Column::Id.is_in(ids.iter().copied());
    Ok(milestones_visible_to(viewer).filter(these).all(db).await?)
}

/// Those of `ids` that `viewer` may see: the refunds of the milestones that they may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_refunds(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[RefundId],
) -> Result<Vec<refund::Model>> {
    use payment::Column::{DocumentId, Id, Purpose};
    let seen = milestones_visible_to(viewer).select_only().column(milestone::Column::Id).into_query();
    let paid = Purpose.eq(PaymentPurpose::Milestone).and(DocumentId.in_subquery(seen));
    let paid = payment::Entity::find().select_only().column(Id).filter(paid).into_query();
    let these = refund::Column::Id.is_in(ids.iter().copied());
    let theirs = refund::Column::PaymentId.in_subquery(paid);
    Ok(refund::Entity::find().filter(these).filter(theirs).all(db).await?)
}

/// The milestones of these contracts, in order.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_milestones(
    db: &impl ConnectionTrait,
    contracts: &[ContractId],
) -> Result<Vec<milestone::Model>> {
    use milestone::Column::{ContractId, Number};
    let theirs = milestone::Entity::find().filter(ContractId.is_in(contracts.iter().copied()));
    Ok(theirs.order_by_asc(ContractId).order_by_asc(Number).all(db).await?)
}

/// The milestones that these documents of the cash journal are about, as far as they are about any: milestones
/// themselves, payments for them, their refunds and charge-backs.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_milestones_behind(
    db: &impl ConnectionTrait,
    documents: &[uuid::Uuid],
) -> Result<Vec<(uuid::Uuid, MilestoneId)>> {
    let list = || Sql::list(documents.iter().copied());
    let sql = Sql::new("SELECT id AS document, id AS milestone FROM milestones WHERE id IN (")
        .push(list())
        .push(") UNION ALL SELECT id, document_id FROM payments WHERE purpose = 'MILESTONE' AND id IN (")
        .push(list())
        .push(") UNION ALL SELECT r.id, p.document_id FROM refunds r JOIN payments p ON p.id = r.payment_id ")
        .push("AND p.purpose = 'MILESTONE' WHERE r.id IN (")
        .push(list())
        .push(") UNION ALL SELECT b.id, p.document_id FROM chargebacks b JOIN payments p ON p.id = b.payment_id ")
        .push("AND p.purpose = 'MILESTONE' WHERE b.id IN (")
        .push(list())
        .push(")");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "document")?, row.try_get("", "milestone")?))).collect()
}

/// What is in escrow for each of `freelancers` and was not released to them yet, in minor units.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_pending(
    db: &impl ConnectionTrait,
    freelancers: &[AccountId],
) -> Result<Vec<(AccountId, i64)>> {
    let sql = Sql::new(
        "SELECT c.freelancer_id, CAST(SUM(m.amount_cents - m.charged_back_cents) AS BIGINT) AS pending FROM contracts c \
         JOIN milestones m ON m.contract_id = c.id WHERE m.state = 'FUNDED' AND c.freelancer_id IN (",
    );
    let sql = sql.push(Sql::list(freelancers.iter().copied())).push(") GROUP BY c.freelancer_id");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "freelancer_id")?, row.try_get("", "pending")?))).collect()
}

/// What a client has hired and paid (J-5).
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ClientHires {
    /// The client.
    pub client_id: AccountId,
    /// Contracts; an order from the catalog counts once it has been paid.
    pub hires: i64,
    /// Job posts for which somebody was hired.
    pub posts: i64,
    /// What was released to freelancers and not taken back, in minor units.
    pub spent_cents: i64,
}

/// What each of `clients` has hired and paid, in one statement; nothing for those who have hired nobody.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_client_hires(db: &impl ConnectionTrait, clients: &[AccountId]) -> Result<Vec<ClientHires>> {
    let sql = Sql::new(
        "SELECT c.client_id, CAST(SUM(CASE WHEN o.project_id IS NULL OR m.funded > 0 THEN 1 ELSE 0 END) AS BIGINT) AS hires, \
         COUNT(DISTINCT c.job_post_id) AS posts, CAST(COALESCE(SUM(m.spent), 0) AS BIGINT) AS spent_cents \
         FROM contracts c JOIN offers o ON o.id = c.offer_id LEFT JOIN \
         (SELECT contract_id, COUNT(funded_at) AS funded, SUM(released_cents - reversed_cents) AS spent FROM milestones \
         WHERE contract_id IN (SELECT id FROM contracts WHERE client_id IN (",
    );
    let list = || Sql::list(clients.iter().copied());
    let sql =
        sql.push(list()).push(")) GROUP BY contract_id) AS m ON m.contract_id = c.id WHERE c.client_id IN (");
    let sql = sql.push(list()).push(") GROUP BY c.client_id");
    Ok(ClientHires::find_by_statement(sql.on(db)?).all(db).await?)
}

/// What clients have paid to each of `freelancers`, in minor units: released to them and not taken back, before the service
/// fee; nothing for those who have no contract.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_earned(
    db: &impl ConnectionTrait,
    freelancers: &[AccountId],
) -> Result<HashMap<AccountId, i64>> {
    let sql = Sql::new(
        "SELECT c.freelancer_id, CAST(SUM(m.released_cents - m.reversed_cents) AS BIGINT) AS earned \
         FROM contracts c JOIN milestones m ON m.contract_id = c.id WHERE c.freelancer_id IN (",
    );
    let sql = sql.push(Sql::list(freelancers.iter().copied())).push(") GROUP BY c.freelancer_id");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "freelancer_id")?, row.try_get("", "earned")?))).collect()
}

/// How many people were hired for each of `posts`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_hires(db: &impl ConnectionTrait, posts: &[JobPostId]) -> Result<Vec<(JobPostId, i64)>> {
    let sql = Sql::new("SELECT job_post_id, COUNT(*) AS hires FROM contracts WHERE job_post_id IN (");
    let sql = sql.push(Sql::list(posts.iter().copied())).push(") GROUP BY job_post_id");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "job_post_id")?, row.try_get("", "hires")?))).collect()
}
