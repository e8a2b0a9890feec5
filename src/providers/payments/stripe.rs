//! Stripe: payment intents of saved cards, refunds and disputes.
//!
//! A charge takes two steps. A payment intent is made, which moves no money, and its name is stored; then it is
//! confirmed. Stripe confirms an intent once, so a charge cannot be doubled, whether or not Stripe remembers a key, and a
//! charge whose outcome is not known is looked up by its name. A refund is found among those of its charge by our id.

mod api;
mod event;
mod list;
mod names;
mod objects;

use std::time::Duration;

use chrono::DateTime;
pub use event::{Event, News};
use secrecy::SecretString;
use url::Url;

use self::{
    api::{Api, Problem, Trouble},
    names::{brand_of, is_dispute, is_method},
    objects::{Anything, Customer, Dispute, List, PaymentIntent, PaymentMethod},
};
use super::{Charge, Chargeback, Charged, Method, Movement, Payments, Refund, Unreachable};
use crate::{
    clock::Instant,
    entity::{
        enums::{Currency, PaymentFailure, PaymentProvider},
        ids::AccountId,
    },
    error::Result,
    money::Money,
};

/// Objects of a page; Stripe gives no more.
const PAGE: &str = "100";

/// Stripe.
#[derive(Debug)]
pub struct Stripe {
    api: Api,
}

impl Stripe {
    /// Speaks to `base` with the secret key of an account; a request may take `timeout`.
    ///
    /// # Errors
    /// [`crate::error::Fault::Setup`] when TLS cannot be set up.
    pub fn new(base: Url, secret: SecretString, timeout: Duration) -> Result<Self> {
        Ok(Self { api: Api::new(base, secret, timeout)? })
    }

    /// Saves a card for `owner`, as a customer that has it: only saved cards can be charged again. Returns whether it is
    /// theirs; one that somebody else has saved is not, however they have learned its name.
    async fn save(&self, method: &PaymentMethod, owner: AccountId) -> std::result::Result<bool, Trouble> {
        let owner = owner.to_string();
        if let Some(known) = &method.customer {
            let customer: Customer = self.api.get(&format!("customers/{known}"), &[]).await?;
            return Ok(customer.metadata.get("account") == Some(&owner));
        }
        let form = [("payment_method", method.id.as_str()), ("metadata[account]", &owner)];
        let key = format!("save-{}-{owner}", method.id);
        self.api.post::<Customer>("customers", &form, &key).await?;
        // A card that was removed cannot be saved again: the key is known, and Stripe says what it said then.
        Ok(self.method(&method.id).await?.customer.is_some())
    }

    async fn method(&self, token: &str) -> std::result::Result<PaymentMethod, Trouble> {
        self.api.get(&format!("payment_methods/{token}"), &[]).await
    }

    async fn intent_for(&self, charge: &Charge) -> std::result::Result<PaymentIntent, Trouble> {
        let method = self.method(&charge.token).await?;
        // One that was saved and is nobody's any more was detached, and cannot be charged.
        let customer = method.customer.ok_or_else(|| Trouble::Refused(Problem::default()))?;
        let (key, amount) = (charge.key.to_string(), charge.amount.minor.to_string());
        let form = [
            ("amount", amount.as_str()),
            ("currency", &charge.amount.currency.as_str().to_lowercase()),
            ("customer", &customer),
            ("payment_method", &method.id),
            ("payment_method_types[0]", "card"),
            ("metadata[payment]", &key),
        ];
        self.api.post("payment_intents", &form, &key).await
    }

    /// What a payment intent says of the charge; `None` while nobody has confirmed it. One that failed is cancelled, so
    /// that nobody can pay it later.
    async fn outcome_of(&self, intent: PaymentIntent) -> Option<Charged> {
        let why = match intent.status.as_str() {
            "succeeded" => return Some(Charged::Paid(intent.id)),
            "requires_confirmation" => return None,
            "requires_action" => PaymentFailure::AuthenticationRequired,
            "requires_payment_method" => failure_in(&intent.last_payment_error.unwrap_or_default()),
            "canceled" => {
                let why = intent.last_payment_error.as_ref().map_or(PaymentFailure::NotReceived, failure_in);
                return Some(Charged::Failed(why));
            }
            _ => return Some(Charged::Unknown),
        };
        Some(self.cancelled(&intent.id, why).await)
    }

