//! Everything operational, put together from what each slice has of it.

use async_graphql::{Context, Object};

use crate::{
    graphql::{
        accounts::{self, account::Account},
        audit, job_posts, schedule,
    },
    viewer::Viewer,
};

/// Everything operational. For admins; for support and auditors what their roles let them see.
pub struct Admin(pub Viewer);

/// Everything operational. For admins; for support and auditors what their roles let them see.
#[Object]
impl Admin {
    /// The account with this e-mail address.
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mail address, in any case.")] email: String,
    ) -> Option<async_graphql::Result<Account>> {
        Account::by_email(ctx, &self.0, &email).await.transpose()
    }

    #[graphql(flatten)]
    async fn audit(&self) -> audit::of_admin::OfAdmin<'_> {
        audit::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    async fn accounts(&self) -> accounts::of_admin::OfAdmin<'_> {
        accounts::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    async fn job_posts(&self) -> job_posts::of_admin::OfAdmin<'_> {
        job_posts::of_admin::OfAdmin(&self.0)
    }

    #[graphql(flatten)]
    async fn schedule(&self) -> schedule::of_admin::OfAdmin<'_> {
        schedule::of_admin::OfAdmin(&self.0)
    }
}
