//! Global ids, and the objects behind them.

use async_graphql::{ID, Interface};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    account::{Account, Viewer},
    context::Request,
    history::HistoryEntry,
    job_post::JobPost,
    lot::{Lot, LotMovement},
    notification::Notification,
    proposal::Proposal,
    task::TaskRun,
    wallet::Wallet,
};
use crate::{
    accounts, connects,
    entity::{account, entry, job_post, lot, notification, proposal, task_run, wallet},
    error::{Code, Rejection, Result},
    job_posts, outbox, proposals, schedule,
};

/// Anything with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque, globally unique, stable."))]
#[allow(clippy::large_enum_variant)]
pub enum Node {
    /// The signed-in person.
    Viewer(Viewer),
    /// A person.
    Account(Account),
    /// A holder of Connects.
    Wallet(Wallet),
    /// A batch of Connects.
    Lot(Lot),
    /// What an entry did to a lot.
    LotMovement(LotMovement),
    /// A row of the history.
    HistoryEntry(HistoryEntry),
    /// A job post.
    JobPost(JobPost),
    /// A proposal.
    Proposal(Proposal),
    /// A notice.
    Notification(Notification),
    /// A run of a task.
    TaskRun(TaskRun),
}

/// The global id of an object of `kind` with these keys.
pub fn global_id(kind: &str, keys: &[&dyn std::fmt::Display]) -> ID {
    let mut text = kind.to_owned();
    for key in keys {
        text.push_str(&format!(":{key}"));
    }
    ID(URL_SAFE_NO_PAD.encode(text))
}

/// The keys in a global id of `kind`; `None` for anything else.
pub fn keys_of(kind: &str, id: &str) -> Option<Vec<String>> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).ok()?).ok()?;
    let mut parts = text.split(':').map(str::to_owned);
    (parts.next()? == kind).then(|| parts.collect())
}

/// The typed key in the global id of an input field.
///
/// # Errors
/// `NOT_FOUND`, as for an object that does not exist.
pub fn input_id<T: std::str::FromStr>(kind: &str, id: &ID, field: &str) -> Result<T, Rejection> {
    let key = keys_of(kind, id).and_then(|keys| keys.first()?.parse().ok());
    let sentence = format!("There is no such {kind}; take its id from a query.");
    key.ok_or_else(|| Rejection::new(Code::NotFound, sentence).at(field))
}

/// The object with this id, if the viewer may see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(request: &Request, id: &str) -> Result<Option<Node>> {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(id) else { return Ok(None) };
    let Ok(text) = String::from_utf8(bytes) else { return Ok(None) };
    let mut parts = text.split(':');
    let (kind, keys) = (parts.next().unwrap_or_default(), parts.collect::<Vec<_>>());
    match (kind, keys.as_slice()) {
        ("JobPost", [id]) => find_job_post(request, id).await,
        (kind, keys) => match &request.viewer {
            Some(viewer) => find_personal(request, viewer, kind, keys).await,
            None => Ok(None),
        },
    }
}

async fn find_job_post(request: &Request, id: &str) -> Result<Option<Node>> {
    let Ok(id) = id.parse::<crate::entity::ids::JobPostId>() else { return Ok(None) };
    let visible = job_posts::store::visible_to(request.viewer.as_ref()).filter(job_post::Column::Id.eq(id));
    Ok(visible.one(request.db.read()).await?.map(|post| Node::JobPost(JobPost(post))))
}

async fn find_personal(
    request: &Request,
    viewer: &crate::viewer::Viewer,
    kind: &str,
    keys: &[&str],
) -> Result<Option<Node>> {
    let db = request.db.read();
    Ok(match (kind, keys) {
        ("Viewer", [id]) if viewer.id().to_string() == *id => Some(Node::Viewer(Viewer(viewer.clone()))),
        ("Account", [id]) => {
            let Ok(id) = id.parse::<crate::entity::ids::AccountId>() else { return Ok(None) };
            let visible = accounts::store::visible_to(viewer).filter(account::Column::Id.eq(id));
            visible.one(db).await?.map(|row| Node::Account(Account(row)))
        }
        ("Wallet", [id]) => {
            let Ok(id) = id.parse::<crate::entity::ids::WalletId>() else { return Ok(None) };
            let visible = connects::store::visible_to(viewer).filter(wallet::Column::Id.eq(id));
            visible.one(db).await?.map(|row| Node::Wallet(Wallet(row)))
        }
        ("Proposal", [id]) => {
            let Ok(id) = id.parse::<crate::entity::ids::ProposalId>() else { return Ok(None) };
            let visible = proposals::store::visible_to(viewer).filter(proposal::Column::Id.eq(id));
            visible.one(db).await?.map(|row| Node::Proposal(Proposal(row)))
        }
        ("TaskRun", [id]) => {
            let Ok(id) = id.parse::<crate::entity::ids::TaskRunId>() else { return Ok(None) };
            let visible = schedule::store::visible_to(viewer).filter(task_run::Column::Id.eq(id));
            visible.one(db).await?.map(|row| Node::TaskRun(TaskRun(row)))
        }
        ("Notification", [account, key @ ..]) if viewer.id().to_string() == *account => {
            let key = key.join(":");
            let visible = outbox::store::visible_to(viewer.id()).filter(notification::Column::Key.eq(key));
            visible.one(db).await?.map(|row| Node::Notification(Notification(row)))
        }
        ("Lot" | "HistoryEntry" | "LotMovement", [wallet, seqs @ ..]) => {
            find_in_wallet(request, viewer, kind, wallet, seqs).await?
        }
        _ => None,
    })
}

async fn find_in_wallet(
    request: &Request,
    viewer: &crate::viewer::Viewer,
    kind: &str,
    wallet: &str,
    seqs: &[&str],
) -> Result<Option<Node>> {
    let Ok(wallet) = wallet.parse::<crate::entity::ids::WalletId>() else { return Ok(None) };
    let Ok(seqs) = seqs.iter().map(|seq| seq.parse::<i64>()).collect::<Result<Vec<_>, _>>() else {
        return Ok(None);
    };
    let db = request.db.read();
    Ok(match (kind, seqs.as_slice()) {
        ("Lot", [seq]) => {
            let row = connects::store::lots_visible_to(viewer, wallet).filter(lot::Column::Seq.eq(*seq));
            row.one(db).await?.map(|row| Node::Lot(Lot(row)))
        }
        ("HistoryEntry", [seq]) => {
            let row = connects::store::entries_visible_to(viewer, wallet).filter(entry::Column::Seq.eq(*seq));
            row.one(db).await?.map(|row| Node::HistoryEntry(HistoryEntry::new(row)))
        }
        ("LotMovement", [entry, lot]) => {
            let row =
                connects::store::entries_visible_to(viewer, wallet).filter(entry::Column::Seq.eq(*entry));
            let visible = row.one(db).await?.is_some();
            let moved = if visible {
                connects::store::list_moved(db, &[(wallet, *entry)]).await?
            } else {
                Vec::new()
            };
            moved.into_iter().find(|m| m.lot_seq == *lot).map(|m| Node::LotMovement(LotMovement(m)))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_opaque_and_typed() {
        let id = global_id("Lot", &[&"w", &7]);
        assert!(!id.contains("Lot"));
        assert_eq!(keys_of("Lot", &id), Some(vec!["w".to_owned(), "7".to_owned()]));
        assert_eq!(keys_of("Wallet", &id), None);
        assert_eq!(keys_of("Lot", "no base64!"), None);
    }
}
