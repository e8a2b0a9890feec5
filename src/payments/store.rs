//! All SQL of payments.

mod events;
mod reconciling;
mod refunds;
mod sections;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult,
    IntoActiveModel, Iterable, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};

pub use events::*;
pub use reconciling::*;
pub use refunds::*;
pub use sections::SECTIONS;

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::{PaymentProvider, PaymentPurpose, PaymentState},
        ids::{AccountId, PaymentId, PaymentMethodId},
        payment, payment_method, refund,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// The payment methods of `account` that were not removed.
pub fn methods_of(account: AccountId) -> Select<payment_method::Entity> {
    use payment_method::Column::{AccountId, RemovedAt};
    payment_method::Entity::find().filter(AccountId.eq(account)).filter(RemovedAt.is_null())
}

/// Those, in the order in which they were added.
pub(super) async fn list_methods_of(txn: &Txn, account: AccountId) -> Result<Vec<payment_method::Model>> {
    use payment_method::Column::{AddedAt, Id};
    Ok(methods_of(account).order_by_asc(AddedAt).order_by_asc(Id).all(txn).await?)
}

/// Those of `ids` that `viewer` may see: their own, removed ones too, because payments name them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_methods(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[PaymentMethodId],
) -> Result<Vec<payment_method::Model>> {
    use payment_method::Column::{AccountId, Id};
    let own = AccountId.eq(viewer.id()).and(Id.is_in(ids.iter().copied()));
    Ok(payment_method::Entity::find().filter(own).all(db).await?)
}

/// Payments that `viewer` may see: their own, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<payment::Entity> {
    if viewer.may(Permission::ReadPeople) {
        return payment::Entity::find();
    }
    payments_of(viewer.id())
}

/// The payments of `account`.
pub fn payments_of(account: AccountId) -> Select<payment::Entity> {
    payment::Entity::find().filter(payment::Column::AccountId.eq(account))
}

/// All payments, in `state` if it is given, for staff who may see people; nothing for others.
pub fn seen_by_staff(viewer: &Viewer, state: Option<PaymentState>) -> Select<payment::Entity> {
    let of = Condition::all().add_option(state.map(|state| payment::Column::State.eq(state)));
    let is_staff = viewer.may(Permission::ReadPeople);
    payment::Entity::find().filter(of).filter(Expr::value(is_staff))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[PaymentId],
) -> Result<Vec<payment::Model>> {
    Ok(visible_to(viewer).filter(payment::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The last payment for each of these documents, by their kind, as far as `viewer` may see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_last_for(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    documents: &[(PaymentPurpose, uuid::Uuid)],
) -> Result<Vec<payment::Model>> {
    use payment::Column::{DocumentId, Purpose};
    let of = |purpose| {
        let theirs = documents.iter().filter(|one| one.0 == purpose).map(|one| one.1);
        Purpose.eq(purpose).and(DocumentId.is_in(theirs))
    };
    let theirs = PaymentPurpose::iter().fold(Condition::any(), |any, purpose| any.add(of(purpose)));
    let last = Expr::cust(
        "NOT EXISTS (SELECT 1 FROM payments n WHERE n.purpose = payments.purpose \
         AND n.document_id = payments.document_id AND (n.begun_at, n.id) > (payments.begun_at, payments.id))",
    );
    Ok(visible_to(viewer).filter(theirs).filter(last).all(db).await?)
}

/// What the method is known by that paid for a document; none if it was paid from a cash account.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_label(
    db: &impl ConnectionTrait,
    (purpose, document): (PaymentPurpose, uuid::Uuid),
) -> Result<Option<String>> {
    let sql = Sql::new(
        "SELECT m.label FROM payments p JOIN payment_methods m ON m.id = p.method_id \
         WHERE p.purpose = :purpose AND p.document_id = :document AND p.state = 'PAID'",
    );
    let row = db.query_one_raw(sql.bind("purpose", purpose).bind("document", document).on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "label")).transpose()?)
}

/// Those of `ids` that are not over, each with its method.
pub(super) async fn list_open(
    db: &impl ConnectionTrait,
    ids: &[PaymentId],
) -> Result<Vec<(payment::Model, payment_method::Model)>> {
    use payment::Column::{AskAt, Id};
    let open = Id.is_in(ids.iter().copied()).and(AskAt.is_not_null());
    let payments = payment::Entity::find().filter(open).order_by_asc(Id).all(db).await?;
    let methods: Vec<_> = payments.iter().filter_map(|payment| payment.method_id).collect();
    let theirs = payment_method::Column::Id.is_in(methods);
    let methods = payment_method::Entity::find().filter(theirs).all(db).await?;
    let with = |payment: payment::Model| {
        let method = methods.iter().find(|method| Some(method.id) == payment.method_id)?.clone();
        Some((payment, method))
    };
    Ok(payments.into_iter().filter_map(with).collect())
}

