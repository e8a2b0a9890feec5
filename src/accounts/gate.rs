//! What signing in needs besides the database, and the source of a request.

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::hasher::Hasher;
use crate::{
    config::{Limit, SignIn, payments::PaymentLimits},
    entity::{enums::AttemptKind, ids::SessionId},
    error::Result,
    keys::Keys,
};

/// What signing in needs besides the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Signs and seals tokens, and hashes people.
    pub keys: Keys,
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Lifetimes and limits.
    pub settings: Arc<SignIn>,
    /// Limits on paying.
    pub payments: PaymentLimits,
}

impl Gate {
    /// A gate from the settings and the keys of a database.
    ///
    /// # Errors
    /// [`crate::error::Fault::Setup`] for parameters that Argon2 does not accept.
    pub fn new(settings: &SignIn, payments: PaymentLimits, keys: Keys) -> Result<Self> {
        Ok(Self { keys, hasher: Hasher::new(settings)?, settings: Arc::new(settings.clone()), payments })
    }

    /// The limit on a kind of attempt.
    pub(super) fn limit_of(&self, kind: AttemptKind) -> Limit {
        match kind {
            AttemptKind::Guess => self.settings.guesses_per_account,
            AttemptKind::GuessFrom => self.settings.guesses_per_address,
            AttemptKind::RegisterFrom => self.settings.registrations_per_address,
            AttemptKind::Mail => self.settings.mails_per_account,
            AttemptKind::MailFrom => self.settings.mails_per_address,
            AttemptKind::PaymentMethod => self.payments.methods_per_account,
            AttemptKind::PaymentMethodFrom => self.payments.methods_per_address,
            AttemptKind::PromoCode => self.payments.wrong_promo_codes_per_account,
            AttemptKind::PromoCodeFrom => self.payments.wrong_promo_codes_per_address,
        }
    }

    /// Does `work` and answers no sooner than the floor, so that its duration reveals nothing.
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn no_sooner<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let floor = tokio::time::sleep(Duration::from_millis(self.settings.answer_floor_ms));
        let ((), done) = tokio::join!(floor, work);
        done
    }

    /// Does `work`; when it is refused, answers no sooner than the floor.
    ///
    /// # Errors
    /// What `work` returns.
    pub async fn refuse_no_sooner<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let floor = tokio::time::sleep(Duration::from_millis(self.settings.answer_floor_ms));
        let done = work.await;
        if done.is_err() {
            floor.await;
        }
        done
    }
}

/// The address that a request comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Address {
    /// Unknown, as for a use case that no request asked for.
    #[default]
    Unknown,
    /// An IP address.
    Ip(IpAddr),
    /// The hash of the text that a trusted proxy wrote instead of an address.
    Named(u128),
}

/// The source of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the caller.
    pub address: Address,
    /// The session of its token.
    pub session: Option<SessionId>,
}

impl Origin {
    /// The key by which attempts from there are counted: the address or, for IPv6, the /64 network that one household
    /// or machine has.
    pub fn network(&self) -> String {
        match self.address {
            Address::Unknown => "unknown".into(),
            Address::Named(name) => format!("named {name:032x}"),
            Address::Ip(IpAddr::V4(address)) => address.to_string(),
            Address::Ip(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
                Some(address) => address.to_string(),
                None => {
                    let [a, b, c, d, ..] = address.segments();
                    format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_1_attempts_are_counted_by_what_one_caller_holds() {
        let network =
            |text: &str| Origin { address: Address::Ip(text.parse().unwrap()), session: None }.network();
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        let named = |name| Origin { address: Address::Named(name), session: None }.network();
        assert_ne!(named(1), named(2));
    }
}
