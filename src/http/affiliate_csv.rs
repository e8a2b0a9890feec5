//! An affiliate's report as CSV (F-2): the same lines as in the API.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;

use super::{
    Shared,
    answer::{Media, refused},
    asker::{failed, person},
    log::id_of,
};
use crate::{
    affiliates, clock,
    commissions::store::{About, Counts, Range, list_report},
    entity::enums::{AffiliateReportBy, Currency},
    error::{Fault, Result},
    graphql::{
        affiliates::affiliate::Affiliate,
        commissions::report::DAYS_AT_MOST,
        kit::ids::{Kind, global_id},
    },
    money::Money,
};

/// Marks the file as UTF-8; without it Excel reads another encoding.
const HEADER: &str = "\u{feff}about,clicks,sign_ups,hires,commissions,locked,pending,currency\n";

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    from: String,
    to: String,
    by: AffiliateReportBy,
}

impl Asked {
    /// The days that are asked for, if they are days, and not too many.
    fn range(&self) -> Option<Range> {
        let (from, to) = (clock::parse_day(&self.from).ok()?, clock::parse_day(&self.to).ok()?);
        (0..DAYS_AT_MOST).contains(&(to - from).num_days()).then_some(Range { from, to })
    }
}

/// The report of an affiliate, for anyone who may see them.
pub async fn get(
    shared: web::Data<Shared>,
    request: HttpRequest,
    id: web::Path<String>,
    asked: Result<web::Query<Asked>, actix_web::Error>,
) -> HttpResponse {
    let refuse = |status, code, message: &str| refused(Media::Json, status, code, message, &id_of(&request));
    let viewer = match person(&shared.app, &request).await {
        Ok(viewer) => viewer,
        Err(refusal) => return refusal,
    };
    let asked = asked.ok().and_then(|asked| asked.range().map(|range| (range, asked.by)));
    let Some((range, by)) = asked else {
        let message = "The parameters are invalid. Send `from` and `to`, of at most 92 days, as 2026-01-21, and `by` as \
                       DAY, LINK or COUNTRY.";
        return refuse(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message);
    };
    let db = shared.app.db.read();
    let found = async {
        let ids: Vec<_> = Affiliate::key_in(&id).into_iter().collect();
        let Some(row) = affiliates::store::list_visible(db, &viewer, &ids).await?.pop() else {
            return Ok(None);
        };
        let lines = list_report(db, row.account_id, range, by).await?;
        lines.iter().try_fold(HEADER.as_bytes().to_vec(), write).map(Some)
    };
    match found.await {
        Ok(Some(file)) => HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("content-disposition", "attachment; filename=\"report.csv\""))
            .insert_header(("cache-control", "no-store"))
            .body(file),
        Ok(None) => refuse(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "There is no such affiliate. Take the id from a query.",
        ),
        Err(error) => failed(&request, &error),
    }
}

fn write(to: Vec<u8>, (about, counts): (&About, &Counts)) -> Result<Vec<u8>> {
    let about = match about {
        About::Day(day) => day.to_string(),
        About::Link(id) => global_id("AffiliateLink", id).to_string(),
        About::Country(code) => code.clone(),
    };
    let usd = |cents| Money::new(cents, Currency::Usd).amount();
    let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(to);
    let line = (
        about,
        counts.clicks,
        counts.sign_ups,
        counts.hires,
        counts.commissions,
        usd(counts.locked_cents),
        usd(counts.pending_cents),
        Currency::Usd.as_str(),
    );
    csv.serialize(line).map_err(|error| Fault::Broken(error.to_string()))?;
    csv.into_inner().map_err(|error| Fault::Broken(error.to_string()).into())
}
