//! Changing the plan of a membership (M-8).

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    connects,
    entity::{
        enums::MembershipPlan,
        ids::{AccountId, WalletId},
    },
    graphql::{
        connects::wallet::Wallet,
        kit::{
            context::{Request, request},
            errors::{UserError, payload, top_level},
            ids::input_id,
            scalars::Date,
        },
    },
    idempotency::by_variant,
    memberships,
    viewer::Permission,
};

/// A plan to change to.
#[derive(Debug, InputObject, Serialize)]
pub struct ChangeMembershipPlanInput {
    /// Whose membership.
    account_id: ID,
    /// The plan from the next cycle on.
    #[serde(serialize_with = "by_variant")]
    plan: MembershipPlan,
    /// Makes a retry safe: the same key never changes twice (1 to 255 characters).
    #[serde(skip)]
    idempotency_key: Option<String>,
    /// Answers as the real run would, and changes nothing.
    #[graphql(default)]
    #[serde(skip)]
    dry_run: bool,
}

/// What became of a change of plan.
#[derive(SimpleObject)]
pub struct ChangeMembershipPlanPayload {
    /// The wallet, unless refused.
    wallet: Option<Wallet>,
    /// The first day on the new plan, unless refused.
    effective_on: Option<Date>,
    /// Whether this is the stored answer of an earlier call with the same key.
    replayed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Changes to memberships.
#[derive(Default)]
pub struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Puts a membership on another plan from its next cycle on; nothing is charged (M-8). For admins.
    async fn change_membership_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose plan, and which.")] input: ChangeMembershipPlanInput,
    ) -> async_graphql::Result<ChangeMembershipPlanPayload> {
        let request = request(ctx);
        let work = async {
            let actor = request.must(Permission::ChangePlan)?;
            let account = input_id::<AccountId>("Account", &input.account_id, "input.accountId")?;
            let retry = (input.idempotency_key.as_deref(), input.dry_run);
            let work = request.write_once("changeMembershipPlan", retry, &input, async |txn| {
                let (wallet, starts_at) = memberships::change_plan(txn, actor, account, input.plan).await?;
                Ok((wallet, starts_at.date_naive()))
            });
            work.await
        };
        Ok(match payload(request, work.await)? {
            Ok(((wallet, day), replayed)) => ChangeMembershipPlanPayload {
                wallet: wallet_of(request, wallet).await?,
                effective_on: Some(Date(day)),
                replayed,
                user_errors: Vec::new(),
            },
            Err(user_errors) => {
                ChangeMembershipPlanPayload { wallet: None, effective_on: None, replayed: false, user_errors }
            }
        })
    }
}

async fn wallet_of(request: &Request, id: WalletId) -> async_graphql::Result<Option<Wallet>> {
    let found = connects::store::find_wallet(request.db.read(), id).await;
    Ok(found.map_err(|error| top_level(request, error))?.map(Wallet))
}
