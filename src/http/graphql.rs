//! The GraphQL endpoint, as GraphQL over HTTP specifies: POST of JSON, and GET for queries only.

use std::{panic::AssertUnwindSafe, time::Duration};

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{StatusCode, header::CONTENT_ENCODING},
    web,
};
use async_graphql::{Request, Variables, parser::types::OperationType};
use futures_util::FutureExt;
use serde_json::Value;
use tokio::time::{Instant, error::Elapsed, timeout_at};

use super::{
    Shared,
    answer::{Media, Refusal, answered, bad_request, refused, unavailable, unreadable},
    asker::{Asker, address_of, asker},
    body, guard, join,
    log::id_of,
    redirect, room,
};
use crate::{
    accounts::Origin,
    error::Error,
    graphql::kit::context::{self, Caller},
};

/// Mutations that do a task's work, and how long they may take. An advance ends by itself, at the tick that it has
/// reached when its time is over.
const LONG_MUTATIONS: [&str; 2] = ["advanceClock", "runTask"];
const LONG_TIMEOUT: Duration = Duration::from_secs(1_800);

const GIVEN_UP: &str = "The request took too long and was given up. Ask for less, or send it again: with the same \
idempotency key it will be done only once.";

/// Why the schema does not answer a request.
enum Unanswered {
    Refusal(Refusal),
    /// The document is invalid at these places.
    Document(guard::Refused),
}

impl From<Refusal> for Unanswered {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

/// Runs the operation in a JSON body.
pub async fn post(shared: web::Data<Shared>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let body = match check_type(&request) {
        Ok(()) => body::whole(&shared, &request, payload, shared.app.settings.limits.body_bytes).await,
        Err(refusal) => Err(refusal),
    };
    answer(&shared, &request, || {
        let body = serde_json::from_slice(&body?)
            .map_err(|_| bad_request("The body is not JSON. Send one JSON object."))?;
        parse(body)
    })
    .await
}

/// Runs the query in the address.
pub async fn get(shared: web::Data<Shared>, request: HttpRequest) -> HttpResponse {
    answer(&shared, &request, || {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let pairs =
            pairs.map_err(|_| bad_request("The query string cannot be read. Percent-encode its values."))?;
        let mut body = serde_json::Map::new();
        for (name, text) in pairs.into_inner() {
            let value = match name.as_str() {
                "variables" | "extensions" if text.is_empty() => continue,
                "query" | "operationName" => Value::String(text),
                "variables" | "extensions" => {
                    let unreadable = format!("`{name}` in the address is not JSON. Send a JSON object.");
                    serde_json::from_str(&text).map_err(|_| bad_request(&unreadable))?
                }
                _ => continue,
            };
            body.insert(name, value);
        }
        parse(Value::Object(body))
    })
    .await
}

/// Any other method.
pub async fn method_not_allowed(request: HttpRequest) -> HttpResponse {
    let message = "This method is not supported. Send a POST with a JSON body, or a GET for a query.";
    refused(Media::Json, StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message, &id_of(&request))
}

async fn answer(
    shared: &Shared,
    http: &HttpRequest,
    parse: impl FnOnce() -> Result<Request, Refusal>,
) -> HttpResponse {
    let id = id_of(http);
    let Some(media) = Media::accepted(http) else {
        let message = "This endpoint has no answer of that type. Accept application/graphql-response+json or \
                       application/json.";
        return refused(Media::Json, StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message, &id);
    };
    match run(shared, http, media, parse).await {
        Ok(response) => response,
        Err(Unanswered::Refusal(Refusal(status, code, message))) => {
            refused(media, status, code, &message, &id)
        }
        Err(Unanswered::Document(document)) => unreadable(media, &document, &id),
    }
}

async fn run(
    shared: &Shared,
    http: &HttpRequest,
    media: Media,
    parse: impl FnOnce() -> Result<Request, Refusal>,
) -> Result<HttpResponse, Unanswered> {
    let app = &shared.app;
    // Only now is there something to work on: a slow sender holds no place.
    let _place = shared.room.try_acquire().map_err(|_| unavailable(room::BUSY))?;
    let mut request = parse()?;
    let passed = guard::check(&mut request, &app.settings.limits).map_err(Unanswered::Document)?;
    if http.method() == actix_web::http::Method::GET && passed.kind != OperationType::Query {
        let message = "A GET can only run queries. Send mutations by POST.";
        return Err(Refusal(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message.into()).into());
    }
    let long = LONG_MUTATIONS.iter().any(|name| passed.root_fields.contains(*name));
    let limit = Duration::from_millis(app.settings.request_timeout_ms);
    let limit = if long { LONG_TIMEOUT } else { limit };
    let (deadline, late) = (Instant::now() + limit, |_: Elapsed| unavailable(GIVEN_UP));
    let around = timeout_at(deadline, surroundings(shared, http, passed.kind)).await.map_err(late)??;
    // A panic in a resolver is one failed request, not a dropped connection.
    let running = AssertUnwindSafe(shared.schema.execute(request.data(around))).catch_unwind();
    let response = timeout_at(deadline, running).await.map_err(late)?.map_err(|_| internal(&id_of(http)))?;
    Ok(answered(media, response, &id_of(http)))
}

/// What resolvers can reach: the viewer, and the business time, taken once.
async fn surroundings(
    shared: &Shared,
    http: &HttpRequest,
    kind: OperationType,
) -> Result<context::Request, Refusal> {
    let (app, id, address) = (&shared.app, id_of(http), address_of(&shared.app, http));
    let failed = |error: crate::error::Error| {
        if let Error::Fault(fault) = &error
            && let Some(advice) = fault.advice()
        {
            return unavailable(&advice);
        }
        tracing::error!(request_id = id, %error, "a request failed");
        internal(&id)
    };
    let (caller, now) = match asker(app, http).await.map_err(&failed)? {
        Asker::Visitor => {
            let origin = Origin { address, session: None };
            let visit = redirect::visit_of(app, http);
            let referral = join::code_of(http);
            (Caller { origin, visit, referral, ..Caller::default() }, app.db.now().await.map_err(&failed)?)
        }
        Asker::Person(person) => {
            // A mutation may change it.
            let wallet = person.wallet.filter(|_| kind == OperationType::Query);
            let origin = Origin { address, session: person.session };
            (Caller { viewer: Some(person.viewer), wallet, origin, ..Caller::default() }, person.now)
        }
        Asker::Unknown => {
            let message =
                "The bearer token is malformed, forged or expired, or its session has ended. Get a new one.";
            return Err(Refusal(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message.into()));
        }
    };
    let patience = Duration::from_millis(app.settings.request_timeout_ms);
    let request =
        context::Request::new((&app.db, &app.gate, &app.submissions), now, caller, id.clone(), app.runner());
    Ok(request.within(patience))
}

/// Accepts only uncompressed JSON: neither forms, which browsers send across sites, nor compression bombs.
fn check_type(request: &HttpRequest) -> Result<(), Refusal> {
    let unsupported =
        |message: &str| Refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message.into());
    if !request.content_type().eq_ignore_ascii_case("application/json") {
        return Err(unsupported("The request is not JSON. Send it as application/json."));
    }
    if request.encoding().map_or("none", |encoding| encoding.name()) != "UTF-8" {
        return Err(unsupported("The request is not in UTF-8. Send it in UTF-8."));
    }
    if request.headers().contains_key(CONTENT_ENCODING) {
        return Err(unsupported("The body is compressed. Send it uncompressed."));
    }
    Ok(())
}