/// Claims payments that `provider` is to be asked about, that were due by `by`, at most `limit`, those first that have
/// waited longest: nobody else asks meanwhile, and if this process dies, they fall due again `again_at`, which is told
/// how often they were asked for.
///
/// # Errors
/// When the database refuses.
pub async fn claim_due(
    txn: &Txn,
    provider: PaymentProvider,
    by: Instant,
    limit: u64,
    again_at: impl Fn(i64) -> Instant,
) -> Result<Vec<(AccountId, PaymentId)>> {
    use payment::Column::{AskAt, Id, Provider};
    let due = payment::Entity::find().filter(AskAt.lte(by)).filter(Provider.eq(provider));
    let due = due.order_by_asc(AskAt).order_by_asc(Id).limit(limit).all(txn).await?;
    let mut claimed = Vec::new();
    for payment in due {
        let later = Expr::value(again_at(payment.attempts));
        let still = Id.eq(payment.id).and(AskAt.is_not_null());
        payment::Entity::update_many().col_expr(AskAt, later).filter(still).exec(txn).await?;
        claimed.push((payment.account_id, payment.id));
    }
    Ok(claimed)
}

/// How many payments and refunds are due at `now` that another provider than `provider` has to say of.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count_due_elsewhere(
    db: &impl ConnectionTrait,
    provider: Option<PaymentProvider>,
    now: Instant,
) -> Result<u64> {
    let of_payment = provider.map(|ours| payment::Column::Provider.ne(ours));
    let payments = payment::Entity::find().filter(payment::Column::AskAt.lte(now));
    let payments = payments.filter(Condition::all().add_option(of_payment)).count(db).await?;
    let of_refund = provider.map(|ours| refund::Column::Provider.ne(ours));
    let refunds = refund::Entity::find().filter(refund::Column::AskAt.lte(now));
    Ok(payments + refunds.filter(Condition::all().add_option(of_refund)).count(db).await?)
}

/// Whether `provider` has collected anything.
///
/// # Errors
/// When the database cannot be reached.
pub async fn has_paid_by(db: &impl ConnectionTrait, provider: PaymentProvider) -> Result<bool> {
    use payment::Column::Provider;
    // By the index of references: what was paid has one.
    let theirs = Provider.eq(provider).and(Expr::cust("reference IS NOT NULL"));
    Ok(payment::Entity::find().filter(theirs).limit(1).one(db).await?.is_some())
}

/// When the `nth` newest of the payments of `payer` began that began after `since` and are not paid; `None` if there are
/// fewer.
pub(super) async fn find_nth_unpaid_since(
    txn: &Txn,
    payer: AccountId,
    since: Instant,
    nth: u32,
) -> Result<Option<Instant>> {
    use payment::Column::{BegunAt, Id, State};
    let unpaid = payments_of(payer).filter(BegunAt.gt(since)).filter(State.ne(PaymentState::Paid));
    let newest = unpaid.order_by_desc(BegunAt).order_by_desc(Id).offset(u64::from(nth) - 1);
    Ok(newest.one(txn).await?.map(|payment| payment.begun_at))
}

/// When the next payment or refund is to be asked about.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_next(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let sql = Sql::new(
        "SELECT MIN(ask_at) AS ask_at FROM (SELECT ask_at FROM payments WHERE ask_at IS NOT NULL \
         UNION ALL SELECT ask_at FROM refunds WHERE ask_at IS NOT NULL) AS x",
    );
    let row = db.query_one_raw(sql.on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "ask_at")).transpose()?.flatten())
}

/// The payment with this id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_payment(db: &impl ConnectionTrait, id: PaymentId) -> Result<Option<payment::Model>> {
    Ok(payment::Entity::find_by_id(id).one(db).await?)
}

/// Stores the provider's own name for a payment that is not over, unless there is one; returns the one that is stored.
pub(super) async fn name_payment(txn: &Txn, id: PaymentId, name: &str) -> Result<Option<String>> {
    let sql = "UPDATE payments SET reference = COALESCE(reference, :name) WHERE id = :id AND ask_at IS NOT NULL \
               RETURNING reference";
    let row = txn.query_one_raw(Sql::new(sql).bind("name", name).bind("id", id).on(txn)?).await?;
    Ok(row.map(|row| row.try_get("", "reference")).transpose()?)
}

