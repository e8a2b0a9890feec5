//! Finding freelancers.

use async_graphql::{Context, InputObject, Object};

use crate::{
    accounts::rules::checked_country,
    entity::{account, enums::TalentBadgeKind},
    graphql::{
        kit::{
            context::request,
            errors::{coded, top_level},
            page::{PageArgs, Pages},
        },
        profiles::freelancer::Freelancer,
    },
    profiles::store::{self, Search},
};

/// The criteria that a freelancer must meet, all of them. A criterion that is left out is ignored.
#[derive(Debug, Default, InputObject)]
pub struct FreelancerFilter {
    /// Only freelancers of this country, as an ISO 3166-1 alpha-2 code.
    country: Option<String>,
    /// Only freelancers who have this talent badge, or a higher one.
    talent_badge: Option<TalentBadgeKind>,
}

/// Queries of freelancers.
#[derive(Default)]
pub struct FreelancerQuery;

#[Object]
impl FreelancerQuery {
    /// The freelancer who has chosen this address for their profile (M-11); null if there is none who can be hired now (P-4)
    /// and whose plan has it.
    async fn freelancer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The last part of the address; case does not matter.")] slug: String,
    ) -> Option<async_graphql::Result<Freelancer>> {
        let request = request(ctx);
        let version = request.db.policy_at(request.now);
        let found = store::find_by_slug(request.db.read(), &slug, (&version.policy, request.now)).await;
        found.map(|found| found.map(Freelancer)).map_err(|error| top_level(request, error)).transpose()
    }

    /// The freelancers who can be hired (P-4), the last registered first. Those who have not been active for
    /// as many days as the policy says (30) are not found, unless their plan keeps them visible (M-11).
    async fn freelancers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The criteria that the freelancers must meet.")] filter: Option<FreelancerFilter>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Freelancer>> {
        use account::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let request = request(ctx);
        let filter = filter.unwrap_or_default();
        let country = filter.country.map(|country| checked_country(&country, &[])).transpose();
        let country = country.map_err(|no| coded("BAD_USER_INPUT", no.message))?;
        let search = Search { country, least_badge: filter.talent_badge };
        let rows = store::found(search, &request.db.policy_at(request.now).policy, request.now);
        let key = |row: &account::Model| (row.created_at, row.id);
        Ok(page.load(request, rows, (CreatedAt, Id), false, key).await?.map(Freelancer))
    }
}
