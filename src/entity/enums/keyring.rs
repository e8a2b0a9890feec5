//! The key ring.

use super::text_enum;

text_enum! {
    /// What a key signs, hashes or encrypts.
    KeyPurpose {
        /// Bearer tokens.
        BearerTokens = "BEARER_TOKENS",
        /// Refresh tokens.
        RefreshTokens = "REFRESH_TOKENS",
        /// Tokens sent by mail.
        MailedTokens = "MAILED_TOKENS",
        /// Whom attempts at a password are counted for.
        AttemptHashes = "ATTEMPT_HASHES",
        /// People who have had the welcome gift.
        PeopleHashes = "PEOPLE_HASHES",
        /// The cookies of clicks on affiliates' links (F-3).
        ClickCookies = "CLICK_COOKIES",
        /// The details of payout methods, which it encrypts (W-4).
        PayoutDetails = "PAYOUT_DETAILS",
    }
}

text_enum! {
    /// The state of a key.
    KeyState {
        /// It signs and checks.
        Active = "ACTIVE",
        /// It only checks what it signed before.
        Retiring = "RETIRING",
        /// Nothing that it signed is valid any more, and it has been deleted.
        Retired = "RETIRED",
    }
}
