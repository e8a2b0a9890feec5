//! Who asks: the person behind a bearer token, as the database knows them now, and from where.

use std::net::IpAddr;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::AUTHORIZATION},
};

use super::{
    answer::{Media, refused},
    hops,
    log::id_of,
};
use crate::{
    accounts::{
        Address,
        store::{Asked, Askers},
    },
    app::App,
    clock::{self, Instant},
    entity::{ids::SessionId, wallet},
    error::{Error, Result},
    keyring,
    viewer::Viewer,
};

/// What a request says about its caller.
#[derive(Debug)]
pub enum Asker {
    /// Nothing.
    Visitor,
    /// A valid token of an existing person and of a session that has not ended.
    Person(Box<Person>),
    /// A token that is malformed, forged, expired, or of no account.
    Unknown,
}

/// The person behind a token.
#[derive(Debug)]
pub struct Person {
    /// The person.
    pub viewer: Viewer,
    /// Their wallet.
    pub wallet: Option<wallet::Model>,
    /// The session of the token.
    pub session: Option<SessionId>,
    /// Business time.
    pub now: Instant,
}

/// The caller of `request`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn asker(app: &App, request: &HttpRequest) -> Result<Asker> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(Asker::Visitor) };
    let token = header.to_str().ok().and_then(|text| text.split_once(' '));
    let Some((_, token)) = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
        return Ok(Asker::Unknown);
    };
    keyring::catch_up(app.db.read(), &app.keys, token).await?;
    let Some(bearer) = app.keys.read(token.trim()) else { return Ok(Asker::Unknown) };
    let Some(Asked { mut viewer, wallet, sandbox_now, newest_policy }) =
        app.db.find::<Askers>(bearer).await?
    else {
        return Ok(Asker::Unknown);
    };
    app.db.follow_policies(Some(newest_policy)).await?;
    let (session, now) = (bearer.session.map(|(id, _)| id), sandbox_now.unwrap_or_else(clock::wall_now));
    app.activity.note(&app.db, &mut viewer, now);
    Ok(Asker::Person(Box::new(Person { viewer, wallet, session, now })))
}

/// The person who asks for a file, or the answer to anyone else.
pub async fn person(app: &App, request: &HttpRequest) -> Result<Viewer, HttpResponse> {
    match asker(app, request).await {
        Ok(Asker::Person(person)) => Ok(person.viewer),
        Ok(_) => {
            let message = "Nobody is signed in. Send a valid bearer token in the Authorization header.";
            let id = id_of(request);
            Err(refused(Media::Json, StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message, &id))
        }
        Err(error) => Err(failed(request, &error)),
    }
}

/// The answer to a request for a file that failed.
pub fn failed(request: &HttpRequest, error: &Error) -> HttpResponse {
    let id = id_of(request);
    if let Error::Fault(fault) = error
        && let Some(advice) = fault.advice()
    {
        return refused(Media::Json, StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", &advice, &id);
    }
    tracing::error!(request_id = id, %error, "a request failed");
    let message = format!("Something went wrong here. Ask support about request {id}.");
    refused(Media::Json, StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", &message, &id)
}

/// The address from which `request` comes.
pub fn address_of(app: &App, request: &HttpRequest) -> Address {
    let trusted = |ip: IpAddr| app.settings.trusted_proxies.iter().any(|net| net.contains(&ip));
    let peer = request.peer_addr().map(|peer| peer.ip());
    peer.map_or(Address::Unknown, |peer| hops::address_of(peer, request.headers(), trusted))
}
