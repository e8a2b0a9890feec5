//! Who asks: the person behind a bearer token, as the database knows him now.

use actix_web::{HttpRequest, http::header::AUTHORIZATION};

use crate::{accounts, app::App, error::Result, viewer::Viewer};

/// What a request says of who asks.
#[derive(Debug)]
pub enum Asker {
    /// Nothing.
    Visitor,
    /// A valid token of a person that exists.
    Person(Viewer),
    /// A token that is malformed, forged, expired, or of nobody.
    Unknown,
}

/// Who sent `request`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn asker(app: &App, request: &HttpRequest) -> Result<Asker> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(Asker::Visitor) };
    let token = header.to_str().ok().and_then(|text| text.split_once(' '));
    let Some((_, token)) = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
        return Ok(Asker::Unknown);
    };
    let Some(id) = app.keys.check(token.trim()) else { return Ok(Asker::Unknown) };
    let account = accounts::store::find_account(app.db.read(), id).await?;
    Ok(account.map_or(Asker::Unknown, |account| Asker::Person(Viewer(account))))
}
