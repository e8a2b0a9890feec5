//! Which mails people want.

use super::store;
use crate::{
    db::Txn,
    entity::{enums::MailTopic, ids::AccountId, mail_opt_out},
    error::Result,
};

/// Says whether `account` wants mails on `topic`. Saying the same twice changes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn set_wanted(txn: &Txn, account_id: AccountId, topic: MailTopic, wanted: bool) -> Result<()> {
    if wanted {
        return store::delete_opt_out(txn, account_id, topic).await;
    }
    let row = mail_opt_out::Model { account_id, topic, opted_out_at: txn.now() };
    store::insert_opt_out(txn, row).await
}
