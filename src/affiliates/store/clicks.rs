//! The SQL of links that are clicked, and of clicks.

use std::collections::{HashMap, HashSet};

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryResult};

use crate::{
    affiliates::Click,
    clock::Instant,
    db::{Lookup, Reader, Sql, Txn},
    entity::{
        affiliate, affiliate_link, click,
        ids::{AccountId, AffiliateLinkId, VisitorId},
    },
    error::{Fault, Result},
};

/// A link as someone who clicks on it finds it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Lead {
    /// The link.
    pub id: AffiliateLinkId,
    /// Its code.
    pub code: String,
    /// The path to which it leads, for good.
    pub path: String,
    /// Whether a click counts: the link is in use, and its affiliate approved.
    pub counts: bool,
}

/// Links by their codes, read for many who click at about the same time.
pub struct Leads;

impl Lookup for Leads {
    type Key = String;
    type Found = Lead;

    fn find<'a>(db: &'a Reader, codes: &'a [String]) -> BoxFuture<'a, Result<HashMap<String, Lead>>> {
        async {
            let sql = Sql::new(
                "SELECT l.id, l.code, l.path, (l.retired_at IS NULL AND a.state = 'APPROVED') AS counts \
                 FROM affiliate_links l JOIN affiliates a ON a.account_id = l.affiliate_id WHERE l.code IN (",
            );
            let sql = sql.push(Sql::list(codes.iter().cloned())).push(")");
            let rows = Lead::find_by_statement(sql.on(db)?).all(db).await?;
            Ok(rows.into_iter().map(|lead| (lead.code.clone(), lead)).collect())
        }
        .boxed()
    }
}

/// Those of `links` whose clicks count: they are in use, and their affiliates approved.
pub(in crate::affiliates) async fn list_counting(
    txn: &Txn,
    links: impl Iterator<Item = AffiliateLinkId>,
) -> Result<HashSet<AffiliateLinkId>> {
    let links: HashSet<_> = links.collect();
    let sql = Sql::new(
        "SELECT l.id FROM affiliate_links l JOIN affiliates a ON a.account_id = l.affiliate_id \
         WHERE l.retired_at IS NULL AND a.state = 'APPROVED' AND l.id IN (",
    );
    let rows = txn.query_all_raw(sql.push(Sql::list(links)).push(")").on(txn)?).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Inserts clicks; one that is known is left as it is.
pub(in crate::affiliates) async fn insert_clicks(
    txn: &Txn,
    clicks: impl Iterator<Item = &Click>,
) -> Result<()> {
    let row = |one: &Click| click::Model {
        id: one.id,
        link_id: one.link,
        visitor_id: one.visitor,
        clicked_at: txn.now(),
        network: one.network.clone(),
        ad_term: one.ad_term.clone(),
    };
    let mut writes = txn.writes();
    let rows = clicks.map(|one| row(one).into_active_model());
    writes.insert_or(rows, " ON CONFLICT (id) DO NOTHING");
    writes.run().await
}

/// The last click of `visitor` at `now`, with its link and its affiliate.
pub(in crate::affiliates) async fn find_last_click(
    txn: &Txn,
    visitor: VisitorId,
    now: Instant,
) -> Result<Option<(click::Model, affiliate_link::Model, affiliate::Model)>> {
    let sql = Sql::new(
        "SELECT * FROM clicks WHERE visitor_id = :visitor AND clicked_at <= :now \
         ORDER BY clicked_at DESC, id DESC LIMIT 1",
    );
    let sql = sql.bind("visitor", visitor).bind("now", now);
    let Some(click) = click::Model::find_by_statement(sql.on(txn)?).one(txn).await? else { return Ok(None) };
    let link = affiliate_link::Entity::find_by_id(click.link_id).one(txn).await?;
    let link = link.ok_or_else(|| Fault::Broken(format!("click {} has no link", click.id)))?;
    let affiliate = affiliate::Entity::find_by_id(link.affiliate_id).one(txn).await?;
    let affiliate = affiliate.ok_or_else(|| Fault::Broken(format!("link {} has no affiliate", link.id)))?;
    Ok(Some((click, link, affiliate)))
}

/// The most clicks that are shown of a browser.
const CLICKS_AT_MOST: i64 = 100;

/// A click of the browser that brought a client, with the affiliate of its link.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The client.
    pub client: AccountId,
    /// The click.
    pub click: click::Model,
    /// The affiliate.
    pub affiliate: AccountId,
}

/// The last hundred clicks of each browser that brought one of `clients`, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_clicks_beside(db: &impl ConnectionTrait, clients: &[AccountId]) -> Result<Vec<Beside>> {
    let sql = Sql::new(
        "SELECT x.* FROM (SELECT c.*, a.client_id, l.affiliate_id, ROW_NUMBER() OVER (PARTITION BY a.client_id \
         ORDER BY c.clicked_at DESC, c.id DESC) AS place FROM attributions a JOIN clicks k ON k.id = a.click_id \
         JOIN clicks c ON c.visitor_id = k.visitor_id JOIN affiliate_links l ON l.id = c.link_id WHERE a.client_id IN (",
    );
    let sql = sql.push(Sql::list(clients.iter().copied()));
    let sql = sql.push(
        Sql::new(")) AS x WHERE x.place <= :most ORDER BY x.clicked_at DESC, x.id DESC")
            .bind("most", CLICKS_AT_MOST),
    );
    let rows = db.query_all_raw(sql.on(db)?).await?;
    let of = |row: &QueryResult| {
        let (client, affiliate) = (row.try_get("", "client_id")?, row.try_get("", "affiliate_id")?);
        Ok(Beside { client, click: click::Model::from_query_result(row, "")?, affiliate })
    };
    rows.iter().map(of).collect()
}
