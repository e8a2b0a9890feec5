//! Stripe's objects, as far as they are read here.

use std::collections::HashMap;

use serde::Deserialize;

use super::api::Problem;

#[derive(Debug, Deserialize)]
pub(super) struct PaymentMethod {
    pub id: String,
    pub card: Option<Card>,
    pub customer: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Card {
    pub brand: String,
    pub last4: String,
    pub fingerprint: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Customer {
    #[serde(default)]
    pub metadata: HashMap<String, String>,
}

/// An object of which nothing is read.
#[derive(Debug, Deserialize)]
pub(super) struct Anything {}

#[derive(Debug, Deserialize)]
pub(super) struct PaymentIntent {
    pub id: String,
    pub status: String,
    pub last_payment_error: Option<Problem>,
    #[serde(default)]
    pub metadata: HashMap<String, String>,
    pub amount: i64,
    pub currency: String,
    /// Seconds since 1970.
    pub created: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub id: String,
    #[serde(default)]
    pub metadata: HashMap<String, String>,
    pub status: Option<String>,
    pub payment_intent: Option<String>,
    pub amount: i64,
    pub currency: String,
    /// Seconds since 1970.
    pub created: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dispute {
    pub id: String,
    pub payment_intent: Option<String>,
    pub amount: i64,
    pub currency: String,
    /// Seconds since 1970.
    pub created: i64,
    /// What moved because of it: nothing for an inquiry.
    #[serde(default)]
    pub balance_transactions: Vec<BalanceTransaction>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BalanceTransaction {
    /// Below zero for what was taken.
    pub amount: i64,
    pub created: Option<i64>,
}

/// What lists are made of.
pub(super) trait Listed {
    /// Its name, after which the next page starts.
    fn id(&self) -> &str;
}

macro_rules! listed {
    ($($object:ty),+) => {
        $(impl Listed for $object {
            fn id(&self) -> &str {
                &self.id
            }
        })+
    };
}

listed!(PaymentIntent, Refund, Dispute);

#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}
