//! All SQL of offers and contracts.

mod checks;
mod disputes;
mod journal_checks;
mod lists;
mod reaches;
mod returns;
mod sections;
mod titles;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

pub use checks::CHECKS;
pub use disputes::*;
pub use journal_checks::JOURNAL_CHECKS;
pub use lists::*;
pub use reaches::REACHES;
pub use returns::*;
pub use sections::SECTIONS;

use super::rules::{self, OfferMove};
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        contract,
        enums::{ContractState, JobPostState, OfferState},
        ids::{AccountId, ContractId, JobPostId, MilestoneId, OfferId, ProposalId},
        milestone, offer, proposal,
    },
    error::{Fault, Result},
    job_posts::{self, LockedPost},
    proposals,
};

/// An offer that this transaction has locked, by its job post if it has one.
#[derive(Clone, Debug)]
pub struct LockedOffer {
    /// The stored row.
    pub offer: offer::Model,
    /// Its job post, if there is one.
    pub post: Option<LockedPost>,
    /// The proposal that it answers, or that its freelancer has sent to its post since.
    pub proposal: Option<proposal::Model>,
}

impl LockedOffer {
    /// The offer's state at `now`, whether or not the task has run.
    pub fn state_at(&self, now: Instant) -> OfferState {
        let ended = self.post.as_ref().is_some_and(|post| post.state == JobPostState::Expired);
        if ended && self.offer.state == OfferState::New {
            return OfferState::Expired;
        }
        rules::state_at(self.offer.state, self.offer.expires_at, now)
    }
}

/// Locks an offer and its job post, which everything that ends the post locks too.
pub(super) async fn lock_offer(txn: &Txn, id: OfferId) -> Result<Option<LockedOffer>> {
    let Some(found) = offer::Entity::find_by_id(id).one(txn).await? else { return Ok(None) };
    let posts: Vec<_> = found.job_post_id.into_iter().collect();
    let post = job_posts::store::lock_posts(txn, &posts).await?.pop();
    // Read again: before the locks were taken, someone else may have answered.
    let offer = lock_offers(txn, &[id]).await?.pop();
    let offer = offer.ok_or_else(|| Fault::Broken("an offer vanished".into()))?;
    let proposal = match &post {
        Some(post) => proposals::store::find_to(txn, post.row.id, offer.freelancer_id).await?,
        None => None,
    };
    Ok(Some(LockedOffer { offer, post, proposal }))
}

/// Locks the offers with these ids, in the order of their ids; their posts are locked.
pub(super) async fn lock_offers(txn: &Txn, ids: &[OfferId]) -> Result<Vec<offer::Model>> {
    let sql = Sql::new("SELECT * FROM offers WHERE id IN (").push(Sql::list(ids.iter().copied()));
    lock_sorted(txn, sql.push(")")).await
}

/// Locks the direct offers of `person` that nobody has ended, on either side, in the order of their ids.
pub(super) async fn lock_direct_of(txn: &Txn, person: AccountId) -> Result<Vec<offer::Model>> {
    let sql = Sql::new(
        "SELECT * FROM offers WHERE (client_id = :person OR freelancer_id = :person) \
         AND proposal_id IS NULL AND state = 'NEW'",
    );
    lock_sorted(txn, sql.bind("person", person)).await
}

/// Locks the direct offer of `client` to `freelancer` that nobody has ended.
pub(super) async fn lock_direct(
    txn: &Txn,
    client: AccountId,
    freelancer: AccountId,
) -> Result<Vec<offer::Model>> {
    let sql = Sql::new(
        "SELECT * FROM offers WHERE client_id = :client AND freelancer_id = :freelancer \
         AND proposal_id IS NULL AND state = 'NEW'",
    );
    lock_sorted(txn, sql.bind("client", client).bind("freelancer", freelancer)).await
}

/// The posts of the direct offers of `person` that nobody has ended, on either side.
///
/// # Errors
/// When the database refuses.
pub async fn list_direct_posts(txn: &Txn, person: AccountId) -> Result<Vec<JobPostId>> {
    use offer::Column::{ClientId, FreelancerId, JobPostId, ProposalId, State};
    let theirs = Condition::any().add(ClientId.eq(person)).add(FreelancerId.eq(person));
    let new = offer::Entity::find().filter(theirs).filter(State.eq(OfferState::New));
    let posts = new.filter(ProposalId.is_null()).filter(JobPostId.is_not_null());
    Ok(posts.select_only().column(JobPostId).into_tuple().all(txn).await?)
}

