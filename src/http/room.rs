//! Room for requests: beyond capacity one is refused at once, never queued. A place is taken when there is
//! something to work on, never while a body is on its way.

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

/// What a caller is told who finds no room.
pub const BUSY: &str = "The server is busy; try again in a second.";

/// Lets a request without a body in, or tells it to come again in a second.
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
