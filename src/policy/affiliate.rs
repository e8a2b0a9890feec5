//! The policy of the affiliate programme.

use serde::{Deserialize, Serialize};

/// The affiliate programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affiliate {
    /// The version of the terms that an application must accept (F-1).
    pub terms_version: i64,
    /// The commission, in hundredths of a percent of a new client's first payment (F-5).
    pub rate_basis_points: i64,
    /// The most of it, in minor units of USD (F-5).
    pub cap_cents: i64,
    /// Hours after the click before which the first hire counts (F-5).
    pub window_hours: i64,
    /// Months after that of the action at whose end a commission locks (F-6).
    pub lock_months: u32,
    /// The day of the following month on which what has locked is due (F-6).
    pub due_day: u32,
    /// Domains of e-mail addresses that anyone can have, which are no organisations (F-9).
    pub public_mail_domains: Vec<String>,
    /// What is flagged for review (F-8); a version that does not mention it uses the defaults.
    #[serde(default)]
    pub review: Review,
}

/// What is flagged for review (F-8).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// A registration sooner after its click than so many seconds.
    pub fast_sign_up_seconds: i64,
    /// More registrations by one affiliate from one network than so many, within the window.
    pub sign_ups_of_network: i64,
    /// Words for which no affiliate may buy ads, in lower case.
    pub brand_terms: Vec<String>,
    /// What more people than so many were seen with connects nobody: a shared computer, a company's card.
    pub common_above: u64,
}

impl Default for Review {
    fn default() -> Self {
        Self {
            fast_sign_up_seconds: 5,
            sign_ups_of_network: 5,
            brand_terms: vec!["connects".to_owned()],
            common_above: 20,
        }
    }
}

impl Default for Affiliate {
    fn default() -> Self {
        let domains =
            ["example", "test", "example.com", "example.net", "example.org", "gmail.com", "googlemail.com"];
        let more = ["hotmail.com", "icloud.com", "live.com", "outlook.com", "proton.me", "yahoo.com"];
        let others = [
            "163.com",
            "aol.com",
            "att.net",
            "comcast.net",
            "fastmail.com",
            "gmx.com",
            "gmx.de",
            "gmx.net",
            "hotmail.co.uk",
            "hotmail.fr",
            "laposte.net",
            "libero.it",
            "mac.com",
            "mail.com",
            "mail.ru",
            "me.com",
            "msn.com",
            "naver.com",
            "orange.fr",
            "pm.me",
            "protonmail.com",
            "qq.com",
            "rediffmail.com",
            "sbcglobal.net",
            "seznam.cz",
            "t-online.de",
            "tutanota.com",
            "verizon.net",
            "web.de",
            "wp.pl",
            "yahoo.co.in",
            "yahoo.co.jp",
            "yahoo.co.uk",
            "yahoo.de",
            "yahoo.fr",
            "yandex.ru",
            "ymail.com",
            "zoho.com",
        ];
        Self {
            terms_version: 1,
            rate_basis_points: 7_000,
            cap_cents: 15_000,
            window_hours: 720,
            lock_months: 1,
            due_day: 3,
            public_mail_domains: domains.into_iter().chain(more).chain(others).map(str::to_owned).collect(),
            review: Review::default(),
        }
    }
}
