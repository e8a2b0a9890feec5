//! Settings of signing in and of mail.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The longest window of a limit, a day; attempts are kept for longer.
const MOST_MINUTES: u32 = 1_440;

/// Settings of signing in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// Memory for hashing a password, in KiB.
    pub argon2_memory_kib: u32,
    /// Passes over that memory.
    pub argon2_passes: u32,
    /// Lanes over that memory.
    pub argon2_lanes: u32,
    /// Passwords hashed at once.
    pub hashes_at_once: usize,
    /// Passwords waiting to be hashed; more are refused.
    pub hashes_waiting: usize,
    /// Minutes for which an access token is valid.
    pub access_minutes: u32,
    /// Days after which a session ends and its owner has to sign in again.
    pub session_days: u32,
    /// Seconds within which a refresh token that was just used returns the same successor again.
    pub refresh_retry_seconds: u32,
    /// Hours for which a mailed token can verify an address.
    pub verify_hours: u32,
    /// Minutes for which a mailed token can reset a password.
    pub reset_minutes: u32,
    /// Minimum milliseconds of answers that must not reveal whether an account exists.
    pub answer_floor_ms: u64,
    /// Limit on guesses at one account's password.
    pub guesses_per_account: Limit,
    /// Limit on guesses at passwords from one address.
    pub guesses_per_address: Limit,
    /// Limit on registrations from one address.
    pub registrations_per_address: Limit,
    /// Limit on mails that callers may request for one e-mail address.
    pub mails_per_account: Limit,
    /// Limit on mails requested from one address.
    pub mails_per_address: Limit,
}

/// A limit on attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Maximum attempts.
    pub times: u32,
    /// Length of the sliding window, in minutes.
    pub minutes: u32,
}

impl Limit {
    /// Whether this is no limit that can be kept.
    pub(super) fn is_odd(&self) -> bool {
        !(1..=1_000).contains(&self.times) || !(1..=MOST_MINUTES).contains(&self.minutes)
    }
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            argon2_lanes: 1,
            hashes_at_once: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            hashes_waiting: 64,
            access_minutes: 15,
            session_days: 30,
            refresh_retry_seconds: 10,
            verify_hours: 48,
            reset_minutes: 60,
            answer_floor_ms: 500,
            guesses_per_account: Limit { times: 10, minutes: 15 },
            guesses_per_address: Limit { times: 100, minutes: 15 },
            registrations_per_address: Limit { times: 20, minutes: 60 },
            mails_per_account: Limit { times: 5, minutes: 60 },
            mails_per_address: Limit { times: 30, minutes: 60 },
        }
    }
}

impl SignIn {
    /// What is wrong with these settings, if anything.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        let limits = [
            self.guesses_per_account,
            self.guesses_per_address,
            self.registrations_per_address,
            self.mails_per_account,
            self.mails_per_address,
        ];
        let lanes = self.argon2_lanes;
        if lanes == 0 || self.argon2_passes == 0 || self.argon2_memory_kib < lanes.saturating_mul(8) {
            return Some(
                "sign_in.argon2_lanes and argon2_passes must be at least 1, argon2_memory_kib at least 8 per lane",
            );
        }
        if self.hashes_at_once == 0 || self.access_minutes == 0 || self.session_days == 0 {
            return Some("sign_in.hashes_at_once, access_minutes and session_days must be at least 1");
        }
        if limits.iter().any(Limit::is_odd) {
            return Some("each limit of sign_in must have 1 to 1000 times and 1 to 1440 minutes");
        }
        None
    }
}

/// Settings of mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The folder to which mails are written as `.eml` files; absent: `mail` beside the SQLite file, or in the working
    /// folder.
    pub folder: Option<PathBuf>,
    /// The sender, such as `Connects <no-reply@example.com>`.
    pub from: String,
    /// The address of the site whose pages mails and affiliates' links lead to; absent: mails show only the token, and
    /// links lead to pages of this server.
    pub site: Option<String>,
    /// Attempts after which a mail is given up.
    pub attempts: u32,
}

impl Default for Mail {
    fn default() -> Self {
        Self { folder: None, from: "Connects <no-reply@connects.example>".into(), site: None, attempts: 8 }
    }
}
