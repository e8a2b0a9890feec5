//! Closing one's account, and opening it again (P-6).

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{
    expire::expire,
    returns::{End, close_hired, end, lock_wallets},
};
use crate::{
    accounts::{self, Acting, Origin, rejection},
    audit::{self, Record},
    cash, catalog,
    connects::{self, Posting, WalletSet},
    contracts,
    db::Txn,
    entity::{
        enums::{AuditAction, HistoryKind, JobPostState, MailKind, MembershipPlan, RestrictionKind},
        ids::{JobPostId, ProposalId, WalletId},
        proposal,
    },
    error::Result,
    job_posts::{self, LockedPost, rules::life::Move},
    mails, memberships, payouts, proposals,
    viewer::Viewer,
};

/// Posts and wallets that are locked or ended at once.
const ROWS_AT_ONCE: usize = 500;

const REASON: &str = "The account was closed.";

/// What closing an account ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Proposals withdrawn.
    pub proposals_withdrawn: i64,
    /// The Connects they had cost, which are not returned (T-2).
    pub connects_forfeited: i64,
    /// Open job posts cancelled; what their proposals had cost is returned (T-1).
    pub job_posts_cancelled: i64,
    /// Direct offers withdrawn or declined.
    #[serde(default)]
    pub direct_offers_ended: i64,
    /// Projects withdrawn from the catalog.
    #[serde(default)]
    pub projects_withdrawn: i64,
    /// What stays in the cash account and is held (P-4), in minor units.
    #[serde(default)]
    pub cash_kept_cents: i64,
    /// What the person still owes (O-5), in minor units.
    #[serde(default)]
    pub owed_cents: i64,
    /// Connects that stay in the wallet, continue to age, and can be spent once the account is open again.
    pub connects_kept: i64,
    /// The plan that ended; absent on the free one.
    pub plan_ended: Option<MembershipPlan>,
}

/// Closes the account of `person`: withdraws their proposals, cancels their open posts, ends their plan, and signs
/// out all their devices except the one that sends the request.
///
/// # Errors
/// `ACCOUNT_CLOSED`; `NOT_ALLOWED` for a person with a role; `CONTRACTS_ACTIVE`.
pub async fn close_account(txn: &Txn, person: &Viewer, origin: Origin) -> Result<Closed> {
    let person = leaving(txn, person).await?;
    let mut closure = Closure::lock(txn, &person).await?;
    // Again: somebody may have accepted this person's offer, or ordered a project, before those were locked.
    must_be_free(txn, &person).await?;
    accounts::store::begin_restriction(txn, person.id(), RestrictionKind::Closed, (REASON, person.id()))
        .await?;
    closure.withdraw(txn).await?;
    closure.cancel(txn, &person).await?;
    if let Some(wallet) = closure.wallet {
        closure.done.plan_ended = memberships::end_plan(txn, wallet).await?;
        closure.done.connects_kept = Posting::lock(txn, &WalletSet::of([wallet])).await?.available(wallet)?.0;
    }
    // What has not gone out is in their account when they come back.
    payouts::cancel_all(txn, person.id()).await?;
    let (cash, owed) = cash::store::find_worth(txn, person.id()).await?;
    (closure.done.cash_kept_cents, closure.done.owed_cents) = (cash, -owed);
    accounts::end_other_sessions(txn, person.id(), origin).await?;
    mails::write(txn, MailKind::AccountClosed, person.id(), None).await?;
    let closed = Record::new(AuditAction::AccountClosed, Some(person.id())).to(person.id());
    audit::record(txn, closed.with(serde_json::to_value(&closure.done).unwrap_or_default())).await?;
    Ok(closure.done)
}

/// Opens a closed account again: unexpired Connects can be spent, and the next cycle is granted. What was withdrawn,
/// cancelled or ended stays so.
///
/// # Errors
/// `ACCOUNT_NOT_CLOSED`; `ACCOUNT_CLOSED` once it was erased.
pub async fn reopen_account(txn: &Txn, person: &Viewer) -> Result<()> {
    let row = accounts::store::lock_account(txn, person.id()).await?;
    // The request may carry a token from before the erasure.
    if row.is_none_or(|row| row.erased_at.is_some()) {
        return Err(rejection::erased().into());
    }
    if accounts::store::end_restrictions(txn, person.id(), &[RestrictionKind::Closed]).await? == 0 {
        return Err(rejection::not_closed().into());
    }
    let reopened = Record::new(AuditAction::AccountReopened, Some(person.id())).to(person.id());
    audit::record(txn, reopened).await
}

/// Locks the account of `person`: a suspended person may close it, a person who has a role may not.
async fn leaving(txn: &Txn, person: &Viewer) -> Result<Acting> {
    let person = accounts::acting_even_suspended(txn, person.id()).await?;
    if person.account().is_admin || !accounts::store::list_roles(txn, &[person.id()]).await?.is_empty() {
        return Err(rejection::has_a_role().into());
    }
    must_be_free(txn, &person).await?;
    Ok(person)
}

