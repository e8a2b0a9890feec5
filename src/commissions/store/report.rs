//! The SQL of reports: clicks, sign-ups, hires and commission of an affiliate (F-2).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sea_orm::{ConnectionTrait, QueryResult};

use crate::{
    clock::midnight,
    db::Sql,
    entity::{
        enums::AffiliateReportBy,
        ids::{AccountId, AffiliateLinkId},
    },
    error::Result,
};

/// What the lines of a report are about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A day, in UTC.
    Day(NaiveDate),
    /// A link.
    Link(AffiliateLinkId),
    /// A country of people who registered.
    Country(String),
}

/// A line of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Clicks that count; none by country, which is known of people only.
    pub clicks: i64,
    /// Registrations that count, of people who have verified their address or paid.
    pub sign_ups: i64,
    /// Those of them who have hired in time.
    pub hires: i64,
    /// Commissions that were recorded.
    pub commissions: i64,
    /// What of those has locked, in minor units.
    pub locked_cents: i64,
    /// What of those may still lock, in minor units.
    pub pending_cents: i64,
}

/// The days from the first to the last.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

/// What is counted. `KEY` stands for what the lines are about, and `DAYS` for the days, if they are about days.
struct Counted {
    sql: &'static str,
    /// When it happened.
    at: &'static str,
    has_country: bool,
}

const CLICKS: Counted = Counted {
    sql: "SELECT KEY AS about, COUNT(*) AS clicks FROM affiliate_links l JOIN clicks x ON x.link_id = l.id DAYS \
          WHERE l.affiliate_id = :affiliate AND x.clicked_at >= :begin AND x.clicked_at < :end GROUP BY KEY",
    at: "x.clicked_at",
    has_country: false,
};

const SIGN_UPS: Counted = Counted {
    sql: "SELECT KEY AS about, COUNT(*) AS sign_ups, SUM(CASE WHEN EXISTS (SELECT 1 FROM contracts k \
          WHERE k.client_id = x.client_id AND k.started_at >= x.clicked_at AND k.started_at < x.hire_before) \
          THEN 1 ELSE 0 END) AS hires FROM affiliate_links l JOIN attributions x ON x.link_id = l.id \
          AND x.state <> 'REFUSED' AND (x.state = 'COMMISSIONED' OR EXISTS (SELECT 1 FROM accounts a \
          WHERE a.id = x.client_id AND a.email_verified_at IS NOT NULL)) DAYS WHERE l.affiliate_id = :affiliate AND x.registered_at >= :begin \
          AND x.registered_at < :end GROUP BY KEY",
    at: "x.registered_at",
    has_country: true,
};

const COMMISSIONS: Counted = Counted {
    sql: "SELECT KEY AS about, COUNT(*) AS commissions, CAST(SUM(CASE WHEN c.state <> 'OUTSIDE_TERMS' \
          THEN c.locked_cents ELSE (SELECT COALESCE(SUM(k.amount_cents), 0) FROM commission_locks k \
          WHERE k.commission_id = c.id AND k.payout_id IS NOT NULL) END) AS BIGINT) AS locked, \
          CAST(SUM(CASE WHEN c.state <> 'PENDING' THEN 0 \
          WHEN (c.base_cents * c.rate_basis_points + 5000) / 10000 > c.cap_cents THEN c.cap_cents - c.locked_cents \
          ELSE (c.base_cents * c.rate_basis_points + 5000) / 10000 - c.locked_cents END) AS BIGINT) AS pending \
          FROM affiliate_links l JOIN commissions c ON c.link_id = l.id JOIN attributions x ON x.client_id = c.client_id \
          DAYS WHERE l.affiliate_id = :affiliate AND c.funded_at >= :begin AND c.funded_at < :end GROUP BY KEY",
    at: "c.funded_at",
    has_country: true,
};

/// What happened in a range of days, by days, links or countries.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_report(
    db: &impl ConnectionTrait,
    affiliate: AccountId,
    range: Range,
    by: AffiliateReportBy,
) -> Result<BTreeMap<About, Counts>> {
    let mut lines: BTreeMap<About, Counts> = BTreeMap::new();
    for counted in [CLICKS, SIGN_UPS, COMMISSIONS] {
        if by == AffiliateReportBy::Country && !counted.has_country {
            continue;
        }
        let sql = sql_of(&counted, affiliate, range, by);
        for row in db.query_all_raw(sql.on(db)?).await? {
            let line = lines.entry(about(&row, by)?).or_default();
            let sum_of = |name: &str| row.try_get::<i64>("", name).unwrap_or_default();
            line.clicks += sum_of("clicks");
            line.sign_ups += sum_of("sign_ups");
            line.hires += sum_of("hires");
            line.commissions += sum_of("commissions");
            line.locked_cents += sum_of("locked");
            line.pending_cents += sum_of("pending");
        }
    }
    Ok(lines)
}

fn sql_of(counted: &Counted, affiliate: AccountId, range: Range, by: AffiliateReportBy) -> Sql {
    let (begin, end) = (midnight(range.from), midnight(range.to + Days::new(1)));
    let (key, days) = match by {
        AffiliateReportBy::Link => ("l.id", ""),
        AffiliateReportBy::Country => ("x.country", ""),
        AffiliateReportBy::Day => ("d.number", "JOIN days d ON d.begins <= HAPPENED AND d.ends > HAPPENED"),
    };
    let sql = Sql::new(counted.sql.replace("KEY", key).replace("DAYS", days).replace("HAPPENED", counted.at));
    let sql = sql.bind("affiliate", affiliate).bind("begin", begin).bind("end", end);
    if by != AffiliateReportBy::Day {
        return sql;
    }
    let row = |day: NaiveDate| -> Vec<sea_orm::Value> {
        vec![number_of(day).into(), midnight(day).into(), midnight(day + Days::new(1)).into()]
    };
    let rows = range.from.iter_days().take_while(|day| *day <= range.to).map(row).collect();
    Sql::new("WITH days (number, begins, ends) AS (")
        .push(Sql::rows(&["number", "begins", "ends"], rows))
        .push(") ")
        .push(sql)
}

fn about(row: &QueryResult, by: AffiliateReportBy) -> Result<About> {
    Ok(match by {
        AffiliateReportBy::Link => About::Link(row.try_get("", "about")?),
        AffiliateReportBy::Country => About::Country(row.try_get("", "about")?),
        AffiliateReportBy::Day => {
            let days: i64 = row.try_get("", "about")?;
            About::Day(NaiveDate::default() + Days::new(u64::try_from(days).unwrap_or_default()))
        }
    })
}

/// The number of days since 1 January 1970.
fn number_of(day: NaiveDate) -> i64 {
    (day - NaiveDate::default()).num_days()
}
