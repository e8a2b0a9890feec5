//! One log line per request, and an id that answers and logs share.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};

use super::metrics::Metrics;

/// The id of a request.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The id of `request`.
pub fn id_of(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
}

/// Gives each request an id and logs how it went: never its query, body or headers.
pub async fn each_request(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = uuid::Uuid::now_v7().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let metrics = request.app_data::<Data<Metrics>>().cloned();
    let (method, path, begun) = (request.method().clone(), request.path().to_owned(), Instant::now());
    let mut response = next.call(request).await?;
    let name = HeaderName::from_static("x-request-id");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(name, value);
    }
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if let Some(metrics) = metrics {
        // The pattern, not the path: callers could make any number of labels out of paths.
        let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
        metrics.count(route, status, took);
    }
    tracing::info!(request_id = id, %method, path, status, micros, "request");
    Ok(response)
}
