//! Ends of posts that return Connects (T-1).

use std::collections::{BTreeSet, HashMap, HashSet};

use super::notifications;
use crate::{
    connects::{self, Change, Posting, WalletSet},
    contracts,
    db::Txn,
    entity::{
        enums::{DocumentKind, HistoryKind},
        ids::{AccountId, WalletId},
        job_post, proposal,
    },
    error::Result,
    job_posts::{
        self, LockedPost,
        rules::{key, life::Move},
    },
    money::Connects,
    notifications::insert_notifications,
    proposals,
};

/// Proposals whose Connects are returned at once.
const PROPOSALS_AT_ONCE: usize = 500;

/// The way in which posts end.
pub(super) struct End<'a> {
    /// The move with which they end.
    pub way: Move,
    /// The kind of the returns.
    pub returns: HistoryKind,
    /// The reason, in the words of the person who ends them.
    pub reason: Option<&'a str>,
    /// The account that ends them.
    pub actor: AccountId,
}

/// A proposal that was paid for, and its post.
type Paid<'a> = (proposal::Model, &'a job_post::Model);

/// Ends locked posts: what is out of their proposals' Connects comes back, live proposals are archived,
/// and every freelancer is notified once of each post: of what came back, or else of the end.
pub(super) async fn end(txn: &Txn, posts: &[LockedPost], how: &End<'_>) -> Result<()> {
    let ids: Vec<_> = posts.iter().map(|post| post.row.id).collect();
    job_posts::store::update_ended(txn, &ids, how.way, txn.now(), how.reason).await?;
    for chunk in list_paid(txn, posts).await?.chunks(PROPOSALS_AT_ONCE) {
        give_back(txn, how, chunk).await?;
    }
    contracts::withdraw_from(txn, &ids).await?;
    proposals::store::archive(txn, &ids).await?;
    Ok(())
}

/// Closes locked posts for which somebody was hired: nothing comes back for the others (T-2).
pub(super) async fn close_hired(txn: &Txn, posts: &[LockedPost]) -> Result<()> {
    let ids: Vec<_> = posts.iter().map(|post| post.row.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    job_posts::store::update_ended(txn, &ids, Move::Close, txn.now(), None).await?;
    contracts::withdraw_from(txn, &ids).await?;
    proposals::store::archive(txn, &ids).await?;
    Ok(())
}

/// Locks the wallets that ending `posts` touches, and `own`, all in the order of their ids, so that later steps do
/// not have to wait midway.
pub(super) async fn lock_wallets(txn: &Txn, posts: &[LockedPost], own: Option<WalletId>) -> Result<()> {
    let mut wallets: BTreeSet<_> = own.into_iter().collect();
    for chunk in posts.chunks(PROPOSALS_AT_ONCE) {
        let ids: Vec<_> = chunk.iter().map(|post| post.row.id).collect();
        wallets.extend(proposals::store::list_paying_wallets(txn, &ids).await?);
    }
    let wallets: Vec<_> = wallets.into_iter().collect();
    for chunk in wallets.chunks(PROPOSALS_AT_ONCE) {
        connects::store::lock_all(txn, &WalletSet::of(chunk.iter().copied())).await?;
    }
    Ok(())
}

/// The proposals to `posts` for which Connects may be outstanding, in the order in which wallets are locked.
async fn list_paid<'a>(txn: &Txn, posts: &'a [LockedPost]) -> Result<Vec<Paid<'a>>> {
    let by_id: HashMap<_, _> = posts.iter().map(|post| (post.row.id, &post.row)).collect();
    let ids: Vec<_> = by_id.keys().copied().collect();
    let rows = proposals::store::list_paid(txn, &ids).await?.into_iter();
    // Who was hired directly may have had a proposal that came to nothing.
    let hired: HashSet<_> = contracts::store::list_hired(txn, &ids).await?.into_iter().collect();
    let rows = rows.filter(|row| !hired.contains(&(row.job_post_id, row.freelancer_id)));
    let mut paid: Vec<_> =
        rows.filter_map(|row| Some((by_id.get(&row.job_post_id).copied()?, row))).collect();
    paid.sort_by(|(a, x), (b, y)| (x.wallet_id, &a.business_key).cmp(&(y.wallet_id, &b.business_key)));
    Ok(paid.into_iter().map(|(post, row)| (row, post)).collect())
}

/// Returns the outstanding Connects of `paid`, which are in the order of their wallets, and notifies their freelancers.
async fn give_back(txn: &Txn, how: &End<'_>, paid: &[Paid<'_>]) -> Result<()> {
    let mut wallets: Vec<_> = paid.iter().map(|(proposal, _)| proposal.wallet_id).collect();
    wallets.dedup();
    let mut posting = Posting::lock(txn, &WalletSet::of(wallets)).await?;
    let charges: Vec<_> =
        paid.iter().filter_map(|(proposal, _)| Some((proposal.wallet_id, proposal.entry_seq?))).collect();
    posting.load_drawn(txn, &charges).await?;
    let mut returned = Vec::new();
    for ((proposal, post), (wallet, charge)) in paid.iter().zip(charges) {
        // An interview's refund was returned before (T-3).
        let quantity = posting.outstanding(wallet, charge)?;
        if quantity > Connects(0) {
            let before = posting.available(wallet)?;
            posting.refund(wallet, charge, quantity, change(post, how, proposal))?;
            // Some of it may have expired or been taken away at once (T-7, B-4).
            let kept = Connects(posting.available(wallet)?.0 - before.0);
            if kept > Connects(0) {
                returned.push(notifications::returned(proposal, post, kept, txn.now()));
            }
        }
    }
    let mut writes = txn.writes();
    posting.write(&mut writes);
    insert_notifications(&mut writes, &returned);
    writes.run().await
}

fn change(post: &job_post::Model, how: &End<'_>, proposal: &proposal::Model) -> Change {
    Change {
        kind: how.returns,
        business_key: key::of_return(&post.business_key),
        document: (DocumentKind::Proposal, proposal.id.to_string()),
        actor: Some(how.actor),
    }
}
