//! The viewer of a request.

pub mod roles;

pub use roles::Permission;

use crate::{
    entity::{account, enums::Role, ids::AccountId},
    error::{Code, Rejection},
};

/// Who asks: a signed-in person, as the database knows them now, with the roles besides that of an admin.
#[derive(Clone, Debug)]
pub struct Viewer(pub account::Model, pub Vec<Role>);

impl Viewer {
    /// The account.
    pub fn id(&self) -> AccountId {
        self.0.id
    }

    /// All roles of the person.
    pub fn roles(&self) -> Vec<Role> {
        let admin = self.0.is_admin.then_some(Role::Admin);
        admin.into_iter().chain(self.1.iter().copied()).collect()
    }

    /// Whether one of the roles grants `permission`.
    pub fn may(&self, permission: Permission) -> bool {
        self.roles().into_iter().any(|role| roles::may(role, permission))
    }

    /// Succeeds if one of the viewer's roles grants `permission`.
    ///
    /// # Errors
    /// `NOT_ALLOWED`.
    pub fn must(&self, permission: Permission) -> Result<(), Rejection> {
        if self.may(permission) {
            return Ok(());
        }
        let sentence = "Your roles do not allow this. Ask an admin.";
        Err(Rejection::new(Code::NotAllowed, sentence).by("P-1"))
    }
}
