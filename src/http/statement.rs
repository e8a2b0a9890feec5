//! The statement of a payout (W-3): what it pays, of which period, fees, totals, and what the person got; as CSV and as a page
//! to print.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    Shared,
    paper::{self, paper},
};
use crate::{
    accounts,
    clock::Instant,
    db::Database,
    entity::{
        commission_lock,
        enums::{Currency, PayoutState},
        payout, payout_method,
    },
    error::{Fault, Result},
    graphql::{kit::ids::Kind, payouts::payout::Payout},
    html::{PRINTED, escaped},
    money::Money,
    payouts::store,
    viewer::Viewer,
};

/// Marks the file as UTF-8; without it Excel reads another encoding.
const HEADER: &str = "\u{feff}kind,id,locked_at,due_at,amount,currency\n";

const MISSING: &str = "There is no such payout. Take its id from a query.";

/// The statement as CSV, for anyone who may see the payout.
pub async fn csv(shared: web::Data<Shared>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let found = async |db: &Database, viewer: &Viewer| {
        let Some(statement) = Statement::find(db, viewer, &id).await? else { return Ok(None) };
        let response = HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("content-disposition", "attachment; filename=\"statement.csv\""))
            .insert_header(("cache-control", "no-store"))
            .body(statement.as_csv()?);
        Ok(Some(response))
    };
    paper(&shared, &request, MISSING, found).await
}

/// The statement as a page to print, for anyone who may see the payout.
pub async fn page(shared: web::Data<Shared>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let found = async |db: &Database, viewer: &Viewer| {
        let statement = Statement::find(db, viewer, &id).await?;
        Ok(statement.map(|statement| paper::page(statement.as_page())))
    };
    paper(&shared, &request, MISSING, found).await
}

/// What a statement says.
struct Statement {
    payout: payout::Model,
    name: String,
    method: Option<payout_method::Model>,
    items: Vec<commission_lock::Model>,
}

impl Statement {
    async fn find(db: &Database, viewer: &Viewer, id: &str) -> Result<Option<Self>> {
        let Some(id) = Payout::key_in(id) else { return Ok(None) };
        let Some(payout) = store::list_visible(db.read(), viewer, &[id]).await?.pop() else {
            return Ok(None);
        };
        let account = accounts::store::find_account(db.read(), payout.account_id).await?;
        let methods: Vec<_> = payout.method_id.into_iter().collect();
        Ok(Some(Self {
            name: account.map(|account| account.name).unwrap_or_default(),
            method: store::list_methods_by_id(db.read(), &methods).await?.pop(),
            items: store::list_items(db.read(), id).await?,
            payout,
        }))
    }

    /// The kind of each line, what it is of, its dates, and how much.
    fn lines(&self) -> Vec<[String; 6]> {
        let usd = |cents| Money::new(cents, Currency::Usd).amount();
        let code = Currency::Usd.to_string();
        let item = |item: &commission_lock::Model| {
            let id = item.commission_id.to_string();
            [
                "COMMISSION".into(),
                id,
                day(item.locked_at),
                day(item.due_at),
                usd(item.amount_cents),
                code.clone(),
            ]
        };
        let mut lines: Vec<_> = self.items.iter().map(item).collect();
        let plain = |kind: &str, amount: String, code: &str| {
            [kind.into(), self.payout.id.to_string(), String::new(), String::new(), amount, code.into()]
        };
        if self.items.is_empty() {
            lines.push(plain("WITHDRAWAL", usd(self.payout.amount_cents), &code));
        }
        lines.push(plain("FEES", usd(0), &code));
        lines.push(plain("TOTAL", usd(self.payout.amount_cents), &code));
        if let (Some(minor), Some(currency)) = (self.payout.paid_minor, self.payout.paid_currency) {
            let kind = if self.payout.state == PayoutState::Paid { "PAID" } else { "CONVERTED" };
            lines.push(plain(kind, Money::new(minor, currency).amount(), currency.as_str()));
        }
        lines
    }

    fn as_csv(&self) -> Result<Vec<u8>> {
        let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(HEADER.as_bytes().to_vec());
        for line in self.lines() {
            csv.write_record(line).map_err(|error| Fault::Broken(error.to_string()))?;
        }
        csv.into_inner().map_err(|error| Fault::Broken(error.to_string()).into())
    }

    fn as_page(&self) -> String {
        let row = |[kind, id, locked, due, amount, code]: &[String; 6]| {
            format!(
                "<tr><td>{kind}</td><td>{id}</td><td>{locked}</td><td>{due}</td><td>{amount} {code}</td></tr>"
            )
        };
        let rows: String = self.lines().iter().map(row).collect();
        let to = self.method.as_ref().map_or("", |method| method.label.as_str());
        let (state, id) = (self.payout.state, self.payout.id);
        let rate = match (self.payout.rate_micros, &self.payout.rate_source) {
            (Some(rate), Some(source)) if self.payout.paid_currency != Some(Currency::Usd) => {
                format!(
                    "<p>1 USD was {}.{:06}, by {}.</p>",
                    rate / 1_000_000,
                    rate % 1_000_000,
                    escaped(source)
                )
            }
            _ => String::new(),
        };
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Payout {id}</title><style>{PRINTED}</style>\
             <h1>Payout</h1><p>To {}, {}. {}: {state}.</p><table><tr><th>What</th><th>Of</th><th>Locked</th>\
             <th>Due</th><th>Amount</th></tr>{rows}</table>{rate}</html>\n",
            escaped(&self.name),
            escaped(to),
            self.period(),
        )
    }

    /// The period of what is paid.
    fn period(&self) -> String {
        match (self.items.first(), self.items.last()) {
            (Some(first), Some(last)) => format!("{} to {}", day(first.locked_at), day(last.locked_at)),
            _ => day(self.payout.created_at),
        }
    }
}

fn day(at: Instant) -> String {
    at.date_naive().to_string()
}
