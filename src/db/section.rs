//! What a slice stores about a person, for the export of personal data (P-6): rows, and of them only the columns that
//! the slice names.

use sea_orm::{EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn, QueryOrder, QuerySelect, Select};
use serde::Serialize;
use serde_json::Value;

use super::Reader;
use crate::{
    entity::ids::{AccountId, WalletId},
    error::{Fault, Result},
};

/// The person whose data is exported.
#[derive(Clone, Copy, Debug)]
pub struct Whose {
    /// The person.
    pub account: AccountId,
    /// The person's wallet, if there is one.
    pub wallet: Option<WalletId>,
}

/// A part of the export.
#[async_trait::async_trait]
pub trait Section: Sync {
    /// The kind of its rows.
    fn kind(&self) -> &'static str;

    /// At most `limit` rows after the first `offset`, in the order of their keys.
    ///
    /// # Errors
    /// When the database cannot be reached.
    async fn list(&self, db: &Reader, whose: Whose, (limit, offset): (u64, u64)) -> Result<Vec<Value>>;
}

/// The rows of one table.
pub struct Rows<E: EntityTrait> {
    /// The kind of the rows.
    pub kind: &'static str,
    /// The columns that the person may have.
    pub columns: &'static [E::Column],
    /// The condition for a person's rows.
    pub of: fn(Whose) -> Select<E>,
}

#[async_trait::async_trait]
impl<E: EntityTrait<Model: Serialize>> Section for Rows<E>
where
    E::Column: Sync,
{
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn list(&self, db: &Reader, whose: Whose, (limit, offset): (u64, u64)) -> Result<Vec<Value>> {
        let rows = E::PrimaryKey::iter()
            .fold((self.of)(whose), |rows, key| rows.order_by_asc(key.into_column()))
            .limit(limit)
            .offset(offset);
        rows.all(db).await?.into_iter().map(|row| shown(&row, self.columns)).collect()
    }
}

/// The stored `row` with only `columns`.
fn shown<C: IdenStatic>(row: &impl Serialize, columns: &[C]) -> Result<Value> {
    let mut row = serde_json::to_value(row).map_err(|e| Fault::Broken(e.to_string()))?;
    if let Some(row) = row.as_object_mut() {
        row.retain(|name, _| columns.iter().any(|column| column.as_str() == name));
    }
    Ok(row)
}
