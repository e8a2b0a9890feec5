//! People: the viewer, and accounts as an admin sees them.

use async_graphql::{Context, ID, Object, SimpleObject};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use super::{
    context::request,
    error::{UserError, payload, top_level},
    job_post::JobPost,
    loaders::{RestrictionsOf, RolesOf, WalletOf},
    node::{global_id, input_id},
    notification::Notification,
    page::{PageArgs, Pages},
    payload::inputs,
    proposal::Proposal,
    report::JobPostReport,
    scalars::{DateTime, OrDefault, int},
    wallet::Wallet,
};
use crate::{
    accounts::{self, rules::standing::suspensions},
    closing, connects,
    entity::{
        account,
        enums::{
            JobPostState, ProposalState,
            RestrictionKind::{self, Closed, Fraud, Suspended},
            Role,
        },
        ids::AccountId,
        job_post, job_post_report, notification, proposal, restriction, wallet,
    },
    job_posts, outbox, proposals,
    viewer::{Permission, Viewer as Person},
};

/// Everything personal of the signed-in person.
#[derive(Clone)]
pub struct Viewer(pub Person);

/// Everything personal of the signed-in person.
#[Object]
impl Viewer {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("Viewer", &[&self.0.id()])
    }

    /// E-mail address.
    async fn email(&self) -> &str {
        &self.0.0.email
    }

    /// Name as shown to others.
    async fn name(&self) -> &str {
        &self.0.0.name
    }

    /// ISO 3166-1 alpha-2 country.
    async fn country(&self) -> &str {
        &self.0.0.country
    }

    /// Whether this person may post jobs (P-1).
    async fn is_client(&self) -> bool {
        self.0.0.is_client
    }

    /// Whether the e-mail address is verified; until then the policy may refuse spending.
    async fn is_email_verified(&self) -> bool {
        self.0.0.email_verified_at.is_some()
    }

    /// The roles of this person; a handful, mostly none (P-1).
    async fn roles(&self) -> Vec<Role> {
        self.0.roles().into_iter().collect()
    }

    /// Whether this person may use everything operational (P-1).
    async fn is_admin(&self) -> bool {
        self.0.0.is_admin
    }

    /// Since when the account is suspended: it can neither spend nor be granted; null when it is not (P-4).
    async fn suspended_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id(), &[Suspended, Fraud]).await
    }

    /// Since when the account is closed; null when it is open (P-6).
    async fn closed_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id(), &[Closed]).await
    }

    /// This freelancer's own wallet; null for people without a freelancer profile (P-2).
    async fn wallet(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Wallet>> {
        wallet_of(ctx, self.0.id()).await
    }

    /// The wallets that this person may spend from; one at most, as long as there are no agencies (P-2).
    async fn wallets(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Wallet>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = connects::store::owned_by(self.0.id());
        let rows = page.load(request(ctx), rows, wallet::Column::Id, true, |row| row.id).await?;
        Ok(rows.map(Wallet))
    }

    /// The proposals that this person has sent, newest first.
    #[allow(clippy::too_many_arguments)]
    async fn proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand so.")] state: Option<ProposalState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Proposal>> {
        use proposal::Column::{Id, SubmittedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let now = request(ctx).now;
        let standing = state.map(|state| proposals::store::standing(state, now));
        let rows = proposals::store::sent_by(self.0.id()).filter(Condition::all().add_option(standing));
        let key = |row: &proposal::Model| (row.submitted_at, row.id);
        let rows = page.load(request(ctx), rows, (SubmittedAt, Id), false, key).await?;
        Ok(rows.map(Proposal))
    }

    /// The job posts that this person has written, newest first; drafts too.
    #[allow(clippy::too_many_arguments)]
    async fn job_posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that stand so.")] state: Option<JobPostState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPost>> {
        use job_post::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let now = request(ctx).now;
        let rows = job_posts::store::of_client(self.0.id());
        let rows = match state {
            Some(state) => rows.filter(job_posts::store::standing(state, now)),
            None => rows,
        };
        let key = |row: &job_post::Model| (row.created_at, row.id);
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), false, key).await?.map(JobPost))
    }

    /// The reports that this person has made, oldest first (J-7).
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPostReport>> {
        use job_post_report::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = job_posts::store::reports_by(self.0.id());
        let key = |row: &job_post_report::Model| (row.created_at, row.id);
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), true, key).await?.map(JobPostReport))
    }

    /// How many notices this person has not read (N-1).
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let request = request(ctx);
        let count = outbox::store::count_unread(request.db.read(), self.0.id()).await;
        Ok(int(i64::try_from(count.map_err(|error| top_level(request, error))?).unwrap_or(i64::MAX)))
    }

    /// What this person has been told, newest first (N-1).
    #[allow(clippy::too_many_arguments)]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "Only what was not read.")] unread: OrDefault<bool>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Notification>> {
        use notification::Column::{CreatedAt, Key};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = outbox::store::visible_to(self.0.id());
        let rows = if unread.0 { rows.filter(notification::Column::ReadAt.is_null()) } else { rows };
        let key = |row: &notification::Model| (row.created_at, row.key.clone());
        let rows = page.load(request(ctx), rows, (CreatedAt, Key), false, key).await?;
        Ok(rows.map(Notification))
    }
}

