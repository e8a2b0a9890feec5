//! The offers and contracts of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    contracts::store,
    entity::{
        contract,
        enums::{ContractState, OfferState},
        offer,
    },
    graphql::{
        contracts::{contract::Contract, offer::Offer},
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    viewer::Viewer as Person,
};

/// The offers and contracts of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The offers and contracts of the signed-in person.
#[Object(name = "ViewerContracts")]
impl OfViewer<'_> {
    /// The offers that this person has sent as a client or received as a freelancer, newest first (O-1).
    async fn offers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only offers in this state.")] state: Option<OfferState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Offer>> {
        use offer::Column::{Id, SentAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::offers_of(self.0.id(), state, request(ctx).now);
        let key = |row: &offer::Model| (row.sent_at, row.id);
        Ok(page.load(request(ctx), rows, (SentAt, Id), false, key).await?.map(Offer))
    }

    /// The contracts of this person, as a client or as a freelancer, newest first (O-1).
    async fn contracts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only contracts in this state.")] state: Option<ContractState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Contract>> {
        use contract::Column::{Id, StartedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::contracts_of(self.0.id(), state);
        let key = |row: &contract::Model| (row.started_at, row.id);
        Ok(page.load(request(ctx), rows, (StartedAt, Id), false, key).await?.map(Contract))
    }
}
