//! Verifying an e-mail address, and the welcome gift that may wait for it (P-1, R-1).

use super::register::welcome;
use crate::{
    accounts::{self, Gate, Origin, mail_token, try_one_more, use_token},
    audit,
    audit::Record,
    connects::{self, WalletSet},
    db::{Database, Txn},
    entity::{
        account,
        enums::{AttemptKind, AuditAction, TokenPurpose},
    },
    error::Result,
    input, keyring, referrals,
};

/// Verifies an address with a mailed token. A freelancer who has not had the welcome gift gets it now.
///
/// # Errors
/// `INVALID_TOKEN`.
pub async fn verify_email(db: &Database, gate: &Gate, token: &str) -> Result<()> {
    keyring::catch_up(db.read(), &gate.keys, token).await?;
    db.write(async |txn| verify(txn, gate, token).await).await
}

async fn verify(txn: &Txn, gate: &Gate, token: &str) -> Result<()> {
    let id = use_token(txn, gate, token, TokenPurpose::VerifyEmail).await?;
    if !accounts::store::update_verified(txn, id).await? {
        return Ok(());
    }
    audit::record(txn, Record::new(AuditAction::EmailVerified, Some(id)).to(id)).await?;
    referrals::announce(txn, id).await?;
    match accounts::store::find_account(txn, id).await? {
        Some(account) => late_welcome(txn, gate, &account).await,
        None => Ok(()),
    }
}

/// Issues the welcome gift, unless the person had it at registration or earlier, is suspended (P-4), or has
/// closed their account.
async fn late_welcome(txn: &Txn, gate: &Gate, account: &account::Model) -> Result<()> {
    if accounts::store::find_restriction(txn, account.id, txn.now()).await?.is_some() {
        return Ok(());
    }
    let Some(wallet) = connects::store::find_wallet_of(txn, account.id).await? else { return Ok(()) };
    let ready = connects::ready(txn, WalletSet::of([wallet.id])).await?;
    welcome(txn, &gate.keys, account, &ready).await
}

/// Mails another token if an account with this address is not verified. The answer is the same when there is
/// none.
///
/// # Errors
/// `INVALID_INPUT`, `THROTTLED`.
pub async fn request_verification(db: &Database, gate: &Gate, origin: Origin, email: &str) -> Result<()> {
    let (email, network) = (input::email("email", email)?, origin.network());
    gate.no_sooner(async {
        let tries = [(AttemptKind::Mail, email.as_str()), (AttemptKind::MailFrom, network.as_str())];
        try_one_more(db, gate, &tries).await?;
        let write = async |txn: &Txn| match accounts::store::find_by_email(txn, &email).await? {
            Some(account) if account.email_verified_at.is_none() => {
                mail_token(txn, gate, account.id, TokenPurpose::VerifyEmail).await
            }
            _ => Ok(()),
        };
        db.write(write).await
    })
    .await
}
