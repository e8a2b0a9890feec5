//! Answers of the GraphQL endpoint, in the media type that the client asked for.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{ACCEPT, ALLOW, CACHE_CONTROL, HeaderValue, RETRY_AFTER},
    },
};
use async_graphql::{Response, ServerError, Value};
use serde::Serialize;
use serde_json::json;

/// GraphQL over HTTP's own media type: the status tells how the request went.
const GRAPHQL: &str = "application/graphql-response+json";

/// Plain JSON: well-formed requests are answered 200, whatever came of them.
const JSON: &str = "application/json";

/// Longest message of an error, in characters.
const MESSAGE_LENGTH: usize = 300;

/// Longest word in one.
const WORD_LENGTH: usize = 50;

/// The media type of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// [`GRAPHQL`].
    GraphQl,
    /// [`JSON`].
    Json,
}

impl Media {
    /// What the `Accept` header of `request` prefers; `None` when it takes neither.
    pub fn accepted(request: &HttpRequest) -> Option<Self> {
        let accept = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        let accept: Vec<_> = accept.flat_map(|value| value.split(',')).collect();
        if accept.is_empty() {
            return Some(Self::Json);
        }
        let mut best: Option<(f32, Self)> = None;
        for range in accept {
            let (name, quality) = quality_of(range);
            let media = match name.as_str() {
                GRAPHQL => Self::GraphQl,
                JSON | "application/*" | "*/*" => Self::Json,
                _ => continue,
            };
            if quality > 0.0 && best.is_none_or(|(so_far, _)| quality > so_far) {
                best = Some((quality, media));
            }
        }
        best.map(|(_, media)| media)
    }

    fn content_type(self) -> String {
        let name = if self == Self::GraphQl { GRAPHQL } else { JSON };
        format!("{name}; charset=utf-8")
    }
}

/// A media range and its quality.
fn quality_of(range: &str) -> (String, f32) {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
    (name, quality.unwrap_or(1.0))
}

/// A request that never came to run: an error, and no data.
pub fn refused(
    media: Media,
    status: StatusCode,
    code: &str,
    message: &str,
    request_id: &str,
) -> HttpResponse {
    let body = json!({ "errors": [{
        "message": message,
        "extensions": { "code": code, "requestId": request_id },
    }]});
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

/// The status of a document that cannot be run: told by the status only to clients that ask for it.
pub fn document_status(media: Media) -> StatusCode {
    if media == Media::GraphQl { StatusCode::BAD_REQUEST } else { StatusCode::OK }
}

/// What came of running a request.
pub fn answered(media: Media, mut response: Response, request_id: &str) -> HttpResponse {
    let never_ran = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    for error in &mut response.errors {
        finish(error, never_ran, request_id);
    }
    let status = if never_ran { document_status(media) } else { StatusCode::OK };
    let data = (!never_ran).then_some(&response.data);
    let body = serde_json::to_string(&Body { data, errors: &response.errors }).unwrap_or_default();
    let mut answer = HttpResponse::build(status);
    answer.insert_header(("content-type", media.content_type()));
    answer.insert_header((CACHE_CONTROL, "no-store")).body(body)
}

/// An answer as it is sent, its fields in the order of the query.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
}

/// Every error has a code and the request's id, and a message that is no essay.
fn finish(error: &mut ServerError, never_ran: bool, request_id: &str) {
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_none() {
        extensions.set("code", if never_ran { "GRAPHQL_VALIDATION_FAILED" } else { "BAD_USER_INPUT" });
    }
    extensions.set("requestId", request_id);
    error.message = shortened(&error.message);
}

/// A message without what is so long that it can only be the request's own.
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

    #[test]
    fn a_message_repeats_no_more_of_a_request_than_a_word() {
        assert_eq!(shortened("Unknown field \"a\"."), "Unknown field \"a\".");
        let long = shortened(&format!("Unknown field \"{}\".", "n".repeat(200_000)));
        assert!(long.starts_with("Unknown field \"nnn") && long.ends_with("..") && long.len() < 80, "{long}");
        assert!(shortened(&"word ".repeat(1_000)).len() <= MESSAGE_LENGTH + 2);
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
        assert_eq!(media(Some("text/html")), None);
        assert_eq!(media(Some("application/json;q=0")), None);
    }
}
