//! Registration with a password (P-1). If the address already has an account, only its owner learns so, by mail;
//! the caller does not.

use super::{Registration, register};
use crate::{
    accounts::{self, Gate, Origin, mail_token, rules, try_one_more},
    affiliates::{self, Came, Visit},
    db::{Database, Txn},
    entity::{
        account,
        enums::{AttemptKind, MailKind, TokenPurpose, TraceKind},
        referral_link,
    },
    error::{Code, Error, Result},
    input, mails, referrals,
};

/// A registration with a password, and how the person came.
pub struct SignUp {
    /// The person, with their profiles.
    pub who: Registration,
    /// The password.
    pub password: String,
    /// Whether the person registers for the affiliate programme, for which they need no profile (F-1).
    pub affiliate: bool,
    /// What the cookie of their browser says of the click that brought them (F-4).
    pub visit: Option<Visit>,
    /// The referral code that they typed (C-2).
    pub referral_code: Option<String>,
    /// The referral code of the link by which their browser came.
    pub referral_visit: Option<String>,
    /// What identifies their device, if the client says so (F-8).
    pub device: Option<String>,
}

/// Registers a person whose address is not verified yet, and mails a token that verifies it; or mails the owner
/// of the address that it already has an account. Both answer alike, do the same work and take the same time.
///
/// # Errors
/// `INVALID_INPUT`, `COUNTRY_NOT_SUPPORTED`, `WEAK_PASSWORD`, `REFERRAL_CODE_UNKNOWN`, `THROTTLED`, `BUSY`.
pub async fn sign_up(db: &Database, gate: &Gate, origin: Origin, sign_up: &SignUp) -> Result<()> {
    let email = checked(db, sign_up).await?;
    let link = link_of(db, sign_up).await?;
    gate.no_sooner(async {
        let network = origin.network();
        let tries = [
            (AttemptKind::RegisterFrom, network.as_str()),
            (AttemptKind::MailFrom, network.as_str()),
            (AttemptKind::Mail, email.as_str()),
        ];
        try_one_more(db, gate, &tries).await?;
        let phc = gate.hasher.hash(&sign_up.password).await?;
        db.write(async |txn| register_or_notify(txn, gate, (sign_up, link.as_ref()), &phc).await).await
    })
    .await
}

/// Runs the checks that need no account; returns the address as it is stored.
async fn checked(db: &Database, sign_up: &SignUp) -> Result<String> {
    let SignUp { who, password, affiliate, .. } = sign_up;
    let policy = &db.policy_at(db.now().await?).policy;
    let email = input::email("email", &who.email)?;
    let name = input::line("name", &who.name, 1, 100)?;
    rules::checked_country(&who.country, &policy.registration.sanctioned_countries)
        .map_err(|no| no.at("country"))?;
    if !who.freelancer && !who.client && !affiliate {
        return Err(input::invalid(
            "freelancer",
            "A registration needs a purpose. Register as a freelancer, as a client, or for the affiliate programme.",
        )
        .into());
    }
    rules::may_be_password("password", password, &policy.passwords, (&email, &name))?;
    Ok(email)
}

/// The link of the freelancer who referred the person: what they typed comes before the link by which their browser came.
///
/// # Errors
/// `REFERRAL_CODE_UNKNOWN`, if they typed it.
async fn link_of(db: &Database, sign_up: &SignUp) -> Result<Option<referral_link::Model>> {
    if let Some(typed) = sign_up.referral_code.as_deref().filter(|typed| !typed.trim().is_empty()) {
        return referrals::find_link(db.read(), typed).await.map(Some);
    }
    match &sign_up.referral_visit {
        Some(code) => match referrals::find_link(db.read(), code).await {
            Ok(link) => Ok(Some(link)),
            Err(Error::Rejected(_)) => Ok(None),
            Err(error) => Err(error),
        },
        None => Ok(None),
    }
}

async fn register_or_notify(
    txn: &Txn,
    gate: &Gate,
    (sign_up, link): (&SignUp, Option<&referral_link::Model>),
    phc: &str,
) -> Result<()> {
    match register(txn, &gate.keys, &sign_up.who).await {
        Ok(registered) => {
            note_coming(txn, gate, sign_up, &registered.account).await?;
            if let Some(link) = link {
                referrals::refer(txn, &registered.account, registered.wallet, link).await?;
            }
            accounts::store::set_password(txn, registered.account.id, phc).await?;
            mail_token(txn, gate, registered.account.id, TokenPurpose::VerifyEmail).await
        }
        // Nothing was written before the address was found to be taken.
        Err(Error::Rejected(no)) if no.code == Code::EmailTaken => {
            let email = input::email("email", &sign_up.who.email)?;
            match accounts::store::find_by_email(txn, &email).await? {
                Some(owner) => mails::write(txn, MailKind::AlreadyRegistered, owner.id, None).await,
                None => Ok(()),
            }
        }
        Err(error) => Err(error),
    }
}

/// Notes how the person came: on which device, and by whose link.
async fn note_coming(txn: &Txn, gate: &Gate, sign_up: &SignUp, account: &account::Model) -> Result<()> {
    if let Some(device) = &sign_up.device {
        accounts::note_trace(txn, &gate.keys, account.id, (TraceKind::Device, device)).await?;
    }
    match sign_up.visit {
        Some(visit) => {
            let came = Came { freelancer: sign_up.who.freelancer, visit };
            affiliates::attribute(txn, account, came).await
        }
        None => Ok(()),
    }
}
