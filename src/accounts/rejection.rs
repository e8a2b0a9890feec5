//! Refusals by accounts.

use crate::{
    clock::Instant,
    entity::enums::{Currency, RestrictionKind},
    error::{Code, Facts, Rejection},
    money::Money,
};

/// There is an account with this e-mail address.
pub fn email_taken() -> Rejection {
    let sentence = "There is an account with this e-mail address. Sign in instead.";
    Rejection::new(Code::EmailTaken, sentence).at("email").by("P-1")
}

/// Nobody can register from this country.
pub fn country_not_supported() -> Rejection {
    let sentence = "Registration is not possible from this country. Contact support if you live elsewhere.";
    Rejection::new(Code::CountryNotSupported, sentence).at("country").by("P-5")
}

/// There is no such account, or the viewer may not know of it.
pub fn no_such_account(field: &str) -> Rejection {
    Rejection::new(Code::NotFound, "There is no such account. Take its id from a query.").at(field)
}

/// The account is suspended or closed.
pub fn restricted(kind: RestrictionKind, since: Instant) -> Rejection {
    match kind {
        RestrictionKind::Suspended | RestrictionKind::Fraud => {
            let sentence =
                format!("This account has been suspended since {since}. Contact support to appeal.");
            Rejection::new(Code::AccountSuspended, sentence).by("P-4")
        }
        RestrictionKind::Closed => {
            let sentence = format!("This account has been closed since {since}. Reopen it first.");
            Rejection::new(Code::AccountClosed, sentence).by("P-6")
        }
    }
}

/// The account of another person, to whom a member of staff wants to give something, is suspended or closed.
pub fn holder_restricted(kind: RestrictionKind, since: Instant) -> Rejection {
    let (what, advice) = match kind {
        RestrictionKind::Suspended | RestrictionKind::Fraud => ("suspended", "Reinstate it first."),
        RestrictionKind::Closed => ("closed", "Its owner has to reopen it first."),
    };
    let sentence = format!("That account has been {what} since {since}. {advice}");
    let own = restricted(kind, since);
    Rejection { message: sentence, ..own }.at("accountId")
}

/// The account is not closed.
pub fn not_closed() -> Rejection {
    Rejection::new(Code::AccountNotClosed, "This account is not closed. Close it first.").by("P-6")
}

/// Nobody can suspend or reinstate their own account.
pub fn own_suspension() -> Rejection {
    let sentence = "You cannot suspend your own account or lift its suspension. Ask a colleague to do it.";
    Rejection::new(Code::NotAllowed, sentence).at("accountId").by("P-4")
}

/// The account was erased.
pub fn erased() -> Rejection {
    Rejection::new(Code::AccountClosed, "This account was erased. Register again.").by("P-6")
}

/// The account has not been closed for long enough to be erased.
pub fn too_early(from: Instant) -> Rejection {
    let sentence =
        format!("Personal data cannot be erased before {from}. Until then, the account can be reopened.");
    Rejection::new(Code::TooEarly, sentence).by("P-6")
}

/// The account still has cash, owes something, or waits for payments, refunds, payouts, commissions or rewards; amounts in
/// minor units.
pub fn money_left(cash: i64, owed: i64) -> Rejection {
    let text = |cents| Money::new(cents, Currency::Usd);
    let sentence = format!(
        "The account has {} in cash, owes {}, or waits for payments, refunds, payouts, commissions or rewards. Reopen it and \
         settle them, give commissions and rewards up by giveUpCommissions, or ask support; then it can be erased.",
        text(cash),
        text(owed)
    );
    Rejection::new(Code::MoneyLeft, sentence).by("P-6")
}

/// A person who has a role cannot close their account.
pub fn has_a_role() -> Rejection {
    let sentence =
        "You cannot close your account while you hold a staff role. Ask an admin to revoke it first.";
    Rejection::new(Code::NotAllowed, sentence).by("P-6")
}

/// The account is not suspended.
pub fn not_suspended() -> Rejection {
    Rejection::new(Code::NotSuspended, "This account is not suspended. There is nothing to lift.").by("P-4")
}

/// The e-mail address must be verified first.
pub fn email_not_verified() -> Rejection {
    let sentence = "Your e-mail address is not verified yet. Verify it to spend Connects.";
    Rejection::new(Code::EmailNotVerified, sentence).by("R-1")
}

/// The e-mail address or the password is wrong; which of them is not revealed.
pub fn invalid_credentials(field: &str) -> Rejection {
    let sentence = "The e-mail address or the password is wrong. Try again, or ask for a new password.";
    Rejection::new(Code::InvalidCredentials, sentence).at(field).by("P-1")
}

/// The session has ended, or there never was one.
pub fn session_ended() -> Rejection {
    Rejection::new(Code::SessionEnded, "This session has ended. Sign in again.").at("refreshToken").by("P-1")
}

/// The mailed token is forged, used or too old; which of them is not revealed.
pub fn invalid_token() -> Rejection {
    let sentence = "This token is unknown, used or too old. Ask for another mail.";
    Rejection::new(Code::InvalidToken, sentence).at("token").by("P-1")
}

/// The password is easily guessed.
pub fn weak_password(field: &str, sentence: impl Into<String>) -> Rejection {
    Rejection::new(Code::WeakPassword, sentence).at(field).by("P-1")
}

/// Tried too often.
pub fn throttled(retry_after_seconds: i64) -> Rejection {
    let sentence = format!("There were too many attempts. Try again in {retry_after_seconds} seconds.");
    Rejection::new(Code::Throttled, sentence).by("P-1").with(Facts::Throttled { retry_after_seconds })
}

/// Too many passwords wait to be hashed.
pub fn too_many_hashes() -> Rejection {
    Rejection::new(Code::Busy, "Too many people are signing in at the moment. Try again in a few seconds.")
        .by("P-1")
}

/// An admin cannot revoke their own admin role.
pub fn own_admin_role() -> Rejection {
    let sentence = "You cannot revoke your own admin role. Ask another admin to do it.";
    Rejection::new(Code::NotAllowed, sentence).at("role").by("P-1")
}

/// Another admin revoked the role meanwhile.
pub fn no_admin_any_more() -> Rejection {
    Rejection::new(Code::NotAllowed, "You are no longer an admin. Ask an admin to do this.").by("P-1")
}
