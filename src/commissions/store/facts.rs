//! The SQL of the facts that decide commissions: who has paid, how a payment stood at an instant, and who belongs together.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    clock::Instant,
    commissions::rules::{Relation, Standing},
    db::{Sql, Txn},
    entity::{
        commission,
        ids::{AccountId, AffiliateLinkId, CommissionId, ContractId, MilestoneId, PaymentId},
    },
    error::Result,
};

/// A client who was brought by an affiliate and has paid for the first time.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Funded {
    /// The client.
    pub client_id: AccountId,
    /// Who brought them.
    pub affiliate_id: AccountId,
    /// By which link.
    pub link_id: AffiliateLinkId,
    /// When it was clicked.
    pub clicked_at: Instant,
    /// When a hire is too late.
    pub hire_before: Instant,
    /// Whether the affiliate was suspended when the client paid.
    pub is_suspended: bool,
    /// The contract that was funded.
    pub contract_id: ContractId,
    /// When it began.
    pub hired_at: Instant,
    /// Who was hired.
    pub freelancer_id: AccountId,
    /// What was funded.
    pub milestone_id: MilestoneId,
    /// When.
    pub funded_at: Instant,
    /// The payment.
    pub payment_id: PaymentId,
    /// Its amount, in minor units.
    pub amount_cents: i64,
}

