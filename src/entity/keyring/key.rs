//! A key of the database, wrapped under the secret.

use sea_orm::entity::prelude::*;

use crate::entity::{
    enums::{KeyPurpose, KeyState},
    ids::KeyId,
};

/// A key of the database, wrapped under the secret. All instants are wall time, as those of tokens are.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "keys")]
pub struct Model {
    /// Identity; tokens name their key by it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: KeyId,
    /// What it signs or hashes.
    pub purpose: KeyPurpose,
    /// Whether it signs, only checks, or is gone.
    pub state: KeyState,
    /// The key itself, encrypted and authenticated with its id and purpose; absent once it is retired.
    pub wrapped: Option<String>,
    /// The mark of the secret under which it is wrapped.
    pub wrapped_by: String,
    /// When it was made.
    pub made_at: DateTimeUtc,
    /// How many seconds the tokens live at most that any process signs with it, except those minted by command; absent
    /// for keys of hashes.
    pub life_seconds: Option<i64>,
    /// The latest expiry of a token of any length that was signed with it; absent if there is none.
    pub used_until: Option<DateTimeUtc>,
    /// When no token signed with it is valid any more; absent while it is active.
    pub retires_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