/// A person, as he and admins see him (P-1).
#[derive(Clone)]
pub struct Account(pub account::Model);

/// A person, as he and admins see him (P-1).
#[Object]
impl Account {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("Account", &[&self.0.id])
    }

    /// E-mail address.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Name as shown to others.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// ISO 3166-1 alpha-2 country.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// The roles of this person; a handful, mostly none (P-1).
    async fn roles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Role>> {
        let request = request(ctx);
        let stored = request.loaders.load_one(RolesOf(self.0.id)).await;
        let stored = stored.map_err(|error| request.shared(&error))?.unwrap_or_default();
        let roles = crate::viewer::Viewer(self.0.clone(), stored).roles();
        Ok(roles.into_iter().collect())
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Since when the account is suspended; null when it is not (P-4).
    async fn suspended_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id, &[Suspended, Fraud]).await
    }

    /// Since when the account is suspended for fraud; null when it is not (P-4).
    async fn fraud_suspected_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id, &[Fraud]).await
    }

    /// Why and since when the account is suspended, the earliest first: at most two, one of them for fraud.
    /// For those who may suspend and reinstate, admins and support; null for everyone else (P-4).
    async fn suspensions(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Vec<Suspension>>> {
        let request = request(ctx);
        request.viewer.as_ref().filter(|viewer| viewer.may(Permission::Suspend))?;
        let now = match request.loaders.load_one(RestrictionsOf(self.0.id)).await {
            Ok(now) => now.unwrap_or_default(),
            Err(error) => return Some(Err(request.shared(&error))),
        };
        let suspension = |row: &restriction::Model| Suspension {
            since: DateTime(row.from_at),
            reason: row.reason.clone(),
            is_for_fraud: row.kind == Fraud,
        };
        Some(Ok(suspensions(&now).into_iter().map(suspension).collect()))
    }

    /// Since when the account is closed; null when it is open (P-6).
    async fn closed_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id, &[Closed]).await
    }

    /// When the personal data of this account was replaced by a pseudonym; null when it was not (P-6).
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// The freelancer's wallet; null for people without a freelancer profile (P-2).
    async fn wallet(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Wallet>> {
        wallet_of(ctx, self.0.id).await
    }
}

/// A suspension that lasts (P-4).
#[derive(SimpleObject)]
pub struct Suspension {
    /// Its first instant.
    since: DateTime,
    /// Why, in the words of whoever decided.
    reason: String,
    /// Whether it is for fraud, so that only those who moderate can lift it.
    is_for_fraud: bool,
}

inputs! {
    /// An account to suspend.
    SuspendAccountInput {
        /// The account.
        account_id: ID,
        /// Why; 1 to 500 characters, for the audit.
        reason: String,
    }
}

inputs! {
    @key String;

    /// An account to suspend for fraud.
    SuspendForFraudInput {
        /// The account.
        account_id: ID,
        /// Why; 1 to 500 characters, for the audit, for the person, and for those who reported his posts.
        reason: String,
    }
}

inputs! {
    /// An account whose suspension is to be lifted.
    ReinstateAccountInput {
        /// The account.
        account_id: ID,
    }
}

