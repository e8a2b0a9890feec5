//! The history of a wallet as CSV, streamed page by page (H-2): the same rows as the connection.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use async_graphql::{InputType, Value};
use chrono::SecondsFormat;
use futures_util::{TryStreamExt, stream};
use serde::Deserialize;

use super::{
    Shared,
    answer::{Media, refused},
    asker::{failed, person},
    log::id_of,
};
use crate::{
    accounts,
    clock::Instant,
    connects::{
        rules::reason_of,
        store::{self, Shown},
    },
    db::Database,
    entity::{
        entry,
        ids::{AccountId, WalletId},
    },
    error::{Error, Fault, Result},
    graphql::{
        connects::wallet::Wallet,
        kit::{ids::Kind, scalars::DateTime},
    },
    viewer::Viewer,
};

/// Rows of one statement.
pub(super) const ROWS_AT_ONCE: u64 = 1_000;

/// Marks the file as UTF-8; without it Excel reads another encoding.
const HEADER: &str = "\u{feff}seq,kind,quantity,available_after,held_after,effective_at,recorded_at,document_kind,document,actor,lots,reason\n";

/// The range of rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Only entries effective at or after this instant.
    from: Option<String>,
    /// Only entries effective before this instant.
    to: Option<String>,
}

/// Streams the history of the wallet with this global id, to anyone who may see it.
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
    let Some((from, to)) = range.ok().and_then(|range| instants(&range)) else {
        let message =
            "The parameters are invalid. Send only `from` and `to`, as instants like 2026-01-21T00:00:00Z.";
        return refuse(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message);
    };
    match find(&shared.app.db, &viewer, &id).await {
        Ok(Some(wallet)) => HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header(("content-disposition", "attachment; filename=\"history.csv\""))
            .insert_header(("cache-control", "no-store"))
            .streaming(rows(shared.app.db.clone(), wallet, from, to)),
        Ok(None) => {
            refuse(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such wallet. Take its id from a query.")
        }
        Err(error) => failed(&request, &error),
    }
}

/// The bounds of a range; `None` if they cannot be read.
pub(super) fn instants(range: &Range) -> Option<(Option<Instant>, Option<Instant>)> {
    let instant = |text: &Option<String>| match text {
        None => Some(None),
        Some(text) => DateTime::parse(Some(Value::from(text.as_str()))).ok().map(|at| Some(at.0)),
    };
    Some((instant(&range.from)?, instant(&range.to)?))
}

async fn find(db: &Database, viewer: &Viewer, id: &str) -> Result<Option<WalletId>> {
    let Some(id) = Wallet::key_in(id) else { return Ok(None) };
    let visible = store::list_visible(db.read(), viewer, &[id]).await?;
    Ok(visible.first().map(|wallet| wallet.id))
}

/// The file, a header first, newest rows first, a page at a time.
fn rows(
    db: Database,
    wallet: WalletId,
    from: Option<Instant>,
    to: Option<Instant>,
) -> impl futures_util::Stream<Item = Result<web::Bytes, actix_web::Error>> {
    let start = (db, Some(i64::MAX), true);
    let pages = stream::try_unfold(start, move |(db, before, first)| async move {
        let Some(before) = before else { return Ok::<_, Error>(None) };
        let shown = Shown { from, to, before: Some(before), ..Shown::default() };
        let entries = store::list_newest_entries(db.read(), wallet, shown, ROWS_AT_ONCE).await?;
        let next =
            (entries.len() as u64 == ROWS_AT_ONCE).then(|| entries.last().map(|entry| entry.seq)).flatten();
        let details = Details::load(&db, &entries).await?;
        Ok(Some((web::Bytes::from(text(first, &entries, &details)?), (db, next, false))))
    });
    // An error midway ends the connection, without a message.
    pages.map_err(|error| {
        tracing::error!(%error, "an export broke off");
        actix_web::error::ErrorInternalServerError(error)
    })
}

/// A name that no spreadsheet reads as a formula or a number, neither of which begins with a letter. Where numbers
/// are written with commas, a semicolon separates cells, so a name contains none.
pub(super) fn harmless(name: &str) -> String {
    let one_cell = name.replace([';', '\t'], ",");
    let mark = if one_cell.starts_with(char::is_alphabetic) || one_cell.is_empty() { "" } else { "'" };
    format!("{mark}{one_cell}")
}

/// The actors and the lots of a page of rows.
struct Details {
    actors: HashMap<AccountId, String>,
    lots: HashMap<i64, Vec<String>>,
}

impl Details {
    async fn load(db: &Database, entries: &[entry::Model]) -> Result<Self> {
        let mut ids: Vec<_> = entries.iter().filter_map(|entry| entry.actor_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let actors = accounts::store::list_accounts(db.read(), &ids).await?;
        let keys: Vec<_> = entries.iter().map(|entry| (entry.wallet_id, entry.seq)).collect();
        let mut lots: HashMap<_, Vec<_>> = HashMap::new();
        for moved in store::list_moved(db.read(), &keys).await? {
            lots.entry(moved.entry_seq).or_default().push(format!("#{}:{}", moved.lot_seq, moved.quantity));
        }
        Ok(Self { actors: actors.into_iter().map(|account| (account.id, account.name)).collect(), lots })
    }

    /// The actor's name; empty for the system.
    fn actor(&self, entry: &entry::Model) -> &str {
        entry.actor_id.and_then(|id| self.actors.get(&id)).map_or("", String::as_str)
    }

    /// Each lot's number and its change, such as `#1:-2 #2:-6`; without the `#`, `2:10` would be read as a time.
    fn lots(&self, entry: &entry::Model) -> String {
        self.lots.get(&entry.seq).map(|lots| lots.join(" ")).unwrap_or_default()
    }
}

fn text(first: bool, entries: &[entry::Model], details: &Details) -> Result<Vec<u8>> {
    let buffer = if first { HEADER.as_bytes().to_vec() } else { Vec::new() };
    let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(buffer);
    for entry in entries {
        let instant = |at: Instant| at.to_rfc3339_opts(SecondsFormat::Micros, true);
        csv.serialize((
            entry.seq,
            entry.kind.as_str(),
            entry.available_change,
            entry.available_after,
            entry.held_after,
            instant(entry.effective_at),
            instant(entry.recorded_at),
            entry.document_kind.as_str(),
            &entry.document_id,
            harmless(details.actor(entry)),
            details.lots(entry),
            reason_of(entry.kind),
        ))
        .map_err(|e| Fault::Broken(e.to_string()))?;
    }
    csv.into_inner().map_err(|e| Fault::Broken(e.to_string()).into())
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_name_is_text_to_a_spreadsheet() {
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u{ff1d}1", "2:10", "3/4", "1e5"] {
            assert_eq!(harmless(name), format!("'{name}"));
        }
        assert_eq!(harmless("Ada;=1+1;"), "Ada,=1+1,");
        assert_eq!(harmless("\t=1"), "',=1");
        for name in ["ada", "\u{c9}mile", "\u{738b}", ""] {
            assert_eq!(harmless(name), name);
        }
    }
}
