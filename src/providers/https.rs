//! The HTTP client of outside services: TLS with the roots that browsers trust, no redirects, and a limit of time.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, redirect};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::error::{Fault, Result};

/// A client whose requests may take `timeout`.
///
/// # Errors
/// [`Fault::Setup`] when TLS cannot be set up.
pub fn client(timeout: Duration) -> Result<Client> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::Setup(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .timeout(timeout)
        .build();
    Ok(client.map_err(|error| Fault::Setup(format!("no HTTP client: {error}")))?)
}
