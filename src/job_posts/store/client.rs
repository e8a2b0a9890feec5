//! Clients' track records (J-5).

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{clock::Instant, db::Sql, entity::ids::AccountId, error::Result};

/// A client's track record.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct ClientHistory {
    /// The client.
    pub client_id: AccountId,
    /// Posts published.
    pub posts: i64,
    /// Those of them that are open now.
    pub open: i64,
    /// Those of them that were cancelled before any contract.
    pub cancelled: i64,
    /// Proposals received.
    pub proposals: i64,
    /// The client's last activity on a post.
    pub last_activity_at: Instant,
}

/// The track record of each of `clients` at `now`, without drafts, in one statement.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_client_histories(
    db: &impl ConnectionTrait,
    clients: &[AccountId],
    now: Instant,
) -> Result<Vec<ClientHistory>> {
    let sql = Sql::new(
        "SELECT client_id, COUNT(*) AS posts, \
         COUNT(CASE WHEN state = 'OPEN' AND expires_at > :now THEN 1 END) AS open, \
         COUNT(CASE WHEN state = 'CANCELLED' THEN 1 END) AS cancelled, \
         CAST(SUM(proposal_count) AS BIGINT) AS proposals, MAX(last_activity_at) AS last_activity_at \
         FROM job_posts WHERE state <> 'DRAFT' AND client_id IN (",
    );
    let sql = sql.bind("now", now).push(Sql::list(clients.iter().copied())).push(") GROUP BY client_id");
    Ok(ClientHistory::find_by_statement(sql.on(db)?).all(db).await?)
}