/// A request from its JSON form, with each part of its required type.
fn parse(body: Value) -> Result<Request, Refusal> {
    let Value::Object(mut body) = body else {
        return Err(bad_request(
            "The body must be one JSON object. Send the requests of a batch one by one.",
        ));
    };
    let Some(Value::String(query)) = body.remove("query") else {
        return Err(bad_request("`query` is missing or not a string. Send the document there."));
    };
    let mut request = Request::new(query);
    match body.remove("operationName") {
        None | Some(Value::Null) => {}
        // Some clients send an empty name instead of none.
        Some(Value::String(name)) if name.is_empty() => {}
        Some(Value::String(name)) => request = request.operation_name(name),
        Some(_) => return Err(bad_request("`operationName` is not a string. Send a name, or leave it out.")),
    }
    match body.remove("variables") {
        None | Some(Value::Null) => {}
        Some(variables @ Value::Object(_)) => request = request.variables(Variables::from_json(variables)),
        Some(_) => return Err(bad_request("`variables` is not an object. Send an object, or leave it out.")),
    }
    match body.remove("extensions") {
        None | Some(Value::Null | Value::Object(_)) => Ok(request),
        Some(_) => Err(bad_request("`extensions` is not an object. Send an object, or leave it out.")),
    }
}

fn internal(id: &str) -> Refusal {
    let message = format!("Something went wrong here. Ask support about request {id}.");
    Refusal(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", message)
}
