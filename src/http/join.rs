//! `GET /join/{code}`: a freelancer's personal link. It leads to the site's registration, and a cookie remembers it, for
//! friends who look around before they register (C-2).

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};

use super::{
    Shared,
    answer::{Media, refused},
    asker::failed,
    cookie::{cookie, cookie_of, lead_to},
    log::id_of,
};
use crate::{error::Error, referrals};

/// The name of the cookie.
const COOKIE: &str = "connects_referral";

/// How long a browser remembers it, in seconds: 30 days.
const LIFE: i64 = 30 * 24 * 60 * 60;

/// Leads to the registration.
pub async fn get(shared: web::Data<Shared>, request: HttpRequest, code: web::Path<String>) -> HttpResponse {
    let app = &shared.app;
    let code = match referrals::find_link(app.db.read(), &code).await {
        Ok(link) => link.code,
        Err(Error::Rejected(_)) => {
            let message = "There is no such link. Go to the site by its own address.";
            return refused(Media::Json, StatusCode::NOT_FOUND, "NOT_FOUND", message, &id_of(&request));
        }
        Err(error) => return failed(&request, &error),
    };
    lead_to(app, &format!("/register?referral={code}"))
        .insert_header((header::SET_COOKIE, cookie(app, (COOKIE, &code), LIFE)))
        .finish()
}

/// The code that the cookie of `request` remembers, if it has one.
pub fn code_of(request: &HttpRequest) -> Option<String> {
    cookie_of(request, COOKIE).map(str::to_owned)
}
