//! The provider is asked for a payment that has begun.

use crate::{entity::ids::PaymentId, graphql::kit::context::Request, settlement};

/// Asks the provider for a payment that has begun. It stays as it is if that fails, and the task `payments` asks again.
pub async fn collect(request: &Request, payment: PaymentId) {
    // Without a provider, people pay from their cash accounts, and nobody is asked.
    let Ok(provider) = request.payments() else { return };
    if let Err(error) = settlement::collect(&request.db, provider, &[payment]).await {
        tracing::warn!(request_id = request.id, %payment, %error, "a payment was not settled at once");
    }
}
