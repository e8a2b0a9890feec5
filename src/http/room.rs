//! Capacity for requests: beyond it a request is refused at once, never queued. A request takes a place when it is
//! ready to run, never while its body is arriving.

use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
    web,
};
use tokio::sync::Semaphore;

use super::{
    Shared,
    answer::{Media, refused},
    log::id_of,
};

/// The message to a caller when there is no capacity.
pub const BUSY: &str = "The server is busy. Try again in a second.";

/// Admits a request without a body, or asks its caller to try again in a second.
pub async fn or_refuse<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let room = request.app_data::<web::Data<Shared>>().map(|shared| shared.room.clone());
    let Some(Ok(_place)) = room.map(Semaphore::try_acquire_owned) else {
        let (code, id) = ("SERVICE_UNAVAILABLE", id_of(request.request()));
        let refusal = refused(Media::Json, StatusCode::SERVICE_UNAVAILABLE, code, BUSY, &id);
        return Ok(request.into_response(refusal).map_into_right_body());
    };
    Ok(next.call(request).await?.map_into_left_body())
}