/// What became of a suspension.
#[derive(SimpleObject)]
pub struct SuspendAccountPayload {
    /// The account, unless refused.
    account: Option<Account>,
    /// Whether this is the stored answer of an earlier call with the same key.
    replayed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// What became of a suspension for fraud.
#[derive(SimpleObject)]
pub struct SuspendForFraudPayload {
    /// The account, unless refused.
    account: Option<Account>,
    /// How many job posts were taken down; null when refused.
    job_posts_removed: Option<i32>,
    /// Whether this is the stored answer of an earlier call with the same key.
    replayed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// What became of a reinstatement.
#[derive(SimpleObject)]
pub struct ReinstateAccountPayload {
    /// The account, unless refused.
    account: Option<Account>,
    /// Whether this is the stored answer of an earlier call with the same key.
    replayed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Changes to accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Suspends an account: no grants, no spending; what it holds goes on ageing (P-4, M-9). For admins and
    /// support.
    async fn suspend_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to suspend, and why.")] input: SuspendAccountInput,
    ) -> async_graphql::Result<SuspendAccountPayload> {
        let request = request(ctx);
        let work = async {
            let actor = request.must(Permission::Suspend)?;
            let account = input_id::<AccountId>("Account", &input.account_id, "input.accountId")?;
            let retry = (input.idempotency_key.as_deref(), input.dry_run);
            let work = request.write_once("suspendAccount", retry, &input, async |txn| {
                accounts::suspend(txn, actor, account, (Suspended, &input.reason)).await?;
                Ok(account)
            });
            work.await
        };
        Ok(match payload(request, work.await)? {
            Ok((id, replayed)) => {
                let account = account_of(ctx, id).await?;
                SuspendAccountPayload { account, replayed, user_errors: Vec::new() }
            }
            Err(user_errors) => SuspendAccountPayload { account: None, replayed: false, user_errors },
        })
    }

    /// Suspends an account for fraud and takes all its job posts down; what proposals to them had cost goes
    /// back (P-4, T-1). For admins.
    async fn suspend_for_fraud(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to suspend, and why.")] input: SuspendForFraudInput,
    ) -> async_graphql::Result<SuspendForFraudPayload> {
        let request = request(ctx);
        let work = async {
            let actor = request.must(Permission::Moderate)?;
            let account = input_id::<AccountId>("Account", &input.account_id, "input.accountId")?;
            let retry = (Some(input.idempotency_key.as_str()), input.dry_run);
            let work = request.write_once("suspendForFraud", retry, &input, async |txn| {
                Ok((account, closing::suspend_for_fraud(txn, actor, account, &input.reason).await?))
            });
            work.await
        };
        Ok(match payload(request, work.await)? {
            Ok(((id, removed), replayed)) => SuspendForFraudPayload {
                account: account_of(ctx, id).await?,
                job_posts_removed: Some(int(removed)),
                replayed,
                user_errors: Vec::new(),
            },
            Err(user_errors) => SuspendForFraudPayload {
                account: None,
                job_posts_removed: None,
                replayed: false,
                user_errors,
            },
        })
    }

    /// Lifts the suspension of an account; grants missed meanwhile are not made up for (M-9). For
    /// admins and support.
    async fn reinstate_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose suspension to lift.")] input: ReinstateAccountInput,
    ) -> async_graphql::Result<ReinstateAccountPayload> {
        let request = request(ctx);
        let work = async {
            let actor = request.must(Permission::Suspend)?;
            let account = input_id::<AccountId>("Account", &input.account_id, "input.accountId")?;
            let retry = (input.idempotency_key.as_deref(), input.dry_run);
            let work = request.write_once("reinstateAccount", retry, &input, async |txn| {
                Ok(accounts::reinstate(txn, actor, account).await?.id)
            });
            work.await
        };
        Ok(match payload(request, work.await)? {
            Ok((id, replayed)) => {
                let account = account_of(ctx, id).await?;
                ReinstateAccountPayload { account, replayed, user_errors: Vec::new() }
            }
            Err(user_errors) => ReinstateAccountPayload { account: None, replayed: false, user_errors },
        })
    }
}

/// Since when `account` is under one of these restrictions.
async fn since(
    ctx: &Context<'_>,
    account: AccountId,
    kinds: &[RestrictionKind],
) -> async_graphql::Result<Option<DateTime>> {
    let request = request(ctx);
    let loaded = request.loaders.load_one(RestrictionsOf(account)).await;
    let now = loaded.map_err(|error| request.shared(&error))?.unwrap_or_default();
    let these = now.iter().filter(|restriction| kinds.contains(&restriction.kind));
    Ok(these.map(|restriction| DateTime(restriction.from_at)).min_by_key(|at| at.0))
}

/// The wallet of a freelancer.
async fn wallet_of(ctx: &Context<'_>, id: AccountId) -> Option<async_graphql::Result<Wallet>> {
    let request = request(ctx);
    match request.loaders.load_one(WalletOf(id)).await {
        Ok(wallet) => wallet.map(|wallet| Ok(Wallet(wallet))),
        Err(error) => Some(Err(request.shared(&error))),
    }
}

pub(super) async fn account_of(ctx: &Context<'_>, id: AccountId) -> async_graphql::Result<Option<Account>> {
    let request = request(ctx);
    let found = accounts::store::find_account(request.db.read(), id).await;
    Ok(found.map_err(|error| top_level(request, error))?.map(Account))
}
