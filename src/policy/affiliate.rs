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
    /// Domains of e-mail addresses that anyone can have, which are no organisations (F-9); `yahoo.*` is that name in every
    /// country.
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

/// The domains in which anyone can have an e-mail address, of a version that does not mention the programme.
const PUBLIC_MAIL_DOMAINS: &str = "\
    example test example.com example.net example.org 126.com 163.com alice.it arcor.de att.net \
    bell.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br btinternet.com centrum.cz \
    charter.net comcast.net cox.net daum.net duck.com earthlink.net fastmail.com free.fr freenet.de \
    gmail.com googlemail.com hanmail.net hey.com hushmail.com icloud.com inbox.com inbox.ru \
    interia.pl kpnmail.nl laposte.net libero.it list.ru mac.com mail.com mail.ru mailbox.org me.com \
    naver.com ntlworld.com o2.pl onet.pl optusnet.com.au orange.fr pm.me posteo.de proton.me qq.com \
    rambler.ru rediffmail.com rogers.com sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com \
    sympatico.ca t-online.de telenet.be terra.com.br tin.it tuta.io tutanota.com ukr.net uol.com.br \
    verizon.net virgilio.it virginmedia.com web.de wp.pl xs4all.nl ziggo.nl zoho.com aol.* gmx.* \
    hotmail.* live.* msn.* outlook.* protonmail.* rocketmail.* tiscali.* wanadoo.* yahoo.* yandex.* \
    ymail.*";

impl Default for Affiliate {
    fn default() -> Self {
        Self {
            terms_version: 1,
            rate_basis_points: 7_000,
            cap_cents: 15_000,
            window_hours: 720,
            lock_months: 1,
            due_day: 3,
            public_mail_domains: PUBLIC_MAIL_DOMAINS.split_whitespace().map(str::to_owned).collect(),
            review: Review::default(),
        }
    }
}
