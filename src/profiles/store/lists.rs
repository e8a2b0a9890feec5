//! How profiles are found and shown.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, Func},
};

use super::list_slugs;
use crate::{
    accounts::store::hireable,
    clock::Instant,
    entity::{
        account,
        enums::{Perk, TalentBadgeKind},
        ids::AccountId,
        profile, profile_slug, talent_badge,
    },
    error::Result,
    memberships::{self, rules::DEFAULT_PLAN},
    policy::Policy,
    profiles::rules::{self, Chosen},
    talent_badges,
};

/// What a search of freelancers asks for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only freelancers of this country.
    pub country: Option<String>,
    /// Only freelancers who have this badge, or a higher one.
    pub least_badge: Option<TalentBadgeKind>,
}

/// The freelancers that a search finds: they can be hired, and were active lately or are on a plan that keeps them visible
/// (M-11).
pub fn found(search: Search, policy: &Policy, now: Instant) -> Select<account::Entity> {
    use account::Column::{Country, Id};
    let mut rows = hireable(now);
    if let Some(country) = search.country {
        rows = rows.filter(Country.eq(country));
    }
    if let Some(least) = search.least_badge {
        rows = rows.filter(Id.in_subquery(holders(least).into_query()));
    }
    let stays = memberships::store::is_on(Id, &policy.plans_with(Perk::StaysVisible), now);
    rows.filter(Condition::any().add(seen_lately(policy, now)).add(stays))
}

fn holders(least: TalentBadgeKind) -> Select<talent_badge::Entity> {
    use talent_badge::Column::{AccountId as Account, EndedAt, Kind};
    let kinds = talent_badges::rules::at_least(least);
    let held = talent_badge::Entity::find().filter(Kind.is_in(kinds)).filter(EndedAt.is_null());
    held.select_only().column(Account)
}

fn seen_lately(policy: &Policy, now: Instant) -> Expr {
    use account::{
        Column::{ActiveAt, CreatedAt},
        Entity,
    };
    let last_seen = Func::coalesce([Expr::col((Entity, ActiveAt)), Expr::col((Entity, CreatedAt))]);
    Expr::expr(last_seen).gte(rules::seen_since(policy, now))
}

/// The freelancer at this address, if they can be hired and their plan has it (M-11).
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_by_slug(
    db: &impl ConnectionTrait,
    slug: &str,
    (policy, now): (&Policy, Instant),
) -> Result<Option<account::Model>> {
    use profile_slug::Column::{AccountId as Account, GivenUpAt, Slug};
    let Ok(slug) = rules::checked_slug(slug) else { return Ok(None) };
    let owner = profile_slug::Entity::find().filter(Slug.eq(slug)).filter(GivenUpAt.is_null());
    let owner = owner.select_only().column(Account).into_query();
    let has_one = memberships::store::is_on(account::Column::Id, &policy.plans_with(Perk::ProfileUrl), now);
    let rows = hireable(now).filter(account::Column::Id.in_subquery(owner)).filter(has_one);
    Ok(rows.one(db).await?)
}

/// Whether `account` has chosen to hide what they have earned.
///
/// # Errors
/// When the database cannot be reached.
pub async fn hides_earnings(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    let row = profile::Entity::find_by_id(account).one(db).await?;
    Ok(row.is_some_and(|row| row.hides_earnings))
}

/// What each of `accounts` has chosen; nothing for those who have chosen nothing.
async fn list_chosen(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, Chosen>> {
    let theirs = profile::Column::AccountId.is_in(accounts.iter().copied());
    let mut chosen: HashMap<AccountId, Chosen> = HashMap::new();
    for row in profile::Entity::find().filter(theirs).all(db).await? {
        chosen.entry(row.account_id).or_default().hides_earnings = row.hides_earnings;
    }
    for row in list_slugs(db, accounts).await?.into_iter().filter(|row| row.given_up_at.is_none()) {
        chosen.entry(row.account_id).or_default().slug = Some(row.slug);
    }
    Ok(chosen)
}

/// What counts of that at `now`, on the plan that each is on.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_in_force(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    (policy, now): (&Policy, Instant),
) -> Result<HashMap<AccountId, Chosen>> {
    let chosen = list_chosen(db, accounts).await?;
    let plans = memberships::store::list_plans(db, accounts, now).await?;
    let in_force = |(account, chosen): (AccountId, Chosen)| {
        let plan = plans.get(&account).copied().unwrap_or(DEFAULT_PLAN);
        (account, rules::in_force(&chosen, plan, policy))
    };
    Ok(chosen.into_iter().map(in_force).collect())
}
