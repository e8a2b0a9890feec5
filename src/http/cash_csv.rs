//! The history of a person's cash as CSV, streamed page by page (O-4): the same rows as the connection.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use chrono::SecondsFormat;
use futures_util::{TryStreamExt, stream};

use super::{
    Shared,
    answer::{Media, refused},
    asker::{failed, person},
    history_csv::{ROWS_AT_ONCE, Range, harmless, instants},
    log::id_of,
};
use crate::{
    accounts,
    cash::{
        rules::reason_of,
        store::{self, Shown},
    },
    clock::Instant,
    db::Database,
    entity::{
        cash_posting, cash_transaction,
        enums::CashAccountKind,
        ids::{AccountId, CashAccountId, CashTransactionId},
    },
    error::{Error, Fault, Result},
    graphql::{cash::cash_account::CashAccount, kit::ids::Kind},
    money::Money,
    viewer::Viewer,
};

/// Marks the file as UTF-8; without it Excel reads another encoding.
const HEADER: &str = "\u{feff}seq,kind,amount,balance_after,currency,effective_at,recorded_at,document_kind,document,actor,reason\n";

/// Streams the history of the cash account with this global id, to anyone who may see it.
pub async fn get(
    shared: web::Data<Shared>,
    request: HttpRequest,
    id: web::Path<String>,
    range: Result<web::Query<Range>, actix_web::Error>,
) -> HttpResponse {
    let refuse = |status, code, message: &str| refused(Media::Json, status, code, message, &id_of(&request));
    let viewer = match person(&shared.app, &request).await {
        Ok(viewer) => viewer,
        Err(refusal) => return refusal,
    };
    let Some(range) = range.ok().and_then(|range| instants(&range)) else {
        let message =
            "The parameters are invalid. Send only `from` and `to`, as instants like 2026-01-21T00:00:00Z.";
        return refuse(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message);
    };
    match find(&shared.app.db, &viewer, &id).await {
        Ok(Some(account)) => HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("content-disposition", "attachment; filename=\"cash.csv\""))
            .insert_header(("cache-control", "no-store"))
            .streaming(rows(shared.app.db.clone(), account, range)),
        Ok(None) => {
            let message = "There is no such cash account. Take its id from a query.";
            refuse(StatusCode::NOT_FOUND, "NOT_FOUND", message)
        }
        Err(error) => failed(&request, &error),
    }
}

/// The person's cash, if `viewer` may see it; absent within it if nothing was ever posted to it.
async fn find(db: &Database, viewer: &Viewer, id: &str) -> Result<Option<Option<CashAccountId>>> {
    let Some(person) = CashAccount::key_in(id) else { return Ok(None) };
    let seen = store::list_visible(db.read(), viewer, &[person]).await?;
    let cash = seen.iter().find(|row| row.kind == CashAccountKind::Person).map(|row| row.id);
    Ok((person == viewer.id() || !seen.is_empty()).then_some(cash))
}

/// The file, a header first, newest rows first, a page at a time.
fn rows(
    db: Database,
    account: Option<CashAccountId>,
    (from, to): (Option<Instant>, Option<Instant>),
) -> impl futures_util::Stream<Item = Result<web::Bytes, actix_web::Error>> {
    let start = (db, Some(i64::MAX), true);
    let pages = stream::try_unfold(start, move |(db, before, first)| async move {
        let Some(before) = before else { return Ok::<_, Error>(None) };
        let shown = Shown { from, to, ..Shown::default() };
        let postings = match account {
            Some(account) => {
                store::list_newest_postings(db.read(), account, shown, before, ROWS_AT_ONCE).await?
            }
            None => Vec::new(),
        };
        let is_full = postings.len() as u64 == ROWS_AT_ONCE;
        let next = postings.last().map(|posting| posting.seq).filter(|_| is_full);
        let details = Details::load(&db, &postings).await?;
        Ok(Some((web::Bytes::from(text(first, &postings, &details)?), (db, next, false))))
    });
    // An error midway ends the connection, without a message.
    pages.map_err(|error| {
        tracing::error!(%error, "an export broke off");
        actix_web::error::ErrorInternalServerError(error)
    })
}

/// The transactions of a page of rows, and the people who acted in them.
struct Details {
    transactions: HashMap<CashTransactionId, cash_transaction::Model>,
    actors: HashMap<AccountId, String>,
}

impl Details {
    async fn load(db: &Database, postings: &[cash_posting::Model]) -> Result<Self> {
        let ids: Vec<_> = postings.iter().map(|posting| posting.transaction_id).collect();
        let rows = store::list_transactions(db.read(), &ids).await?;
        let mut people: Vec<_> = rows.iter().filter_map(|row| row.actor_id).collect();
        people.sort_unstable();
        people.dedup();
        let actors = accounts::store::list_accounts(db.read(), &people).await?;
        Ok(Self {
            transactions: rows.into_iter().map(|row| (row.id, row)).collect(),
            actors: actors.into_iter().map(|account| (account.id, account.name)).collect(),
        })
    }
}

fn text(first: bool, postings: &[cash_posting::Model], details: &Details) -> Result<Vec<u8>> {
    let buffer = if first { HEADER.as_bytes().to_vec() } else { Vec::new() };
    let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(buffer);
    let instant = |at: Instant| at.to_rfc3339_opts(SecondsFormat::Micros, true);
    for posting in postings {
        let amount = |minor| Money::new(minor, posting.currency).amount();
        let cause = details.transactions.get(&posting.transaction_id);
        let cause = cause.ok_or_else(|| Fault::Broken("a posting without a transaction".into()))?;
        let actor = cause.actor_id.and_then(|id| details.actors.get(&id)).map_or("", String::as_str);
        csv.serialize((
            posting.seq,
            cause.kind.as_str(),
            amount(posting.amount),
            amount(posting.balance_after),
            posting.currency.as_str(),
            instant(cause.effective_at),
            instant(cause.recorded_at),
            cause.document_kind.as_str(),
            cause.document_id,
            harmless(actor),
            reason_of(cause.kind),
        ))
        .map_err(|e| Fault::Broken(e.to_string()))?;
    }
    csv.into_inner().map_err(|e| Fault::Broken(e.to_string()).into())
}
