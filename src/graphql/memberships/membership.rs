//! Memberships: billing cycles and upcoming grants.

use async_graphql::SimpleObject;

use crate::{
    entity::{
        enums::{MembershipPlan, Perk, PlanBasis},
        ids::{AccountId, WalletId},
        membership, plan_period,
    },
    error::Fault,
    graphql::{
        kit::{
            context::Request,
            errors::top_level,
            scalars::{Date, int},
        },
        memberships::loaders::{MembershipOf, PlanOf},
    },
    memberships::rules::{self, DEFAULT_PLAN},
};

/// A billing cycle: the period between two grants (M-2).
#[derive(SimpleObject)]
pub struct BillingCycle {
    /// The first day.
    pub starts_on: Date,
    /// The last day, inclusive.
    pub ends_on: Date,
}

/// An upcoming grant (M-5).
#[derive(SimpleObject)]
pub struct UpcomingGrant {
    /// The day on which the grant is issued, at 00:00 UTC (M-4).
    on: Date,
    /// The number of Connects, free and paid together.
    quantity: i32,
    /// The number of free Connects.
    free: i32,
    /// The number of paid Connects.
    paid: i32,
    /// The plan that decides how many.
    plan: MembershipPlan,
    /// The condition under which the grant is issued, as a sentence.
    condition: String,
}

impl UpcomingGrant {
    /// The next grant of a membership with these plan periods.
    pub fn new(request: &Request, membership: &membership::Model, periods: &[plan_period::Model]) -> Self {
        let starts_at = rules::next_start_after(membership, request.now);
        let period = rules::period_at(periods, starts_at);
        let plan = period.map_or(DEFAULT_PLAN, |period| period.plan);
        let basis = period.map(|period| period.basis);
        let unless = "Issued unless the account is suspended or closed at the start of that day, 00:00 UTC (M-9, P-4).";
        let condition = match basis {
            None | Some(PlanBasis::Granted) => unless.to_owned(),
            Some(PlanBasis::Charged) => format!(
                "{unless} The paid part is issued once the cycle is paid, by a month that was given or by a charge (M-7)."
            ),
            Some(PlanBasis::Gift) => {
                format!("{unless} The paid part is issued if a month that was given is left (M-10).")
            }
        };
        let terms = request.db.policy_at(starts_at).policy.terms(plan);
        Self {
            on: Date(starts_at.date_naive()),
            quantity: int(terms.free + terms.paid),
            free: int(terms.free),
            paid: int(terms.paid),
            plan,
            condition,
        }
    }
}

/// The membership of a wallet, and its plans now and to come.
///
/// # Errors
/// When the database cannot be reached; a fault when there is none.
pub async fn membership_of(
    request: &Request,
    wallet: WalletId,
) -> async_graphql::Result<(membership::Model, Vec<plan_period::Model>)> {
    let missing = || Fault::Broken(format!("wallet {wallet} has no membership"));
    let found = request.load(MembershipOf(wallet)).await?;
    found.ok_or_else(|| top_level(request, missing().into()))
}

/// The plan that `account` is on now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn plan_of(request: &Request, account: AccountId) -> async_graphql::Result<MembershipPlan> {
    Ok(request.load(PlanOf(account)).await?.unwrap_or(DEFAULT_PLAN))
}

/// Whether the plan of the person who asks gives `perk` (M-11).
///
/// # Errors
/// When the database cannot be reached.
pub async fn has_perk(request: &Request, perk: Perk) -> async_graphql::Result<bool> {
    let Some(viewer) = &request.viewer else { return Ok(false) };
    let plan = plan_of(request, viewer.id()).await?;
    Ok(request.db.policy_at(request.now).policy.perks(plan).contains(&perk))
}
