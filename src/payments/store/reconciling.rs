//! The SQL of what is compared with a provider's list.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryResult, QuerySelect};

use crate::{
    clock::Instant,
    db::Sql,
    entity::{
        enums::{PaymentProvider, PaymentState},
        payment,
    },
    error::Result,
    payments::rules::differences::Ours,
    providers::payments::{Movement, MovementKind},
};

/// What began within the window, and what is under way since before its end.
pub(in crate::payments) async fn list_begun(
    db: &impl ConnectionTrait,
    provider: PaymentProvider,
    window: (Instant, Instant),
) -> Result<Vec<Ours>> {
    let mut ours = Vec::new();
    for kind in MovementKind::ALL {
        let within = Sql::new("begun_at >= :since AND begun_at < :until").bind("since", window.0);
        let waiting = Sql::new("ask_at IS NOT NULL AND begun_at < :until");
        for begun in [within, waiting] {
            ours.extend(list(db, kind, provider, begun.bind("until", window.1), window).await?);
        }
    }
    Ok(ours)
}

/// A payment provider other than `asked` with which a payment has begun at `since` or later, if there is one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_unasked(
    db: &impl ConnectionTrait,
    asked: Option<PaymentProvider>,
    since: Instant,
) -> Result<Option<PaymentProvider>> {
    use payment::Column::{BegunAt, Provider};
    let outside =
        |provider: &PaymentProvider| Some(*provider) != asked && *provider != PaymentProvider::CashAccount;
    for provider in PaymentProvider::iter().filter(outside) {
        let begun = payment::Entity::find().filter(Provider.eq(provider)).filter(BegunAt.gte(since));
        if begun.limit(1).one(db).await?.is_some() {
            return Ok(Some(provider));
        }
    }
    Ok(None)
}

/// What `theirs` name, or mean by our own id.
pub(in crate::payments) async fn list_named(
    db: &impl ConnectionTrait,
    provider: PaymentProvider,
    theirs: &[Movement],
    window: (Instant, Instant),
) -> Result<Vec<Ours>> {
    let mut ours = Vec::new();
    for kind in MovementKind::ALL {
        let some = || theirs.iter().filter(|their| their.kind == kind);
        let names = some().map(|their| their.reference.clone());
        let ids = some().filter_map(|their| their.key.as_deref()?.parse::<uuid::Uuid>().ok());
        for these in
            [Sql::new("reference IN (").push(Sql::list(names)), Sql::new("id IN (").push(Sql::list(ids))]
        {
            ours.extend(list(db, kind, provider, these.push(")"), window).await?);
        }
    }
    Ok(ours)
}

/// The rows of one kind that meet a condition.
async fn list(
    db: &impl ConnectionTrait,
    kind: MovementKind,
    provider: PaymentProvider,
    condition: Sql,
    window: (Instant, Instant),
) -> Result<Vec<Ours>> {
    let rows = match kind {
        MovementKind::Charge => {
            "SELECT id, provider, reference, NULL AS of_charge, amount_cents, currency, state, begun_at, ask_at \
             FROM payments"
        }
        MovementKind::Refund => {
            "SELECT r.id, r.provider, r.reference, p.reference AS of_charge, r.amount_cents, r.currency, r.state, \
             r.begun_at, r.ask_at FROM refunds r JOIN payments p ON p.id = r.payment_id"
        }
        MovementKind::Chargeback => {
            "SELECT b.id, b.provider, b.reference, p.reference AS of_charge, b.amount_cents, b.currency, \
             'PAID' AS state, b.charged_back_at AS begun_at, CAST(NULL AS TEXT) AS ask_at \
             FROM chargebacks b JOIN payments p ON p.id = b.payment_id"
        }
    };
    let sql =
        Sql::new(format!("SELECT * FROM ({rows}) AS x WHERE provider = :provider AND (")).push(condition);
    let sql = sql.push(")").bind("provider", provider.as_str());
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| ours_of(kind, row, window)).collect()
}

fn ours_of(kind: MovementKind, row: &QueryResult, (since, until): (Instant, Instant)) -> Result<Ours> {
    let id: uuid::Uuid = row.try_get("", "id")?;
    let begun_at: Instant = row.try_get("", "begun_at")?;
    let state: PaymentState = row.try_get("", "state")?;
    Ok(Ours {
        kind,
        id: id.to_string(),
        reference: row.try_get("", "reference")?,
        of: row.try_get("", "of_charge")?,
        cents: row.try_get("", "amount_cents")?,
        currency: row.try_get("", "currency")?,
        state,
        is_listed: since <= begun_at && begun_at < until,
        is_due: begun_at < until,
    })
}
