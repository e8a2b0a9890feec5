//! Stripe's own lists of what moved money.

use chrono::DateTime;
use serde::de::DeserializeOwned;

use super::{
    PAGE, Stripe,
    objects::{List, Listed, PaymentIntent, Refund},
};
use crate::{
    clock::Instant,
    providers::payments::{Movement, MovementKind, Unreachable},
};

impl Stripe {
    /// All objects of a list that were made at `since` or later, the newest first.
    pub(super) async fn list<T: DeserializeOwned + Listed>(
        &self,
        path: &str,
        since: Instant,
    ) -> Result<Vec<T>, Unreachable> {
        let (since, mut found) = (since.timestamp().to_string(), Vec::<T>::new());
        loop {
            let mut query = vec![("created[gte]", since.as_str()), ("limit", PAGE)];
            query.extend(found.last().map(|last| ("starting_after", last.id())));
            let page: List<T> = self.api.get(path, &query).await.map_err(|_| Unreachable)?;
            let is_last = !page.has_more || page.data.is_empty();
            found.extend(page.data);
            if is_last {
                return Ok(found);
            }
        }
    }
}

/// A payment intent that was carried out.
pub(super) fn charge_of(intent: PaymentIntent, settled: Instant) -> Movement {
    Movement {
        kind: MovementKind::Charge,
        reference: intent.id,
        key: intent.metadata.get("payment").cloned(),
        of: None,
        cents: intent.amount,
        currency: intent.currency.to_uppercase(),
        is_settled: is_before(intent.created, settled),
    }
}

/// A refund that was carried out.
pub(super) fn refund_of(refund: Refund, settled: Instant) -> Movement {
    Movement {
        kind: MovementKind::Refund,
        reference: refund.id,
        key: refund.metadata.get("refund").cloned(),
        of: refund.payment_intent,
        cents: refund.amount,
        currency: refund.currency.to_uppercase(),
        is_settled: is_before(refund.created, settled),
    }
}

fn is_before(created: i64, settled: Instant) -> bool {
    DateTime::from_timestamp(created, 0).is_none_or(|at| at < settled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_3_a_line_of_stripes_list_has_our_id_and_the_currency_as_we_write_it() {
        let intent = r#"{"id":"pi_1","status":"succeeded","amount":100,"currency":"usd","created":5,
            "metadata":{"payment":"k"},"last_payment_error":null}"#;
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let charge = charge_of(serde_json::from_str(intent).unwrap(), at(6));
        assert_eq!((charge.reference.as_str(), charge.key.as_deref(), charge.of), ("pi_1", Some("k"), None));
        assert_eq!((charge.cents, charge.currency.as_str(), charge.is_settled), (100, "USD", true));
        assert!(!charge_of(serde_json::from_str(intent).unwrap(), at(5)).is_settled, "it may be under way");
        let refund = r#"{"id":"re_1","status":"succeeded","amount":40,"currency":"eur","created":5,
            "metadata":{},"payment_intent":"pi_1"}"#;
        let refund = refund_of(serde_json::from_str(refund).unwrap(), at(6));
        assert_eq!((refund.key, refund.of.as_deref()), (None, Some("pi_1")));
        assert_eq!((refund.cents, refund.currency.as_str()), (40, "EUR"));
    }
}
