//! All SQL of purchases.

mod checks;
mod reaches;
mod sections;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};

pub use checks::CHECKS;
pub use reaches::REACHES;
pub use sections::SECTIONS;

use super::rules::Place;
use crate::{
    db::{Sql, Txn},
    entity::{
        account, billing_detail,
        enums::PurchaseState,
        ids::{AccountId, PurchaseId},
        purchase,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Purchases that `viewer` may see: their own, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<purchase::Entity> {
    if viewer.may(Permission::ReadPeople) {
        return purchase::Entity::find();
    }
    purchases_of(viewer.id())
}

/// The purchases of `account`.
pub fn purchases_of(account: AccountId) -> Select<purchase::Entity> {
    purchase::Entity::find().filter(purchase::Column::AccountId.eq(account))
}

/// All purchases, in `state` if it is given, for staff who may see people; nothing for others.
pub fn seen_by_staff(viewer: &Viewer, state: Option<PurchaseState>) -> Select<purchase::Entity> {
    let of = Condition::all().add_option(state.map(|state| purchase::Column::State.eq(state)));
    let is_staff = viewer.may(Permission::ReadPeople);
    purchase::Entity::find().filter(of).filter(Expr::value(is_staff))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[PurchaseId],
) -> Result<Vec<purchase::Model>> {
    Ok(visible_to(viewer).filter(purchase::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// What `account` has said of where they are taxed.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_details(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<billing_detail::Model>> {
    Ok(billing_detail::Entity::find_by_id(account).one(db).await?)
}

/// Where `buyer` is taxed (B-2).
pub(super) async fn find_place(db: &impl ConnectionTrait, buyer: &account::Model) -> Result<Place> {
    let details = find_details(db, buyer.id).await?;
    let (region, tax_id) = details.map(|details| (details.region, details.tax_id)).unzip();
    Ok(Place { country: buyer.country.clone(), region: region.flatten(), tax_id: tax_id.flatten() })
}

/// Whether a bank has taken back what `account` paid, and no admin has let them buy again (B-4).
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_frozen(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    Ok(frozen_of(account).limit(1).one(db).await?.is_some())
}

fn frozen_of(account: AccountId) -> Select<purchase::Entity> {
    use purchase::Column::{ExcusedAt, State};
    let frozen = State.eq(PurchaseState::ChargedBack).and(ExcusedAt.is_null());
    purchases_of(account).filter(frozen)
}

pub(super) async fn lock_purchase(txn: &Txn, id: PurchaseId) -> Result<Option<purchase::Model>> {
    let sql = Sql::new("SELECT * FROM purchases WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(purchase::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

pub(super) async fn insert_purchase(txn: &Txn, row: purchase::Model) -> Result<()> {
    purchase::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes what may change of a purchase.
pub(super) async fn update_purchase(txn: &Txn, row: purchase::Model) -> Result<()> {
    use sea_orm::ActiveValue::{Set, Unchanged};
    let changed = purchase::ActiveModel {
        id: Unchanged(row.id),
        state: Set(row.state),
        entry_seq: Set(row.entry_seq),
        cycle_starts_at: Set(row.cycle_starts_at),
        ended_at: Set(row.ended_at),
        charged_back_at: Set(row.charged_back_at),
        excused_at: Set(row.excused_at),
        ..Default::default()
    };
    changed.update(txn).await?;
    Ok(())
}

/// Lets `account` buy again; returns how many purchases kept them from it.
pub(super) async fn excuse_all(txn: &Txn, account: AccountId) -> Result<u64> {
    let sql = Sql::new(
        "UPDATE purchases SET excused_at = :now WHERE account_id = :account AND state = 'CHARGED_BACK' \
         AND excused_at IS NULL",
    );
    txn.run(sql.bind("now", txn.now()).bind("account", account)).await
}

/// Stores where a person is taxed, in the place of what they said before.
pub(super) async fn set_details(txn: &Txn, row: billing_detail::Model) -> Result<()> {
    use billing_detail::Column::{AccountId, Region, SetAt, TaxId};
    let replace = OnConflict::column(AccountId).update_columns([Region, TaxId, SetAt]).to_owned();
    let row = row.into_active_model();
    billing_detail::Entity::insert(row).on_conflict(replace).exec_without_returning(txn).await?;
    Ok(())
}

/// Forgets where `account` is taxed and its tax id (P-6). What was bought, and how it was taxed, stays.
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    billing_detail::Entity::delete_by_id(account).exec(txn).await?;
    let sql =
        Sql::new("UPDATE purchases SET tax_id = NULL WHERE account_id = :account AND tax_id IS NOT NULL");
    txn.run(sql.bind("account", account)).await?;
    Ok(())
}
