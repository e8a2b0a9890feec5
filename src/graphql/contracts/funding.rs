//! A payment has begun: the provider is asked, and what it said is shown.

use async_graphql::Context;
use futures_util::FutureExt;

use crate::{
    contracts::Funding,
    graphql::{
        contracts::milestone::Milestone,
        kit::{context::request, ids::Kind},
        payments::{collecting::collect, payment::Payment},
    },
};

/// The milestone and the payment of `funding` after the provider was asked; in a dry run, before it is.
///
/// # Errors
/// A fault of the database.
pub async fn settled(
    ctx: &Context<'_>,
    funding: Option<Funding>,
    dry_run: bool,
) -> async_graphql::Result<(Option<Milestone>, Option<Payment>)> {
    let funding = funding.map(|funding| (funding.milestone, funding.payment));
    if let Some((_, payment)) = funding.filter(|_| !dry_run) {
        collect(request(ctx), payment).boxed().await;
    }
    let (milestone, payment) = funding.unzip();
    Ok((Milestone::visible(ctx, milestone).await?, Payment::visible(ctx, payment).await?))
}
