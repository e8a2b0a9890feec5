//! The SQL of exports (P-6): what each slice keeps of a person.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, Iterable, PrimaryKeyToColumn, QueryFilter, QueryOrder,
    QuerySelect, Select, sea_query::Expr,
};
use serde::Serialize;
use serde_json::Value;

use super::export::Section;
use crate::{
    audit,
    entity::{
        account, account_role, entry,
        ids::{AccountId, WalletId},
        lot, membership, movement, plan_period, removal, restriction, session, wallet,
    },
    error::{Fault, Result},
    job_posts, mails, outbox, proposals,
};

/// Rows of one statement.
pub(super) const ROWS_AT_ONCE: u64 = 500;

/// Whose data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whose {
    pub account: AccountId,
    /// His wallet, if he has one.
    pub wallet: Option<WalletId>,
}

/// One page of a section, in the order of its keys.
pub(super) async fn list_rows(
    db: &impl ConnectionTrait,
    section: Section,
    Whose { account: id, wallet }: Whose,
    page: u64,
) -> Result<Vec<Value>> {
    match section {
        Section::Account => list(db, account::Entity::find_by_id(id), page).await,
        Section::Role => {
            list_where(db, account_role::Column::AccountId.eq(id), account_role::Entity, page).await
        }
        Section::Restriction => {
            list_where(db, restriction::Column::AccountId.eq(id), restriction::Entity, page).await
        }
        Section::Session => list_where(db, session::Column::AccountId.eq(id), session::Entity, page).await,
        Section::Wallet => list_where(db, wallet::Column::AccountId.eq(id), wallet::Entity, page).await,
        Section::Membership => {
            list_where(db, membership::Column::WalletId.eq(wallet), membership::Entity, page).await
        }
        Section::PlanPeriod => {
            list_where(db, plan_period::Column::WalletId.eq(wallet), plan_period::Entity, page).await
        }
        Section::Lot => list_where(db, lot::Column::WalletId.eq(wallet), lot::Entity, page).await,
        Section::Entry => list_where(db, entry::Column::WalletId.eq(wallet), entry::Entity, page).await,
        Section::Movement => {
            list_where(db, movement::Column::WalletId.eq(wallet), movement::Entity, page).await
        }
        Section::Proposal => list(db, proposals::store::sent_by(id), page).await,
        Section::JobPost => list(db, job_posts::store::of_client(id), page).await,
        Section::Removal => {
            let his = removal::Column::JobPostId.in_subquery(job_posts::store::ids_of_client(id));
            list_where(db, his, removal::Entity, page).await
        }
        Section::Report => list(db, job_posts::store::reports_by(id), page).await,
        Section::Notification => list(db, outbox::store::visible_to(id), page).await,
        Section::Mail => list(db, mails::store::sent_to(id), page).await,
        Section::AuditEntry => list(db, audit::store::about(id), page).await,
    }
}

async fn list_where<E: EntityTrait<Model: Serialize>>(
    db: &impl ConnectionTrait,
    whose: Expr,
    _: E,
    page: u64,
) -> Result<Vec<Value>> {
    list(db, E::find().filter(whose), page).await
}

async fn list<E: EntityTrait<Model: Serialize>>(
    db: &impl ConnectionTrait,
    rows: Select<E>,
    page: u64,
) -> Result<Vec<Value>> {
    let ordered = E::PrimaryKey::iter().fold(rows, |rows, key| rows.order_by_asc(key.into_column()));
    let found = ordered.limit(ROWS_AT_ONCE).offset(page * ROWS_AT_ONCE).all(db).await?;
    let row = |row| serde_json::to_value(row).map_err(|e| Fault::Broken(e.to_string()).into());
    found.into_iter().map(row).collect()
}
