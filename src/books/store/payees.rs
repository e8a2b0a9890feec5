//! Commissions and payouts as lines of the digest.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;

use super::LABEL;
use crate::{clock::Instant, db::Sql, entity::ids::AccountId, error::Result};

/// The people who have commissions or payouts, with their labels.
pub(in crate::books) async fn list_payees(db: &impl ConnectionTrait) -> Result<Vec<(String, AccountId)>> {
    let sql = format!(
        "SELECT {LABEL}, a.id FROM accounts a WHERE a.id IN (SELECT affiliate_id FROM commissions) \
         OR a.id IN (SELECT account_id FROM payouts)"
    );
    let rows = db.query_all_raw(Sql::new(sql).on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "label")?, row.try_get("", "id")?))).collect()
}

/// The commissions, their locks and the payouts of `payees` as lines, by person and sorted.
pub(in crate::books) async fn list_payout_lines(
    db: &impl ConnectionTrait,
    payees: &[(String, AccountId)],
) -> Result<BTreeMap<AccountId, Vec<String>>> {
    let mut lines = BTreeMap::<AccountId, Vec<String>>::new();
    for (sql, numbers) in
        [(COMMISSIONS, &["base", "locked"][..]), (LOCKS, &["amount"]), (PAYOUTS, &["amount"])]
    {
        let sql =
            Sql::new(sql.replace("LABEL", LABEL)).push(Sql::list(payees.iter().map(|(_, id)| *id))).push(")");
        for row in db.query_all_raw(sql.on(db)?).await? {
            let at: Instant = row.try_get("", "at")?;
            let (label, what) = (row.try_get::<String>("", "label")?, row.try_get::<String>("", "what")?);
            let mut line = format!("{what} {label} {}", at.timestamp_micros());
            for number in numbers {
                line += &format!(" {}", row.try_get::<i64>("", number)?);
            }
            lines.entry(row.try_get("", "payee")?).or_default().push(line + "\n");
        }
    }
    lines.values_mut().for_each(|lines| lines.sort());
    Ok(lines)
}

const COMMISSIONS: &str = "SELECT LABEL, c.affiliate_id AS payee, c.funded_at AS at, c.base_cents AS base, \
     c.locked_cents AS locked, 'commission ' || c.state || ' ' || COALESCE(c.reason, '') AS what FROM commissions c \
     JOIN accounts a ON a.id = c.client_id WHERE c.affiliate_id IN (";

const LOCKS: &str = "SELECT LABEL, l.affiliate_id AS payee, l.locked_at AS at, l.amount_cents AS amount, \
     'lock ' || COALESCE(p.state, '') AS what FROM commission_locks l JOIN commissions c ON c.id = l.commission_id \
     JOIN accounts a ON a.id = c.client_id LEFT JOIN payouts p ON p.id = l.payout_id WHERE l.affiliate_id IN (";

const PAYOUTS: &str = "SELECT LABEL, p.account_id AS payee, p.created_at AS at, p.amount_cents AS amount, \
     'payout ' || p.purpose || ' ' || p.state || ' ' || COALESCE(p.failure, '') || COALESCE(p.hold, '') || \
     COALESCE(p.paid_currency, '') AS what FROM payouts p JOIN accounts a ON a.id = p.account_id WHERE p.account_id IN (";
