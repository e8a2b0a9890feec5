//! Memberships: plans, cycles and grants to come.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use serde::Serialize;

use super::{
    context::{Request, request},
    error::{UserError, payload, top_level},
    node::input_id,
    scalars::{Date, int},
    wallet::Wallet,
};
use crate::{
    connects,
    entity::{
        enums::MembershipPlan,
        ids::{AccountId, WalletId},
        membership, plan_period,
    },
    idempotency::by_variant,
    memberships::{self, rules},
    viewer::Permission,
};

/// A billing cycle: the period between two grants (M-2).
#[derive(SimpleObject)]
pub struct BillingCycle {
    /// First day.
    pub starts_on: Date,
    /// Last day, inclusive.
    pub ends_on: Date,
}

/// A grant to come (M-5).
#[derive(SimpleObject)]
pub struct UpcomingGrant {
    /// The day on which it is issued, at 00:00 UTC (M-4).
    on: Date,
    /// How many Connects: free and paid ones together.
    quantity: i32,
    /// The free part.
    free: i32,
    /// The paid part.
    paid: i32,
    /// The plan that decides it.
    plan: MembershipPlan,
    /// On which conditions it is issued, as a sentence.
    condition: String,
}

impl UpcomingGrant {
    /// From a membership and its plans.
    pub fn new(request: &Request, membership: &membership::Model, periods: &[plan_period::Model]) -> Self {
        let starts_at = rules::next_start_after(membership, request.now);
        let plan = rules::plan_at(periods, starts_at);
        let terms = request.db.policy_at(starts_at).policy.terms(plan);
        Self {
            on: Date(starts_at.date_naive()),
            quantity: int(terms.free + terms.paid),
            free: int(terms.free),
            paid: int(terms.paid),
            plan,
            condition: "Issued unless the account is suspended on that day (M-9).".into(),
        }
    }
}

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
