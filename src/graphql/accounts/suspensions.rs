//! Suspending and reinstating accounts (P-4).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    accounts, closing,
    entity::enums::RestrictionKind::Suspended,
    graphql::{
        accounts::account::Account,
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, RequiredKey, Retry, mutate},
            scalars::int,
        },
    },
    viewer::Permission::{Moderate, Suspend},
};

/// Input of `suspendAccount`.
#[derive(Debug, InputObject, Serialize)]
pub struct SuspendAccountInput {
    /// The account.
    account_id: IdOf<Account>,
    /// The reason, 1 to 500 characters; the audit log keeps it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `suspendForFraud`.
#[derive(Debug, InputObject, Serialize)]
pub struct SuspendForFraudInput {
    /// The account.
    account_id: IdOf<Account>,
    /// The reason, 1 to 500 characters; the audit log keeps it, and the person and everyone who reported their
    /// job posts see it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `reinstateAccount`.
#[derive(Debug, InputObject, Serialize)]
pub struct ReinstateAccountInput {
    /// The account.
    account_id: IdOf<Account>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `suspendAccount`.
#[derive(SimpleObject)]
pub struct SuspendAccountPayload {
    /// The account; null if the request was refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `suspendForFraud`.
#[derive(SimpleObject)]
pub struct SuspendForFraudPayload {
    /// The account; null if the request was refused.
    account: Option<Account>,
    /// How many job posts were removed; null if the request was refused.
    job_posts_removed: Option<i32>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `reinstateAccount`.
#[derive(SimpleObject)]
pub struct ReinstateAccountPayload {
    /// The account; null if the request was refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Suspensions of accounts.
#[derive(Default)]
pub struct SuspensionMutation;

#[Object]
impl SuspensionMutation {
    /// Suspends an account. It receives no grants and cannot spend, while the Connects that it holds go on
    /// ageing (P-4, M-9). For admins and support.
    async fn suspend_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account to suspend, and why.")] input: SuspendAccountInput,
    ) -> Answer<SuspendAccountPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Suspend), async |txn, actor| {
            let id = input.account_id.key()?;
            accounts::suspend(txn, actor, id, (Suspended, &input.reason)).await?;
            Ok(id)
        });
        let (id, outcome) = done.boxed().await?;
        Ok(SuspendAccountPayload { account: Account::visible(ctx, id).await?, outcome })
    }

    /// Suspends an account for fraud and removes all its job posts; the Connects spent on proposals to them are
    /// refunded (P-4, T-1). For admins.
    async fn suspend_for_fraud(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account to suspend, and why.")] input: SuspendForFraudInput,
    ) -> Answer<SuspendForFraudPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Moderate), async |txn, admin| {
            let id = input.account_id.key()?;
            Ok((id, closing::suspend_for_fraud(txn, admin, id, &input.reason).await?))
        });
        let (done, outcome) = done.boxed().await?;
        let (id, removed) = done.unzip();
        let account = Account::visible(ctx, id).await?;
        Ok(SuspendForFraudPayload { account, job_posts_removed: removed.map(int), outcome })
    }

    /// Lifts the suspension of an account. Grants missed meanwhile are not made up for (M-9). For admins and
    /// support.
    async fn reinstate_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account to reinstate.")] input: ReinstateAccountInput,
    ) -> Answer<ReinstateAccountPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(Suspend), async |txn, actor| {
            Ok(accounts::reinstate(txn, actor, input.account_id.key()?).await?.id)
        });
        let (id, outcome) = done.boxed().await?;
        Ok(ReinstateAccountPayload { account: Account::visible(ctx, id).await?, outcome })
    }
}
