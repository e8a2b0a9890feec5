//! Clicks on links, recorded together with others that come at about the same time (F-3).

use futures_util::{FutureExt, future::BoxFuture};

use super::store;
use crate::{
    db::{Job, Outcome, Txn},
    entity::ids::{AffiliateLinkId, ClickId, VisitorId},
    error::Result,
};

/// A click to record, if it counts: the link is in use, and its affiliate approved.
#[derive(Clone, Debug)]
pub struct Click {
    /// Its id. If it is recorded twice, it is one.
    pub id: ClickId,
    /// The link.
    pub link: AffiliateLinkId,
    /// The browser.
    pub visitor: VisitorId,
    /// The network that it comes from, as a keyed hash.
    pub network: String,
    /// By which words the ad was found that it comes from, if it does.
    pub ad_term: Option<String>,
}

/// What a cookie says of a visitor: who it is, and the click that brought them last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The click.
    pub click: ClickId,
    /// The browser.
    pub visitor: VisitorId,
}

impl Job for Click {
    /// Whether it counts.
    type Done = bool;
    type Owner = VisitorId;
    type Twin = ClickId;

    fn owner(&self) -> VisitorId {
        self.visitor
    }

    fn twin(&self) -> Option<ClickId> {
        None
    }

    fn run<'a>(txn: &'a Txn, jobs: &'a [Self]) -> BoxFuture<'a, Result<Vec<Outcome<bool>>>> {
        async move {
            let counting = store::list_counting(txn, jobs.iter().map(|one| one.link)).await?;
            let counts = |one: &Self| counting.contains(&one.link);
            store::insert_clicks(txn, jobs.iter().filter(|one| counts(one))).await?;
            Ok(jobs.iter().map(|one| Ok(counts(one))).collect())
        }
        .boxed()
    }
}
