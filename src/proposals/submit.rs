//! Submitting proposals (S-2, S-8): price, proposal and charge in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use super::{notifications, rejection, rules, store};
use crate::{
    accounts::{self, rules::standing::decisive},
    connects::{self, Change, Posting, WalletSet},
    db::{Database, Job, Outcome, Queue, REHEARSAL_LIMIT, Txn},
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
    notifications::{Notification, insert_notifications},
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
struct Remembered {
    proposal: ProposalId,
    available_after: Connects,
}

impl From<&Submitted> for Remembered {
    fn from(done: &Submitted) -> Self {
        Self { proposal: done.proposal.id, available_after: done.available_after }
    }
}

/// Submits one proposal, together with others that come at about the same time, or rehearses it.
///
/// # Errors
/// The refusal of the rule that decides; `IDEMPOTENCY_KEY_REUSED`.
pub async fn submit(
    db: &Database,
    queue: &Queue<Submit>,
    submit: Submit,
    dry_run: bool,
) -> Result<Submitted> {
    if !dry_run {
        return queue.run(submit).await;
    }
    db.rehearse(REHEARSAL_LIMIT, None, async |txn| {
        let outcome = submit_many(txn, std::slice::from_ref(&submit)).await?.pop();
        Ok(outcome.ok_or_else(|| Fault::Broken("no outcome".into()))??)
    })
    .await
}

impl Job for Submit {
    type Done = Submitted;
    type Owner = AccountId;
    type Twin = (AccountId, String);

    fn owner(&self) -> AccountId {
        self.freelancer
    }

    fn twin(&self) -> Option<Self::Twin> {
        self.key.as_ref().map(|key| (key.account, key.key.clone()))
    }

    fn run<'a>(txn: &'a Txn, jobs: &'a [Self]) -> BoxFuture<'a, Result<Vec<Outcome<Submitted>>>> {
        submit_many(txn, jobs).boxed()
    }
}

/// Submits proposals in order, each decided after the changes of the previous ones; a refused one leaves nothing
/// behind. No two of them may share a key.
///
/// # Errors
/// Only faults; a refusal is in the result of its proposal.
pub async fn submit_many(txn: &Txn, submits: &[Submit]) -> Result<Vec<Outcome<Submitted>>> {
    let people: BTreeSet<_> = submits.iter().map(|submit| submit.freelancer).collect();
    let accounts = accounts::store::lock_accounts(txn, &people.into_iter().collect::<Vec<_>>()).await?;
    let mut outcomes = known(txn, submits).await?;
    let fresh: Vec<_> = (0..submits.len()).filter(|&i| outcomes[i].is_none()).collect();
    let undecided: Vec<_> = fresh.iter().map(|&i| &submits[i]).collect();
    if undecided.is_empty() {
        return Ok(outcomes.into_iter().flatten().collect());
    }
    let mut submission = Submission::load(txn, accounts, &undecided).await?;
    for &i in &fresh {
        outcomes[i] = Some(submission.decide(txn, &submits[i])?);
    }
    let outcomes = outcomes.into_iter().map(|o| o.ok_or_else(|| Fault::Broken("undecided".into()).into()));
    let outcomes = outcomes.collect::<Result<Vec<_>>>()?;
    let done = fresh.iter().filter_map(|&i| Some((submits[i].key.as_ref()?, outcomes[i].as_ref().ok()?)));
    let used: Vec<_> = done.map(|(key, done)| (key, Remembered::from(done))).collect();
    submission.write(txn, &used).await?;
    Ok(outcomes)
}

/// For each proposal the outcome of its key if that was used, `None` when it is to be decided.
async fn known(txn: &Txn, submits: &[Submit]) -> Result<Vec<Option<Outcome<Submitted>>>> {
    let keys: Vec<_> = submits.iter().filter_map(|submit| submit.key.as_ref()).collect();
    let mut known = idempotency::list_outcomes::<Remembered>(txn, &keys).await?.into_iter();
    let mut outcomes = Vec::with_capacity(submits.len());
    for submit in submits {
        outcomes.push(match submit.key.as_ref().and_then(|_| known.next()) {
            None | Some(Ok(None)) => None,
            Some(Ok(Some(used))) => Some(Ok(replay(txn, used).await?)),
            Some(Err(refused)) => Some(Err(refused)),
        });
    }
    Ok(outcomes)
}

async fn replay(txn: &Txn, outcome: Remembered) -> Result<Submitted> {
    let proposal = store::find_proposal(txn, outcome.proposal).await?;
    let proposal = proposal.ok_or_else(|| Fault::Broken("a proposal vanished".into()))?;
    let wallet = connects::store::find_wallet(txn, proposal.wallet_id).await?;
    let entry = match proposal.entry_seq {
        Some(seq) => connects::store::find_entry_with_moves(txn, proposal.wallet_id, seq).await?,
        None => None,
    };
    Ok(Submitted { proposal, wallet, entry, available_after: outcome.available_after, replayed: true })
}

/// Everything the decisions need, loaded and locked, and everything they will write.
struct Submission {
    posts: BTreeMap<JobPostId, LockedPost>,
    accounts: BTreeMap<AccountId, account::Model>,
    wallets: BTreeMap<AccountId, WalletId>,
    restrictions: BTreeMap<AccountId, Vec<restriction::Model>>,
    proposed: BTreeSet<(JobPostId, AccountId)>,
    hired: BTreeSet<(JobPostId, AccountId)>,
    posting: Posting,
    proposals: Vec<proposal::Model>,
    notifications: Vec<Notification>,
    repriced: BTreeSet<JobPostId>,
}

impl Submission {
    /// Locks job posts, then wallets, each in the order of their ids; the accounts are locked.
    async fn load(txn: &Txn, accounts: Vec<account::Model>, submits: &[&Submit]) -> Result<Self> {
        let posts: BTreeSet<_> =
            submits.iter().filter_map(|submit| Some(submit.offer.as_ref().ok()?.job_post)).collect();
        let posts: Vec<_> = posts.into_iter().collect();
        let people: BTreeSet<_> = submits.iter().map(|submit| submit.freelancer).collect();
        let people: Vec<_> = people.into_iter().collect();
        let locked = job_posts::store::lock_posts(txn, &posts).await?;
        let posting = Posting::lock(txn, &WalletSet::owned_by(people.iter().copied())).await?;
        let concerned: Vec<_> =
            people.iter().copied().chain(locked.iter().map(|post| post.row.client_id)).collect();
        let mut restrictions = BTreeMap::<_, Vec<_>>::new();
        for row in accounts::store::list_restrictions(txn, &concerned, txn.now()).await? {
            restrictions.entry(row.account_id).or_default().push(row);
        }
        let involved = store::list_involved(txn, &posts, &people).await?.into_iter();
        let (hired, proposed): (Vec<_>, Vec<_>) = involved.partition(|(.., hired)| *hired);
        let pairs = |rows: Vec<_>| rows.into_iter().map(|(post, person, _)| (post, person)).collect();
        Ok(Self {
            posts: locked.into_iter().map(|post| (post.row.id, post)).collect(),
            accounts: accounts.into_iter().map(|account| (account.id, account)).collect(),
            wallets: posting.wallets().map(|wallet| (wallet.account_id, wallet.id)).collect(),
            restrictions,
            proposed: pairs(proposed),
            hired: pairs(hired),
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
            hired: self.hired.contains(&(post.id, freelancer)),
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
            interviewing_since: None,
            return_reversed_at: None,
            offer_expires_at: None,
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

    /// Writes all that was decided, and the keys that were used for it.
    async fn write(self, txn: &Txn, used: &[(&Key, Remembered)]) -> Result<()> {
        let mut writes = txn.writes();
        self.posting.write(&mut writes);
        store::insert_proposals(&mut writes, self.proposals);
        insert_notifications(&mut writes, &self.notifications);
        let repriced: Vec<_> = self.repriced.iter().filter_map(|id| Some(&self.posts.get(id)?.row)).collect();
        job_posts::store::update_demand(&mut writes, &repriced);
        let used: Vec<_> = used.iter().map(|(key, it)| (*key, it)).collect();
        idempotency::insert_used(&mut writes, &used)?;
        writes.run().await
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