/// Locks open attributions whose client has paid, and reads the first payment of each (F-5). SQLite joins in the order of a
/// CROSS JOIN; it would read all payments first.
pub(in crate::commissions) async fn list_funded(txn: &Txn, most: u64) -> Result<Vec<Funded>> {
    let lock = txn.for_update();
    let lock = if lock.is_empty() { String::new() } else { format!("{lock} OF a") };
    let sql = Sql::new(
        "SELECT a.client_id, a.affiliate_id, a.link_id, a.clicked_at, a.hire_before, \
         EXISTS (SELECT 1 FROM affiliate_suspensions s WHERE s.affiliate_id = a.affiliate_id \
         AND s.suspended_at <= m.funded_at AND (s.reinstated_at IS NULL OR s.reinstated_at > m.funded_at)) \
         AS is_suspended, c.id AS contract_id, \
         c.started_at AS hired_at, c.freelancer_id, m.id AS milestone_id, m.funded_at, p.id AS payment_id, p.amount_cents \
         FROM attributions a CROSS JOIN contracts c CROSS JOIN milestones m CROSS JOIN payments p \
         WHERE a.state = 'OPEN' AND c.client_id = a.client_id AND m.contract_id = c.id \
         AND p.purpose = 'MILESTONE' AND p.document_id = m.id AND p.state = 'PAID' AND m.funded_at <= :now AND NOT EXISTS (SELECT 1 FROM contracts d \
         JOIN milestones n ON n.contract_id = d.id WHERE d.client_id = a.client_id \
         AND (n.funded_at < m.funded_at OR (n.funded_at = m.funded_at AND n.id < m.id))) \
         ORDER BY a.hire_before, a.client_id LIMIT :most",
    );
    let sql = sql.bind("now", txn.due_by()).bind("most", most as i64).push(lock);
    Ok(Funded::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// How the payments of `rows` stood when the month of each was over, as the journal had it by then. Of the accounts that a
/// payment's documents moved, the freelancer's and the fees have what was released of it, and the escrow what was not.
pub(in crate::commissions) async fn list_standings(
    txn: &Txn,
    rows: &[commission::Model],
) -> Result<HashMap<CommissionId, Standing>> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = || Sql::list(rows.iter().map(|row| row.id));
    let sql = Sql::new("WITH due AS (SELECT * FROM commissions WHERE id IN (").push(ids()).push(
        ")), documents AS (\
         SELECT id, payment_id AS document_id FROM due UNION ALL SELECT id, milestone_id FROM due \
         UNION ALL SELECT d.id, r.id FROM due d JOIN refunds r ON r.payment_id = d.payment_id \
         UNION ALL SELECT d.id, b.id FROM due d JOIN chargebacks b ON b.payment_id = d.payment_id) \
         SELECT d.id, CAST(SUM(CASE WHEN a.kind = 'FEES' OR a.account_id = d.freelancer_id THEN p.amount ELSE 0 END) \
         AS BIGINT) AS released, \
         CAST(SUM(CASE WHEN a.kind = 'ESCROW' THEN p.amount ELSE 0 END) AS BIGINT) AS escrow, \
         MAX(CASE WHEN t.kind IN ('CHARGEBACK', 'CHARGEBACK_OF_REFUNDED') THEN 1 ELSE 0 END) AS banks \
         FROM due d JOIN documents o ON o.id = d.id JOIN cash_transactions t ON t.document_id = o.document_id \
         AND t.recorded_at < d.next_lock_at JOIN cash_postings p ON p.transaction_id = t.id \
         JOIN cash_accounts a ON a.id = p.cash_account_id GROUP BY d.id",
    );
    let mut standings = HashMap::new();
    for row in txn.query_all_raw(sql.on(txn)?).await? {
        let standing = Standing {
            released_cents: row.try_get("", "released")?,
            escrow_cents: row.try_get("", "escrow")?,
            is_charged_back: row.try_get::<i32>("", "banks")? > 0,
        };
        standings.insert(row.try_get("", "id")?, standing);
    }
    Ok(standings)
}

/// The people of a commission, and the instant by which they may have been seen together.
#[derive(Clone, Copy, Debug)]
pub struct People {
    client: AccountId,
    affiliate: AccountId,
    freelancer: AccountId,
    by: Instant,
}

impl People {
    /// The people of a commission, as they had been seen by an instant.
    pub fn at(row: &commission::Model, by: Instant) -> Self {
        Self { by, ..Self::from(row) }
    }
}

impl From<&Funded> for People {
    fn from(one: &Funded) -> Self {
        let Funded { client_id, affiliate_id, freelancer_id, funded_at, .. } = *one;
        Self { client: client_id, affiliate: affiliate_id, freelancer: freelancer_id, by: funded_at }
    }
}

impl From<&commission::Model> for People {
    fn from(row: &commission::Model) -> Self {
        let by = row.next_lock_at.unwrap_or(row.funded_at);
        Self { client: row.client_id, affiliate: row.affiliate_id, freelancer: row.freelancer_id, by }
    }
}

/// Who of `people` were seen with the same things by the instant of each (F-9), by client.
pub(in crate::commissions) async fn list_relations(
    db: &impl ConnectionTrait,
    people: &[People],
) -> Result<HashMap<AccountId, BTreeSet<Relation>>> {
    relations(db, people, RELATED).await
}

/// The clients among `people` who share person, organisation or payment method with somebody who had an account before
/// (F-5).
pub(in crate::commissions) async fn list_known(
    db: &impl ConnectionTrait,
    people: &[People],
) -> Result<HashMap<AccountId, BTreeSet<Relation>>> {
    relations(db, people, KNOWN).await
}

async fn relations(
    db: &impl ConnectionTrait,
    people: &[People],
    asked: &str,
) -> Result<HashMap<AccountId, BTreeSet<Relation>>> {
    let mut found: HashMap<_, BTreeSet<_>> = HashMap::new();
    for some in people.chunks(PEOPLE_AT_ONCE) {
        for row in db.query_all_raw(relations_of(some, asked).on(db)?).await? {
            let relation = match row.try_get::<String>("", "relation")?.as_str() {
                "A" => Relation::FreelancerWithAffiliate,
                "C" => Relation::FreelancerWithClient,
                _ => Relation::ClientWithOlder,
            };
            found.entry(row.try_get("", "client")?).or_default().insert(relation);
        }
    }
    Ok(found)
}

/// Commissions whose people one statement asks about.
const PEOPLE_AT_ONCE: usize = 2_000;

/// What freelancers share with affiliate or client. SQLite joins in the order of a CROSS JOIN: from the traces of one person
/// to those of the other.
const RELATED: &str = "SELECT x.client, 'A' AS relation FROM people x WHERE EXISTS \
     (SELECT 1 FROM traces t CROSS JOIN traces o WHERE t.account_id = x.freelancer AND t.seen_at <= x.by_then \
     AND o.account_id = x.affiliate AND o.kind = t.kind AND o.hash = t.hash AND o.seen_at <= x.by_then) \
     UNION ALL SELECT x.client, 'C' FROM people x WHERE EXISTS \
     (SELECT 1 FROM traces t CROSS JOIN traces o WHERE t.account_id = x.freelancer AND t.seen_at <= x.by_then \
     AND o.account_id = x.client AND o.kind = t.kind AND o.hash = t.hash AND o.seen_at <= x.by_then)";

/// What clients share with people of before.
const KNOWN: &str = "SELECT x.client, 'O' AS relation FROM people x CROSS JOIN accounts a WHERE a.id = x.client AND EXISTS \
     (SELECT 1 FROM traces t CROSS JOIN traces o CROSS JOIN accounts b WHERE t.account_id = x.client \
     AND t.kind IN ('PERSON', 'ORGANISATION', 'PAYMENT') AND t.seen_at <= x.by_then AND o.kind = t.kind \
     AND o.hash = t.hash AND o.seen_at <= x.by_then AND o.account_id <> x.client AND b.id = o.account_id \
     AND b.created_at < a.created_at)";

fn relations_of(people: &[People], asked: &str) -> Sql {
    let row = |one: &People| -> Vec<sea_orm::Value> {
        vec![one.client.into(), one.affiliate.into(), one.freelancer.into(), one.by.into()]
    };
    let rows = Sql::rows(&["client", "affiliate", "freelancer", "by_then"], people.iter().map(row).collect());
    let people = Sql::new("WITH people (client, affiliate, freelancer, by_then) AS (").push(rows);
    people.push(format!(") {asked}"))
}
