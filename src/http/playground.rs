//! The playground: GraphiQL, or a small page of our own, served from the binary and from no other host.

use std::io::Read;

use actix_web::{
    HttpResponse,
    http::header::{AcceptEncoding, CACHE_CONTROL, ContentEncoding, Encoding, LOCATION, VARY},
    web,
};
use flate2::read::GzDecoder;
use rust_embed::RustEmbed;

/// The page's security policy: it may run its own scripts and talk to its own server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      font-src 'self' data:; img-src 'self' data:; connect-src 'self'; worker-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What a client says about encodings that it takes.
type Accepted = Result<web::Header<AcceptEncoding>, actix_web::Error>;

/// The files that `build.rs` put in place, compressed with gzip.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/playground"]
struct Files;

/// The page.
pub async fn index(accepted: Accepted) -> HttpResponse {
    serve("index.html", "no-cache", accepted)
}

/// A file of the page; its name carries a hash of its content.
pub async fn file(name: web::Path<String>, accepted: Accepted) -> HttpResponse {
    serve(&name, "public, max-age=31536000, immutable", accepted)
}

/// Redirects the root to the page.
pub async fn welcome() -> HttpResponse {
    HttpResponse::TemporaryRedirect().insert_header((LOCATION, "/graphiql")).finish()
}

fn serve(name: &str, caching: &str, accepted: Accepted) -> HttpResponse {
    let Some(file) = Files::get(name) else { return HttpResponse::NotFound().finish() };
    let caching = if name.starts_with("assets/") { caching } else { "no-cache" };
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(mime_guess::from_path(name).first_or_octet_stream().to_string())
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((VARY, "accept-encoding"))
        .insert_header(("content-security-policy", POLICY))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "no-referrer"));
    if takes_gzip(accepted) {
        return answer.insert_header(ContentEncoding::Gzip).body(file.data.into_owned());
    }
    let mut plain = Vec::new();
    match GzDecoder::new(&*file.data).read_to_end(&mut plain) {
        Ok(_) => answer.body(plain),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn takes_gzip(accepted: Accepted) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    accepted.is_ok_and(|accepted| accepted.negotiate(offered.iter()) == Some(Encoding::gzip()))
}