pub(super) async fn lock_payment(txn: &Txn, id: PaymentId) -> Result<Option<payment::Model>> {
    let sql = Sql::new("SELECT * FROM payments WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(payment::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

pub(super) async fn insert_payment(txn: &Txn, row: payment::Model) -> Result<()> {
    payment::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes what may change of a payment.
pub(super) async fn update_payment(txn: &Txn, row: payment::Model) -> Result<()> {
    use sea_orm::ActiveValue::{Set, Unchanged};
    let changed = payment::ActiveModel {
        id: Unchanged(row.id),
        state: Set(row.state),
        failure: Set(row.failure),
        reference: Set(row.reference),
        attempts: Set(row.attempts),
        ask_at: Set(row.ask_at),
        ended_at: Set(row.ended_at),
        refunded_cents: Set(row.refunded_cents),
        charged_back_cents: Set(row.charged_back_cents),
        ..Default::default()
    };
    payment::Entity::update(changed).exec(txn).await?;
    Ok(())
}

pub(super) async fn insert_method(txn: &Txn, row: payment_method::Model) -> Result<()> {
    payment_method::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn update_method(txn: &Txn, row: payment_method::Model) -> Result<()> {
    payment_method::Entity::update(row.into_active_model().reset_all()).exec(txn).await?;
    Ok(())
}

/// The payment methods that `provider` still keeps although they were removed, at most `limit`, those first that have
/// waited longest; not those by which a payment is under way, or that were added again.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_to_forget(
    db: &impl ConnectionTrait,
    provider: PaymentProvider,
    limit: u64,
) -> Result<Vec<payment_method::Model>> {
    use payment_method::Column::{ForgottenAt, Id, Provider, RemovedAt};
    let removed =
        payment_method::Entity::find().filter(Provider.eq(provider)).filter(RemovedAt.is_not_null());
    let kept = removed.filter(ForgottenAt.is_null()).filter(Expr::cust(
        "NOT EXISTS (SELECT 1 FROM payments p WHERE p.method_id = payment_methods.id AND p.ask_at IS NOT NULL) \
         AND NOT EXISTS (SELECT 1 FROM payment_methods o WHERE o.account_id = payment_methods.account_id \
         AND o.token = payment_methods.token AND o.removed_at IS NULL)",
    ));
    Ok(kept.order_by_asc(RemovedAt).order_by_asc(Id).limit(limit).all(db).await?)
}

/// Whether a payment method that was removed is still to be forgotten: nobody has added it again.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_to_forget(db: &impl ConnectionTrait, method: &payment_method::Model) -> Result<bool> {
    use payment_method::Column::Token;
    let again = methods_of(method.account_id).filter(Token.eq(method.token.as_str()));
    Ok(again.limit(1).one(db).await?.is_none())
}

/// When the first payment method was removed, after `since`, that its provider still keeps.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_to_forget(db: &impl ConnectionTrait, since: Instant) -> Result<Option<Instant>> {
    let first = PaymentProvider::iter().map(async |provider| list_to_forget(db, provider, 1).await);
    let mut removed = Vec::new();
    for first in first {
        removed.extend(first.await?.into_iter().filter_map(|method| method.removed_at));
    }
    Ok(removed.into_iter().filter(|at| *at > since).min())
}

/// Notes that the provider has forgotten a payment method; so do we.
///
/// # Errors
/// When the database refuses.
pub async fn note_forgotten(txn: &Txn, id: PaymentMethodId) -> Result<()> {
    let sql = "UPDATE payment_methods SET token = '[forgotten]', forgotten_at = :now \
               WHERE id = :id AND forgotten_at IS NULL";
    txn.run(Sql::new(sql).bind("now", txn.now()).bind("id", id)).await?;
    Ok(())
}

/// Whether a payment or a refund of `account` is under way.
///
/// # Errors
/// When the database refuses.
pub async fn is_under_way(txn: &Txn, account: AccountId) -> Result<bool> {
    let sql = Sql::new(
        "SELECT COUNT(*) AS count FROM payments p LEFT JOIN refunds r ON r.payment_id = p.id \
         AND r.ask_at IS NOT NULL WHERE p.account_id = :account AND (p.ask_at IS NOT NULL OR r.id IS NOT NULL)",
    );
    let row = txn.query_one_raw(sql.bind("account", account).on(txn)?).await?;
    let count: i64 = row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or_default();
    Ok(count > 0)
}

/// Forgets what `account` pays with (P-6), except the tokens that the provider needs to forget them, too. What was paid
/// stays.
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    let sql = Sql::new(
        "UPDATE payment_methods SET label = '[erased]', is_primary = FALSE, \
         removed_at = COALESCE(removed_at, :now) WHERE account_id = :account",
    );
    txn.run(sql.bind("now", txn.now()).bind("account", account)).await?;
    Ok(())
}
