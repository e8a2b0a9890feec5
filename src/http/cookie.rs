//! Cookies of links, and where links lead.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http::header};

use crate::app::App;

/// What the cookie of this name says.
pub fn cookie_of<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let cookies = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut cookies = cookies.flat_map(|all| all.split(';')).filter_map(|one| one.trim().split_once('='));
    cookies.find(|(one, _)| *one == name).map(|(_, text)| text)
}

/// A cookie that no script reads, for `seconds`, as a header says it.
pub fn cookie(app: &App, (name, text): (&str, &str), seconds: i64) -> String {
    let secure = if app.providers.address.starts_with("https:") { "; Secure" } else { "" };
    format!("{name}={text}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

/// An answer that leads a browser to `path` of the site. No cache keeps it, no search engine lists it, and the site does
/// not learn the link.
pub fn lead_to(app: &App, path: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::Found();
    response
        .insert_header((header::LOCATION, format!("{}{path}", app.settings.site())))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header(("x-robots-tag", "noindex, nofollow"));
    response
}
