//! The SQL of refunds and charge-backs.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        chargeback,
        enums::{PaymentProvider, PaymentPurpose, PaymentState},
        ids::{ChargebackId, PaymentId, RefundId},
        payment, refund,
    },
    error::Result,
};

/// Locks the payment for a document that was paid.
///
/// # Errors
/// When the database refuses.
pub async fn lock_paid_for(
    txn: &Txn,
    purpose: PaymentPurpose,
    document: uuid::Uuid,
) -> Result<Option<payment::Model>> {
    let sql = Sql::new(
        "SELECT * FROM payments WHERE purpose = :purpose AND document_id = :document AND state = 'PAID'",
    );
    let sql = sql.bind("purpose", purpose.as_str()).bind("document", document).push(txn.for_update());
    Ok(payment::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// The payment that `provider` calls by this reference.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_by_reference(
    db: &impl ConnectionTrait,
    provider: PaymentProvider,
    reference: &str,
) -> Result<Option<payment::Model>> {
    use payment::Column::{Provider, Reference};
    let this = Reference.eq(reference).and(Expr::cust("reference IS NOT NULL"));
    Ok(payment::Entity::find().filter(Provider.eq(provider)).filter(this).one(db).await?)
}

/// Those of `names`, which are the provider's own, that are of payments that are not over.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_open_names(
    db: &impl ConnectionTrait,
    provider: PaymentProvider,
    names: &[&str],
) -> Result<Vec<String>> {
    use payment::Column::{AskAt, Provider, Reference};
    let these = Reference.is_in(names.iter().copied()).and(Expr::cust("reference IS NOT NULL"));
    let open =
        payment::Entity::find().filter(Provider.eq(provider)).filter(these).filter(AskAt.is_not_null());
    let open = open.select_only().column(Reference).into_tuple::<Option<String>>();
    Ok(open.all(db).await?.into_iter().flatten().collect())
}

/// How many refunds there are of the payment for a document.
///
/// # Errors
/// When the database refuses.
pub async fn count_refunds_for(txn: &Txn, purpose: PaymentPurpose, document: uuid::Uuid) -> Result<u64> {
    Ok(list_refunds_for(txn, purpose, &[document]).await?.len() as u64)
}

/// The refunds of what was paid for these documents, with the document of each, in order, for those
/// who may see the documents.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_refunds_for(
    db: &impl ConnectionTrait,
    purpose: PaymentPurpose,
    documents: &[uuid::Uuid],
) -> Result<Vec<(uuid::Uuid, refund::Model)>> {
    use payment::Column::{DocumentId, Purpose};
    use refund::Column::{BegunAt, Id};
    let theirs = Purpose.eq(purpose).and(DocumentId.is_in(documents.iter().copied()));
    let payments =
        payment::Entity::find().filter(theirs).filter(Expr::cust("state = 'PAID'")).all(db).await?;
    let of = refund::Column::PaymentId.is_in(payments.iter().map(|payment| payment.id));
    let refunds = refund::Entity::find().filter(of).order_by_asc(BegunAt).order_by_asc(Id).all(db).await?;
    Ok(with_payments(refunds, &payments).map(|(refund, payment)| (payment.document_id, refund)).collect())
}

/// Those of `ids` that have not failed, each with its payment.
pub(in crate::payments) async fn list_unfailed_refunds(
    db: &impl ConnectionTrait,
    ids: &[RefundId],
) -> Result<Vec<(refund::Model, payment::Model)>> {
    use refund::Column::{Id, State};
    let these = Id.is_in(ids.iter().copied()).and(State.ne(PaymentState::Failed));
    let refunds = refund::Entity::find().filter(these).order_by_asc(Id).all(db).await?;
    let theirs = payment::Column::Id.is_in(refunds.iter().map(|refund| refund.payment_id));
    let payments = payment::Entity::find().filter(theirs).all(db).await?;
    Ok(with_payments(refunds, &payments).map(|(refund, payment)| (refund, payment.clone())).collect())
}

/// Each refund with its payment.
fn with_payments(
    refunds: Vec<refund::Model>,
    payments: &[payment::Model],
) -> impl Iterator<Item = (refund::Model, &payment::Model)> {
    let with = |refund: refund::Model| {
        payments.iter().find(|payment| payment.id == refund.payment_id).map(|payment| (refund, payment))
    };
    refunds.into_iter().filter_map(with)
}

/// Claims refunds as `claim_due` claims payments.
///
/// # Errors
/// When the database refuses.
pub async fn claim_due_refunds(
    txn: &Txn,
    provider: PaymentProvider,
    by: Instant,
    limit: u64,
    again_at: impl Fn(i64) -> Instant,
) -> Result<Vec<RefundId>> {
    use refund::Column::{AskAt, Id, Provider};
    let due = refund::Entity::find().filter(AskAt.lte(by)).filter(Provider.eq(provider));
    let due = due.order_by_asc(AskAt).order_by_asc(Id).limit(limit).all(txn).await?;
    let mut claimed = Vec::new();
    for refund in due {
        let later = Expr::value(again_at(refund.attempts));
        let still = Id.eq(refund.id).and(AskAt.is_not_null());
        refund::Entity::update_many().col_expr(AskAt, later).filter(still).exec(txn).await?;
        claimed.push(refund.id);
    }
    Ok(claimed)
}

