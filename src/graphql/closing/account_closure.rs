//! Closing an account, opening it again, and having it erased (P-6).

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    accounts,
    closing::{self, Closed},
    entity::enums::MembershipPlan,
    graphql::{
        accounts::account::Account,
        kit::{
            context::{Request, request},
            errors::{UserError, payload, top_level},
            mutation::{inputs, payloads},
            scalars::int,
        },
    },
};

inputs! {
    @key String;

    /// One's own account to close.
    CloseAccountInput {
    }
}

inputs! {
    /// One's own account to open again.
    ReopenAccountInput {
    }
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

payloads! {
    /// What became of closing an account.
    CloseAccountPayload {
        /// What it ended, unless refused.
        closure: AccountClosure,
        /// The account, unless refused.
        account: Account,
    }

    /// What became of opening an account again.
    ReopenAccountPayload {
        /// The account, unless refused.
        account: Account,
    }
}

/// What became of an erasure.
#[derive(SimpleObject)]
pub struct EraseAccountPayload {
    /// The name that stands in place of the person's from now on, unless refused.
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
    ) -> async_graphql::Result<CloseAccountPayload> {
        let request = request(ctx);
        let work = async {
            let person = request.person()?;
            let retry = (Some(input.idempotency_key.as_str()), input.dry_run);
            let close = async |txn: &_| closing::close_account(txn, person, request.origin).await;
            request.write_once("closeAccount", retry, &input, close).await
        };
        Ok(match payload(request, work.await)? {
            Ok((closed, replayed)) => {
                let account = own_account(request).await?;
                CloseAccountPayload::done(Some(closed.into()), account, replayed)
            }
            Err(user_errors) => CloseAccountPayload::refused(user_errors),
        })
    }

    /// Opens the viewer's closed account again: unexpired Connects can be spent, and the next cycle is
    /// granted. What was withdrawn, cancelled or ended stays so (P-6).
    async fn reopen_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Maybe a key, or a dry run.")] input: ReopenAccountInput,
    ) -> async_graphql::Result<ReopenAccountPayload> {
        let request = request(ctx);
        let work = async {
            let person = request.person()?;
            let retry = (input.idempotency_key.as_deref(), input.dry_run);
            let reopen = async |txn: &_| closing::reopen_account(txn, person).await;
            request.write_once("reopenAccount", retry, &input, reopen).await
        };
        Ok(match payload(request, work.await)? {
            Ok(((), replayed)) => ReopenAccountPayload::done(own_account(request).await?, replayed),
            Err(user_errors) => ReopenAccountPayload::refused(user_errors),
        })
    }

    /// Replaces the personal data of the viewer, whose account is closed, by a pseudonym, for good. What
    /// others need stays: the ledger, and that there were proposals and posts (P-6).
    async fn erase_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] input: EraseAccountInput,
    ) -> async_graphql::Result<EraseAccountPayload> {
        let request = request(ctx);
        let work = async {
            let (db, gate, person) = (&request.db, &request.gate, request.person()?);
            closing::erase(db, gate, request.origin, person, (&input.password, input.dry_run)).await
        };
        Ok(match payload(request, work.await)? {
            Ok(name) => EraseAccountPayload { pseudonym: Some(name), user_errors: Vec::new() },
            Err(user_errors) => EraseAccountPayload { pseudonym: None, user_errors },
        })
    }
}

async fn own_account(request: &Request) -> async_graphql::Result<Option<Account>> {
    let Some(viewer) = &request.viewer else { return Ok(None) };
    let found = accounts::store::find_account(request.db.read(), viewer.id()).await;
    Ok(found.map_err(|error| top_level(request, error))?.map(Account))
}
