//! Settings of payments.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Limit;
use crate::error::{Fault, Result};

/// Who collects payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// The built-in one in a sandbox, and nobody in system time.
    #[default]
    Auto,
    /// The built-in one, which moves no money: anybody can fund anything with its test tokens.
    Sandbox,
    /// Stripe.
    Stripe,
    /// Nobody: what costs money is refused.
    None,
}

/// Settings of payments.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Payments {
    /// Who collects them.
    pub provider: Provider,
    /// Settings of Stripe.
    pub stripe: Stripe,
    /// Limits that stop those who try out other people's cards, and promo codes.
    pub limits: PaymentLimits,
}

/// Limits that stop those who try out other people's cards, and promo codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaymentLimits {
    /// Limit on payment methods that one person tries to add.
    pub methods_per_account: Limit,
    /// Limit on payment methods that are tried from one address.
    pub methods_per_address: Limit,
    /// Limit on one person's payments that failed or are under way.
    pub failures_per_account: Limit,
    /// Limit on promo codes that one person types and that do not exist.
    pub wrong_promo_codes_per_account: Limit,
    /// Limit on such codes that are typed from one address.
    pub wrong_promo_codes_per_address: Limit,
}

impl Default for PaymentLimits {
    fn default() -> Self {
        Self {
            methods_per_account: Limit { times: 10, minutes: 1_440 },
            methods_per_address: Limit { times: 100, minutes: 1_440 },
            failures_per_account: Limit { times: 10, minutes: 1_440 },
            wrong_promo_codes_per_account: Limit { times: 10, minutes: 60 },
            wrong_promo_codes_per_address: Limit { times: 100, minutes: 60 },
        }
    }
}

impl PaymentLimits {
    /// What is wrong with these settings, if anything.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        let limits = [self.methods_per_account, self.methods_per_address, self.failures_per_account];
        let odd = "each limit of payments.limits must have 1 to 1000 times and 1 to 1440 minutes";
        limits.iter().any(Limit::is_odd).then_some(odd)
    }
}

/// Settings of Stripe.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stripe {
    /// The account's secret key, which begins with `sk_` or `rk_`.
    #[serde(skip_serializing)]
    pub secret_key: Option<SecretString>,
    /// The secret of the webhook endpoint, which begins with `whsec_`.
    #[serde(skip_serializing)]
    pub webhook_secret: Option<SecretString>,
    /// The address of the API.
    pub base_url: String,
    /// Milliseconds that one request may take, from 100 to 30,000.
    pub timeout_ms: u64,
}

impl Default for Stripe {
    fn default() -> Self {
        Self {
            secret_key: None,
            webhook_secret: None,
            base_url: "https://api.stripe.com/".to_owned(),
            timeout_ms: 8_000,
        }
    }
}

impl Stripe {
    /// The address, the secret key and the time that a request may take.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the key is missing, the address is none, or the time is out of bounds.
    pub fn account(&self) -> Result<(Url, SecretString, Duration)> {
        if !(100..=30_000).contains(&self.timeout_ms) {
            let invalid = "settings: payments.stripe.timeout_ms is out of bounds; take 100 to 30000";
            return Err(Fault::Setup(invalid.into()).into());
        }
        let missing = "settings: payments.stripe.secret_key is missing; take it from Stripe's dashboard";
        let secret = self.secret_key.clone().ok_or_else(|| Fault::Setup(missing.into()))?;
        let base = self.base_url.parse().ok().filter(|url: &Url| matches!(url.scheme(), "http" | "https"));
        let invalid = "settings: payments.stripe.base_url is no address; leave it out for Stripe itself";
        Ok((
            base.ok_or_else(|| Fault::Setup(invalid.into()))?,
            secret,
            Duration::from_millis(self.timeout_ms),
        ))
    }
}