    /// The charge has failed, once its payment intent is cancelled.
    async fn cancelled(&self, intent: &str, why: PaymentFailure) -> Charged {
        let (path, key) = (format!("payment_intents/{intent}/cancel"), format!("cancel-{intent}"));
        match self.api.post::<PaymentIntent>(&path, &[], &key).await {
            Ok(_) => Charged::Failed(why),
            Err(_) => Charged::Unknown,
        }
    }
}

#[async_trait::async_trait]
impl Payments for Stripe {
    fn provider(&self) -> PaymentProvider {
        PaymentProvider::Stripe
    }

    async fn describe(
        &self,
        owner: AccountId,
        token: &str,
        rehearsal: bool,
    ) -> std::result::Result<Option<Method>, Unreachable> {
        if !is_method(token) {
            return Ok(None);
        }
        let described = async {
            let method = self.method(token).await?;
            let is_new = method.customer.is_none();
            let is_theirs =
                method.card.is_some() && (rehearsal && is_new || self.save(&method, owner).await?);
            Ok(method.card.filter(|_| is_theirs).map(|card| (method.id, card)))
        };
        match described.await {
            Ok(Some((id, card))) => {
                let label = format!("{} ending in {}", brand_of(&card.brand), card.last4);
                Ok(Some(Method { token: id, label, fingerprint: card.fingerprint }))
            }
            Ok(None) | Err(Trouble::Refused(_)) => Ok(None),
            Err(Trouble::Unclear) => Err(Unreachable),
        }
    }

    async fn forget(&self, token: &str) -> std::result::Result<(), Unreachable> {
        let (path, key) = (format!("payment_methods/{token}/detach"), format!("forget-{token}"));
        match self.api.post::<Anything>(&path, &[], &key).await {
            // One that is refused is unknown, or detached already.
            Ok(_) | Err(Trouble::Refused(_)) => Ok(()),
            Err(Trouble::Unclear) => Err(Unreachable),
        }
    }

    async fn prepare(&self, charge: &Charge) -> std::result::Result<String, Charged> {
        match self.intent_for(charge).await {
            Ok(intent) => Ok(intent.id),
            Err(Trouble::Refused(problem)) => {
                tracing::warn!(payment = %charge.key, code = problem.code, "Stripe takes no payment intent");
                Err(Charged::Failed(PaymentFailure::MethodUnusable))
            }
            Err(Trouble::Unclear) => Err(Charged::Unknown),
        }
    }

    async fn charge(&self, charge: &Charge, reference: &str) -> Charged {
        let (path, key) = (format!("payment_intents/{reference}/confirm"), format!("confirm-{reference}"));
        match self.api.post::<PaymentIntent>(&path, &[], &key).await {
            Ok(intent) => self.outcome_of(intent).await.unwrap_or(Charged::Unknown),
            Err(Trouble::Unclear) => Charged::Unknown,
            // The intent says whether it failed, or had been confirmed before.
            Err(Trouble::Refused(problem)) => match self.find(charge, reference).await {
                Some(known) => known,
                // Nobody shall confirm it later.
                None => self.cancelled(reference, failure_in(&problem)).await,
            },
        }
    }

    async fn abandon(&self, charge: &Charge, reference: &str) -> Charged {
        match self.find(charge, reference).await {
            Some(known) => known,
            None => self.cancelled(reference, PaymentFailure::NotReceived).await,
        }
    }

    async fn find(&self, _: &Charge, reference: &str) -> Option<Charged> {
        match self.api.get(&format!("payment_intents/{reference}"), &[]).await {
            Ok(intent) => self.outcome_of(intent).await,
            Err(_) => Some(Charged::Unknown),
        }
    }