/// Nobody leaves while a contract of theirs goes on.
async fn must_be_free(txn: &Txn, person: &Acting) -> Result<()> {
    if contracts::store::has_active(txn, person.id()).await? {
        return Err(contracts::rejection::contracts_active().into());
    }
    Ok(())
}

/// Ends what would become a contract without a proposal: direct offers for none or one of `posts`, which are locked, and
/// projects that can be ordered.
async fn end_direct(txn: &Txn, person: &Acting, posts: &[JobPostId]) -> Result<Closed> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let direct_offers_ended = count(contracts::end_direct_of(txn, person.id(), posts).await?);
    let projects_withdrawn = count(catalog::withdraw_all(txn, person.id()).await?);
    Ok(Closed { direct_offers_ended, projects_withdrawn, ..Closed::default() })
}

/// Everything that closing an account locks.
struct Closure {
    /// The person's own posts that are open, or whose time is up.
    posts: Vec<LockedPost>,
    /// The posts that the person has proposed to.
    proposed_to: HashMap<JobPostId, LockedPost>,
    live: Vec<proposal::Model>,
    wallet: Option<WalletId>,
    done: Closed,
}

impl Closure {
    /// Locks job posts, then wallets, each in the order of their ids, as every use case does.
    async fn lock(txn: &Txn, person: &Acting) -> Result<Self> {
        let own = job_posts::store::list_open(txn, person.id()).await?;
        let sent = proposals::store::list_live(txn, person.id()).await?;
        let sent = sent.iter().map(|proposal| proposal.job_post_id);
        let direct = contracts::store::list_direct_posts(txn, person.id()).await?;
        let ids: BTreeSet<_> = own.into_iter().chain(sent).chain(direct).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let mut locked = Vec::new();
        for chunk in ids.chunks(ROWS_AT_ONCE) {
            locked.extend(job_posts::store::lock_posts(txn, chunk).await?);
        }
        let (own, others): (Vec<_>, Vec<_>) =
            locked.into_iter().partition(|post| post.row.client_id == person.id());
        let posts: Vec<_> = own.into_iter().filter(|post| post.row.state == JobPostState::Open).collect();
        let done = end_direct(txn, person, &ids).await?;
        let wallet = connects::store::find_wallet_of(txn, person.id()).await?.map(|wallet| wallet.id);
        lock_wallets(txn, &posts, wallet).await?;
        // Read again: before the posts were locked, clients may have declined some. The person sends no new one
        // meanwhile, because their account is locked.
        let live = proposals::store::list_live(txn, person.id()).await?;
        let proposed_to = others.into_iter().map(|post| (post.row.id, post)).collect();
        Ok(Self { posts, proposed_to, live, wallet, done })
    }

    /// Withdraws every live proposal; one to a post whose time is up is archived by the task.
    async fn withdraw(&mut self, txn: &Txn) -> Result<()> {
        let mut going: Vec<(ProposalId, &LockedPost)> = Vec::new();
        for proposal in &self.live {
            let post = self.proposed_to.get(&proposal.job_post_id);
            if let Some(post) = post.filter(|post| !post.is_overdue()) {
                going.push((proposal.id, post));
                self.done.connects_forfeited += proposal.connects_charged;
            }
        }
        self.done.proposals_withdrawn = i64::try_from(going.len()).unwrap_or(i64::MAX);
        for chunk in going.chunks(ROWS_AT_ONCE) {
            let ids: Vec<_> = chunk.iter().map(|(id, _)| *id).collect();
            contracts::decline_all(txn, &ids).await?;
            proposals::withdraw_all(txn, chunk, Some(REASON)).await?;
        }
        Ok(())
    }

    /// Cancels the person's open posts; those whose time is up expire at their own instant, and those for which
    /// somebody was hired are closed (T-1).
    async fn cancel(&mut self, txn: &Txn, person: &Acting) -> Result<()> {
        let posts = std::mem::take(&mut self.posts);
        let (overdue, open): (Vec<_>, Vec<_>) = posts.into_iter().partition(LockedPost::is_overdue);
        expire(txn, &overdue).await?;
        let ids: Vec<_> = open.iter().map(|post| post.row.id).collect();
        let hired = contracts::store::list_with_contract(txn, &ids).await?;
        let (hired, open): (Vec<_>, Vec<_>) = open.into_iter().partition(|post| hired.contains(&post.row.id));
        close_hired(txn, &hired).await?;
        let how = End {
            way: Move::Cancel,
            returns: HistoryKind::ReturnedCancelled,
            reason: Some(REASON),
            actor: person.id(),
        };
        self.done.job_posts_cancelled = i64::try_from(open.len()).unwrap_or(i64::MAX);
        for chunk in open.chunks(ROWS_AT_ONCE) {
            end(txn, chunk, &how).await?;
        }
        Ok(())
    }
}
