//! The playground: GraphiQL, or a small page of our own, served from the binary and from no other host.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, LOCATION},
    web,
};
use rust_embed::RustEmbed;

/// The page's security policy: it may run its own scripts and talk to its own server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      font-src 'self' data:; img-src 'self' data:; connect-src 'self'; worker-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The files that `build.rs` put in place.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/playground"]
struct Files;

/// The page.
pub async fn index() -> HttpResponse {
    serve("index.html", "no-cache")
}

/// A file of the page; its name carries a hash of its content.
pub async fn file(name: web::Path<String>) -> HttpResponse {
    serve(&name, "public, max-age=31536000, immutable")
}

/// Redirects the root to the page.
pub async fn welcome() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, "/graphiql")).finish()
}

fn serve(name: &str, caching: &str) -> HttpResponse {
    let Some(file) = Files::get(name) else { return HttpResponse::NotFound().finish() };
    let caching = if name.starts_with("assets/") { caching } else { "no-cache" };
    HttpResponse::Ok()
        .content_type(mime_guess::from_path(name).first_or_octet_stream().to_string())
        .insert_header((CACHE_CONTROL, caching))
        .insert_header(("content-security-policy", POLICY))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "no-referrer"))
        .body(file.data.into_owned())
}
