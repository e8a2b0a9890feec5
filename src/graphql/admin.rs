//! The operational data of the marketplace, put together from the slices.

use async_graphql::{Context, Object};

use crate::{
    graphql::{
        accounts::{self, account::Account},
        affiliates, audit, cash, contracts, job_posts, payments, payouts, policy_versions, promo_codes,
        purchases, referrals, schedule, tickets,
    },
    viewer::Viewer,
};

/// The operational data of the marketplace. Admins see all of it, support and auditors what their roles allow.
pub struct Admin(pub Viewer);

/// The operational data of the marketplace. Admins see all of it, support and auditors what their roles allow.
#[Object]
impl Admin {
    /// The account with this e-mail address; null if there is none that the viewer may see.
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mail address; case does not matter.")] email: String,
    ) -> Option<async_graphql::Result<Account>> {
        Account::by_email(ctx, &self.0, &email).await.transpose()
    }

    #[graphql(flatten)]
    fn audit(&self) -> audit::of_admin::OfAdmin<'_> {
        audit::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn accounts(&self) -> accounts::of_admin::OfAdmin<'_> {
        accounts::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn job_posts(&self) -> job_posts::of_admin::OfAdmin<'_> {
        job_posts::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn contracts(&self) -> contracts::of_admin::OfAdmin<'_> {
        contracts::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn affiliates(&self) -> affiliates::of_admin::OfAdmin<'_> {
        affiliates::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn payments(&self) -> payments::of_admin::OfAdmin<'_> {
        payments::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn purchases(&self) -> purchases::of_admin::OfAdmin<'_> {
        purchases::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn promo_codes(&self) -> promo_codes::of_admin::OfAdmin<'_> {
        promo_codes::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn referrals(&self) -> referrals::of_admin::OfAdmin<'_> {
        referrals::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn policy_versions(&self) -> policy_versions::of_admin::OfAdmin<'_> {
        policy_versions::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn payouts(&self) -> payouts::of_admin::OfAdmin<'_> {
        payouts::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn tickets(&self) -> tickets::of_admin::OfAdmin<'_> {
        tickets::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn cash(&self) -> cash::of_admin::OfAdmin<'_> {
        cash::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    fn schedule(&self) -> schedule::of_admin::OfAdmin<'_> {
        schedule::of_admin::OfAdmin(&self.0)
    }
}
