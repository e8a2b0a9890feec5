//! Who asks.

use crate::{
    entity::{account, ids::AccountId},
    error::{Code, Rejection},
};

/// Who asks: a signed-in person, as the database knows him now.
#[derive(Clone, Debug)]
pub struct Viewer(pub account::Model);

impl Viewer {
    /// His id.
    pub fn id(&self) -> AccountId {
        self.0.id
    }

    /// Nothing, if he is an admin.
    ///
    /// # Errors
    /// `NOT_ALLOWED` for everyone else.
    pub fn must_be_admin(&self) -> Result<(), Rejection> {
        if self.0.is_admin {
            return Ok(());
        }
        let sentence = "Only an admin may do this; ask one, or sign in as one.";
        Err(Rejection::new(Code::NotAllowed, sentence).by("P-1"))
    }
}
