//! People, their roles, and signing in.

use super::text_enum;

text_enum! {
    /// What a person is on the marketplace; they may be both (P-1).
    Profile {
        /// Has a wallet and sends proposals.
        Freelancer = "FREELANCER",
        /// Posts jobs.
        Client = "CLIENT",
    }
}

text_enum! {
    /// What a person may be beside freelancer and client (P-1).
    Role {
        /// May do everything.
        Admin = "ADMIN",
        /// Sees accounts, suspends and reinstates them, and ends their sessions.
        Support = "SUPPORT",
        /// Sees accounts, tasks and the audit log, and changes nothing.
        Auditor = "AUDITOR",
    }
}

text_enum! {
    /// Why a person cannot spend, be granted or be paid for a time (P-4).
    RestrictionKind {
        /// Suspended.
        Suspended = "SUSPENDED",
        /// Suspended for fraud: a client's posts were removed.
        Fraud = "FRAUD",
        /// The person closed the account (P-6).
        Closed = "CLOSED",
    }
}

text_enum! {
    /// Why a session ended before its time.
    SessionEnd {
        /// The person signed out.
        SignOut = "SIGN_OUT",
        /// All sessions of the person were ended.
        SignOutEverywhere = "SIGN_OUT_EVERYWHERE",
        /// The password was changed or reset.
        Password = "PASSWORD",
        /// A refresh token that had been used came again.
        Reuse = "REUSE",
        /// The account was closed.
        Closed = "CLOSED",
    }
}

text_enum! {
    /// What a mailed token is good for.
    TokenPurpose {
        /// Proves that the e-mail address is the person's.
        VerifyEmail = "VERIFY_EMAIL",
        /// Sets a new password.
        ResetPassword = "RESET_PASSWORD",
    }
}

text_enum! {
    /// What may only be tried so often; in the order in which it is counted, source addresses first.
    AttemptKind {
        /// Guessing passwords from one address.
        GuessFrom = "GUESS_FROM",
        /// Registering from one address.
        RegisterFrom = "REGISTER_FROM",
        /// Having mail sent from one address.
        MailFrom = "MAIL_FROM",
        /// Guessing an account's password.
        Guess = "GUESS",
        /// Having mail sent to one e-mail address.
        Mail = "MAIL",
    }
}
