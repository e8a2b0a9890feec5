//! Answers of the GraphQL endpoint, in the media type that the client asked for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{ACCEPT, ALLOW, Accept, CACHE_CONTROL, Header, HeaderValue, Quality, RETRY_AFTER},
    },
    mime::Mime,
};
use async_graphql::{Pos, Response, ServerError, Value};
use serde::Serialize;
use serde_json::json;

use super::guard::Refused;

/// GraphQL over HTTP's own media type: the status says how the request went.
const GRAPHQL: &str = "application/graphql-response+json";

/// Plain JSON: a well-formed request is answered 200, whatever its outcome.
const JSON: &str = "application/json";

/// Maximum characters of an error's message.
const MESSAGE_LENGTH: usize = 300;

/// Maximum characters of a word in it.
const WORD_LENGTH: usize = 50;

/// The media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// [`GRAPHQL`].
    GraphQl,
    /// [`JSON`].
    Json,
}

/// An answer before anything ran: its status, its code, and a sentence.
pub struct Refusal(pub StatusCode, pub &'static str, pub String);

/// The request cannot be read.
pub fn bad_request(message: &str) -> Refusal {
    Refusal(StatusCode::BAD_REQUEST, "BAD_REQUEST", message.into())
}

/// The server cannot do it now.
pub fn unavailable(message: &str) -> Refusal {
    Refusal(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message.into())
}

impl Media {
    /// What the `Accept` header of `request` prefers; `None` when it takes neither.
    pub fn accepted(request: &HttpRequest) -> Option<Self> {
        let sent = request.headers().get_all(ACCEPT);
        if sent.clone().all(|value| value.as_bytes().trim_ascii().is_empty()) {
            return Some(Self::Json);
        }
        let accept = Accept::parse(request).ok()?;
        let refused = |name: &str| {
            accept.iter().any(|range| range.quality == Quality::ZERO && range.item.essence_str() == name)
        };
        let media = |range: &Mime| match range.essence_str() {
            GRAPHQL => Some(Self::GraphQl),
            JSON => Some(Self::Json),
            "application/*" | "*/*" => {
                [Self::Json, Self::GraphQl].into_iter().find(|media| !refused(media.name()))
            }
            _ => None,
        };
        let taken: Vec<_> = accept.iter().filter(|range| range.quality > Quality::ZERO).cloned().collect();
        Accept(taken).ranked().iter().find_map(media)
    }

    fn name(self) -> &'static str {
        if self == Self::GraphQl { GRAPHQL } else { JSON }
    }

    fn content_type(self) -> String {
        format!("{}; charset=utf-8", self.name())
    }
}

/// A request that never ran: an error, and no data.
pub fn refused(
    media: Media,
    status: StatusCode,
    code: &str,
    message: &str,
    request_id: &str,
) -> HttpResponse {
    refused_at(media, status, (code, message, &[]), request_id)
}

/// A document that is refused before it runs.
pub fn unreadable(media: Media, refused: &Refused, request_id: &str) -> HttpResponse {
    refused_at(
        media,
        document_status(media),
        (refused.code, &refused.message, &refused.locations),
        request_id,
    )
}

fn refused_at(
    media: Media,
    status: StatusCode,
    (code, message, locations): (&str, &str, &[Pos]),
    request_id: &str,
) -> HttpResponse {
    let mut error = json!({ "message": message, "extensions": { "code": code, "requestId": request_id } });
    if !locations.is_empty() {
        error["locations"] = json!(locations);
    }
    let body = json!({ "errors": [error] });
    let mut response = HttpResponse::build(status);
    response.insert_header(("content-type", media.content_type()));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.insert_header((ALLOW, HeaderValue::from_static("GET, POST")));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.insert_header((RETRY_AFTER, HeaderValue::from_static("1")));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header(("www-authenticate", "Bearer"));
    }
    response.insert_header((CACHE_CONTROL, "no-store")).body(body.to_string())
}

/// The status of a document that cannot run: an error's only for clients that ask for that media type.
fn document_status(media: Media) -> StatusCode {
    if media == Media::GraphQl { StatusCode::BAD_REQUEST } else { StatusCode::OK }
}

/// The answer to a request that ran.
pub fn answered(media: Media, mut response: Response, request_id: &str) -> HttpResponse {
    let never_ran = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    // Validation reports errors in the order of a hash map.
    if never_ran {
        response.errors.sort_by(|one, other| one.locations.cmp(&other.locations));
    }
    for error in &mut response.errors {
        finish(error, never_ran, request_id);
    }
    let unavailable = response.errors.iter().filter(|error| is_unavailable(error)).count();
    let status = match unavailable {
        _ if never_ran => document_status(media),
        1.. if response.data == Value::Null && unavailable == response.errors.len() => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::OK,
    };
    let data = (!never_ran).then_some(&response.data);
    let body = serde_json::to_string(&Body { data, errors: &response.errors }).unwrap_or_default();
    let mut answer = HttpResponse::build(status);
    answer.insert_header(("content-type", media.content_type()));
    if unavailable > 0 {
        answer.insert_header((RETRY_AFTER, HeaderValue::from_static("1")));
    }
    answer.insert_header((CACHE_CONTROL, "no-store")).body(body)
}

