//! Papers about something that a person may see, such as a receipt, as a page to print or as a file.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use super::{
    Shared,
    answer::{Media, refused},
    asker::{failed, person},
    log::id_of,
};
use crate::{db::Database, error::Result, viewer::Viewer};

/// The paper that `found` makes for the person who asks, or why there is none: `missing` says what to do.
pub async fn paper(
    shared: &Shared,
    request: &HttpRequest,
    missing: &str,
    found: impl AsyncFnOnce(&Database, &Viewer) -> Result<Option<HttpResponse>>,
) -> HttpResponse {
    let viewer = match person(&shared.app, request).await {
        Ok(viewer) => viewer,
        Err(refusal) => return refusal,
    };
    match found(&shared.app.db, &viewer).await {
        Ok(Some(response)) => response,
        Ok(None) => refused(Media::Json, StatusCode::NOT_FOUND, "NOT_FOUND", missing, &id_of(request)),
        Err(error) => failed(request, &error),
    }
}

/// A page to print, which runs no script and which no cache keeps.
pub fn page(html: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("cache-control", "no-store"))
        .body(html)
}
