//! The objects behind global ids.

use std::collections::{HashMap, HashSet};

use async_graphql::{ID, Interface};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    accounts, audit, connects,
    entity::{
        account, audit_entry,
        ids::{AccountId, AuditEntryId, JobPostId, ProposalId, ReportId, TaskRunId, WalletId},
        job_post, job_post_report, notification, proposal, task_run, wallet,
    },
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
        kit::{context::Request, ids::text_of},
        notifications::notification::Notification,
        proposals::proposal::Proposal,
        schedule::task::{Task, TaskRun, tasks},
        viewer::Viewer,
    },
    job_posts, notifications, proposals, schedule,
    viewer::{self, Permission},
};

/// Anything with a global id.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque, globally unique, stable."))]
#[allow(clippy::large_enum_variant)]
pub enum Node {
    /// The signed-in person.
    Viewer(Viewer),
    /// A person.
    Account(Account),
    /// A client, as everyone sees him.
    Client(Client),
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
    /// A scheduled task.
    Task(Task),
    /// A run of a task.
    TaskRun(TaskRun),
    /// A report of a job post.
    JobPostReport(JobPostReport),
    /// A row of the audit log.
    AuditEntry(AuditEntry),
}

/// What a global id names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Viewer(AccountId),
    Account(AccountId),
    Client(AccountId),
    Wallet(WalletId),
    Lot(WalletId, i64),
    HistoryEntry(WalletId, i64),
    /// Wallet, entry, lot.
    LotMovement(WalletId, i64, i64),
    JobPost(JobPostId),
    Proposal(ProposalId),
    Notification(AccountId, String),
    Task(String),
    TaskRun(TaskRunId),
    JobPostReport(ReportId),
    AuditEntry(AuditEntryId),
}

impl Key {
    /// `None` for what is no global id of ours.
    fn parse(id: &str) -> Option<Self> {
        let text = text_of(id)?;
        let (kind, key) = text.split_once(':')?;
        let (first, rest) = key.split_once(':').unwrap_or((key, ""));
        Some(match (kind, rest) {
            ("Notification", rest) => Self::Notification(first.parse().ok()?, rest.to_owned()),
            ("Lot", seq) => Self::Lot(first.parse().ok()?, seq.parse().ok()?),
            ("HistoryEntry", seq) => Self::HistoryEntry(first.parse().ok()?, seq.parse().ok()?),
            ("LotMovement", rest) => {
                let (entry, lot) = rest.split_once(':')?;
                Self::LotMovement(first.parse().ok()?, entry.parse().ok()?, lot.parse().ok()?)
            }
            ("Viewer", "") => Self::Viewer(first.parse().ok()?),
            ("Account", "") => Self::Account(first.parse().ok()?),
            ("Client", "") => Self::Client(first.parse().ok()?),
            ("Wallet", "") => Self::Wallet(first.parse().ok()?),
            ("JobPost", "") => Self::JobPost(first.parse().ok()?),
            ("Proposal", "") => Self::Proposal(first.parse().ok()?),
            ("Task", "") => Self::Task(first.to_owned()),
            ("TaskRun", "") => Self::TaskRun(first.parse().ok()?),
            ("JobPostReport", "") => Self::JobPostReport(first.parse().ok()?),
            ("AuditEntry", "") => Self::AuditEntry(first.parse().ok()?),
            _ => return None,
        })
    }
}

/// The objects with these ids, in the same order, `None` where the viewer may not see one: one
/// statement for each kind of object.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_all(request: &Request, ids: &[ID]) -> Result<Vec<Option<Node>>> {
    let keys: Vec<_> = ids.iter().map(|id| Key::parse(id)).collect();
    let wanted: Vec<_> = keys.iter().flatten().collect();
    let mut found = public(request, &wanted).await?;
    if let Some(viewer) = &request.viewer {
        found.extend(personal(request, viewer, &wanted).await?);
        found.extend(in_wallets(request, viewer, &wanted).await?);
    }
    // The same id may be asked for twice.
    Ok(keys.iter().map(|key| found.get(key.as_ref()?).cloned()).collect())
}

