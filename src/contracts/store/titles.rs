//! Titles of direct offers that came to nothing, in what others were notified of (P-6). Those of offers on a job post go
//! with the post.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    contracts::notifications::keys_of,
    db::{Sql, Txn},
    entity::{
        enums::OfferState,
        ids::{AccountId, OfferId},
        offer,
    },
    error::Result,
};

/// Takes them out for the offers that `account` sent.
pub(super) async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    use offer::Column::{ClientId, FreelancerId, Id, JobPostId, State};
    let sent = offer::Entity::find().filter(ClientId.eq(account)).filter(JobPostId.is_null());
    let failed = sent.filter(State.ne(OfferState::Accepted)).select_only().column(Id);
    let offers: Vec<(OfferId, AccountId)> = failed.column(FreelancerId).into_tuple().all(txn).await?;
    for some in offers.chunks(100) {
        let keys = some.iter().flat_map(|(id, _)| keys_of(*id));
        let sql = Sql::new("UPDATE notifications SET subject = '[erased]' WHERE account_id IN (")
            .push(Sql::list(some.iter().map(|(_, freelancer)| *freelancer)))
            .push(") AND key IN (")
            .push(Sql::list(keys));
        txn.run(sql.push(") AND subject IS NOT NULL")).await?;
    }
    Ok(())
}
