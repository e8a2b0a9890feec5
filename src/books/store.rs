//! The SQL of the ledger's digest.

mod payees;

pub(super) use payees::{list_payees, list_payout_lines};

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ConnectionTrait, QueryResult};

use crate::{
    clock::Instant,
    db::Sql,
    entity::ids::{AccountId, CashAccountId, WalletId},
    error::Result,
    job_posts::rules::key::in_business_terms,
};

/// How a person is identified in business terms: by their address or pseudonym.
const LABEL: &str = "CASE WHEN a.erased_at IS NULL THEN a.email ELSE a.name END AS label";

/// The owners of wallets, by label.
pub(super) async fn list_owners(db: &impl ConnectionTrait) -> Result<Vec<(String, WalletId)>> {
    let sql = format!("SELECT {LABEL}, w.id FROM wallets w JOIN accounts a ON a.id = w.account_id");
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "label")?, row.try_get("", "id")?))).collect()
}

/// The labels of clients.
pub(super) async fn list_clients(db: &impl ConnectionTrait) -> Result<HashMap<AccountId, String>> {
    let sql = format!("SELECT {LABEL}, a.id FROM accounts a WHERE a.is_client");
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    let client = |row: &QueryResult| Ok((row.try_get("", "id")?, row.try_get("", "label")?));
    rows.iter().map(client).collect()
}

/// Lines by wallet, each with its kind and number for sorting, so that no database's collation matters.
pub(super) type Lines = BTreeMap<WalletId, BTreeMap<(char, i64), String>>;

/// The entries and lots of `owners` as lines.
pub(super) async fn list_lines(
    db: &impl ConnectionTrait,
    owners: &[(String, WalletId)],
    clients: &HashMap<AccountId, String>,
) -> Result<Lines> {
    let ids = || Sql::list(owners.iter().map(|(_, id)| *id));
    let entries = Sql::new(
        "SELECT wallet_id, seq, kind, available_change, held_change, available_after, business_key, document_kind, effective_at \
         FROM entries WHERE wallet_id IN (",
    );
    let mut lines = Lines::new();
    for row in db.query_all_raw(entries.push(ids()).push(")").on(db)?).await? {
        let seq: i64 = row.try_get("", "seq")?;
        let kind: String = row.try_get("", "kind")?;
        let change: i64 = row.try_get("", "available_change")?;
        let held: i64 = row.try_get("", "held_change")?;
        let after: i64 = row.try_get("", "available_after")?;
        // A purchase, or the use of a promo code, has no name but its id, which differs from one database to the next.
        let document: String = row.try_get("", "document_kind")?;
        let is_of_purchase = document == "PURCHASE" || ["PROMO", "CHARGEBACK"].contains(&kind.as_str());
        let key = if is_of_purchase { kind.clone() } else { row.try_get("", "business_key")? };
        let key = in_business_terms(&key, clients);
        let at: Instant = row.try_get("", "effective_at")?;
        let line = format!("entry {seq} {kind} {change} {held} {after} {key} {}\n", at.timestamp_micros());
        lines.entry(row.try_get("", "wallet_id")?).or_default().insert(('e', seq), line);
    }
    let lots = Sql::new("SELECT * FROM lots WHERE wallet_id IN (");
    for row in db.query_all_raw(lots.push(ids()).push(")").on(db)?).await? {
        let seq: i64 = row.try_get("", "seq")?;
        let source: String = row.try_get("", "source")?;
        let (quantity, remaining): (i64, i64) = (row.try_get("", "quantity")?, row.try_get("", "remaining")?);
        let (issued, expires): (Instant, Instant) =
            (row.try_get("", "issued_at")?, row.try_get("", "expires_at")?);
        let (issued, expires) = (issued.timestamp_micros(), expires.timestamp_micros());
        let line = format!("lot {seq} {source} {quantity} {remaining} {issued} {expires}\n");
        lines.entry(row.try_get("", "wallet_id")?).or_default().insert(('l', seq), line);
    }
    Ok(lines)
}

/// People's cash and debts, by their label and the kind of account.
pub(super) async fn list_cash_owners(
    db: &impl ConnectionTrait,
) -> Result<Vec<((String, String), CashAccountId)>> {
    let sql = format!(
        "SELECT {LABEL}, c.kind, c.id FROM cash_accounts c JOIN accounts a ON a.id = c.account_id WHERE c.last_seq > 0"
    );
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    let owner = |row: &QueryResult| {
        Ok(((row.try_get("", "label")?, row.try_get("", "kind")?), row.try_get("", "id")?))
    };
    rows.iter().map(owner).collect()
}

