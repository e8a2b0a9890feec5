//! Registering a person (P-1, M-2, R-1).

use crate::{
    accounts::{self, rejection, rules},
    audit,
    audit::Record,
    connects::{self, Grant, Ready, grant},
    db::Txn,
    entity::{
        account,
        enums::{AuditAction, DocumentKind, HistoryKind},
        ids::{AccountId, WalletId},
    },
    error::Result,
    input,
    keys::Keys,
    memberships,
    money::Connects,
    policy::SignupWhen,
};

/// The person to register, with their profiles.
#[derive(Clone, Debug)]
pub struct Registration {
    /// E-mail address.
    pub email: String,
    /// Name as shown to others.
    pub name: String,
    /// ISO 3166-1 alpha-2 country.
    pub country: String,
    /// Whether they get a freelancer profile, and so a wallet.
    pub freelancer: bool,
    /// Whether they get a client profile, which may post jobs.
    pub client: bool,
    /// Whether they become an admin.
    pub admin: bool,
    /// Whether the e-mail address counts as verified.
    pub verified: bool,
}

/// What a registration created.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The account.
    pub account: account::Model,
    /// The freelancer's wallet.
    pub wallet: Option<WalletId>,
}

/// Registers a person. A freelancer's first cycle starts today and its Connects are issued at once
/// (M-4), together with the welcome gift, which a person gets once for life.
///
/// # Errors
/// `INVALID_INPUT`, `COUNTRY_NOT_SUPPORTED`, `EMAIL_TAKEN`.
pub async fn register(txn: &Txn, keys: &Keys, who: &Registration) -> Result<Registered> {
    let policy = txn.policy();
    let account = account::Model {
        id: AccountId::new(),
        email: input::email("email", &who.email)?,
        name: input::line("name", &who.name, 1, 100)?,
        country: rules::checked_country(&who.country, &policy.registration.sanctioned_countries)?,
        is_client: who.client,
        is_admin: who.admin,
        email_verified_at: who.verified.then(|| txn.now()),
        created_at: txn.now(),
        session_version: 0,
        active_at: None,
        erased_at: None,
    };
    if !accounts::store::insert_account(txn, &account).await? {
        return Err(rejection::email_taken().into());
    }
    accounts::note_person(txn, keys, &account).await?;
    let wallet = if who.freelancer { Some(open_wallet(txn, keys, &account).await?) } else { None };
    Ok(Registered { account, wallet })
}

/// Registers a person on an operator's behalf, from the command line.
///
/// # Errors
/// As [`register`].
pub async fn register_by_command(txn: &Txn, keys: &Keys, who: &Registration) -> Result<Registered> {
    let registered = register(txn, keys, who).await?;
    let facts = serde_json::json!({ "freelancer": who.freelancer, "client": who.client, "admin": who.admin });
    let done = Record::new(AuditAction::RegisteredByCommand, None).to(registered.account.id);
    audit::record(txn, done.with(facts)).await?;
    Ok(registered)
}

/// Creates the wallet of a new freelancer, with its first cycle and, if it is due, the welcome gift.
pub(super) async fn open_wallet(txn: &Txn, keys: &Keys, account: &account::Model) -> Result<WalletId> {
    let (wallet, ready) = connects::open(txn, account.id).await?;
    let rewards = &txn.policy().rewards;
    let due = rewards.signup_when == SignupWhen::Registration || account.email_verified_at.is_some();
    if due {
        welcome(txn, keys, account, &ready).await?;
    }
    memberships::start(txn, wallet, &ready).await?;
    Ok(wallet)
}

/// The welcome gift, once per person for life.
pub(super) async fn welcome(
    txn: &Txn,
    keys: &Keys,
    account: &account::Model,
    wallet: &Ready<'_>,
) -> Result<()> {
    let person = keys.person_hash(&rules::person_of(&account.email));
    if accounts::store::insert_claim(txn, HistoryKind::Signup, person).await? {
        let gift = Grant {
            kind: HistoryKind::Signup,
            quantity: Connects(txn.policy().rewards.signup),
            effective_at: txn.now(),
            business_key: HistoryKind::Signup.to_string(),
            document: (DocumentKind::Registration, account.id.to_string()),
        };
        grant(txn, &gift, wallet).await?;
    }
    Ok(())
}
