//! Stripe's HTTP API: requests of one version, with keys, and what it means when they fail.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use crate::{error::Result, providers::https};

/// The version of the API that this was written against; Stripe keeps it working.
const VERSION: &str = "2024-06-20";

/// Why a request did not succeed.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Stripe refused, and nothing happened.
    Refused(Problem),
    /// Nobody knows whether anything happened.
    Unclear,
}

/// What Stripe says of a problem.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Problem {
    /// The kind of problem, such as `card_declined`.
    pub code: Option<String>,
    /// Why the bank declined, such as `insufficient_funds`.
    pub decline_code: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: Problem,
}

/// A client of Stripe's API.
#[derive(Debug)]
pub(super) struct Api {
    client: reqwest::Client,
    base: Url,
    secret: SecretString,
}

impl Api {
    /// Speaks to `base`, such as `https://api.stripe.com/`, with the secret key; a request may take `timeout`.
    ///
    /// # Errors
    /// [`crate::error::Fault::Setup`] when TLS cannot be set up.
    pub(super) fn new(base: Url, secret: SecretString, timeout: Duration) -> Result<Self> {
        Ok(Self { client: https::client(timeout)?, base, secret })
    }

    /// Reads an object or a list.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> std::result::Result<T, Trouble> {
        let request = self.client.get(self.at(path)?).query(query);
        self.send(path, request).await
    }

    /// Creates or changes something, once for each `key`.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &[(&str, &str)],
        key: &str,
    ) -> std::result::Result<T, Trouble> {
        let request = self.client.post(self.at(path)?).header("idempotency-key", key).form(form);
        self.send(path, request).await
    }

    fn at(&self, path: &str) -> std::result::Result<Url, Trouble> {
        self.base.join("v1/").and_then(|base| base.join(path)).map_err(|_| Trouble::Unclear)
    }

    async fn send<T: DeserializeOwned>(
        &self,
        path: &str,
        request: reqwest::RequestBuilder,
    ) -> std::result::Result<T, Trouble> {
        let request = request.bearer_auth(self.secret.expose_secret()).header("stripe-version", VERSION);
        let unclear = |error: reqwest::Error| {
            tracing::warn!(path, error = %error.without_url(), "Stripe did not answer");
            Trouble::Unclear
        };
        let answer = request.send().await.map_err(unclear)?;
        let (status, body) = (answer.status().as_u16(), answer.bytes().await.map_err(unclear)?);
        if (200..300).contains(&status) {
            return serde_json::from_slice(&body).map_err(|error| {
                tracing::error!(path, %error, "Stripe's answer cannot be read");
                Trouble::Unclear
            });
        }
        let problem =
            serde_json::from_slice(&body).map_or_else(|_| Problem::default(), |it: Refusal| it.error);
        match status {
            // What is wrong with these lies in the request, the card or the object; nothing happened.
            400 | 402 | 404 if problem.code.as_deref() != Some("idempotency_key_in_use") => {
                Err(Trouble::Refused(problem))
            }
            _ => {
                tracing::warn!(path, status, code = problem.code, "Stripe could not say");
                Err(Trouble::Unclear)
            }
        }
    }
}
