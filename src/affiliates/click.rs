//! Clicks on links, recorded together with others that come at about the same time (F-3).

use futures_util::{FutureExt, future::BoxFuture};

use super::store;
use crate::{
    db::{Job, Outcome, Txn},
    entity::ids::{AffiliateLinkId, ClickId, VisitorId},
    error::Result,
};

/// A click to record.
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
    type Done = ();
    type Owner = VisitorId;
    type Twin = ClickId;

    fn owner(&self) -> VisitorId {
        self.visitor
    }

    fn twin(&self) -> Option<ClickId> {
        None
    }

    fn run<'a>(txn: &'a Txn, jobs: &'a [Self]) -> BoxFuture<'a, Result<Vec<Outcome<()>>>> {
        async move {
            store::insert_clicks(txn, jobs).await?;
            Ok(jobs.iter().map(|_| Ok(())).collect())
        }
        .boxed()
    }
}
