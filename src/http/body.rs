//! The whole body of a request, before anything runs for it.

use actix_web::{HttpRequest, http::StatusCode, web};

use super::{
    Shared,
    answer::{Refusal, bad_request, unavailable},
    arrival::Lost,
    asker::address_of,
};
use crate::accounts::Origin;

/// The whole body, if it has at most `most` bytes and arrives in time.
///
/// # Errors
/// Why it did not.
pub async fn whole(
    shared: &Shared,
    request: &HttpRequest,
    payload: web::Payload,
    most: usize,
) -> Result<web::Bytes, Refusal> {
    let from = Origin { address: address_of(&shared.app, request), session: None }.network();
    shared.arrivals.whole(from, payload, most).await.map_err(|lost| match lost {
        Lost::TooLarge => {
            let message = format!("The body is larger than {most} bytes. Send less.");
            Refusal(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", message)
        }
        Lost::Broken => bad_request("The body could not be read. Send it again."),
        Lost::Slow => {
            let message = "The body did not arrive in time. Send it without pauses.";
            Refusal(StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", message.into())
        }
        Lost::Crowded => unavailable(
            "Too many bodies are arriving and this one was the slowest. Send it again without pauses.",
        ),
    })
}
