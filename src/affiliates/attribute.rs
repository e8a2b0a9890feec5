//! To whom a registration is attributed, and why (F-4).

use chrono::TimeDelta;

use super::{Visit, flag::flag_arrival, rules, store};
use crate::{
    accounts,
    db::Txn,
    entity::{account, attribution, enums::AttributionState, ids::AttributionId},
    error::Result,
};

/// How a person came: with which profiles, and by which click.
#[derive(Clone, Copy, Debug)]
pub struct Came {
    /// Whether they registered as a freelancer.
    pub freelancer: bool,
    /// What the cookie of their browser says.
    pub visit: Visit,
}

/// Attributes the registration of `account`, which was just made, to the last click of its browser, or notes why it counts
/// for nobody. Without such a click, nothing is noted.
///
/// # Errors
/// When the database refuses.
pub async fn attribute(txn: &Txn, account: &account::Model, came: Came) -> Result<()> {
    let Some((click, link, affiliate)) = store::find_last_click(txn, came.visit.visitor, txn.now()).await?
    else {
        return Ok(());
    };
    let policy = &txn.policy().affiliate;
    let window = TimeDelta::hours(policy.window_hours);
    let facts = rules::Registered {
        is_client: account.is_client,
        is_freelancer: came.freelancer,
        shared: accounts::shared_by(txn, account.id).await?,
        since_click: txn.now() - click.clicked_at,
        affiliate: affiliate.state,
    };
    let refusal = rules::refusal_of(&facts, window);
    let row = attribution::Model {
        client_id: account.id,
        id: AttributionId::new(),
        click_id: click.id,
        link_id: link.id,
        affiliate_id: affiliate.account_id,
        clicked_at: click.clicked_at,
        registered_at: txn.now(),
        hire_before: click.clicked_at + window,
        country: account.country.clone(),
        state: refusal.map_or(AttributionState::Open, |_| AttributionState::Refused),
        refusal,
        closed_at: refusal.map(|_| txn.now()),
    };
    store::insert_attribution(txn, row.clone()).await?;
    if row.state == AttributionState::Open { flag_arrival(txn, &row, &click).await } else { Ok(()) }
}
