//! Closing, reopening and erasing an account (P-6).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    books::{self, Erasing},
    closing::{self, Closed},
    entity::enums::{Currency, MembershipPlan},
    graphql::{
        accounts::account::Account,
        kit::{
            context::request,
            errors::UserError,
            ids::Kind,
            mutation::{Answer, Outcome, RequiredKey, Retry, SignedIn, answer, mutate},
            scalars::{Money, int},
        },
    },
};

/// Input of `closeAccount`.
#[derive(Debug, InputObject, Serialize)]
pub struct CloseAccountInput {
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `reopenAccount`.
#[derive(Debug, InputObject, Serialize)]
pub struct ReopenAccountInput {
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `eraseAccount`. It takes no idempotency key: once the account is erased, nobody can repeat the
/// request.
#[derive(InputObject)]
pub struct EraseAccountInput {
    /// The password of the viewer, as proof of identity.
    password: String,
    /// Whether the viewer gives up what is not paid of their commissions and rewards, such as less than the least that is
    /// paid out.
    #[graphql(default)]
    give_up_commissions: bool,
    /// Whether this is a dry run, which answers as the real request would but changes nothing, except that the
    /// password counts as a guess.
    #[graphql(default)]
    dry_run: bool,
}

/// What the closure of an account ends, and what it keeps (P-6).
#[derive(SimpleObject)]
pub struct AccountClosure {
    /// How many live proposals are withdrawn.
    proposals_withdrawn: i32,
    /// The Connects that these proposals had cost; they are not refunded (T-2).
    connects_forfeited: i32,
    /// How many open job posts are cancelled; the Connects that their proposals had cost are refunded (T-1).
    job_posts_cancelled: i32,
    /// How many direct offers are withdrawn or declined.
    direct_offers_ended: i32,
    /// How many projects are withdrawn from the catalog.
    projects_withdrawn: i32,
    /// What stays in the cash account, where it is held until the account is reopened (P-4).
    cash_kept: Money,
    /// What the person still owes (O-5).
    owed: Money,
    /// The Connects that stay in the wallet. They go on ageing, and can be spent after the account is reopened.
    connects_kept: i32,
    /// The plan that ends; null if the account is on `BASIC`.
    plan_ended: Option<MembershipPlan>,
}

impl From<Closed> for AccountClosure {
    fn from(closed: Closed) -> Self {
        Self {
            proposals_withdrawn: int(closed.proposals_withdrawn),
            connects_forfeited: int(closed.connects_forfeited),
            job_posts_cancelled: int(closed.job_posts_cancelled),
            direct_offers_ended: int(closed.direct_offers_ended),
            projects_withdrawn: int(closed.projects_withdrawn),
            cash_kept: Money::new(closed.cash_kept_cents, Currency::Usd),
            owed: Money::new(closed.owed_cents, Currency::Usd),
            connects_kept: int(closed.connects_kept),
            plan_ended: closed.plan_ended,
        }
    }
}

/// Result of `closeAccount`.
#[derive(SimpleObject)]
pub struct CloseAccountPayload {
    /// What the closure ends and keeps; null if the request was refused.
    closure: Option<AccountClosure>,
    /// The account; null if the request was refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `reopenAccount`.
#[derive(SimpleObject)]
pub struct ReopenAccountPayload {
    /// The account; null if the request was refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `eraseAccount`.
#[derive(SimpleObject)]
pub struct EraseAccountPayload {
    /// The pseudonym that replaces the person's name; null if the request was refused.
    pseudonym: Option<String>,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Closing, reopening and erasing an account.
#[derive(Default)]
pub struct ClosureMutation;

#[Object]
impl ClosureMutation {
    /// Closes the viewer's account: withdraws their live proposals, cancels their open job posts, ends their
    /// plan, and signs out their other devices. A dry run shows the effects beforehand (P-6).
    async fn close_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The idempotency key, and whether to rehearse.")] input: CloseAccountInput,
    ) -> Answer<CloseAccountPayload> {
        let origin = request(ctx).origin;
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            closing::close_account(txn, person, origin).await
        });
        let (closed, outcome) = done.boxed().await?;
        let account = own_account(ctx, closed.is_some()).await?;
        Ok(CloseAccountPayload { closure: closed.map(Into::into), account, outcome })
    }

    /// Reopens the viewer's closed account: unexpired Connects can be spent again, and the Connects of the next
    /// cycle are granted. What was withdrawn, cancelled or ended stays so (P-6).
    async fn reopen_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An optional idempotency key, and whether to rehearse.")] input: ReopenAccountInput,
    ) -> Answer<ReopenAccountPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            closing::reopen_account(txn, person).await
        });
        let (reopened, outcome) = done.boxed().await?;
        Ok(ReopenAccountPayload { account: own_account(ctx, reopened.is_some()).await?, outcome })
    }

    /// Replaces the viewer's personal data with a pseudonym, for good; the account must be closed. The ledger
    /// stays, and so does the record of proposals and job posts, because others rely on them (P-6).
    async fn erase_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The viewer's password, and whether to rehearse.")] input: EraseAccountInput,
    ) -> Answer<EraseAccountPayload> {
        let request = request(ctx);
        let done = async {
            let (db, gate, person) = (&request.db, &request.gate, request.person()?);
            let EraseAccountInput { password, give_up_commissions, dry_run } = &input;
            let (give_up_commissions, dry_run) = (*give_up_commissions, *dry_run);
            let erasing = Erasing { password, give_up_commissions, dry_run };
            books::erase(db, gate, request.origin, person, erasing).await
        };
        let (pseudonym, user_errors) = answer(ctx, done).await?;
        Ok(EraseAccountPayload { pseudonym, user_errors })
    }
}

/// The viewer's own account, if `done`: a change was made to it.
async fn own_account(ctx: &Context<'_>, done: bool) -> Answer<Option<Account>> {
    let viewer = request(ctx).viewer.as_ref().filter(|_| done);
    Account::visible(ctx, viewer.map(crate::viewer::Viewer::id)).await
}
