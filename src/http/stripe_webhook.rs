//! What Stripe sends by itself: it names what to ask Stripe about, and nothing in it is believed.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::{
    Shared,
    answer::{Media, refused},
    log::id_of,
};
use crate::{
    contracts,
    db::Txn,
    entity::enums::PaymentProvider,
    error::Result,
    payments,
    providers::payments::stripe::{Event, News},
};

/// The most bytes of an event.
pub const BODY_BYTES: usize = 256 * 1_024;

/// Looks into what a signed event is about, once. Stripe sends it again until this answers 200.
pub async fn post(shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let refuse = |status, code, message: &str| refused(Media::Json, status, code, message, &id_of(&request));
    let Some(secret) = &shared.app.settings.payments.stripe.webhook_secret else {
        return refuse(StatusCode::NOT_FOUND, "NOT_FOUND", "This server does not listen to Stripe.");
    };
    let header = request.headers().get("stripe-signature").and_then(|value| value.to_str().ok());
    let looked = async {
        let now = shared.app.db.wall_now().await?;
        let Some(event) = Event::read(secret, header.unwrap_or_default(), &body, now) else {
            return Ok(false);
        };
        look_into(&shared, &event).await?;
        Ok(true)
    };
    match looked.await {
        Ok(true) => HttpResponse::Ok().finish(),
        Ok(false) => {
            let sentence =
                "The signature is not Stripe's, or too old. Check the endpoint's secret and the clock.";
            refuse(StatusCode::BAD_REQUEST, "INVALID_INPUT", sentence)
        }
        Err(error) => {
            let error: crate::error::Error = error;
            tracing::error!(%error, "an event of Stripe was not looked into");
            refuse(StatusCode::SERVICE_UNAVAILABLE, "BUSY", "Send this event again later.")
        }
    }
}

/// Asks Stripe about what the event names, unless that was done before.
async fn look_into(shared: &Shared, event: &Event) -> Result<()> {
    let (db, provider) = (&shared.app.db, shared.app.providers.payments.as_deref());
    let stripe = PaymentProvider::Stripe;
    let Some(provider) = provider.filter(|provider| provider.provider() == stripe) else { return Ok(()) };
    if payments::store::has_event(db.read(), stripe, &event.id).await? {
        return Ok(());
    }
    match event.news {
        News::Payment(id) => contracts::collect(db, provider, &[id]).await?,
        News::Refund(id) => contracts::give_back(db, provider, &[id]).await?,
        News::Chargebacks => {
            for told in contracts::list_chargebacks(db, provider).await? {
                db.write(async |txn| contracts::charge_back(txn, stripe, &told).await).await?;
            }
        }
        News::Nothing => {}
    }
    let note = async |txn: &Txn| payments::store::note_event(txn, stripe, &event.id).await;
    db.write(note).await
}
