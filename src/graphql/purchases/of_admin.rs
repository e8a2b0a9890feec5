//! Purchases, for anyone who may see people.

use async_graphql::{Context, Object};

use crate::{
    entity::{enums::PurchaseState, purchase},
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        purchases::purchase::Purchase,
    },
    purchases::store,
    viewer::Viewer as Person,
};

/// Purchases, for anyone who may see people.
pub struct OfAdmin<'a>(pub &'a Person);

/// Purchases, for anyone who may see people.
#[Object(name = "AdminPurchases")]
impl OfAdmin<'_> {
    /// All purchases, newest first (B-3). For admins, support and auditors.
    async fn purchases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only purchases in this state.")] state: Option<PurchaseState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Purchase>> {
        use purchase::Column::{Id, OrderedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::seen_by_staff(self.0, state);
        let key = |row: &purchase::Model| (row.ordered_at, row.id);
        Ok(page.load(request(ctx), rows, (OrderedAt, Id), false, key).await?.map(Purchase))
    }
}
