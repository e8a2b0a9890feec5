//! Publishing, changing, withdrawing and ordering projects.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    catalog::{self, Content, rules::PRICE_CENTS},
    contracts::{self, Order},
    entity::enums::JobCategory,
    error::Result,
    graphql::{
        cash::cash_account::CashAccount,
        catalog::project::Project,
        contracts::{funding::settled, milestone::Milestone},
        kit::{
            context::request,
            ids::{IdOf, Kind},
            mutation::{Answer, Outcome, RequiredKey, Retry, SignedIn, mutate},
            scalars::MoneyInput,
        },
        payments::{paying::Paying, payment::Payment},
    },
    input,
    payments::By,
};

/// The content of a project.
#[derive(Debug, InputObject, Serialize)]
pub struct ProjectContent {
    /// The title, one line of 1 to 100 characters.
    title: String,
    /// What a client gets, 1 to 10,000 characters.
    description: String,
    /// The category.
    category: JobCategory,
    /// What it costs, 5.00 to 1,000,000.00.
    price: MoneyInput,
}

impl ProjectContent {
    fn checked(&self) -> Result<Content> {
        let (least, most) = PRICE_CENTS;
        let price_cents = self.price.cents("content.price")?;
        Ok(Content {
            title: input::line("content.title", &self.title, 1, 100)?,
            description: input::text("content.description", &self.description, 1, 10_000)?,
            category: self.category,
            price_cents: input::amount("content.price", price_cents, least, most)?,
        })
    }
}

/// Input of `publishProject`.
#[derive(Debug, InputObject, Serialize)]
pub struct PublishProjectInput {
    /// The content of the project.
    content: ProjectContent,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `publishProject`.
#[derive(SimpleObject)]
pub struct PublishProjectPayload {
    /// The project; null if the request was refused.
    project: Option<Project>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `updateProject`.
#[derive(Debug, InputObject, Serialize)]
pub struct UpdateProjectInput {
    /// The project.
    project_id: IdOf<Project>,
    /// The version that the freelancer edited; if the project has another version by now, the request is refused with
    /// `CONFLICT`.
    version: i32,
    /// The new content of the project, which replaces all of the old.
    content: ProjectContent,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `updateProject`.
#[derive(SimpleObject)]
pub struct UpdateProjectPayload {
    /// The project; null if the request was refused.
    project: Option<Project>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `withdrawProject`.
#[derive(Debug, InputObject, Serialize)]
pub struct WithdrawProjectInput {
    /// The project.
    project_id: IdOf<Project>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `withdrawProject`.
#[derive(SimpleObject)]
pub struct WithdrawProjectPayload {
    /// The project; null if the request was refused.
    project: Option<Project>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `orderProject`.
#[derive(Debug, InputObject, Serialize)]
pub struct OrderProjectInput {
    /// The project.
    project_id: IdOf<Project>,
    /// The price that the client saw; if it is another one by now, the request is refused with `PRICE_CHANGED`.
    expected_price: MoneyInput,
    /// The version that the client read; if it is given and the project has another one by now, the request is refused with
    /// `CONFLICT`.
    expected_version: Option<i32>,
    #[graphql(flatten)]
    #[serde(flatten)]
    paying: Paying,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `orderProject`.
#[derive(SimpleObject)]
pub struct OrderProjectPayload {
    /// The milestone of the new contract; null if the request was refused.
    milestone: Option<Milestone>,
    /// The payment; null if the request was refused. Look at its state: if it has failed, fund the milestone by another
    /// payment method, or end the contract.
    payment: Option<Payment>,
    /// The client's cash account; null if the request was refused.
    cash_account: Option<CashAccount>,
    #[graphql(flatten)]
    outcome: Outcome,
}

impl OrderProjectInput {
    fn order(&self, by: By) -> Result<Order> {
        let project = self.project_id.key()?;
        let expected_cents = self.expected_price.cents("expectedPrice")?;
        Ok(Order { project, expected_cents, expected_version: self.expected_version.map(i64::from), by })
    }
}

/// The Project Catalog.
#[derive(Default)]
pub struct CatalogMutation;

#[Object]
impl CatalogMutation {
    /// Publishes a project in the catalog, which clients order at its price (O-3). For freelancers.
    async fn publish_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to publish.")] input: PublishProjectInput,
    ) -> Answer<PublishProjectPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            catalog::publish(txn, freelancer, input.content.checked()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(PublishProjectPayload { project: Project::visible(ctx, id).await?, outcome })
    }

    /// Changes a project. What was ordered stays as it was (O-3). For its freelancer.
    async fn update_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to change, and its new content.")] input: UpdateProjectInput,
    ) -> Answer<UpdateProjectPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            let (id, version) = (input.project_id.key()?, input.version.into());
            catalog::update(txn, freelancer, id, version, input.content.checked()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(UpdateProjectPayload { project: Project::visible(ctx, id).await?, outcome })
    }

    /// Withdraws a project, which nobody can order any more (O-3). For its freelancer.
    async fn withdraw_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to withdraw.")] input: WithdrawProjectInput,
    ) -> Answer<WithdrawProjectPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, freelancer| {
            catalog::withdraw(txn, freelancer, input.project_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(WithdrawProjectPayload { project: Project::visible(ctx, id).await?, outcome })
    }

    /// Orders a project: there is a contract at once, with one milestone, and the payment method is charged for it, or the
    /// client's cash account pays (O-3). It costs nobody Connects. For clients.
    async fn order_project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project to order, and how it is paid for.")] input: OrderProjectInput,
    ) -> Answer<OrderProjectPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, client| {
            let by = input.paying.by(request(ctx))?;
            contracts::order(txn, client, input.order(by)?).await
        });
        let (funding, outcome) = done.boxed().await?;
        let (milestone, payment) = settled(ctx, funding, input.retry.is_dry_run()).await?;
        let cash_account = CashAccount::of_viewer(ctx, funding.is_some()).await?;
        Ok(OrderProjectPayload { milestone, payment, cash_account, outcome })
    }
}
