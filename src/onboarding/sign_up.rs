//! Registration with a password (P-1). If the address already has an account, only its owner learns so, by mail;
//! the caller does not.

use super::{Registration, register};
use crate::{
    accounts::{self, Gate, Origin, mail_token, rules, try_one_more},
    db::{Database, Txn},
    entity::enums::{AttemptKind, MailKind, TokenPurpose},
    error::{Code, Error, Result},
    input, mails,
};

/// A registration with a password.
pub struct SignUp {
    /// The person, with their profiles.
    pub who: Registration,
    /// The password.
    pub password: String,
}

/// Registers a person whose address is not verified yet, and mails a token that verifies it; or mails the owner
/// of the address that it already has an account. Both answer alike, do the same work and take the same time.
///
/// # Errors
/// `INVALID_INPUT`, `COUNTRY_NOT_SUPPORTED`, `WEAK_PASSWORD`, `THROTTLED`, `BUSY`.
pub async fn sign_up(db: &Database, gate: &Gate, origin: Origin, sign_up: &SignUp) -> Result<()> {
    let email = checked(db, sign_up).await?;
    gate.no_sooner(async {
        let network = origin.network();
        let tries = [
            (AttemptKind::RegisterFrom, network.as_str()),
            (AttemptKind::MailFrom, network.as_str()),
            (AttemptKind::Mail, email.as_str()),
        ];
        try_one_more(db, gate, &tries).await?;
        let phc = gate.hasher.hash(&sign_up.password).await?;
        db.write(async |txn| register_or_notify(txn, gate, &sign_up.who, &phc).await).await
    })
    .await
}

/// Runs the checks that need no account; returns the address as it is stored.
async fn checked(db: &Database, SignUp { who, password }: &SignUp) -> Result<String> {
    let policy = &db.policy_at(db.now().await?).policy;
    let email = input::email("email", &who.email)?;
    let name = input::line("name", &who.name, 1, 100)?;
    rules::checked_country(&who.country, &policy.registration.sanctioned_countries)
        .map_err(|no| no.at("country"))?;
    if !who.freelancer && !who.client {
        return Err(input::invalid(
            "freelancer",
            "A registration needs a profile. Register as a freelancer, a client or both.",
        )
        .into());
    }
    rules::may_be_password("password", password, &policy.passwords, (&email, &name))?;
    Ok(email)
}

async fn register_or_notify(txn: &Txn, gate: &Gate, who: &Registration, phc: &str) -> Result<()> {
    match register(txn, &gate.keys, who).await {
        Ok(registered) => {
            accounts::store::set_password(txn, registered.account.id, phc).await?;
            mail_token(txn, gate, registered.account.id, TokenPurpose::VerifyEmail).await
        }
        // Nothing was written before the address was found to be taken.
        Err(Error::Rejected(no)) if no.code == Code::EmailTaken => {
            let email = input::email("email", &who.email)?;
            match accounts::store::find_by_email(txn, &email).await? {
                Some(owner) => mails::write(txn, MailKind::AlreadyRegistered, owner.id, None).await,
                None => Ok(()),
            }
        }
        Err(error) => Err(error),
    }
}
