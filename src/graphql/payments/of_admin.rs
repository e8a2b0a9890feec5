//! Payments, for anyone who may see people.

use async_graphql::{Context, Object};

use crate::{
    entity::{enums::PaymentState, payment},
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        payments::payment::Payment,
    },
    payments::store,
    viewer::Viewer as Person,
};

/// Payments, for anyone who may see people.
pub struct OfAdmin<'a>(pub &'a Person);

/// Payments, for anyone who may see people.
#[Object(name = "AdminPayments")]
impl OfAdmin<'_> {
    /// All payments, newest first (B-3). For admins, support and auditors.
    async fn payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only payments in this state.")] state: Option<PaymentState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Payment>> {
        use payment::Column::{BegunAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::seen_by_staff(self.0, state);
        let key = |row: &payment::Model| (row.begun_at, row.id);
        Ok(page.load(request(ctx), rows, (BegunAt, Id), false, key).await?.map(Payment))
    }
}