/// The refund with this id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_refund(db: &impl ConnectionTrait, id: RefundId) -> Result<Option<refund::Model>> {
    Ok(refund::Entity::find_by_id(id).one(db).await?)
}

pub(in crate::payments) async fn lock_refund(txn: &Txn, id: RefundId) -> Result<Option<refund::Model>> {
    let sql = Sql::new("SELECT * FROM refunds WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(refund::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

pub(in crate::payments) async fn insert_refund(txn: &Txn, row: refund::Model) -> Result<()> {
    refund::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes what may change of a refund.
pub(in crate::payments) async fn update_refund(txn: &Txn, row: refund::Model) -> Result<()> {
    use sea_orm::ActiveValue::{Set, Unchanged};
    let changed = refund::ActiveModel {
        id: Unchanged(row.id),
        state: Set(row.state),
        failure: Set(row.failure),
        reference: Set(row.reference),
        attempts: Set(row.attempts),
        ask_at: Set(row.ask_at),
        ended_at: Set(row.ended_at),
        ..Default::default()
    };
    refund::Entity::update(changed).exec(txn).await?;
    Ok(())
}

/// The charge-back that `provider` calls by this reference.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_chargeback(
    txn: &Txn,
    provider: PaymentProvider,
    reference: &str,
) -> Result<Option<chargeback::Model>> {
    use chargeback::Column::{Provider, Reference};
    let this = chargeback::Entity::find().filter(Provider.eq(provider)).filter(Reference.eq(reference));
    Ok(this.one(txn).await?)
}

/// What banks took back of a payment and did not give back, in minor units, without the charge-back `but`.
///
/// # Errors
/// When the database refuses.
pub async fn sum_lost_but(txn: &Txn, payment: PaymentId, but: ChargebackId) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) AS lost FROM chargebacks \
               WHERE payment_id = :payment AND id <> :but AND won_at IS NULL";
    let row = txn.query_one_raw(Sql::new(sql).bind("payment", payment).bind("but", but).on(txn)?).await?;
    Ok(row.map(|row| row.try_get("", "lost")).transpose()?.unwrap_or_default())
}

/// Writes that the bank gave a charge-back back, of which so much is in escrow again.
/// What banks have of `payment`, and have not given back, of what was released or sold, and the fees or taxes in it; in minor
/// units.
///
/// # Errors
/// When the database refuses.
pub async fn sum_fall(txn: &Txn, payment: PaymentId) -> Result<(i64, i64)> {
    let sql = "SELECT CAST(COALESCE(SUM(reversed_cents), 0) AS BIGINT) AS reversed, \
               CAST(COALESCE(SUM(fee_cents), 0) AS BIGINT) AS fee FROM chargebacks \
               WHERE payment_id = :payment AND won_at IS NULL";
    let row = txn.query_one_raw(Sql::new(sql).bind("payment", payment).on(txn)?).await?;
    let of = |name: &str| row.as_ref().map_or(Ok(0), |row| row.try_get("", name));
    Ok((of("reversed")?, of("fee")?))
}

pub(in crate::payments) async fn update_chargeback(txn: &Txn, row: &chargeback::Model) -> Result<()> {
    use sea_orm::ActiveValue::{Set, Unchanged};
    let changed = chargeback::ActiveModel {
        id: Unchanged(row.id),
        restored_cents: Set(row.restored_cents),
        won_at: Set(row.won_at),
        ..Default::default()
    };
    chargeback::Entity::update(changed).exec(txn).await?;
    Ok(())
}

pub(in crate::payments) async fn insert_chargeback(txn: &Txn, row: chargeback::Model) -> Result<()> {
    chargeback::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// The charge-backs since `since` that are known, by the provider's own names for them, and whether each is known to be
/// won.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_references_since(
    db: &impl ConnectionTrait,
    provider: PaymentProvider,
    since: Instant,
) -> Result<Vec<(String, bool)>> {
    use chargeback::Column::{ChargedBackAt, Provider};
    let known = chargeback::Entity::find().filter(Provider.eq(provider)).filter(ChargedBackAt.gte(since));
    Ok(known.all(db).await?.into_iter().map(|row| (row.reference, row.won_at.is_some())).collect())
}

/// When the last charge-back that is known was, by its provider.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_last_chargeback(
    db: &impl ConnectionTrait,
    provider: PaymentProvider,
) -> Result<Option<Instant>> {
    use chargeback::Column::{ChargedBackAt, Provider};
    let last = chargeback::Entity::find().filter(Provider.eq(provider)).order_by_desc(ChargedBackAt);
    Ok(last.limit(1).one(db).await?.map(|row| row.charged_back_at))
}
