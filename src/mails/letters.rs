//! The texts of mails. None contains anything that a stranger typed, so that anyone who registers another person's
//! address cannot make us send their words to it.

use crate::{
    entity::enums::{MailKind, TokenPurpose},
    error::Result,
    providers::{Providers, mail::Letter},
};

use super::store::Due;

/// The letter of a mail; its token is computed here and stored nowhere.
///
/// # Errors
/// When nothing can be signed.
pub(super) fn letter_of(providers: &Providers, due: &Due) -> Result<Letter> {
    let (subject, sentences, purpose) = words_of(due.mail.kind);
    let text = match due.mail.token_id.zip(purpose) {
        None => format!("Hello,\n\n{sentences}\n"),
        Some((id, purpose)) => {
            let token = providers.keys.mailed_token(id, purpose)?;
            format!("Hello,\n\n{sentences}\n\n{}\n", shown(providers.site.as_deref(), &token, purpose))
        }
    };
    Ok(Letter {
        id: due.mail.id.to_string(),
        address: due.address.clone(),
        subject: subject.to_owned(),
        text,
    })
}

fn shown(site: Option<&str>, token: &str, purpose: TokenPurpose) -> String {
    let page = match purpose {
        TokenPurpose::VerifyEmail => "verify-email",
        TokenPurpose::ResetPassword => "reset-password",
    };
    match site {
        Some(site) => format!("{}/{page}?token={token}\n\nToken: {token}", site.trim_end_matches('/')),
        None => format!("Token: {token}"),
    }
}

fn words_of(kind: MailKind) -> (&'static str, &'static str, Option<TokenPurpose>) {
    match kind {
        MailKind::VerifyEmail => (
            "Verify your e-mail address",
            "Use this token to verify your e-mail address at Connects. If you did not register, ignore \
            this mail.",
            Some(TokenPurpose::VerifyEmail),
        ),
        MailKind::ResetPassword => (
            "Set a new password",
            "Use this token to set a new password at Connects; it works once. If you did not ask for it, \
            ignore this mail: your password has not changed.",
            Some(TokenPurpose::ResetPassword),
        ),
        MailKind::AlreadyRegistered => (
            "You already have an account",
            "Someone tried to register at Connects with this e-mail address, which already has an account. Nothing \
             was changed. If it was you, sign in, or ask for a new password.",
            None,
        ),
        MailKind::AccountClosed => (
            "Your account was closed",
            "Your account at Connects was closed, and other devices were signed out. You can sign in to open it \
             again, to take your data with you, or to have it erased. If it was not you, set a new password and \
             open it again.",
            None,
        ),
        MailKind::PayoutMethodChanged => (
            "Your payout details were changed",
            "The details to which Connects pays you were changed. Nothing is paid there within the next 48 hours. If it \
             was not you, set a new password at once, and then your payout details.",
            None,
        ),
        MailKind::PasswordChanged => (
            "Your password was changed",
            "The password of your account at Connects was changed, and other devices were signed out. If it \
             was not you, ask for a new password at once.",
            None,
        ),
    }
}
