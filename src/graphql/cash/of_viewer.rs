//! The cash of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    cash::store,
    graphql::{
        cash::cash_account::CashAccount,
        kit::{context::request, errors::top_level},
    },
    viewer::Viewer as Person,
};

/// The cash of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The cash of the signed-in person.
#[Object(name = "ViewerCash")]
impl OfViewer<'_> {
    /// This person's cash (P-3).
    async fn cash_account(&self, ctx: &Context<'_>) -> async_graphql::Result<CashAccount> {
        let (request, me) = (request(ctx), self.0.id());
        let rows = store::list_visible(request.db.read(), self.0, &[me]).await;
        Ok(CashAccount::of(me, &rows.map_err(|error| top_level(request, error))?))
    }
}
