//! The SQL of returns that are reversed (T-6).

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        contract,
        ids::{AccountId, ProposalId, WalletId},
    },
    error::Result,
};

/// What came back for a proposal when its client cancelled the post.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::contracts) struct Returned {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// The wallet to which it came back.
    pub wallet_id: WalletId,
    /// The key of the return.
    pub business_key: String,
    /// Connects.
    pub quantity: i64,
}

/// What the freelancer of `contract` got back for posts that its client has cancelled since `since` and before it, and that
/// is not reversed, less what a charge-back took away at once, oldest first.
pub(in crate::contracts) async fn list_returns(
    txn: &Txn,
    contract: &contract::Model,
    since: Instant,
) -> Result<Vec<Returned>> {
    let sql = Sql::new(
        "SELECT p.id AS proposal_id, p.wallet_id, e.business_key, \
         CAST(e.available_change + COALESCE((SELECT SUM(g.available_change + COALESCE((SELECT SUM(h.available_change) FROM entries h \
         WHERE h.wallet_id = g.wallet_id AND h.reverses_seq = g.seq), 0)) FROM entries g \
         WHERE g.wallet_id = e.wallet_id AND g.reverses_seq = e.seq), 0) AS BIGINT) AS quantity \
         FROM job_posts j JOIN proposals p ON p.job_post_id = j.id AND p.freelancer_id = :freelancer \
         JOIN entries e ON e.wallet_id = p.wallet_id AND e.reverses_seq = p.entry_seq \
         AND e.kind = 'RETURNED_CANCELLED' WHERE j.client_id = :client AND j.state = 'CANCELLED' \
         AND j.closed_at > :since AND j.closed_at <= :begun AND p.return_reversed_at IS NULL ORDER BY e.wallet_id, e.seq",
    );
    let sql = sql.bind("freelancer", contract.freelancer_id).bind("client", contract.client_id);
    let sql = sql.bind("since", since).bind("begun", contract.started_at);
    Ok(Returned::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Notes that what came back for these proposals is reversed now, as far as the wallet reached: it is done once.
pub(in crate::contracts) async fn note_reversed(txn: &Txn, proposals: &[ProposalId]) -> Result<()> {
    let sql = Sql::new("UPDATE proposals SET return_reversed_at = :now WHERE id IN (").bind("now", txn.now());
    txn.run(sql.push(Sql::list(proposals.iter().copied())).push(")")).await?;
    Ok(())
}

/// How often a return was reversed because each of `clients` had cancelled a post and then hired the freelancer (T-6).
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_reversals(
    db: &impl ConnectionTrait,
    clients: &[AccountId],
) -> Result<Vec<(AccountId, i64)>> {
    let sql = Sql::new(
        "SELECT j.client_id, COUNT(*) AS reversals FROM job_posts j JOIN proposals p ON p.job_post_id = j.id \
         WHERE p.return_reversed_at IS NOT NULL AND j.state = 'CANCELLED' AND j.client_id IN (",
    );
    let sql = sql.push(Sql::list(clients.iter().copied())).push(") GROUP BY j.client_id");
    let rows = db.query_all_raw(sql.on(db)?).await?;
    rows.iter().map(|row| Ok((row.try_get("", "client_id")?, row.try_get("", "reversals")?))).collect()
}
