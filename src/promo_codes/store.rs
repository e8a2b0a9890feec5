//! All SQL of promo codes.

mod checks;
mod sections;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};

pub use checks::CHECKS;
pub use sections::SECTIONS;

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        enums::{PromoRedemptionState, PromoRedemptionState::Released},
        ids::{AccountId, PromoCodeId, PromoRedemptionId},
        promo_code, promo_redemption,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Codes that `viewer` may see: all with the permission to see people; with `code`, only that one.
pub fn codes_seen_by(viewer: &Viewer, code: Option<String>) -> Select<promo_code::Entity> {
    let of = Condition::all().add_option(code.map(|code| promo_code::Column::Code.eq(code)));
    promo_code::Entity::find().filter(of).filter(Expr::value(viewer.may(Permission::ReadPeople)))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_codes_seen_by(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[PromoCodeId],
) -> Result<Vec<promo_code::Model>> {
    let these = promo_code::Column::Id.is_in(ids.iter().copied());
    Ok(codes_seen_by(viewer, None).filter(these).all(db).await?)
}

/// Uses that `viewer` may see: their own, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<promo_redemption::Entity> {
    if viewer.may(Permission::ReadPeople) {
        return promo_redemption::Entity::find();
    }
    redemptions_of(viewer.id())
}

/// The uses by `account`.
pub fn redemptions_of(account: AccountId) -> Select<promo_redemption::Entity> {
    promo_redemption::Entity::find().filter(promo_redemption::Column::AccountId.eq(account))
}

/// The uses of a code that `viewer` may see.
pub fn redemptions_by_code(viewer: &Viewer, code: PromoCodeId) -> Select<promo_redemption::Entity> {
    visible_to(viewer).filter(promo_redemption::Column::PromoCodeId.eq(code))
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[PromoRedemptionId],
) -> Result<Vec<promo_redemption::Model>> {
    let these = promo_redemption::Column::Id.is_in(ids.iter().copied());
    Ok(visible_to(viewer).filter(these).all(db).await?)
}

/// The codes with these ids, for those who may see a use of them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_codes(db: &impl ConnectionTrait, ids: &[PromoCodeId]) -> Result<Vec<promo_code::Model>> {
    let these = promo_code::Column::Id.is_in(ids.iter().copied());
    Ok(promo_code::Entity::find().filter(these).all(db).await?)
}

/// The code of this name that has started by `now`.
pub(super) async fn find_id(
    db: &impl ConnectionTrait,
    code: &str,
    now: Instant,
) -> Result<Option<PromoCodeId>> {
    use promo_code::Column::{Code, Id, StartsAt};
    let this = promo_code::Entity::find().select_only().column(Id);
    Ok(this.filter(Code.eq(code)).filter(StartsAt.lte(now)).into_tuple().one(db).await?)
}

/// Those of `names` that are taken.
pub(super) async fn list_taken(txn: &Txn, names: &[String]) -> Result<Vec<String>> {
    use promo_code::Column::Code;
    let these = promo_code::Entity::find().select_only().column(Code).filter(Code.is_in(names));
    Ok(these.into_tuple().all(txn).await?)
}

pub(super) async fn find_code(
    db: &impl ConnectionTrait,
    id: PromoCodeId,
) -> Result<Option<promo_code::Model>> {
    Ok(promo_code::Entity::find_by_id(id).one(db).await?)
}

pub(super) async fn lock_code(txn: &Txn, id: PromoCodeId) -> Result<Option<promo_code::Model>> {
    let sql = Sql::new("SELECT * FROM promo_codes WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(promo_code::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// Writes codes; returns how many: fewer if somebody else has just taken a name.
pub(super) async fn insert_codes(txn: &Txn, rows: Vec<promo_code::Model>) -> Result<u64> {
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    let once = OnConflict::column(promo_code::Column::Code).do_nothing().to_owned();
    let insert = promo_code::Entity::insert_many::<promo_code::ActiveModel, _>(rows).on_conflict(once);
    Ok(insert.exec_without_returning(txn).await?)
}

pub(super) async fn end_code(txn: &Txn, id: PromoCodeId, at: Instant) -> Result<()> {
    use promo_code::Column::{EndsAt, Id};
    let update = promo_code::Entity::update_many().col_expr(EndsAt, Expr::value(at));
    update.filter(Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// Counts a use of a code, which is locked, or takes one back.
pub(super) async fn count(txn: &Txn, id: PromoCodeId, change: i64) -> Result<()> {
    let sql = Sql::new("UPDATE promo_codes SET uses = uses + :change WHERE id = :id");
    txn.run(sql.bind("change", change).bind("id", id)).await?;
    Ok(())
}

/// The numbers of the uses by `account` of a code that were not released, in order.
pub(super) async fn list_slots(
    db: &impl ConnectionTrait,
    code: PromoCodeId,
    account: AccountId,
) -> Result<Vec<i64>> {
    use promo_redemption::Column::{PromoCodeId as Code, Slot, State};
    let live = redemptions_of(account).select_only().column(Slot).filter(Code.eq(code));
    let mut slots: Vec<i64> = live.filter(State.ne(Released)).into_tuple().all(db).await?;
    slots.sort_unstable();
    Ok(slots)
}

/// A use by its id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_redemption(
    db: &impl ConnectionTrait,
    id: PromoRedemptionId,
) -> Result<Option<promo_redemption::Model>> {
    Ok(promo_redemption::Entity::find_by_id(id).one(db).await?)
}

pub(super) async fn insert_redemption(txn: &Txn, row: promo_redemption::Model) -> Result<()> {
    let row = row.into_active_model();
    promo_redemption::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// Writes how a use stands now.
pub(super) async fn update_redemption(
    txn: &Txn,
    id: PromoRedemptionId,
    state: PromoRedemptionState,
    entry_seq: Option<i64>,
) -> Result<()> {
    use promo_redemption::Column::{EndedAt, EntrySeq, Id, State};
    promo_redemption::Entity::update_many()
        .col_expr(State, Expr::value(state))
        .col_expr(EntrySeq, Expr::value(entry_seq))
        .col_expr(EndedAt, Expr::value(txn.now()))
        .filter(Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}
