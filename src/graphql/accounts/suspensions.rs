//! Suspending accounts, and reinstating them (P-4).

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    accounts, closing,
    entity::{enums::RestrictionKind::Suspended, ids::AccountId},
    graphql::{
        accounts::account::{Account, account_of},
        kit::{
            context::request,
            errors::{UserError, payload},
            ids::input_id,
            mutation::inputs,
            scalars::int,
        },
    },
    viewer::Permission,
};

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
pub struct SuspensionMutation;

#[Object]
impl SuspensionMutation {
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