/// The keys among `wanted` of one kind.
macro_rules! keys {
    ($wanted:expr, $kind:pat => $key:expr) => {
        $wanted.iter().filter_map(|key| if let $kind = key { Some($key) } else { None }).collect::<Vec<_>>()
    };
}

type Found = HashMap<Key, Node>;

async fn public(request: &Request, wanted: &[&Key]) -> Result<Found> {
    let posts = keys!(wanted, Key::JobPost(id) => *id);
    let mut found = Found::new();
    if !posts.is_empty() {
        let visible = job_posts::store::visible_to(request.viewer.as_ref(), request.now);
        let rows = visible.filter(job_post::Column::Id.is_in(posts)).all(request.db.read()).await?;
        found.extend(rows.into_iter().map(|row| (Key::JobPost(row.id), Node::JobPost(JobPost(row)))));
    }
    let clients = keys!(wanted, Key::Client(id) => *id);
    if !clients.is_empty() {
        let viewer = request.viewer.as_ref();
        let seen =
            job_posts::store::list_seen_clients(request.db.read(), viewer, &clients, request.now).await?;
        let rows = accounts::store::list_accounts(request.db.read(), &seen).await?;
        found.extend(rows.into_iter().map(|row| (Key::Client(row.id), Node::Client(Client(row)))));
    }
    Ok(found)
}

async fn personal(request: &Request, viewer: &viewer::Viewer, wanted: &[&Key]) -> Result<Found> {
    let (db, me, mut found) = (request.db.read(), viewer.id(), Found::new());
    if wanted.contains(&&Key::Viewer(me)) {
        found.insert(Key::Viewer(me), Node::Viewer(Viewer(viewer.clone())));
    }
    let ids = keys!(wanted, Key::Account(id) => *id);
    if !ids.is_empty() {
        let rows = accounts::store::visible_to(viewer).filter(account::Column::Id.is_in(ids)).all(db).await?;
        found.extend(rows.into_iter().map(|row| (Key::Account(row.id), Node::Account(Account(row)))));
    }
    let ids = keys!(wanted, Key::Wallet(id) => *id);
    if !ids.is_empty() {
        let rows = connects::store::visible_to(viewer).filter(wallet::Column::Id.is_in(ids)).all(db).await?;
        found.extend(rows.into_iter().map(|row| (Key::Wallet(row.id), Node::Wallet(Wallet(row)))));
    }
    let ids = keys!(wanted, Key::Proposal(id) => *id);
    if !ids.is_empty() {
        let rows = proposals::store::visible_to(viewer, request.now)
            .filter(proposal::Column::Id.is_in(ids))
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|row| (Key::Proposal(row.id), Node::Proposal(Proposal(row)))));
    }
    let words = keys!(wanted, Key::Task(word) => word);
    if !words.is_empty() && viewer.may(Permission::ReadTasks) {
        let tasks = tasks(request).await?;
        found.extend(tasks.into_iter().map(|task| (Key::Task(task.word().to_owned()), Node::Task(task))));
    }
    let ids = keys!(wanted, Key::TaskRun(id) => *id);
    if !ids.is_empty() {
        let rows =
            schedule::store::visible_to(viewer).filter(task_run::Column::Id.is_in(ids)).all(db).await?;
        found.extend(rows.into_iter().map(|row| (Key::TaskRun(row.id), Node::TaskRun(TaskRun(row)))));
    }
    let ids = keys!(wanted, Key::JobPostReport(id) => *id);
    if !ids.is_empty() {
        let visible = job_posts::store::reports_visible_to(viewer);
        let rows = visible.filter(job_post_report::Column::Id.is_in(ids)).all(db).await?;
        let named = |row: job_post_report::Model| {
            (Key::JobPostReport(row.id), Node::JobPostReport(JobPostReport(row)))
        };
        found.extend(rows.into_iter().map(named));
    }
    let ids = keys!(wanted, Key::AuditEntry(id) => *id);
    if !ids.is_empty() {
        let rows =
            audit::store::visible_to(viewer).filter(audit_entry::Column::Id.is_in(ids)).all(db).await?;
        found
            .extend(rows.into_iter().map(|row| (Key::AuditEntry(row.id), Node::AuditEntry(AuditEntry(row)))));
    }
    let ids = keys!(wanted, Key::Notification(_, key) => key.as_str());
    if !ids.is_empty() {
        let rows =
            notifications::store::visible_to(me).filter(notification::Column::Key.is_in(ids)).all(db).await?;
        let named = |row: notification::Model| {
            (Key::Notification(row.account_id, row.key.clone()), Node::Notification(Notification(row)))
        };
        found.extend(rows.into_iter().map(named));
    }
    Ok(found)
}

