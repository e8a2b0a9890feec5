//! `GET /r/{code}`: an affiliate's link. It leads to a page of the site and nowhere else, and records a person's click, of
//! which a signed cookie tells when they register (F-3).

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use tokio::time::Instant;

use super::{
    Shared,
    answer::{Media, refused},
    asker::{address_of, failed},
    cookie::{cookie, cookie_of, lead_to},
    log::id_of,
};
use crate::{
    accounts::Origin,
    affiliates::{
        Click, Visit,
        rules::visitors,
        store::{Lead, Leads},
    },
    app::App,
    entity::ids::{ClickId, VisitorId},
    error::Result,
    keys::CLICK_COOKIE_LIFE,
};

/// The name of the cookie.
const COOKIE: &str = "connects_click";

/// How many clicks of one network count in a minute. An office of hundreds stays below it.
const CLICKS_A_MINUTE: u32 = 60;

/// So many links are remembered.
const KNOWN_AT_MOST: usize = 10_000;

/// The digits of a code.
const CODE_DIGITS: usize = 16;

/// Leads on, and records a click.
pub async fn get(shared: web::Data<Shared>, request: HttpRequest, code: web::Path<String>) -> HttpResponse {
    lead_on(&shared, &request, &code, true).await
}

/// Leads on without a click.
pub async fn head(shared: web::Data<Shared>, request: HttpRequest, code: web::Path<String>) -> HttpResponse {
    lead_on(&shared, &request, &code, false).await
}

/// What the cookie of `request` says; nothing if it is forged.
pub fn visit_of(app: &App, request: &HttpRequest) -> Option<Visit> {
    let (click, visitor) = app.keys.open_click_cookie(cookie_of(request, COOKIE)?)?;
    Some(Visit { click, visitor })
}

async fn lead_on(shared: &Shared, request: &HttpRequest, code: &str, is_click: bool) -> HttpResponse {
    let app = &shared.app;
    let is_code = code.len() == CODE_DIGITS && code.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    let found = if is_code { shared.leads.find(app, code).await } else { Ok(None) };
    let lead = match found {
        Ok(Some(lead)) => lead,
        Ok(None) => {
            let message = "There is no such link. Go to the site by its own address.";
            return refused(Media::Json, StatusCode::NOT_FOUND, "NOT_FOUND", message, &id_of(request));
        }
        Err(error) => return failed(request, &error),
    };
    let cookie = match is_click && lead.counts && is_person(request) {
        // Whatever becomes of the click, the visitor wants to go on.
        true => click(shared, request, &lead).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "a click is not recorded");
            None
        }),
        false => None,
    };
    let mut response = lead_to(app, &lead.path);
    if let Some(cookie) = cookie {
        response.insert_header((header::SET_COOKIE, cookie));
    }
    response.finish()
}

/// Whether a browser asks for a person who has clicked.
fn is_person(request: &HttpRequest) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    // A link in an image or a frame is seen, and not clicked. Older browsers say neither.
    let leads_a_page = text("sec-fetch-dest").is_none_or(|dest| dest == "document")
        && text("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    let purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().filter_map(text);
    leads_a_page && visitors::is_person(text("user-agent")) && !visitors::looks_ahead(purposes)
}

/// Records a click, and returns the cookie that tells of it; nothing if it does not count, or its network has clicked too
/// often.
async fn click(shared: &Shared, request: &HttpRequest, lead: &Lead) -> Result<Option<String>> {
    let app = &shared.app;
    let network = Origin { address: address_of(app, request), session: None }.network();
    if !shared.throttle.may_click(&network) {
        return Ok(None);
    }
    let visitor = visit_of(app, request).map_or_else(VisitorId::new, |visit| visit.visitor);
    let id = ClickId::new();
    // Signed first: a click without its cookie would be nobody's.
    let text = app.keys.click_cookie(id, visitor)?;
    let network = app.keys.subject_hash(&network);
    let ad_term = visitors::ad_term_of(request.query_string());
    if !app.clicks.run(Click { id, link: lead.id, visitor, network, ad_term }).await? {
        shared.leads.forget(&lead.code);
        return Ok(None);
    }
    Ok(Some(cookie(app, (COOKIE, &text), CLICK_COOKIE_LIFE.num_seconds())))
}

/// Links that were asked for of late.
#[derive(Debug, Default)]
pub struct Known(Mutex<HashMap<String, Lead>>);

impl Known {
    /// The link with this code. Where it leads never changes; whether it counts is asked again if it did not.
    async fn find(&self, app: &App, code: &str) -> Result<Option<Lead>> {
        if let Some(known) = self.links().get(code).filter(|known| known.counts) {
            return Ok(Some(known.clone()));
        }
        let found = app.db.find::<Leads>(code.to_owned()).await?;
        if let Some(lead) = &found {
            let mut links = self.links();
            if links.len() >= KNOWN_AT_MOST {
                links.clear();
            }
            links.insert(code.to_owned(), lead.clone());
        }
        Ok(found)
    }

    /// Asks again next time: a click on this link did not count.
    fn forget(&self, code: &str) {
        self.links().remove(code);
    }

    fn links(&self) -> MutexGuard<'_, HashMap<String, Lead>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts the clicks of each network, within a minute.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<Minute>);

#[derive(Debug)]
struct Minute {
    begun_at: Instant,
    clicks: HashMap<String, u32>,
}

impl Default for Minute {
    fn default() -> Self {
        Self { begun_at: Instant::now(), clicks: HashMap::new() }
    }
}

impl Throttle {
    /// Whether a click of `network` counts, which it does then.
    fn may_click(&self, network: &str) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.begun_at.elapsed() >= Duration::from_secs(60) {
            *minute = Minute::default();
        }
        let clicks = minute.clicks.entry(network.to_owned()).or_default();
        *clicks = clicks.saturating_add(1);
        *clicks <= CLICKS_A_MINUTE
    }
}
