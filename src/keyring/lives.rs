//! How long tokens live, by the settings of all processes that sign them. A command that rotates a key may have other
//! settings than the servers, so each process notes its own with the key.

use chrono::TimeDelta;

use super::store;
use crate::{
    config::SignIn,
    db::{Database, Txn},
    entity::{
        enums::{KeyPurpose, KeyState},
        key,
    },
    error::Result,
    keys,
};

/// How long after a rotation the details of payout methods may be encrypted with the previous key: a task encrypts them
/// with the new one.
const ENCRYPTED_AGAIN_WITHIN: TimeDelta = TimeDelta::days(30);

/// The longest life of a token for `purpose`, except of those minted by command; nothing for keys of hashes.
pub(super) fn longest_life(settings: &SignIn, purpose: KeyPurpose) -> Option<TimeDelta> {
    match purpose {
        KeyPurpose::BearerTokens => Some(TimeDelta::minutes(settings.access_minutes.into())),
        KeyPurpose::RefreshTokens => Some(TimeDelta::days(settings.session_days.into())),
        KeyPurpose::MailedTokens => {
            let (verify, reset) = (settings.verify_hours.into(), settings.reset_minutes.into());
            Some(TimeDelta::hours(verify).max(TimeDelta::minutes(reset)))
        }
        KeyPurpose::ClickCookies => Some(keys::CLICK_COOKIE_LIFE),
        KeyPurpose::PayoutDetails => Some(ENCRYPTED_AGAIN_WITHIN),
        KeyPurpose::AttemptHashes | KeyPurpose::PeopleHashes => None,
    }
}

/// Notes the lives of the tokens that this process will sign, where they are longer than any before.
pub(super) async fn note(db: &Database, settings: &SignIn) -> Result<()> {
    let rows = store::list_usable(db.read()).await?;
    if rows.iter().any(|row| longer_than_noted(settings, row).is_some()) {
        db.write(async |txn| note_in(txn, settings).await).await?;
    }
    Ok(())
}

async fn note_in(txn: &Txn, settings: &SignIn) -> Result<()> {
    for row in store::lock_usable(txn).await? {
        if let Some(longer) = longer_than_noted(settings, &row) {
            store::update_key(txn, key::Model { life_seconds: Some(longer), ..row }).await?;
        }
    }
    Ok(())
}

fn longer_than_noted(settings: &SignIn, row: &key::Model) -> Option<i64> {
    let life = longest_life(settings, row.purpose)?.num_seconds();
    (row.state == KeyState::Active && row.life_seconds.is_some_and(|noted| noted < life)).then_some(life)
}
