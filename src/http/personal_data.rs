//! A download of everything that is kept about the person who asks, as lines of JSON (P-6).

use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::{TryStreamExt, stream};

use super::{
    Shared,
    asker::{failed, person},
};
use crate::{
    books::Export,
    db::Database,
    error::{Error, Fault, Result},
};

/// Streams the personal data of the viewer.
pub async fn get(shared: web::Data<Shared>, request: HttpRequest) -> HttpResponse {
    let viewer = match person(&shared.app, &request).await {
        Ok(viewer) => viewer,
        Err(refusal) => return refusal,
    };
    match Export::of(&shared.app.db, &viewer).await {
        Ok(export) => HttpResponse::Ok()
            .content_type("application/x-ndjson")
            .insert_header(("content-disposition", "attachment; filename=\"personal-data.ndjson\""))
            .insert_header(("cache-control", "no-store"))
            .streaming(lines(shared.app.db.clone(), export)),
        Err(error) => failed(&request, &error),
    }
}

/// The rows as lines, a page at a time.
fn lines(
    db: Database,
    export: Export,
) -> impl futures_util::Stream<Item = Result<web::Bytes, actix_web::Error>> {
    let pages = stream::try_unfold(export, move |export| {
        let db = db.clone();
        async move {
            let Some((rows, next)) = export.next(&db).await? else { return Ok::<_, Error>(None) };
            let mut text = Vec::new();
            for row in rows {
                serde_json::to_writer(&mut text, &row).map_err(|e| Fault::Broken(e.to_string()))?;
                text.push(b'\n');
            }
            Ok(Some((web::Bytes::from(text), next)))
        }
    });
    // An error midway ends the connection, without a message.
    pages.map_err(|error| {
        tracing::error!(%error, "an export broke off");
        actix_web::error::ErrorInternalServerError(error)
    })
}
