//! Closing an account, opening it again, and having it erased (P-6).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    books,
    closing::{self, Closed},
    entity::enums::MembershipPlan,
    graphql::{
        accounts::account::Account,
        kit::{
            context::request,
            errors::UserError,
            mutation::{Answer, Outcome, RequiredKey, Retry, SignedIn, answer, mutate},
            scalars::int,
        },
    },
};

/// One's own account to close.
#[derive(Debug, InputObject, Serialize)]
pub struct CloseAccountInput {
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// One's own account to open again.
#[derive(Debug, InputObject, Serialize)]
pub struct ReopenAccountInput {
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// One's own data to erase. It takes no key: nobody is left to ask twice.
#[derive(InputObject)]
pub struct EraseAccountInput {
    /// The password, to prove who asks.
    password: String,
    /// Answers as the real run would, and changes nothing; the password counts as a guess all the same.
    #[graphql(default)]
    dry_run: bool,
}

/// What closing an account ends, and what it keeps (P-6).
#[derive(SimpleObject)]
pub struct AccountClosure {
    /// Live proposals that are withdrawn.
    proposals_withdrawn: i32,
    /// The Connects they had cost, which do not come back (T-2).
    connects_forfeited: i32,
    /// Open job posts that are cancelled; what their proposals had cost goes back (T-1).
    job_posts_cancelled: i32,
    /// Connects that stay in the wallet: they go on ageing, and can be spent once the account is open again.
    connects_kept: i32,
    /// The plan that ends; null on BASIC.
    plan_ended: Option<MembershipPlan>,
}

impl From<Closed> for AccountClosure {
    fn from(closed: Closed) -> Self {
        Self {
            proposals_withdrawn: int(closed.proposals_withdrawn),
            connects_forfeited: int(closed.connects_forfeited),
            job_posts_cancelled: int(closed.job_posts_cancelled),
            connects_kept: int(closed.connects_kept),
            plan_ended: closed.plan_ended,
        }
    }
}

/// Result of `closeAccount`.
#[derive(SimpleObject)]
pub struct CloseAccountPayload {
    /// What it ended; null when refused.
    closure: Option<AccountClosure>,
    /// The account; null when refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `reopenAccount`.
#[derive(SimpleObject)]
pub struct ReopenAccountPayload {
    /// The account; null when refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `eraseAccount`.
#[derive(SimpleObject)]
pub struct EraseAccountPayload {
    /// The name that stands in place of the person's from now on; null when refused.
    pseudonym: Option<String>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Closing an account, opening it again, and having it erased.
#[derive(Default)]
pub struct ClosureMutation;

#[Object]
impl ClosureMutation {
    /// Closes the viewer's account: withdraws his live proposals, cancels his open job posts, ends his plan,
    /// and signs his other devices out. Preview it by a dry run (P-6).
    async fn close_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A key, or a dry run.")] input: CloseAccountInput,
    ) -> Answer<CloseAccountPayload> {
        let origin = request(ctx).origin;
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            closing::close_account(txn, person, origin).await
        });
        let (closed, outcome) = done.await?;
        let account = own_account(ctx, closed.is_some()).await?;
        Ok(CloseAccountPayload { closure: closed.map(Into::into), account, outcome })
    }

    /// Opens the viewer's closed account again: unexpired Connects can be spent, and the next cycle is
    /// granted. What was withdrawn, cancelled or ended stays so (P-6).
    async fn reopen_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Maybe a key, or a dry run.")] input: ReopenAccountInput,
    ) -> Answer<ReopenAccountPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            closing::reopen_account(txn, person).await
        });
        let (reopened, outcome) = done.await?;
        Ok(ReopenAccountPayload { account: own_account(ctx, reopened.is_some()).await?, outcome })
    }

    /// Replaces the personal data of the viewer, whose account is closed, by a pseudonym, for good. What
    /// others need stays: the ledger, and that there were proposals and posts (P-6).
    async fn erase_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] input: EraseAccountInput,
    ) -> Answer<EraseAccountPayload> {
        let request = request(ctx);
        let done = async {
            let (db, gate, person) = (&request.db, &request.gate, request.person()?);
            books::erase(db, gate, request.origin, person, (&input.password, input.dry_run)).await
        };
        let (pseudonym, user_errors) = answer(ctx, done.await)?;
        Ok(EraseAccountPayload { pseudonym, user_errors })
    }
}

/// The viewer's own account, once something was `done` to it.
async fn own_account(ctx: &Context<'_>, done: bool) -> Answer<Option<Account>> {
    let viewer = request(ctx).viewer.as_ref().filter(|_| done);
    Account::found(ctx, viewer.map(|viewer| viewer.id())).await
}
