//! Submitting proposals (S-2, S-8): price, proposal and charge in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{notifications, rejection, rules, store};
use crate::{
    accounts::{self, rules::standing::decisive},
    connects::{self, Change, Posting},
    db::{Database, Txn},
    entity::{
        account, entry,
        enums::{DocumentKind, HistoryKind, ProposalState},
        ids::{AccountId, JobPostId, ProposalId, WalletId},
        job_post, movement, proposal, restriction, wallet,
    },
    error::{Error, Fault, Rejection, Result},
    idempotency::{self, Key},
    job_posts::{self, LockedPost},
    money::Connects,
    notifications::{Notification, notify},
    policy::SignupWhen,
};

/// A proposal to submit.
#[derive(Clone, Debug)]
pub struct Submit {
    /// The freelancer who submits it.
    pub freelancer: AccountId,
    /// What they submit, or why it is malformed, which is said once the key has been looked at.
    pub offer: Result<Offer, Rejection>,
    /// Makes a retry safe; absent in a dry run, and where the caller makes sure otherwise.
    pub key: Option<Key>,
}

/// The checked content of a proposal to submit.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The job post.
    pub job_post: JobPostId,
    /// The price that the freelancer saw (S-2).
    pub expected_connects: Connects,
    /// Letter to the client.
    pub cover_letter: String,
    /// The freelancer's bid, in minor units.
    pub amount_cents: Option<i64>,
}

/// The result of a submission.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// The proposal.
    pub proposal: proposal::Model,
    /// The wallet after the charge; in a replay, as it is now.
    pub wallet: Option<wallet::Model>,
    /// The charge and its draws; absent when it was free.
    pub entry: Option<(entry::Model, Vec<movement::Model>)>,
    /// Connects that could be spent right after the charge.
    pub available_after: Connects,
    /// Whether an earlier call with the same key made it.
    pub replayed: bool,
}

/// What a key remembers of a submission.
#[derive(Debug, Serialize, Deserialize)]
struct Outcome {
    proposal: ProposalId,
    available_after: Connects,
}

/// Submits one proposal, or rehearses it.
///
/// # Errors
/// The refusal of the rule that decides; `IDEMPOTENCY_KEY_REUSED`.
pub async fn submit(db: &Database, submit: Submit, dry_run: bool) -> Result<Submitted> {
    db.write_or_rehearse(dry_run, async |txn| {
        let outcome = submit_many(txn, std::slice::from_ref(&submit)).await?.pop();
        // A refusal rolls back, including its key.
        Ok(outcome.ok_or_else(|| Fault::Broken("no outcome".into()))??)
    })
    .await
}

/// Submits proposals in order, each decided after the changes of the previous ones; a refused one leaves nothing
/// behind. No two of them may share a key.
///
/// # Errors
/// Only faults; a refusal is in the result of its proposal.
pub async fn submit_many(txn: &Txn, submits: &[Submit]) -> Result<Vec<Result<Submitted, Rejection>>> {
    let mut outcomes: Vec<Option<Result<Submitted, Rejection>>> = Vec::new();
    for submit in submits {
        outcomes.push(claim(txn, submit).await?);
    }
    let fresh: Vec<_> = (0..submits.len()).filter(|&i| outcomes[i].is_none()).collect();
    let mut submission = Submission::load(txn, fresh.iter().map(|&i| &submits[i])).await?;
    for &i in &fresh {
        outcomes[i] = Some(submission.decide(txn, &submits[i])?);
    }
    submission.write(txn).await?;
    for &i in &fresh {
        if let (Some(key), Some(outcome)) = (&submits[i].key, &outcomes[i]) {
            remember(txn, key, outcome).await?;
        }
    }
    outcomes.into_iter().map(|o| o.ok_or_else(|| Fault::Broken("undecided".into()).into())).collect()
}

