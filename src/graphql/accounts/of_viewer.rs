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
    /// E-mail address.
    async fn email(&self) -> &str {
        &self.0.0.email
    }

    /// Name as shown to others.
    async fn name(&self) -> &str {
        &self.0.0.name
    }

    /// ISO 3166-1 alpha-2 country.
    async fn country(&self) -> &str {
        &self.0.0.country
    }

    /// Whether this person may post jobs (P-1).
    async fn is_client(&self) -> bool {
        self.0.0.is_client
    }

    /// Whether the e-mail address is verified; until then the policy may refuse spending.
    async fn is_email_verified(&self) -> bool {
        self.0.0.email_verified_at.is_some()
    }

    /// The roles of this person; a handful, mostly none (P-1).
    async fn roles(&self) -> Vec<Role> {
        self.0.roles().into_iter().collect()
    }

    /// Whether this person may use everything operational (P-1).
    async fn is_admin(&self) -> bool {
        self.0.0.is_admin
    }

    /// Since when the account is suspended: it can neither spend nor be granted; null when it is not (P-4).
    async fn suspended_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id(), &[Suspended, Fraud]).await
    }

    /// Since when the account is closed; null when it is open (P-6).
    async fn closed_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id(), &[Closed]).await
    }
}