    async fn refund(&self, refund: &Refund) -> Charged {
        let (key, amount) = (refund.key.to_string(), refund.amount.minor.to_string());
        let form = [
            ("payment_intent", refund.of.as_str()),
            ("amount", amount.as_str()),
            ("metadata[refund]", key.as_str()),
        ];
        match self.api.post("refunds", &form, &key).await {
            Ok(refund) => refunded(refund),
            Err(Trouble::Refused(problem)) => {
                tracing::warn!(refund = %refund.key, code = problem.code, "Stripe refunds nothing");
                refusal_of_refund(&problem)
            }
            Err(Trouble::Unclear) => Charged::Unknown,
        }
    }

    async fn find_refund(&self, refund: &Refund) -> Option<Charged> {
        let (key, query) =
            (refund.key.to_string(), [("payment_intent", refund.of.as_str()), ("limit", PAGE)]);
        // There are at most twenty refunds of a payment.
        match self.api.get::<List<objects::Refund>>("refunds", &query).await {
            Ok(list) => {
                list.data.into_iter().find(|one| one.metadata.get("refund") == Some(&key)).map(refunded)
            }
            Err(_) => Some(Charged::Unknown),
        }
    }

    async fn chargebacks(&self, since: Instant) -> std::result::Result<Vec<Chargeback>, Unreachable> {
        let disputes: Vec<Dispute> = self.list("disputes", since).await?;
        // Stripe lists the newest first.
        Ok(disputes.into_iter().rev().filter_map(chargeback_of).collect())
    }

    async fn chargeback(&self, reference: &str) -> std::result::Result<Option<Chargeback>, Unreachable> {
        if !is_dispute(reference) {
            return Ok(None);
        }
        match self.api.get(&format!("disputes/{reference}"), &[]).await {
            Ok(dispute) => Ok(chargeback_of(dispute)),
            Err(Trouble::Refused(_)) => Ok(None),
            Err(Trouble::Unclear) => Err(Unreachable),
        }
    }

    async fn movements(
        &self,
        since: Instant,
        settled: Instant,
    ) -> std::result::Result<Vec<Movement>, Unreachable> {
        let intents: Vec<PaymentIntent> = self.list("payment_intents", since).await?;
        let refunds: Vec<objects::Refund> = self.list("refunds", since).await?;
        let told = self.chargebacks(since).await?;
        let charges = intents.into_iter().filter(|intent| intent.status == "succeeded");
        let mut all: Vec<_> = charges.map(|intent| list::charge_of(intent, settled)).collect();
        let carried_out = refunds.into_iter().filter(|refund| refund.status.as_deref() == Some("succeeded"));
        all.extend(carried_out.map(|refund| list::refund_of(refund, settled)));
        all.extend(told.into_iter().map(|told| told.into_movement(settled)));
        Ok(all)
    }
}

/// What the refusal of a refund means: that the money cannot go back to the card, or, as for a key that does not work or a
/// balance that is too low, nothing yet.
fn refusal_of_refund(problem: &Problem) -> Charged {
    match problem.code.as_deref() {
        Some("charge_already_refunded" | "charge_disputed" | "refund_disputed_payment") => {
            Charged::Failed(PaymentFailure::Declined)
        }
        _ => Charged::Unknown,
    }
}

/// A dispute that took money; an inquiry takes none. One that was won has given it back.
fn chargeback_of(dispute: Dispute) -> Option<Chargeback> {
    if dispute.balance_transactions.is_empty() {
        return None;
    }
    // An inquiry may last for months before money is taken.
    let taken = dispute.balance_transactions.iter().find(|moved| moved.amount < 0);
    let taken_at = taken.and_then(|moved| moved.created).unwrap_or(dispute.created);
    let moved: i64 = dispute.balance_transactions.iter().map(|moved| moved.amount).sum();
    // Payouts are made in other currencies, too; nothing else is collected.
    let currency =
        Some(Currency::Usd).filter(|ours| ours.as_str().eq_ignore_ascii_case(&dispute.currency))?;
    Some(Chargeback {
        of: dispute.payment_intent?,
        amount: Money::new(dispute.amount, currency),
        at: DateTime::from_timestamp(taken_at, 0)?,
        reference: dispute.id,
        is_won: moved >= 0,
    })
}