/// Takes the key; the stored outcome when it was used, `None` when the proposal is to be decided.
async fn claim(txn: &Txn, submit: &Submit) -> Result<Option<Result<Submitted, Rejection>>> {
    let Some(key) = &submit.key else { return Ok(None) };
    match idempotency::claim::<Outcome>(txn, key).await {
        Ok(None) => Ok(None),
        Ok(Some(outcome)) => Ok(Some(Ok(replay(txn, outcome).await?))),
        Err(Error::Rejected(rejection)) => Ok(Some(Err(rejection))),
        Err(fault) => Err(fault),
    }
}

async fn replay(txn: &Txn, outcome: Outcome) -> Result<Submitted> {
    let proposal = store::find_proposal(txn, outcome.proposal).await?;
    let proposal = proposal.ok_or_else(|| Fault::Broken("a proposal vanished".into()))?;
    let wallet = connects::store::find_wallet(txn, proposal.wallet_id).await?;
    let entry = match proposal.entry_seq {
        Some(seq) => connects::store::find_entry_with_moves(txn, proposal.wallet_id, seq).await?,
        None => None,
    };
    Ok(Submitted { proposal, wallet, entry, available_after: outcome.available_after, replayed: true })
}

async fn remember(txn: &Txn, key: &Key, outcome: &Result<Submitted, Rejection>) -> Result<()> {
    match outcome {
        Ok(done) => {
            let outcome = Outcome { proposal: done.proposal.id, available_after: done.available_after };
            idempotency::remember(txn, key, &outcome).await
        }
        Err(_) => idempotency::forget(txn, key).await,
    }
}

/// Everything the decisions need, loaded and locked, and everything they will write.
struct Submission {
    posts: BTreeMap<JobPostId, LockedPost>,
    accounts: BTreeMap<AccountId, account::Model>,
    wallets: BTreeMap<AccountId, WalletId>,
    restrictions: BTreeMap<AccountId, Vec<restriction::Model>>,
    proposed: BTreeSet<(JobPostId, AccountId)>,
    posting: Posting,
    proposals: Vec<proposal::Model>,
    notifications: Vec<Notification>,
    repriced: BTreeSet<JobPostId>,
}

impl Submission {
    /// Locks accounts, then job posts, then wallets, each in the order of their ids.
    async fn load(txn: &Txn, submits: impl Iterator<Item = &Submit> + Clone) -> Result<Self> {
        let offers = submits.clone().filter_map(|submit| submit.offer.as_ref().ok());
        let posts: BTreeSet<_> = offers.map(|offer| offer.job_post).collect();
        let people: BTreeSet<_> = submits.map(|submit| submit.freelancer).collect();
        let (posts, people): (Vec<_>, Vec<_>) = (posts.into_iter().collect(), people.into_iter().collect());
        let accounts = accounts::store::lock_accounts(txn, &people).await?;
        let wallets = connects::store::list_wallets_of(txn, &people).await?;
        let wallets: BTreeMap<_, _> = wallets.into_iter().map(|w| (w.account_id, w.id)).collect();
        let locked = job_posts::store::lock_posts(txn, &posts).await?;
        let ids: Vec<_> = wallets.values().copied().collect();
        let posting = Posting::lock(txn, &ids).await?;
        let clients = locked.iter().map(|post| post.row.client_id);
        let concerned: Vec<_> = people.iter().copied().chain(clients).collect();
        let mut restrictions = BTreeMap::<_, Vec<_>>::new();
        for row in accounts::store::list_restrictions(txn, &concerned, txn.now()).await? {
            restrictions.entry(row.account_id).or_default().push(row);
        }
        Ok(Self {
            posts: locked.into_iter().map(|post| (post.row.id, post)).collect(),
            accounts: accounts.into_iter().map(|account| (account.id, account)).collect(),
            wallets,
            restrictions,
            proposed: store::list_proposed(txn, &posts, &people).await?.into_iter().collect(),
            posting,
            proposals: Vec::new(),
            notifications: Vec::new(),
            repriced: BTreeSet::new(),
        })
    }

