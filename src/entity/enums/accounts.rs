//! People, their roles and their sessions.

use super::text_enum;

text_enum! {
    /// A person's part in the marketplace; a person may have both (P-1).
    Profile {
        /// A freelancer, who has a wallet and sends proposals.
        Freelancer = "FREELANCER",
        /// A client, who publishes job posts.
        Client = "CLIENT",
    }
}

text_enum! {
    /// A staff role, which a person may hold besides being a freelancer or a client (P-1).
    Role {
        /// Has every permission.
        Admin = "ADMIN",
        /// Can see accounts, suspend and reinstate them, and end their sessions.
        Support = "SUPPORT",
        /// Can see accounts, job posts, proposals, reports, tasks and the audit log, but change nothing.
        Auditor = "AUDITOR",
    }
}

text_enum! {
    /// Why an account is barred from spending and from receiving grants or payments (P-4).
    RestrictionKind {
        /// The account is suspended.
        Suspended = "SUSPENDED",
        /// The account is suspended for fraud, and the person's job posts have been removed.
        Fraud = "FRAUD",
        /// The person has closed the account (P-6).
        Closed = "CLOSED",
    }
}

text_enum! {
    /// Why a session ended before it expired.
    SessionEnd {
        /// The person signed out.
        SignOut = "SIGN_OUT",
        /// All sessions of the person were ended.
        SignOutEverywhere = "SIGN_OUT_EVERYWHERE",
        /// The password was changed or reset.
        Password = "PASSWORD",
        /// A used refresh token was presented again.
        Reuse = "REUSE",
        /// The account was closed.
        Closed = "CLOSED",
    }
}

text_enum! {
    /// The purpose of a token sent by mail.
    TokenPurpose {
        /// The token verifies the e-mail address.
        VerifyEmail = "VERIFY_EMAIL",
        /// The token sets a new password.
        ResetPassword = "RESET_PASSWORD",
    }
}

text_enum! {
    /// An action that is rate-limited. The variants are in the order in which attempts are counted, source
    /// addresses first.
    AttemptKind {
        /// Guessing passwords from one source address.
        GuessFrom = "GUESS_FROM",
        /// Registering from one source address.
        RegisterFrom = "REGISTER_FROM",
        /// Requesting mail from one source address.
        MailFrom = "MAIL_FROM",
        /// Adding payment methods from one source address.
        PaymentMethodFrom = "PAYMENT_METHOD_FROM",
        /// Guessing promo codes from one source address.
        PromoCodeFrom = "PROMO_CODE_FROM",
        /// Guessing the password of one account.
        Guess = "GUESS",
        /// Requesting mail to one e-mail address.
        Mail = "MAIL",
        /// Adding payment methods to one account.
        PaymentMethod = "PAYMENT_METHOD",
        /// Guessing promo codes by one account.
        PromoCode = "PROMO_CODE",
    }
}
