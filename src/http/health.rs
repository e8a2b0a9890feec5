//! Health: whether the process is alive and can do its work.

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::Shared;

/// The process runs.
pub async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The database answers and can be written to, its keys can be read, and the process has not been asked to stop.
pub async fn readyz(shared: web::Data<Shared>) -> HttpResponse {
    let app = &shared.app;
    if app.stop.is_cancelled() {
        return HttpResponse::ServiceUnavailable().json(json!({ "status": "stopping" }));
    }
    if app.keys.are_behind() {
        tracing::warn!("not ready, because the keys cannot be read");
        return HttpResponse::ServiceUnavailable().json(json!({ "status": "no keys" }));
    }
    match app.db.probe().await {
        Ok(()) => HttpResponse::Ok().json(json!({ "status": "ok" })),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable().json(json!({ "status": "no database" }))
        }
    }
}
