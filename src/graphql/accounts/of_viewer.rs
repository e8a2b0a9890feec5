//! The account of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    entity::enums::{
        RestrictionKind::{Closed, Fraud, Suspended},
        Role,
    },
    graphql::{accounts::account::since, kit::scalars::DateTime},
    viewer::Viewer as Person,
};

/// The account of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The account of the signed-in person.
#[Object(name = "ViewerAccounts")]
impl OfViewer<'_> {
    /// The e-mail address.
    async fn email(&self) -> &str {
        &self.0.0.email
    }

    /// The name that other people see.
    async fn name(&self) -> &str {
        &self.0.0.name
    }

    /// The country, as an ISO 3166-1 alpha-2 code.
    async fn country(&self) -> &str {
        &self.0.0.country
    }

    /// Whether this person has a client profile and may publish job posts (P-1).
    async fn is_client(&self) -> bool {
        self.0.0.is_client
    }

    /// Whether the e-mail address is verified; until it is, the policy may forbid spending.
    async fn is_email_verified(&self) -> bool {
        self.0.0.email_verified_at.is_some()
    }

    /// The staff roles of this person; a handful at most, and empty for most people (P-1).
    async fn roles(&self) -> Vec<Role> {
        self.0.roles().into_iter().collect()
    }

    /// Whether this person may do everything operational (P-1).
    async fn is_admin(&self) -> bool {
        self.0.0.is_admin
    }

    /// When the account was suspended; null if it is not suspended now. A suspended account can neither spend
    /// nor receive grants (P-4).
    async fn suspended_since(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        since(ctx, self.0.id(), &[Suspended, Fraud]).await.transpose()
    }

    /// When the account was closed; null if it is open (P-6).
    async fn closed_since(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        since(ctx, self.0.id(), &[Closed]).await.transpose()
    }
}
