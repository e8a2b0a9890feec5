//! The texts of mails. None contains anything that a stranger typed, so that anyone who registers another person's
//! address cannot make us send their words to it.

use std::borrow::Cow;

use super::store::Due;
use crate::{
    entity::{
        enums::{MailKind, TokenPurpose},
        mail,
    },
    error::Result,
    providers::{Providers, mail::Letter},
};

/// The fact that is the path on this server to which a mail leads.
pub const PATH: &str = "path";

/// The letter of a mail; its token is computed here and stored nowhere.
///
/// # Errors
/// When nothing can be signed.
pub(super) fn letter_of(providers: &Providers, due: &Due) -> Result<Letter> {
    let Words { subject, sentences, purpose } = words_of(&due.mail);
    let site = providers.site.as_deref().map(|site| site.trim_end_matches('/'));
    let last = match (due.mail.token_id.zip(purpose), fact(&due.mail, PATH)) {
        (Some((id, purpose)), _) => {
            let token = providers.keys.mailed_token(id, purpose)?;
            format!("\n{}\n", shown(site, &token, purpose))
        }
        (None, "") => String::new(),
        // It is a page of this server, which leads on to the site.
        (None, path) => format!("\n{}{path}\n", providers.address.trim_end_matches('/')),
    };
    Ok(Letter {
        id: due.mail.id.to_string(),
        address: due.address.clone(),
        subject: subject.to_owned(),
        text: format!("Hello,\n\n{sentences}\n{last}"),
    })
}

fn shown(site: Option<&str>, token: &str, purpose: TokenPurpose) -> String {
    let page = match purpose {
        TokenPurpose::VerifyEmail => "verify-email",
        TokenPurpose::ResetPassword => "reset-password",
    };
    match site {
        Some(site) => format!("{site}/{page}?token={token}\n\nToken: {token}"),
        None => format!("Token: {token}"),
    }
}

/// What a mail says.
struct Words {
    subject: &'static str,
    sentences: Cow<'static, str>,
    /// The purpose of the token that it carries.
    purpose: Option<TokenPurpose>,
}

impl Words {
    fn new(subject: &'static str, sentences: impl Into<Cow<'static, str>>) -> Self {
        Self { subject, sentences: sentences.into(), purpose: None }
    }

    fn with_token(self, purpose: TokenPurpose) -> Self {
        Self { purpose: Some(purpose), ..self }
    }
}

/// A fact of a mail; nothing if it has none of that name.
fn fact<'a>(mail: &'a mail::Model, name: &str) -> &'a str {
    mail.facts.as_ref().and_then(|facts| facts.0.get(name)).map_or("", String::as_str)
}

fn words_of(mail: &mail::Model) -> Words {
    match mail.kind {
        MailKind::VerifyEmail => Words::new(
            "Verify your e-mail address",
            "Use this token to verify your e-mail address at Connects. If you did not register, ignore \
            this mail.",
        )
        .with_token(TokenPurpose::VerifyEmail),
        MailKind::ResetPassword => Words::new(
            "Set a new password",
            "Use this token to set a new password at Connects; it works once. If you did not ask for it, \
            ignore this mail: your password has not changed.",
        )
        .with_token(TokenPurpose::ResetPassword),
        MailKind::AlreadyRegistered => Words::new(
            "You already have an account",
            "Someone tried to register at Connects with this e-mail address, which already has an account. Nothing \
             was changed. If it was you, sign in, or ask for a new password.",
        ),
        MailKind::AccountClosed => Words::new(
            "Your account was closed",
            "Your account at Connects was closed, and other devices were signed out. You can sign in to open it \
             again, to take your data with you, or to have it erased. If it was not you, set a new password and \
             open it again.",
        ),
        MailKind::PayoutMethodChanged => Words::new(
            "Your payout details were changed",
            "The details to which Connects pays you were changed. Nothing is paid there within the next 48 hours. If it \
             was not you, set a new password at once, and then your payout details.",
        ),
        MailKind::PasswordChanged => Words::new(
            "Your password was changed",
            "The password of your account at Connects was changed, and other devices were signed out. If it \
             was not you, ask for a new password at once.",
        ),
        MailKind::ReferralInvitation => {
            Words::new("Refer a friend to Connects", referral_terms(mail, "You can"))
        }
        MailKind::ReferralReminder => {
            Words::new("You can still refer a friend to Connects", referral_terms(mail, "You can still"))
        }
    }
}

/// The terms of a campaign in which the person may refer friends (C-2).
fn referral_terms(mail: &mail::Model, can: &str) -> String {
    let [campaign, deadline, reward, threshold] =
        ["campaign", "deadline", "reward", "threshold"].map(|name| fact(mail, name));
    let gift = match fact(mail, "gift") {
        "" => String::new(),
        gift => format!(" Your friend gets {gift}."),
    };
    format!(
        "{can} refer friends to Connects (campaign: {campaign}). For each friend who registers as a freelancer through \
         your link and earns {threshold} by {deadline}, you get {reward}.{gift} If you do not want such mails, turn them \
         off in your settings.\n\nYour link:"
    )
}
