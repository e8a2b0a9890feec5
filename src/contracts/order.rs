//! A client orders a project from the catalog (O-3): its contract is there at once, and its payment begins.

use super::{
    begin,
    fund::{self, Funding},
    offer_to::{self, Draft},
    rejection,
    rules::terms::Terms,
    store,
};
use crate::{
    accounts,
    catalog::{self, rejection::no_such_project},
    db::Txn,
    entity::{
        enums::{OfferState, ProjectState},
        ids::ProjectId,
        offer, project,
        values::Part,
    },
    error::{Fault, Result},
    money::Money,
    payments::By,
    viewer::Viewer,
};

/// What a client orders, and how they pay for it.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The project.
    pub project: ProjectId,
    /// The price that the client saw, in minor units.
    pub expected_cents: i64,
    /// The version that they saw, if they say so.
    pub expected_version: Option<i64>,
    /// How it is paid for.
    pub by: By,
}

/// Orders a project: by publishing it, its freelancer has accepted every order at its price. The contract has one
/// milestone, which is funded at once; if the payment fails, the client funds it by another method, or ends the contract.
///
/// # Errors
/// `NOT_A_CLIENT`, `NOT_FOUND`, `ILLEGAL_STATE`, `PRICE_CHANGED`, `CONFLICT`, `ORDER_UNPAID`, `THROTTLED`, `NOT_ALLOWED` for one's own;
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn order(txn: &Txn, client: &Viewer, order: Order) -> Result<Funding> {
    let acting = accounts::acting(txn, client.id()).await?;
    if !acting.account().is_client {
        return Err(rejection::not_a_client().into());
    }
    let project = catalog::store::lock_project(txn, order.project).await?.ok_or_else(no_such_project)?;
    if accounts::store::find_restriction(txn, project.freelancer_id, txn.now()).await?.is_some() {
        return Err(no_such_project().into());
    }
    if project.freelancer_id == client.id() {
        return Err(rejection::own_project().into());
    }
    must_be_seen(txn, client, &project, order).await?;
    if store::has_unpaid_order(txn, client.id(), project.freelancer_id).await? {
        return Err(rejection::order_unpaid().into());
    }
    let part = Part { title: project.title.clone(), amount_cents: project.price_cents };
    let draft = Draft { title: None, message: String::new(), terms: Terms::Milestones(vec![part]) };
    let sides = (client.id(), project.freelancer_id);
    let offer = offer::Model {
        project_id: Some(project.id),
        project_description: Some(project.description.clone()),
        category: Some(project.category),
        state: OfferState::Accepted,
        ended_at: Some(txn.now()),
        ..offer_to::sketch(txn, sides, draft, &project.title)
    };
    store::insert_offer(txn, offer.clone()).await?;
    let contract = begin::begin(txn, &offer, None, Some(project.category)).await?;
    let parts = store::list_milestones(txn, &[contract.id]).await?;
    let first =
        parts.into_iter().next().ok_or_else(|| Fault::Broken("an order without a milestone".into()))?;
    fund::pay(txn, &acting, &contract, first, order.by).await
}

/// Checks that the project can be ordered, costs what the client saw, and says what they saw.
async fn must_be_seen(txn: &Txn, client: &Viewer, project: &project::Model, order: Order) -> Result<()> {
    if project.state != ProjectState::Published {
        // Those who have ordered it know of it.
        let seen = catalog::store::list_visible(txn, Some(client), &[project.id], txn.now()).await?;
        let refusal = seen.first().map(|seen| catalog::rejection::illegal_state(seen.state));
        return Err(refusal.unwrap_or_else(no_such_project).into());
    }
    if project.price_cents != order.expected_cents {
        let price = Money::new(project.price_cents, project.currency);
        return Err(rejection::price_changed(price).into());
    }
    if let Some(seen) = order.expected_version.filter(|seen| *seen != project.version) {
        return Err(rejection::project_changed(seen, project.version).into());
    }
    Ok(())
}
