//! The objects behind global ids.

use std::{collections::HashMap, pin::Pin};

use async_graphql::{ID, Interface};

use crate::{
    error::Result,
    graphql::{
        accounts::account::Account,
        audit::audit_entry::AuditEntry,
        connects::{
            history::HistoryEntry,
            lot::{Lot, LotMovement},
            wallet::Wallet,
        },
        job_posts::{client::Client, job_post::JobPost, report::JobPostReport},
        kit::{
            context::Request,
            ids::{Kind, text_of},
        },
        notifications::notification::Notification,
        proposals::proposal::Proposal,
        schedule::task::{Task, TaskRun},
        viewer::Viewer,
    },
};

/// Declares [`Node`] and the table of its kinds.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)+) => {
        /// An object with a global id.
        #[derive(Clone, Interface)]
        #[graphql(field(name = "id", ty = "ID", desc = "The global id: opaque, unique and stable."))]
        #[allow(clippy::large_enum_variant)]
        pub enum Node {
            $($(#[$doc])* $kind($kind),)+
        }

        /// The kinds by name, with the functions that find their objects.
        const KINDS: &[(&str, Find)] = &[$((stringify!($kind), |request, keys| Box::pin(find::<$kind>(request, keys))),)+];
    };
}

kinds! {
    /// The signed-in person.
    Viewer,
    /// An account.
    Account,
    /// A client's public profile.
    Client,
    /// A holder of Connects.
    Wallet,
    /// A batch of Connects.
    Lot,
    /// The change that a history entry made to a lot.
    LotMovement,
    /// A history entry.
    HistoryEntry,
    /// A job post.
    JobPost,
    /// A proposal.
    Proposal,
    /// A notification.
    Notification,
    /// A scheduled task.
    Task,
    /// A run of a task.
    TaskRun,
    /// A report of a job post.
    JobPostReport,
    /// An entry of the audit log.
    AuditEntry,
}

/// The objects of one kind by the texts of their keys.
type Found<'a> = HashMap<&'a str, Node>;

type Find =
    for<'a> fn(&'a Request, Vec<&'a str>) -> Pin<Box<dyn Future<Output = Result<Found<'a>>> + Send + 'a>>;

/// The objects with these ids, in the same order, `None` where there is none that the viewer may see. For each
/// kind, a hundred objects take as many statements as one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_all(request: &Request, ids: &[ID]) -> Result<Vec<Option<Node>>> {
    let texts: Vec<_> = ids.iter().map(|id| text_of(id)).collect();
    let asked: Vec<_> = texts.iter().map(|text| text.as_deref()?.split_once(':')).collect();
    let mut found = HashMap::new();
    for (kind, find) in KINDS {
        let keys: Vec<_> = asked.iter().flatten().filter(|id| id.0 == *kind).map(|id| id.1).collect();
        if !keys.is_empty() {
            found.extend(find(request, keys).await?.into_iter().map(|(key, node)| ((*kind, key), node)));
        }
    }
    // A request may name the same id twice.
    Ok(asked.iter().map(|id| found.get(id.as_ref()?).cloned()).collect())
}

/// The objects of kind `K` with these keys that the viewer may see.
async fn find<'a, K: Kind + Into<Node>>(request: &Request, keys: Vec<&'a str>) -> Result<Found<'a>> {
    let asked: Vec<(_, K::Key)> =
        keys.into_iter().filter_map(|text| Some((text, text.parse().ok()?))).collect();
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<_> = asked.iter().map(|(_, key)| key.clone()).collect();
    let found = K::find(request, &keys).await?.into_iter().map(|object| (object.key(), object.into()));
    let found: HashMap<K::Key, Node> = found.collect();
    Ok(asked.into_iter().filter_map(|(text, key)| Some((text, found.get(&key)?.clone()))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entity::ids::{AccountId, WalletId},
        graphql::kit::ids::{Pair, global_id},
    };

    #[test]
    fn what_a_global_id_names_is_read_whole_or_not_at_all() {
        let (wallet, account) = (WalletId::new(), AccountId::new());
        let id = global_id("Wallet", &wallet);
        assert_eq!((Wallet::key_in(&id), Account::key_in(&id)), (Some(wallet), None));
        let moved = Pair(wallet, Pair(1, 2));
        assert_eq!(LotMovement::key_in(&global_id("LotMovement", &moved)), Some(moved));
        let notice = Pair(account, "GRANT:2026-01-01T00:00:00Z".to_owned());
        assert_eq!(Notification::key_in(&global_id("Notification", &notice)), Some(notice));
        assert_eq!(Wallet::key_in(&global_id("Wallet", &Pair(wallet, 1))), None);
        assert_eq!(Lot::key_in(&global_id("Lot", &wallet)), None);
        assert_eq!(Lot::key_in(&global_id("Lot", &Pair(wallet, Pair(1, 1)))), None);
    }
}