/// The postings of `accounts` as lines, by account and number.
pub(super) async fn list_cash_lines(
    db: &impl ConnectionTrait,
    accounts: &[((String, String), CashAccountId)],
) -> Result<BTreeMap<(CashAccountId, i64), String>> {
    let sql = Sql::new(
        "SELECT p.cash_account_id, p.seq, t.kind, p.amount, p.balance_after, t.effective_at FROM cash_postings p \
         JOIN cash_transactions t ON t.id = p.transaction_id WHERE p.cash_account_id IN (",
    );
    let sql = sql.push(Sql::list(accounts.iter().map(|(_, id)| *id))).push(")");
    let mut lines = BTreeMap::new();
    for row in db.query_all_raw(sql.on(db)?).await? {
        let (account, seq) = (row.try_get("", "cash_account_id")?, row.try_get::<i64>("", "seq")?);
        let kind: String = row.try_get("", "kind")?;
        let (amount, after): (i64, i64) = (row.try_get("", "amount")?, row.try_get("", "balance_after")?);
        let at: Instant = row.try_get("", "effective_at")?;
        lines.insert(
            (account, seq),
            format!("cash {seq} {kind} {amount} {after} {}\n", at.timestamp_micros()),
        );
    }
    Ok(lines)
}

/// What all other cash accounts hold together, by their kind. The order in which many people's money passes through
/// them says nothing.
pub(super) async fn list_cash_totals(db: &impl ConnectionTrait) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT kind, CAST(SUM(balance) AS BIGINT) AS total FROM cash_accounts \
               WHERE account_id IS NULL AND last_seq > 0 GROUP BY kind";
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "kind")?, row.try_get("", "total")?))).collect()
}

/// The clients who have contracts, with their labels.
pub(super) async fn list_hirers(db: &impl ConnectionTrait) -> Result<Vec<(String, AccountId)>> {
    let sql =
        format!("SELECT {LABEL}, a.id FROM accounts a WHERE a.id IN (SELECT c.client_id FROM contracts c)");
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "label")?, row.try_get("", "id")?))).collect()
}

/// The contracts of `clients` and their milestones as lines, by client and sorted: how they stand, and what is in escrow.
pub(super) async fn list_contract_lines(
    db: &impl ConnectionTrait,
    clients: &[(String, AccountId)],
) -> Result<BTreeMap<AccountId, Vec<String>>> {
    let sql = Sql::new(format!(
        "SELECT {LABEL}, c.client_id, c.title, c.started_at, c.state, COALESCE(e.balance, 0) AS escrow, \
         COALESCE(m.number, 0) AS number, COALESCE(m.state, '') AS stands, COALESCE(m.amount_cents, 0) AS amount, \
         COALESCE(m.released_cents, 0) AS released, COALESCE(m.reversed_cents, 0) AS reversed, \
         COALESCE(m.refunded_cents, 0) AS refunded, COALESCE(m.charged_back_cents, 0) AS charged_back \
         FROM contracts c JOIN accounts a ON a.id = c.freelancer_id LEFT JOIN milestones m ON m.contract_id = c.id \
         LEFT JOIN cash_accounts e ON e.contract_id = c.id WHERE c.client_id IN ("
    ));
    let sql = sql.push(Sql::list(clients.iter().map(|(_, id)| *id))).push(")");
    let mut lines = BTreeMap::<_, Vec<_>>::new();
    for row in db.query_all_raw(sql.on(db)?).await? {
        let read = |column: &str| row.try_get::<String>("", column);
        let (with, title, state) = (read("label")?, read("title")?, read("state")?);
        let at: Instant = row.try_get("", "started_at")?;
        let mut line =
            format!("contract {with} {title} {} {state} {}", at.timestamp_micros(), read("stands")?);
        for column in ["escrow", "number", "amount", "released", "reversed", "refunded", "charged_back"] {
            line += &format!(" {}", row.try_get::<i64>("", column)?);
        }
        lines.entry(row.try_get("", "client_id")?).or_default().push(line + "\n");
    }
    lines.values_mut().for_each(|lines: &mut Vec<_>| lines.sort());
    Ok(lines)
}