    /// Decides one proposal; a refusal changes nothing.
    fn decide(&mut self, txn: &Txn, submit: &Submit) -> Result<Result<Submitted, Rejection>> {
        match self.try_submit(txn, submit) {
            Ok(submitted) => Ok(Ok(submitted)),
            Err(Error::Rejected(rejection)) => Ok(Err(rejection)),
            Err(fault) => Err(fault),
        }
    }

    fn try_submit(&mut self, txn: &Txn, submit: &Submit) -> Result<Submitted> {
        let (freelancer, offer) = (submit.freelancer, submit.offer.as_ref().map_err(Clone::clone)?);
        let wallet = *self.wallets.get(&freelancer).ok_or_else(rejection::not_a_freelancer)?;
        let post = self.posts.get(&offer.job_post).ok_or_else(job_posts::rejection::no_such_job_post)?;
        let (state, post) = (post.state, &post.row);
        let verified = self.accounts.get(&freelancer).is_some_and(|them| them.email_verified_at.is_some());
        rules::may_submit(&rules::Facts {
            freelancer,
            restricted: self.restrictions.get(&freelancer).and_then(decisive),
            may_spend: verified || txn.policy().rewards.signup_when == SignupWhen::Registration,
            proposed: self.proposed.contains(&(post.id, freelancer)),
            client: post.client_id,
            client_restricted: self.restrictions.contains_key(&post.client_id),
            state,
            visibility: post.visibility,
            price: Connects(post.connects_price),
            expected: offer.expected_connects,
            available: self.posting.available(wallet)?,
        })?;
        let mut proposal = proposal::Model {
            id: ProposalId::new(),
            job_post_id: post.id,
            freelancer_id: freelancer,
            wallet_id: wallet,
            cover_letter: offer.cover_letter.clone(),
            connects_charged: post.connects_price,
            entry_seq: None,
            amount_cents: offer.amount_cents,
            state: ProposalState::Submitted,
            submitted_at: txn.now(),
            edited_at: None,
            viewed_at: None,
            shortlisted_at: None,
            hidden_at: None,
            ended_at: None,
            ended_reason: None,
        };
        if proposal.connects_charged > 0 {
            let charge = charge_of(post, &proposal, freelancer);
            proposal.entry_seq =
                Some(self.posting.spend(wallet, Connects(proposal.connects_charged), charge)?);
        }
        self.note(txn, &proposal);
        Ok(Submitted {
            wallet: Some(self.posting.wallet(wallet)?.clone()),
            entry: proposal.entry_seq.and_then(|seq| self.posting.entry(wallet, seq)),
            available_after: self.posting.available(wallet)?,
            proposal,
            replayed: false,
        })
    }

    /// Counts the proposal, and reprices the post for the next one (J-3).
    fn note(&mut self, txn: &Txn, proposal: &proposal::Model) {
        if let Some(LockedPost { row: post, .. }) = self.posts.get_mut(&proposal.job_post_id) {
            post.proposal_count += 1;
            job_posts::reprice(txn, post);
            self.notifications.push(notifications::received(post, proposal));
        }
        self.proposed.insert((proposal.job_post_id, proposal.freelancer_id));
        self.repriced.insert(proposal.job_post_id);
        self.proposals.push(proposal.clone());
    }

    async fn write(self, txn: &Txn) -> Result<()> {
        self.posting.write(txn).await?;
        store::insert_proposals(txn, self.proposals).await?;
        notify(txn, self.notifications).await?;
        for id in self.repriced {
            if let Some(LockedPost { row: post, .. }) = self.posts.get(&id) {
                let basis = post.price_basis.clone();
                job_posts::store::update_demand(txn, id, post.proposal_count, post.connects_price, basis)
                    .await?;
            }
        }
        Ok(())
    }
}

fn charge_of(post: &job_post::Model, proposal: &proposal::Model, freelancer: AccountId) -> Change {
    Change {
        kind: HistoryKind::Proposal,
        business_key: format!("{}/{}", HistoryKind::Proposal, post.business_key),
        document: (DocumentKind::Proposal, proposal.id.to_string()),
        actor: Some(freelancer),
    }
}