/// What belongs to a wallet is seen by those who see the wallet.
async fn in_wallets(request: &Request, viewer: &viewer::Viewer, wanted: &[&Key]) -> Result<Found> {
    let (db, mut found) = (request.db.read(), Found::new());
    let lots = keys!(wanted, Key::Lot(wallet, seq) => (*wallet, *seq));
    let entries = keys!(wanted, Key::HistoryEntry(wallet, seq) => (*wallet, *seq));
    let moved = keys!(wanted, Key::LotMovement(wallet, entry, _) => (*wallet, *entry));
    let wallets: HashSet<_> = lots.iter().chain(&entries).chain(&moved).map(|key| key.0).collect();
    if wallets.is_empty() {
        return Ok(found);
    }
    let seen = connects::store::list_seen(db, viewer, wallets).await?;
    let seen =
        |keys: Vec<(WalletId, i64)>| keys.into_iter().filter(|key| seen.contains(&key.0)).collect::<Vec<_>>();
    for row in connects::store::list_lots_by_key(db, &seen(lots)).await? {
        found.insert(Key::Lot(row.wallet_id, row.seq), Node::Lot(Lot(row)));
    }
    for row in connects::store::list_entries_by_key(db, &seen(entries)).await? {
        found.insert(Key::HistoryEntry(row.wallet_id, row.seq), Node::HistoryEntry(HistoryEntry::new(row)));
    }
    let moved = seen(moved);
    let shown = connects::store::list_entries_by_key(db, &moved).await?;
    let shown: Vec<_> = shown.iter().map(|entry| (entry.wallet_id, entry.seq)).collect();
    for row in connects::store::list_moved(db, &shown).await? {
        let key = Key::LotMovement(row.wallet_id, row.entry_seq, row.lot_seq);
        found.insert(key, Node::LotMovement(LotMovement(row)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::kit::ids::global_id;

    #[test]
    fn what_a_global_id_names_is_read_whole_or_not_at_all() {
        let (wallet, account) = (WalletId::new(), AccountId::new());
        let key = |kind, keys: &[&dyn std::fmt::Display]| Key::parse(&global_id(kind, keys));
        assert_eq!(key("Wallet", &[&wallet]), Some(Key::Wallet(wallet)));
        assert_eq!(key("LotMovement", &[&wallet, &1, &2]), Some(Key::LotMovement(wallet, 1, 2)));
        let told = Key::Notification(account, "GRANT:2026-01-01T00:00:00Z".into());
        assert_eq!(key("Notification", &[&account, &"GRANT:2026-01-01T00:00:00Z"]), Some(told));
        assert_eq!(key("Wallet", &[&wallet, &1]), None);
        assert_eq!(key("Lot", &[&wallet]), None);
        assert_eq!(key("Lot", &[&wallet, &1, &1]), None);
    }
}
