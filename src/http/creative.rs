//! `GET /creatives/{id}`: the picture of a creative, for pages of affiliates (F-2). Its address stays the same when it is
//! revised, so that browsers ask again after an hour.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};

use super::{
    Shared,
    answer::{Media, refused},
    asker::failed,
    log::id_of,
    room::BUSY,
};
use crate::{
    affiliates::store,
    app::App,
    error::Result,
    graphql::{affiliates::creative::AffiliateCreative, kit::ids::Kind},
};

/// The picture, or that it has not changed.
pub async fn get(shared: web::Data<Shared>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let app = &shared.app;
    let Ok(_place) = shared.pictures.try_acquire() else {
        let (code, id) = ("SERVICE_UNAVAILABLE", id_of(&request));
        return refused(Media::Json, StatusCode::SERVICE_UNAVAILABLE, code, BUSY, &id);
    };
    let creative = match find(app, &id).await {
        Ok(creative) => creative,
        Err(error) => return failed(&request, &error),
    };
    let Some((media_type, digest)) = creative.as_ref().and_then(AffiliateCreative::file) else {
        return missing(&request);
    };
    let tag = format!("\"{digest}\"");
    if is_known(&request, &tag) {
        return HttpResponse::NotModified()
            .insert_header((header::ETAG, tag))
            .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
            .finish();
    }
    match app.providers.assets.find(digest).await {
        Ok(Some(file)) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, media_type))
            .insert_header((header::ETAG, tag))
            .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
            // It is a picture, whatever else its bytes could be taken for.
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
            .insert_header(("cross-origin-resource-policy", "cross-origin"))
            .body(file),
        Ok(None) => {
            tracing::error!(digest, "the file of a picture is missing");
            missing(&request)
        }
        Err(error) => {
            tracing::error!(%error, "a picture cannot be read");
            let message = "The picture cannot be read now. Try again in a minute.";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            refused(Media::Json, status, "ASSETS_UNAVAILABLE", message, &id_of(&request))
        }
    }
}

async fn find(app: &App, id: &str) -> Result<Option<AffiliateCreative>> {
    let Some(id) = AffiliateCreative::key_in(id) else { return Ok(None) };
    Ok(store::find_creative_in_use(app.db.read(), id).await?.map(AffiliateCreative))
}

/// Whether the browser has the picture with this tag.
fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let tags = request.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    tags.flat_map(|all| all.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}

fn missing(request: &HttpRequest) -> HttpResponse {
    let message = "There is no such picture. Take its path from a query.";
    refused(Media::Json, StatusCode::NOT_FOUND, "NOT_FOUND", message, &id_of(request))
}
