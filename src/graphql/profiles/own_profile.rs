//! What the signed-in freelancer shows of themselves.

use async_graphql::SimpleObject;

use crate::{
    entity::{account, enums::Perk},
    graphql::{
        kit::{context::Request, errors::top_level, scalars::DateTime},
        memberships::membership::plan_of,
    },
    profiles::{rules, store},
};

/// What a freelancer has chosen to show of themselves, and what their plan lets them (M-11).
#[derive(SimpleObject)]
pub struct OwnProfile {
    /// What the plan gives besides Connects. A choice whose perk the plan lacks takes effect again on a plan that has it.
    perks: Vec<Perk>,
    /// Whether the freelancer has chosen to hide what they have earned.
    hides_earnings: bool,
    /// The last part of the address that the freelancer has chosen for the profile; null if none is in use.
    slug: Option<String>,
    /// All addresses that the freelancer has chosen, the last one first; nobody else can take them. At most ten.
    slugs: Vec<String>,
    /// From when on searches do not find the profile unless the freelancer is active before; null on a plan that keeps it
    /// visible.
    hidden_from: Option<DateTime>,
}

impl OwnProfile {
    /// The profile of a freelancer.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn of(request: &Request, account: &account::Model) -> async_graphql::Result<Self> {
        let db = request.db.read();
        let failed = |error| top_level(request, error);
        let hides_earnings = store::hides_earnings(db, account.id).await.map_err(failed)?;
        let slugs = store::list_slugs(db, &[account.id]).await.map_err(failed)?;
        let plan = plan_of(request, account.id).await?;
        let policy = &request.db.policy_at(request.now).policy;
        Ok(Self {
            perks: policy.perks(plan),
            hides_earnings,
            slug: slugs.iter().find(|row| row.given_up_at.is_none()).map(|row| row.slug.clone()),
            slugs: slugs.into_iter().map(|row| row.slug).collect(),
            hidden_from: rules::hidden_from(account, plan, policy).map(DateTime),
        })
    }
}
