//! Mails.

use super::text_enum;

text_enum! {
    /// What a mail is about.
    MailKind {
        /// Proves that the e-mail address is the person's.
        VerifyEmail = "VERIFY_EMAIL",
        /// Sets a new password.
        ResetPassword = "RESET_PASSWORD",
        /// Somebody registered with an address that has an account.
        AlreadyRegistered = "ALREADY_REGISTERED",
        /// The password was changed or reset.
        PasswordChanged = "PASSWORD_CHANGED",
        /// The account was closed (P-6).
        AccountClosed = "ACCOUNT_CLOSED",
    }
}
