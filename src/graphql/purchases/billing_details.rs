//! Where a person is taxed.

use async_graphql::Object;

use crate::{
    entity::{account, billing_detail},
    graphql::kit::{context::Request, errors::top_level},
    purchases::store,
};

/// Where a person is taxed on what they buy (B-2). Visible to that person.
pub struct BillingDetails {
    account: account::Model,
    details: Option<billing_detail::Model>,
}

impl BillingDetails {
    /// Those of the signed-in person after a mutation that was done; none after a refusal.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn of_viewer(request: &Request, is_done: bool) -> async_graphql::Result<Option<Self>> {
        let Some(viewer) = request.viewer.as_ref().filter(|_| is_done) else { return Ok(None) };
        let details = store::find_details(request.db.read(), viewer.id()).await;
        let details = details.map_err(|error| top_level(request, error))?;
        Ok(Some(Self { account: viewer.0.clone(), details }))
    }
}

/// Where a person is taxed on what they buy (B-2). Visible to that person.
#[Object]
impl BillingDetails {
    /// The country of the account, as an ISO 3166-1 code such as `US`.
    async fn country(&self) -> &str {
        &self.account.country
    }

    /// The region within it, as ISO 3166-2 has it after the dash, such as `CT`; null if the person has named none.
    async fn region(&self) -> Option<&str> {
        self.details.as_ref()?.region.as_deref()
    }

    /// The tax id; null if the person has given none.
    async fn tax_id(&self) -> Option<&str> {
        self.details.as_ref()?.tax_id.as_deref()
    }
}
