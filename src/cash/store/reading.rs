//! Reading accounts, postings and transactions, for viewers who may see them.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, Select, sea_query::Expr,
};

use crate::{
    clock::Instant,
    db::Sql,
    entity::{
        cash_account, cash_posting, cash_transaction,
        enums::{CashAccountKind, CashKind, PaymentProvider},
        ids::{AccountId, CashAccountId, CashTransactionId},
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// The cash and the debts of people that `viewer` may see: their own, or everybody's with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<cash_account::Entity> {
    let rows = cash_account::Entity::find();
    if viewer.may(Permission::ReadPeople) {
        rows.filter(cash_account::Column::AccountId.is_not_null())
    } else {
        rows.filter(cash_account::Column::AccountId.eq(viewer.id()))
    }
}

/// The cash and the debts of `people`, as far as `viewer` may see them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    people: &[AccountId],
) -> Result<Vec<cash_account::Model>> {
    let theirs = cash_account::Column::AccountId.is_in(people.iter().copied());
    Ok(visible_to(viewer).filter(theirs).all(db).await?)
}

/// What `person` has in cash, and what they owe, which is not above zero; both in minor units.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_worth(db: &impl ConnectionTrait, person: AccountId) -> Result<(i64, i64)> {
    let theirs = cash_account::Entity::find().filter(cash_account::Column::AccountId.eq(person));
    let rows = theirs.all(db).await?;
    let of = |kind| rows.iter().filter(|row| row.kind == kind).map(|row| row.balance).sum();
    Ok((of(CashAccountKind::Person), of(CashAccountKind::Receivable)))
}

/// What an account of the platform's own holds.
#[derive(Clone, Debug)]
pub struct PlatformAccount {
    /// The kind.
    pub kind: CashAccountKind,
    /// The payment provider, of `CLEARING`.
    pub provider: Option<PaymentProvider>,
    /// In minor units.
    pub cents: i64,
}

/// What the platform's own accounts hold, by kind and payment provider, for a viewer who may read the market; nothing for
/// others.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_platform_accounts(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
) -> Result<Vec<PlatformAccount>> {
    if !viewer.may(Permission::ReadMarket) {
        return Ok(Vec::new());
    }
    let sql = "SELECT kind, CASE WHEN kind = 'CLEARING' THEN holder END AS provider, balance AS cents \
               FROM cash_accounts WHERE kind IN ('FEES', 'CLEARING', 'REFUNDS_IN_TRANSIT', 'PAYOUTS_IN_TRANSIT', 'SALES', \
               'TAXES', 'PROMOTIONS') ORDER BY kind, holder";
    let account = |row: &QueryResult| {
        Ok(PlatformAccount {
            kind: row.try_get("", "kind")?,
            provider: row.try_get("", "provider")?,
            cents: row.try_get("", "cents")?,
        })
    };
    db.query_all_raw(Sql::new(sql).on(db)?).await?.iter().map(account).collect()
}

/// Those of the postings with these keys that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible_postings(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    keys: &[(CashAccountId, i64)],
) -> Result<Vec<cash_posting::Model>> {
    use cash_posting::Column::{CashAccountId, Seq};
    let cash = cash_account::Column::Kind.eq(CashAccountKind::Person);
    let seen = visible_to(viewer).filter(cash).select_only().column(cash_account::Column::Id).into_query();
    let these = keys.iter().fold(Condition::any(), |these, (account, seq)| {
        these.add(CashAccountId.eq(*account).and(Seq.eq(*seq)))
    });
    Ok(cash_posting::Entity::find().filter(these).filter(CashAccountId.in_subquery(seen)).all(db).await?)
}

/// Which rows of a history to show; windows look at when things count (H-2).
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Only what counts after this instant.
    pub after: Option<Instant>,
    /// Only what counts at or after this instant.
    pub from: Option<Instant>,
    /// Only what counts before this instant.
    pub to: Option<Instant>,
    /// Only these kinds.
    pub kinds: Option<Vec<CashKind>>,
}

impl Shown {
    /// The condition for a posting's transaction; `None` if all are shown.
    fn condition(self) -> Option<Condition> {
        use cash_transaction::Column::{EffectiveAt, Kind};
        let wanted = Condition::all()
            .add_option(self.after.map(|after| EffectiveAt.gt(after)))
            .add_option(self.from.map(|from| EffectiveAt.gte(from)))
            .add_option(self.to.map(|to| EffectiveAt.lt(to)))
            .add_option(self.kinds.map(|kinds| Kind.is_in(kinds)));
        (!wanted.is_empty()).then_some(wanted)
    }
}

/// The postings of an account.
pub fn shown_postings(account: CashAccountId, shown: Shown) -> Select<cash_posting::Entity> {
    use cash_posting::Column::{CashAccountId, TransactionId};
    let rows = cash_posting::Entity::find().filter(CashAccountId.eq(account));
    let Some(wanted) = shown.condition() else { return rows };
    let its_own = Expr::col((cash_transaction::Entity, cash_transaction::Column::Id))
        .equals((cash_posting::Entity, TransactionId));
    let of = cash_transaction::Entity::find().select_only().column(cash_transaction::Column::Id);
    rows.filter(Expr::exists(of.filter(its_own).filter(wanted).into_query()))
}

/// The newest `limit` of those postings that were recorded before the one with number `before`, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_newest_postings(
    db: &impl ConnectionTrait,
    account: CashAccountId,
    shown: Shown,
    before: i64,
    limit: u64,
) -> Result<Vec<cash_posting::Model>> {
    let rows = shown_postings(account, shown).filter(cash_posting::Column::Seq.lt(before));
    Ok(rows.order_by_desc(cash_posting::Column::Seq).limit(limit).all(db).await?)
}

/// The transactions with these ids.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_transactions(
    db: &impl ConnectionTrait,
    ids: &[CashTransactionId],
) -> Result<Vec<cash_transaction::Model>> {
    let these = cash_transaction::Column::Id.is_in(ids.iter().copied());
    Ok(cash_transaction::Entity::find().filter(these).all(db).await?)
}

/// A posting of a transaction, by the kind of its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The transaction.
    pub transaction_id: CashTransactionId,
    /// Place in the transaction, from 1.
    pub line: i64,
    /// The kind of the account.
    pub kind: CashAccountKind,
    /// What the account gets, or, negative, gives.
    pub amount: i64,
}

/// All postings of these transactions, in order.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_parts(db: &impl ConnectionTrait, ids: &[CashTransactionId]) -> Result<Vec<Part>> {
    let sql = Sql::new(
        "SELECT p.transaction_id, p.line, a.kind, p.amount FROM cash_postings p \
         JOIN cash_accounts a ON a.id = p.cash_account_id WHERE p.transaction_id IN (",
    );
    let sql = sql.push(Sql::list(ids.iter().copied())).push(") ORDER BY p.transaction_id, p.line");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    let part = |row: &sea_orm::QueryResult| {
        Ok(Part {
            transaction_id: row.try_get("", "transaction_id")?,
            line: row.try_get("", "line")?,
            kind: row.try_get("", "kind")?,
            amount: row.try_get("", "amount")?,
        })
    };
    rows.iter().map(part).collect()
}
