//! What is stored about a person and exported to them (P-6): account, roles, restrictions, sessions.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{account, account_role, restriction, session},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[ACCOUNT, ROLE, RESTRICTION, SESSION];

const ACCOUNT: &Rows<account::Entity> = {
    use account::Column::*;
    &Rows {
        kind: "ACCOUNT",
        columns: &[
            Id,
            Email,
            Name,
            Country,
            IsClient,
            IsAdmin,
            EmailVerifiedAt,
            CreatedAt,
            ActiveAt,
            ErasedAt,
        ],
        of: |whose| account::Entity::find_by_id(whose.account),
    }
};

const ROLE: &Rows<account_role::Entity> = {
    use account_role::Column::*;
    &Rows {
        kind: "ROLE",
        columns: &[AccountId, Role, GrantedAt],
        of: |whose| account_role::Entity::find().filter(AccountId.eq(whose.account)),
    }
};

const RESTRICTION: &Rows<restriction::Entity> = {
    use restriction::Column::*;
    &Rows {
        kind: "RESTRICTION",
        columns: &[AccountId, Kind, FromAt, UntilAt, Reason],
        of: |whose| restriction::Entity::find().filter(AccountId.eq(whose.account)),
    }
};

const SESSION: &Rows<session::Entity> = {
    use session::Column::*;
    &Rows {
        kind: "SESSION",
        columns: &[Id, AccountId, Generation, RotatedAt, CreatedAt, ExpiresAt, EndedAt, EndedBy],
        of: |whose| session::Entity::find().filter(AccountId.eq(whose.account)),
    }
};
