//! What Stripe sends by itself: signed events. An event has no say: it only names what to ask Stripe about, so one that
//! comes twice, late, in another order or with other contents does nothing that asking would not do.

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::Sha256;

use crate::{
    clock::Instant,
    entity::ids::{PaymentId, RefundId},
};

/// How old a signature may be, and how far ahead of our clock.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// An event whose signature was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Stripe's own name for it.
    pub id: String,
    /// What it is about.
    pub news: News,
}

/// What to ask Stripe about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// A payment of ours.
    Payment(PaymentId),
    /// A refund of ours.
    Refund(RefundId),
    /// A dispute, by Stripe's own name for it.
    Chargeback(String),
    /// Nothing that concerns us.
    Nothing,
}

#[derive(Deserialize)]
struct Written {
    id: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    object: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    payment: Option<String>,
    refund: Option<String>,
}

impl Event {
    /// The event in `body`, byte by byte as it came, if `header` is Stripe's signature of it by `secret`, and when it was
    /// signed.
    pub fn read(secret: &SecretString, header: &str, body: &[u8]) -> Option<(Self, Instant)> {
        let signed_at = signed_at(secret, header, body)?;
        let Written { id, data: Data { object } } = serde_json::from_slice(body).ok()?;
        let news = match (object.object.as_str(), object.metadata.payment, object.metadata.refund) {
            ("payment_intent", Some(id), _) => {
                id.parse().map_or(News::Nothing, |id| News::Payment(PaymentId(id)))
            }
            ("refund", _, Some(id)) => id.parse().map_or(News::Nothing, |id| News::Refund(RefundId(id))),
            ("dispute", ..) => News::Chargeback(object.id),
            _ => News::Nothing,
        };
        Some((Self { id, news }, signed_at))
    }

    /// Whether what was signed at `signed_at` is new enough at `now` to be no replay.
    pub fn is_recent(signed_at: Instant, now: Instant) -> bool {
        (now - signed_at).abs() <= TOLERANCE
    }
}

/// The time in `header`, if one of its signatures is that of the time and of `body`. While a secret is rolled, there are
/// two.
fn signed_at(secret: &SecretString, header: &str, body: &[u8]) -> Option<Instant> {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let (_, time) = parts().find(|(name, _)| *name == "t")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    let signatures = parts().filter(|(name, _)| *name == "v1").filter_map(|(_, text)| hex::decode(text).ok());
    let mut signatures = signatures;
    let is_signed = signatures.any(|signature| mac.clone().verify_slice(&signature).is_ok());
    is_signed.then(|| chrono::DateTime::from_timestamp(time.parse().ok()?, 0)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":{
        "object":"payment_intent","metadata":{"payment":"01a226e7-a562-70a2-9a64-2bf3c7fae31f"}}}}"#;

    fn signature(secret: &str, time: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{time}.").as_bytes());
        mac.update(body);
        hex::encode(mac.finalize().into_bytes())
    }

    #[test]
    fn b_3_only_what_stripe_signed_lately_is_read() {
        let (secret, now): (SecretString, Instant) =
            ("whsec_1".into(), "2026-01-01T00:00:00Z".parse().unwrap());
        let time = now.timestamp();
        let good = signature("whsec_1", time, BODY);
        let read = |header: &str, body: &[u8], now| {
            let (event, signed_at) = Event::read(&secret, header, body)?;
            Event::is_recent(signed_at, now).then_some(event)
        };
        let event = read(&format!("t={time},v1={good}"), BODY, now).expect("it is signed");
        assert_eq!(event.id, "evt_1");
        assert!(matches!(event.news, News::Payment(_)), "{event:?}");
        let rolled = format!("t={time}, v1={}, v1={good}", signature("whsec_0", time, BODY));
        assert!(read(&rolled, BODY, now).is_some(), "either of two secrets");
        let late = TimeDelta::minutes(5) + TimeDelta::seconds(1);
        assert!(read(&format!("t={time},v1={good}"), BODY, now + late).is_none(), "a replay");
        assert!(read(&format!("t={time},v1={good}"), BODY, now - late).is_none(), "from the future");
        let mut forged = BODY.to_vec();
        forged.push(b' ');
        let other = signature("whsec_2", time, BODY);
        for (header, body) in [
            (format!("t={time},v1={good}"), forged.as_slice()),
            (format!("t={time},v1={other}"), BODY),
            (format!("t={},v1={good}", time + 1), BODY),
            (format!("v1={good}"), BODY),
            (format!("t={time},v0={good}"), BODY),
            (format!("t={time},v1="), BODY),
            (format!("t={time},v1={}", &good[..62]), BODY),
            (format!("t=x,v1={good}"), BODY),
            (String::new(), BODY),
        ] {
            assert!(read(&header, body, now).is_none(), "{header}");
        }
    }

    #[test]
    fn b_3_what_is_signed_and_strange_concerns_nobody() {
        let (secret, now): (SecretString, Instant) =
            ("whsec_1".into(), "2026-01-01T00:00:00Z".parse().unwrap());
        let news = |body: &str| {
            let header = format!(
                "t={},v1={}",
                now.timestamp(),
                signature("whsec_1", now.timestamp(), body.as_bytes())
            );
            Event::read(&secret, &header, body.as_bytes()).map(|(event, _)| event.news)
        };
        let about = |object: &str| news(&format!(r#"{{"id":"e","data":{{"object":{object}}}}}"#));
        assert_eq!(about(r#"{"object":"customer"}"#), Some(News::Nothing));
        assert_eq!(about(r#"{"object":"payment_intent","metadata":{"payment":"x"}}"#), Some(News::Nothing));
        assert_eq!(
            about(r#"{"object":"dispute","id":"dp_1","metadata":{}}"#),
            Some(News::Chargeback("dp_1".into()))
        );
        assert_eq!(news("{}"), None);
        assert_eq!(news("not JSON"), None);
    }
}
