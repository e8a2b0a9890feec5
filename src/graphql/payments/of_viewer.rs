//! What the signed-in person pays with, and what they paid.

use async_graphql::{Context, Object};

use crate::{
    entity::{payment, payment_method},
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        payments::{payment::Payment, payment_method::PaymentMethod},
    },
    payments,
    viewer::Viewer as Person,
};

/// What the signed-in person pays with, and what they paid.
pub struct OfViewer<'a>(pub &'a Person);

/// What the signed-in person pays with, and what they paid.
#[Object(name = "ViewerPayments")]
impl OfViewer<'_> {
    /// The payment methods of this person, in the order in which they were added.
    async fn payment_methods(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<PaymentMethod>> {
        use payment_method::Column::{AddedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = payments::store::methods_of(self.0.id());
        let key = |row: &payment_method::Model| (row.added_at, row.id);
        Ok(page.load(request(ctx), rows, (AddedAt, Id), true, key).await?.map(PaymentMethod))
    }

    /// The payments of this person, newest first.
    async fn payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Payment>> {
        use payment::Column::{BegunAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = payments::store::payments_of(self.0.id());
        let key = |row: &payment::Model| (row.begun_at, row.id);
        Ok(page.load(request(ctx), rows, (BegunAt, Id), false, key).await?.map(Payment))
    }
}
