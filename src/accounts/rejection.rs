//! Refusals by accounts.

use crate::{
    clock::Instant,
    error::{Code, Rejection},
};

/// There is an account with this e-mail address.
pub fn email_taken() -> Rejection {
    let sentence = "There is an account with this e-mail address; sign in instead.";
    Rejection::new(Code::EmailTaken, sentence).at("email").by("P-1")
}

/// Nobody can register from this country.
pub fn country_not_supported() -> Rejection {
    let sentence = "Registration is not possible from this country.";
    Rejection::new(Code::CountryNotSupported, sentence).at("country").by("P-5")
}

/// There is no such account, or the viewer may not know of it.
pub fn no_such_account(field: &str) -> Rejection {
    Rejection::new(Code::NotFound, "There is no such account.").at(field)
}

/// The account is suspended.
pub fn account_suspended(since: Option<Instant>) -> Rejection {
    let since = since.map_or(String::new(), |at| format!(" since {at}"));
    let sentence = format!("This account is suspended{since}; contact support to have it lifted.");
    Rejection::new(Code::AccountSuspended, sentence).by("P-4")
}

/// The account is not suspended.
pub fn not_suspended() -> Rejection {
    Rejection::new(Code::NotSuspended, "This account is not suspended; there is nothing to lift.").by("P-4")
}

/// The e-mail address must be verified first.
pub fn email_not_verified() -> Rejection {
    let sentence = "Verify your e-mail address first; Connects can be spent after that.";
    Rejection::new(Code::EmailNotVerified, sentence).by("R-1")
}