/// How many direct offers `client` has sent since `since`.
pub(super) async fn count_direct(txn: &Txn, client: AccountId, since: Instant) -> Result<u64> {
    use offer::Column::{ClientId, ProjectId, ProposalId, SentAt};
    let sent = offer::Entity::find().filter(ClientId.eq(client)).filter(SentAt.gt(since));
    Ok(sent.filter(ProposalId.is_null()).filter(ProjectId.is_null()).count(txn).await?)
}

/// How many offers there were to a proposal.
pub(super) async fn count_to(txn: &Txn, proposal: ProposalId) -> Result<u64> {
    Ok(offer::Entity::find().filter(offer::Column::ProposalId.eq(proposal)).count(txn).await?)
}

/// Whether a direct offer of `client` to `freelancer` waits for an answer.
pub(super) async fn has_direct(txn: &Txn, client: AccountId, freelancer: AccountId) -> Result<bool> {
    use offer::Column::{ClientId, FreelancerId, ProposalId, State};
    let theirs = offer::Entity::find().filter(ClientId.eq(client)).filter(FreelancerId.eq(freelancer));
    Ok(theirs.filter(ProposalId.is_null()).filter(State.eq(OfferState::New)).count(txn).await? > 0)
}

/// Locks the offers on `posts` that nobody has ended.
pub(super) async fn lock_new_on(txn: &Txn, posts: &[JobPostId]) -> Result<Vec<offer::Model>> {
    let sql = Sql::new("SELECT * FROM offers WHERE state = 'NEW' AND job_post_id IN (");
    lock_sorted(txn, sql.push(Sql::list(posts.iter().copied())).push(")")).await
}

/// Locks the offers to `proposals` that nobody has ended.
pub(super) async fn lock_new_to(txn: &Txn, proposals: &[ProposalId]) -> Result<Vec<offer::Model>> {
    let sql = Sql::new("SELECT * FROM offers WHERE state = 'NEW' AND proposal_id IN (");
    lock_sorted(txn, sql.push(Sql::list(proposals.iter().copied())).push(")")).await
}

/// Locks the offers that a statement selects, in the order of their ids.
async fn lock_sorted(txn: &Txn, select: Sql) -> Result<Vec<offer::Model>> {
    let sql = select.push(" ORDER BY id").push(txn.for_update());
    Ok(offer::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Offers whose time was up by `by`, those first that have waited longest.
pub(super) async fn list_due(txn: &Txn, by: Instant, limit: u64) -> Result<Vec<offer::Model>> {
    use offer::Column::{ExpiresAt, Id};
    let due = offer::Entity::find().filter(Expr::cust("state = 'NEW'")).filter(ExpiresAt.lte(by));
    Ok(due.order_by_asc(ExpiresAt).order_by_asc(Id).limit(limit).all(txn).await?)
}

/// When the next offer expires.
pub(super) async fn find_next_deadline(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new("SELECT expires_at FROM offers WHERE state = 'NEW' ORDER BY expires_at LIMIT 1");
    let row = db.query_one_raw(sql.on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "expires_at")).transpose()?)
}