/// Whether it may succeed in a second.
fn is_unavailable(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    matches!(code, Some(Value::String(code)) if code == "SERVICE_UNAVAILABLE")
}

/// An answer as it is sent, its fields in the order of the query.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
}

/// Gives every error a code and the request's id, and a message of limited length.
fn finish(error: &mut ServerError, never_ran: bool, request_id: &str) {
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_none() {
        extensions.set("code", if never_ran { "GRAPHQL_VALIDATION_FAILED" } else { "BAD_USER_INPUT" });
    }
    extensions.set("requestId", request_id);
    error.message = shortened(&error.message);
}

/// A message without words that are so long that they can only come from the request.
fn shortened(message: &str) -> String {
    let cut = |text: &str, most: usize| {
        if text.chars().count() > most {
            text.chars().take(most).chain("..".chars()).collect()
        } else {
            text.to_owned()
        }
    };
    let words: Vec<_> = message.split(' ').map(|word| cut(word, WORD_LENGTH)).collect();
    cut(&words.join(" "), MESSAGE_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use async_graphql::ErrorExtensions;

    #[test]
    fn a_message_repeats_no_more_of_a_request_than_a_word() {
        assert_eq!(shortened("Unknown field \"a\"."), "Unknown field \"a\".");
        let long = shortened(&format!("Unknown field \"{}\".", "n".repeat(200_000)));
        assert!(long.starts_with("Unknown field \"nnn") && long.ends_with("..") && long.len() < 80, "{long}");
        assert!(shortened(&"word ".repeat(1_000)).len() <= MESSAGE_LENGTH + 2);
    }

    #[test]
    fn what_may_go_well_in_a_second_says_so_by_status_and_header() {
        let error = |code: &str| {
            let error =
                async_graphql::Error::new("No.").extend_with(|_, extensions| extensions.set("code", code));
            let path = vec![async_graphql::PathSegment::Field("createJobPost".into())];
            ServerError { path, ..error.into_server_error(async_graphql::Pos::default()) }
        };
        let answer = |codes: &[&str]| {
            let response = Response::from_errors(codes.iter().map(|code| error(code)).collect());
            let answer = answered(Media::Json, response, "id");
            (answer.status().as_u16(), answer.headers().contains_key(RETRY_AFTER))
        };
        assert_eq!(answer(&["SERVICE_UNAVAILABLE"]), (503, true));
        assert_eq!(answer(&["SERVICE_UNAVAILABLE", "NOT_FOUND"]), (200, true));
        assert_eq!(answer(&["NOT_FOUND"]), (200, false));
    }

    fn media(accept: Option<&str>) -> Option<Media> {
        let request = TestRequest::get();
        let request = accept.iter().fold(request, |request, accept| request.insert_header((ACCEPT, *accept)));
        Media::accepted(&request.to_http_request())
    }

    #[test]
    fn the_client_chooses_the_media_type() {
        assert_eq!(media(None), Some(Media::Json));
        assert_eq!(media(Some("*/*")), Some(Media::Json));
        assert_eq!(media(Some("application/json")), Some(Media::Json));
        assert_eq!(media(Some(GRAPHQL)), Some(Media::GraphQl));
        assert_eq!(
            media(Some("application/json;q=0.5, application/graphql-response+json")),
            Some(Media::GraphQl)
        );
        assert_eq!(media(Some("application/json, application/graphql-response+json")), Some(Media::Json));
        assert_eq!(media(Some("text/html")), None);
        assert_eq!(media(Some("application/json;q=0")), None);
        assert_eq!(media(Some("application/json;q=0, */*")), Some(Media::GraphQl));
        assert_eq!(media(Some("*/*, application/graphql-response+json;q=0.2")), Some(Media::Json));
    }

    #[test]
    fn harmless_ways_to_say_it_are_understood() {
        for json in [
            "",
            " ",
            "APPLICATION/JSON",
            "application/json; charset=utf8",
            "application/json;v=1;q=1.0",
            "text/html, application/*;q=0.1",
            ", application/json ,",
            "nonsense, application/json",
        ] {
            assert_eq!(media(Some(json)), Some(Media::Json), "{json}");
        }
        let graphql = "application/graphql-response+json; charset=utf-8, application/json; q=0.9";
        assert_eq!(media(Some(graphql)), Some(Media::GraphQl));
    }
}
