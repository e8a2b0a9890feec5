//! What an affiliate's links have brought.

use async_graphql::{ID, SimpleObject};

use crate::{
    commissions::store::{About, Counts, Range, list_report},
    entity::{
        enums::{AffiliateReportBy, Currency},
        ids::AccountId,
    },
    graphql::kit::{
        context::Request,
        errors::{coded, top_level},
        ids::global_id,
        scalars::{Date, Money, int},
    },
};

/// The most days of a report.
pub const DAYS_AT_MOST: i64 = 92;

/// What an affiliate's links have brought in some days, with the funnel from a click to commission (F-2).
#[derive(SimpleObject)]
pub struct AffiliateReport {
    /// Clicks that count, within these days; 0 by country, which is known of people only.
    click_count: i32,
    /// Registrations within these days that count.
    sign_up_count: i32,
    /// Those of them who have hired in time.
    hire_count: i32,
    /// Commissions on first payments within these days.
    commission_count: i32,
    /// What of those commissions has locked.
    locked: Money,
    /// What of those commissions may still lock.
    pending: Money,
    /// A line for each day, link or country on which something happened.
    lines: Vec<AffiliateReportLine>,
}

/// A line of an affiliate's report.
#[derive(SimpleObject)]
pub struct AffiliateReportLine {
    /// The day; null if the report is by something else.
    day: Option<Date>,
    /// The id of the link; null if the report is by something else.
    affiliate_link_id: Option<ID>,
    /// The country of people who registered, as an ISO 3166-1 alpha-2 code; null if the report is by something else.
    country: Option<String>,
    /// Clicks that count.
    click_count: i32,
    /// Registrations that count.
    sign_up_count: i32,
    /// Those of them who have hired in time.
    hire_count: i32,
    /// Commissions that were recorded.
    commission_count: i32,
    /// What of those commissions has locked.
    locked: Money,
    /// What of those commissions may still lock.
    pending: Money,
}

impl AffiliateReport {
    /// The report of `affiliate`.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for too many days; a fault of the database.
    pub async fn of(
        request: &Request,
        affiliate: AccountId,
        (from, to): (Date, Date),
        by: AffiliateReportBy,
    ) -> async_graphql::Result<Self> {
        let range = Range { from: from.0, to: to.0 };
        if !(0..DAYS_AT_MOST).contains(&(range.to - range.from).num_days()) {
            let sentence = "A report is of 1 to 92 days, the first before the last. Choose other days.";
            return Err(coded("BAD_USER_INPUT", sentence));
        }
        let lines = list_report(request.db.read(), affiliate, range, by).await;
        let lines = lines.map_err(|error| top_level(request, error))?;
        let sum = |of: fn(&Counts) -> i64| lines.values().map(of).sum::<i64>();
        let usd = |cents| Money::new(cents, Currency::Usd);
        Ok(Self {
            click_count: int(sum(|it| it.clicks)),
            sign_up_count: int(sum(|it| it.sign_ups)),
            hire_count: int(sum(|it| it.hires)),
            commission_count: int(sum(|it| it.commissions)),
            locked: usd(sum(|it| it.locked_cents)),
            pending: usd(sum(|it| it.pending_cents)),
            lines: lines.into_iter().map(AffiliateReportLine::from).collect(),
        })
    }
}

impl From<(About, Counts)> for AffiliateReportLine {
    fn from((about, counts): (About, Counts)) -> Self {
        let (day, affiliate_link_id, country) = match about {
            About::Day(day) => (Some(Date(day)), None, None),
            About::Link(id) => (None, Some(global_id("AffiliateLink", &id)), None),
            About::Country(code) => (None, None, Some(code)),
        };
        Self {
            day,
            affiliate_link_id,
            country,
            click_count: int(counts.clicks),
            sign_up_count: int(counts.sign_ups),
            hire_count: int(counts.hires),
            commission_count: int(counts.commissions),
            locked: Money::new(counts.locked_cents, Currency::Usd),
            pending: Money::new(counts.pending_cents, Currency::Usd),
        }
    }
}
