//! The signed-in person.

use async_graphql::{Context, ID, Object};
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use crate::{
    connects,
    entity::{
        enums::{
            JobPostState, ProposalState,
            RestrictionKind::{Closed, Fraud, Suspended},
            Role,
        },
        job_post, job_post_report, notification, proposal, wallet,
    },
    graphql::{
        accounts::account::{since, wallet_of},
        connects::wallet::Wallet,
        job_posts::{job_post::JobPost, report::JobPostReport},
        kit::{
            context::request,
            errors::top_level,
            ids::global_id,
            page::{PageArgs, Pages},
            scalars::{DateTime, OrDefault, int},
        },
        notifications::notification::Notification,
        proposals::proposal::Proposal,
    },
    job_posts, notifications, proposals,
    viewer::Viewer as Person,
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
        let count = notifications::store::count_unread(request.db.read(), self.0.id()).await;
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
        let rows = notifications::store::visible_to(self.0.id());
        let rows = if unread.0 { rows.filter(notification::Column::ReadAt.is_null()) } else { rows };
        let key = |row: &notification::Model| (row.created_at, row.key.clone());
        let rows = page.load(request(ctx), rows, (CreatedAt, Key), false, key).await?;
        Ok(rows.map(Notification))
    }
}