fn refunded(refund: objects::Refund) -> Charged {
    match refund.status.as_deref() {
        Some("succeeded") => Charged::Paid(refund.id),
        Some("failed" | "canceled") => Charged::Failed(PaymentFailure::MethodUnusable),
        _ => Charged::Unknown,
    }
}

fn failure_in(problem: &Problem) -> PaymentFailure {
    match (problem.code.as_deref().unwrap_or_default(), problem.decline_code.as_deref().unwrap_or_default()) {
        (_, "insufficient_funds") => PaymentFailure::InsufficientFunds,
        ("authentication_required" | "payment_intent_authentication_failure", _)
        | (_, "authentication_required") => PaymentFailure::AuthenticationRequired,
        ("resource_missing" | "payment_method_unactivated" | "payment_method_invalid_parameter", _) => {
            PaymentFailure::MethodUnusable
        }
        _ => PaymentFailure::Declined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_3_problems_become_reasons() {
        let failure = |code: &str, decline: &str| {
            failure_in(&Problem { code: Some(code.into()), decline_code: Some(decline.into()) })
        };
        assert_eq!(failure("card_declined", "insufficient_funds"), PaymentFailure::InsufficientFunds);
        assert_eq!(failure("card_declined", "generic_decline"), PaymentFailure::Declined);
        assert_eq!(failure("authentication_required", ""), PaymentFailure::AuthenticationRequired);
        assert_eq!(failure("resource_missing", ""), PaymentFailure::MethodUnusable);
        assert_eq!(failure_in(&Problem::default()), PaymentFailure::Declined);
    }

    #[test]
    fn b_3_a_refusal_that_says_nothing_of_the_charge_does_not_end_a_refund() {
        let refusal = |code: Option<&str>| {
            refusal_of_refund(&Problem { code: code.map(Into::into), decline_code: None })
        };
        assert_eq!(refusal(Some("charge_disputed")), Charged::Failed(PaymentFailure::Declined));
        for code in [Some("resource_missing"), Some("balance_insufficient"), None] {
            assert_eq!(refusal(code), Charged::Unknown, "{code:?}");
        }
    }

    #[test]
    fn o_5_a_dispute_is_a_charge_back_once_it_has_taken_money_in_a_currency_of_ours() {
        let dispute = |currency: &str, moved: &str| {
            let text = format!(
                r#"{{"id":"dp_1","payment_intent":"pi_1","amount":100,"currency":"{currency}","created":0,
                    "status":"needs_response","balance_transactions":{moved}}}"#
            );
            chargeback_of(serde_json::from_str(&text).unwrap())
        };
        let told = dispute("usd", r#"[{"id":"txn_1","amount":-100}]"#).unwrap();
        assert_eq!((told.reference.as_str(), told.of.as_str(), told.amount.minor), ("dp_1", "pi_1", 100));
        assert_eq!((told.at, told.is_won), (Instant::UNIX_EPOCH, false));
        assert!(dispute("usd", r#"[{"amount":-100},{"amount":100}]"#).unwrap().is_won);
        let months = dispute("usd", r#"[{"amount":-100,"created":5000000}]"#).unwrap();
        assert_eq!(months.at.timestamp(), 5_000_000, "when the money was taken, not when the bank inquired");
        assert_eq!(dispute("usd", "[]"), None, "an inquiry");
        assert_eq!(dispute("eur", r#"[{"amount":-100}]"#), None, "no currency of ours");
    }

    #[test]
    fn b_3_a_refund_that_is_pending_is_not_over() {
        let refund = |status: &str| {
            let text = format!(
                r#"{{"id":"re_1","status":{status},"metadata":{{}},"payment_intent":"pi_1","amount":100,
                    "currency":"usd","created":0}}"#
            );
            refunded(serde_json::from_str(&text).unwrap())
        };
        assert_eq!(refund("\"succeeded\""), Charged::Paid("re_1".into()));
        assert_eq!(refund("\"failed\""), Charged::Failed(PaymentFailure::MethodUnusable));
        assert_eq!([refund("\"pending\""), refund("null")], [Charged::Unknown, Charged::Unknown]);
    }
}
