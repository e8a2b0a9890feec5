//! What Stripe sends by itself: it names what to ask Stripe about, and nothing in it is believed.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};

use super::{
    Shared,
    answer::{Media, Refusal, refused, unavailable},
    body,
    log::id_of,
    room,
};
use crate::{
    clock::Instant,
    db::Txn,
    entity::enums::PaymentProvider,
    error::{Error, Result},
    payments,
    providers::payments::stripe::{Event, News},
    settlement,
};

/// The most bytes of an event.
const BODY_BYTES: usize = 256 * 1_024;

/// Looks into what a signed event is about, once. Stripe sends it again until this answers 200.
pub async fn post(shared: web::Data<Shared>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    match take(&shared, &request, payload).await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(Refusal(status, code, message)) => refused(Media::Json, status, code, &message, &id_of(&request)),
    }
}

/// Anybody can send something here. So nothing is read for a server that does not listen, nothing is asked of the database
/// before the signature is checked, and only a signed event takes a place among running requests.
async fn take(
    shared: &Shared,
    request: &HttpRequest,
    payload: web::Payload,
) -> std::result::Result<(), Refusal> {
    let Some(secret) = &shared.app.settings.payments.stripe.webhook_secret else {
        let sentence = "This server does not listen to Stripe.";
        return Err(Refusal(StatusCode::NOT_FOUND, "NOT_FOUND", sentence.into()));
    };
    let body = body::whole(shared, request, payload, BODY_BYTES).await?;
    let _place = shared.room.try_acquire().map_err(|_| unavailable(room::BUSY))?;
    let header = request.headers().get("stripe-signature").and_then(|value| value.to_str().ok());
    let read = Event::read(secret, header.unwrap_or_default(), &body);
    let Some(event) = recent(shared, read).await.map_err(|error| later(&error))? else {
        let sentence =
            "The signature is not Stripe's, or too old. Check the endpoint's secret and the clock.";
        return Err(Refusal(StatusCode::BAD_REQUEST, "INVALID_INPUT", sentence.into()));
    };
    look_into(shared, &event).await.map_err(|error| later(&error))
}

fn later(error: &Error) -> Refusal {
    tracing::error!(%error, "an event of Stripe was not looked into");
    unavailable("Send this event again later.")
}

/// The event that was read, if it was signed lately.
async fn recent(shared: &Shared, read: Option<(Event, Instant)>) -> Result<Option<Event>> {
    let Some((event, signed_at)) = read else { return Ok(None) };
    let now = shared.app.db.wall_now().await?;
    Ok(Event::is_recent(signed_at, now).then_some(event))
}

/// Asks Stripe about what the event names, unless that was done before.
async fn look_into(shared: &Shared, event: &Event) -> Result<()> {
    let (db, provider) = (&shared.app.db, shared.app.providers.payments.as_deref());
    let stripe = PaymentProvider::Stripe;
    let Some(provider) = provider.filter(|provider| provider.provider() == stripe) else { return Ok(()) };
    if payments::store::has_event(db.read(), stripe, &event.id).await? {
        return Ok(());
    }
    match &event.news {
        News::Payment(id) => settlement::collect(db, provider, &[*id]).await?,
        News::Refund(id) => settlement::give_back(db, provider, &[*id]).await?,
        News::Chargeback(reference) => settlement::look_into_chargeback(db, provider, reference).await?,
        News::Nothing => {}
    }
    let note = async |txn: &Txn| payments::store::note_event(txn, stripe, &event.id).await;
    db.write(note).await
}