pub(super) async fn insert_offer(txn: &Txn, row: offer::Model) -> Result<()> {
    offer::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Ends offers, which are locked, at `at`, as far as they can be ended so.
pub(super) async fn end_offers(
    txn: &Txn,
    ids: &[OfferId],
    way: OfferMove,
    at: Instant,
    reason: Option<&str>,
) -> Result<()> {
    use offer::Column::{EndedAt, EndedReason, Id, State};
    let ended = offer::Entity::update_many()
        .col_expr(State, Expr::value(way.to()))
        .col_expr(EndedAt, Expr::value(at))
        .col_expr(EndedReason, Expr::value(reason.map(str::to_owned)));
    let new = ended.filter(Id.is_in(ids.iter().copied())).filter(State.is_in(way.from().iter().copied()));
    new.exec(txn).await?;
    Ok(())
}

/// Ends offers at their own deadlines.
pub(super) async fn expire_offers(txn: &Txn, ids: &[OfferId]) -> Result<()> {
    let sql = Sql::new("UPDATE offers SET state = :state, ended_at = expires_at WHERE id IN (");
    let sql = sql.bind("state", OfferMove::Expire.to()).push(Sql::list(ids.iter().copied()));
    let new = Sql::list(OfferMove::Expire.from().iter().copied());
    txn.run(sql.push(") AND state IN (").push(new).push(")")).await?;
    Ok(())
}

pub(super) async fn insert_contract(
    txn: &Txn,
    row: contract::Model,
    milestones: Vec<milestone::Model>,
) -> Result<()> {
    contract::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    insert_milestones(txn, milestones).await
}

pub(super) async fn insert_milestones(txn: &Txn, milestones: Vec<milestone::Model>) -> Result<()> {
    let rows = milestones.into_iter().map(IntoActiveModel::into_active_model);
    milestone::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

/// How many contracts there are for a post.
pub(super) async fn count_of_post(txn: &Txn, post: JobPostId) -> Result<u64> {
    Ok(contract::Entity::find().filter(contract::Column::JobPostId.eq(post)).count(txn).await?)
}

/// Whether `freelancer` was hired for a post.
pub(super) async fn is_hired(txn: &Txn, post: JobPostId, freelancer: AccountId) -> Result<bool> {
    use contract::Column::{FreelancerId, JobPostId};
    let theirs = contract::Entity::find().filter(JobPostId.eq(post)).filter(FreelancerId.eq(freelancer));
    Ok(theirs.count(txn).await? > 0)
}

/// Who was hired for which of `posts`.
///
/// # Errors
/// When the database refuses.
pub async fn list_hired(txn: &Txn, posts: &[JobPostId]) -> Result<Vec<(JobPostId, AccountId)>> {
    use contract::Column::{FreelancerId, JobPostId};
    let hired = contract::Entity::find().filter(JobPostId.is_in(posts.iter().copied()));
    Ok(hired.select_only().column(JobPostId).column(FreelancerId).into_tuple().all(txn).await?)
}

/// The order of a contract that was ordered from the catalog.
pub(super) async fn find_order(txn: &Txn, contract: &contract::Model) -> Result<Option<offer::Model>> {
    let offer = offer::Entity::find_by_id(contract.offer_id).filter(offer::Column::ProjectId.is_not_null());
    Ok(offer.one(txn).await?)
}

/// Whether an order of `client` from `freelancer` waits for its money, or for what comes of its payment.
pub(super) async fn has_unpaid_order(txn: &Txn, client: AccountId, freelancer: AccountId) -> Result<bool> {
    let sql = Sql::new(
        "SELECT COUNT(*) AS count FROM contracts c JOIN offers o ON o.id = c.offer_id AND o.project_id IS NOT NULL \
         JOIN milestones m ON m.contract_id = c.id AND m.state IN ('PENDING', 'FUNDING') \
         WHERE c.client_id = :client AND c.freelancer_id = :freelancer AND c.state = 'ACTIVE'",
    );
    let row = txn.query_one_raw(sql.bind("client", client).bind("freelancer", freelancer).on(txn)?).await?;
    let count: i64 = row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or_default();
    Ok(count > 0)
}

/// Whether anybody was hired for a post.
///
/// # Errors
/// When the database refuses.
pub async fn has_contract(txn: &Txn, post: JobPostId) -> Result<bool> {
    Ok(count_of_post(txn, post).await? > 0)
}

/// Those of `posts` for which somebody was hired.
///
/// # Errors
/// When the database refuses.
pub async fn list_with_contract(txn: &Txn, posts: &[JobPostId]) -> Result<Vec<JobPostId>> {
    let hires = list_hires(txn, posts).await?;
    Ok(hires.into_iter().map(|(post, _)| post).collect())
}

/// Whether `account` has a contract that is not over: it goes on, or one of its milestones is disputed or, because a bank
/// gave its money back, in escrow again.
///
/// # Errors
/// When the database refuses.
pub async fn has_active(txn: &Txn, account: AccountId) -> Result<bool> {
    let sql = Sql::new(
        "SELECT COUNT(*) AS count FROM contracts c \
         WHERE (client_id = :account OR freelancer_id = :account) AND (state = 'ACTIVE' OR EXISTS \
         (SELECT 1 FROM milestones m LEFT JOIN disputes d ON d.milestone_id = m.id AND d.state = 'OPEN' \
         WHERE m.contract_id = c.id AND (d.id IS NOT NULL OR m.state = 'FUNDED')))",
    );
    let row = txn.query_one_raw(sql.bind("account", account).on(txn)?).await?;
    let count: i64 = row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or_default();
    Ok(count > 0)
}

/// Locks a contract.
pub(super) async fn lock_contract(txn: &Txn, id: ContractId) -> Result<Option<contract::Model>> {
    let sql = Sql::new("SELECT * FROM contracts WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(contract::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// Ends a contract, which is locked, in `state` and now.
pub(super) async fn end_contract(txn: &Txn, id: ContractId, state: ContractState) -> Result<()> {
    use contract::Column::{EndedAt, Id, State};
    let ended = contract::Entity::update_many()
        .col_expr(State, Expr::value(state))
        .col_expr(EndedAt, Expr::value(txn.now()));
    ended.filter(Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// Locks a milestone by its contract, and reads both.
pub(super) async fn lock_milestone(
    txn: &Txn,
    id: MilestoneId,
) -> Result<Option<(contract::Model, milestone::Model)>> {
    let sql =
        Sql::new("SELECT * FROM contracts WHERE id = (SELECT contract_id FROM milestones WHERE id = :id)");
    let sql = sql.bind("id", id).push(txn.for_update());
    let Some(contract) = contract::Model::find_by_statement(sql.on(txn)?).one(txn).await? else {
        return Ok(None);
    };
    Ok(milestone::Entity::find_by_id(id).one(txn).await?.map(|milestone| (contract, milestone)))
}

/// Writes what may change of a milestone.
pub(super) async fn update_milestone(txn: &Txn, row: milestone::Model) -> Result<()> {
    use sea_orm::ActiveValue::{Set, Unchanged};
    let changed = milestone::ActiveModel {
        id: Unchanged(row.id),
        state: Set(row.state),
        released_cents: Set(row.released_cents),
        fee_cents: Set(row.fee_cents),
        reversed_cents: Set(row.reversed_cents),
        fee_reversed_cents: Set(row.fee_reversed_cents),
        refunded_cents: Set(row.refunded_cents),
        charged_back_cents: Set(row.charged_back_cents),
        funded_at: Set(row.funded_at),
        released_at: Set(row.released_at),
        ..Default::default()
    };
    milestone::Entity::update(changed).exec(txn).await?;
    Ok(())
}

/// Takes the words of `account` out of the offers that it sent and answered, out of its refunds and disputes (P-6). What
/// was agreed stays.
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let sent = "UPDATE offers SET message = '[erased]', \
                ended_reason = CASE WHEN ended_reason IS NULL THEN NULL ELSE '[erased]' END WHERE client_id = :account";
    txn.run(Sql::new(sent).bind("account", account)).await?;
    let unanswered = "UPDATE offers SET title = '[erased]', milestones = '[]' \
                      WHERE client_id = :account AND state <> 'ACCEPTED'";
    txn.run(Sql::new(unanswered).bind("account", account)).await?;
    let ordered = "UPDATE offers SET project_description = '[erased]' \
                   WHERE freelancer_id = :account AND project_description IS NOT NULL";
    txn.run(Sql::new(ordered).bind("account", account)).await?;
    titles::erase_of(txn, account).await?;
    let invoices = "UPDATE milestones SET title = '[erased]' WHERE minutes IS NOT NULL AND funded_at IS NULL \
                    AND contract_id IN (SELECT id FROM contracts WHERE freelancer_id = :account)";
    txn.run(Sql::new(invoices).bind("account", account)).await?;
    let declined = "UPDATE offers SET ended_reason = '[erased]' \
                    WHERE state = 'DECLINED' AND ended_reason IS NOT NULL AND freelancer_id = :account";
    txn.run(Sql::new(declined).bind("account", account)).await?;
    disputes::erase_words_of(txn, account).await
}

/// The contracts with these ids.
pub(super) fn with_ids(ids: &[ContractId]) -> sea_orm::Condition {
    sea_orm::Condition::all().add(contract::Column::Id.is_in(ids.iter().copied()))
}
