//! Pure rules of accounts.

pub mod standing;

use chrono::TimeDelta;

use super::rejection;
use crate::{
    clock::Instant,
    config::Limit,
    entity::{account, session},
    error::Rejection,
    input::{
        self, invalid,
        text::{folded, seen},
    },
    policy::Passwords,
};

/// The most common passwords, in lower case; each has at least the minimum length.
const COMMON_PASSWORDS: &str = include_str!("common_passwords.txt");

/// Maximum bytes of a password, for each character that it may have.
const MOST_BYTES: u64 = 16;

/// The country codes of ISO 3166-1 alpha-2.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC \
     CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE \
     GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM \
     KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ \
     NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH \
     SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG \
     VI VN VU WF WS YE YT ZA ZM ZW";

/// When a person was last seen, to the day: with a request, or when they registered (M-11).
pub fn last_seen(account: &account::Model) -> Instant {
    account.active_at.unwrap_or(account.created_at)
}

/// The e-mail address that identifies the person behind it (R-1): the stored one without its `+tag`, unless nothing
/// precedes the tag.
pub fn person_of(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let name = local.split_once('+').map_or(local, |(name, _)| name);
    format!("{}@{domain}", if name.is_empty() { local } else { name })
}

/// The organisation behind an e-mail address: its domain, unless anyone can have an address there or in a domain
/// above it (F-9). `yahoo.*` is that name in every country, such as `yahoo.ca` and `yahoo.com.br`.
pub fn organisation_of<'a>(email: &'a str, public_domains: &[String]) -> Option<&'a str> {
    let (_, domain) = email.split_once('@')?;
    let is_within = |public: &String| match public.strip_suffix(".*") {
        Some(name) => is_of_a_country(domain, name),
        None => {
            domain.strip_suffix(public.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }
    };
    (!public_domains.iter().any(is_within)).then_some(domain)
}

/// Whether `domain` is `name` below a country's, or within that.
fn is_of_a_country(domain: &str, name: &str) -> bool {
    let labels: Vec<_> = domain.split('.').collect();
    let below = |at: usize| match &labels[at + 1..] {
        [_] => true,
        [second, _] => ["co", "com", "net", "org"].contains(second),
        _ => false,
    };
    labels.iter().enumerate().any(|(at, label)| *label == name && below(at))
}

/// An ISO 3166-1 alpha-2 country code, upper-cased, from which people may register (P-5).
///
/// # Errors
/// `INVALID_INPUT`; `COUNTRY_NOT_SUPPORTED` when it is on the policy's list.
pub fn checked_country(country: &str, sanctioned: &[String]) -> Result<String, Rejection> {
    let country = country.trim().to_uppercase();
    if !COUNTRIES.split(' ').any(|code| code == country) {
        return Err(invalid(
            "country",
            "This is not a country. Write it as a two-letter ISO 3166-1 code, such as US.",
        ));
    }
    if sanctioned.contains(&country) { Err(rejection::country_not_supported()) } else { Ok(country) }
}

/// The stored form of an e-mail address that was typed to find an account. An invalid address is left as it is,
/// because no account has it.
pub fn typed_email(email: &str) -> String {
    input::email("email", email).unwrap_or_else(|_| email.trim().to_lowercase())
}

/// Checks that `password` is acceptable for the account with this `email` and `name` (P-1).
///
/// # Errors
/// `WEAK_PASSWORD`, whose message never repeats the password.
pub fn may_be_password(
    field: &str,
    password: &str,
    policy: &Passwords,
    (email, name): (&str, &str),
) -> Result<(), Rejection> {
    let (min, max) = (policy.min_length, policy.max_length);
    if password.len() as u64 > max.saturating_mul(MOST_BYTES) {
        let sentence = format!("This password is far too long. Choose one of {min} to {max} characters.");
        return Err(rejection::weak_password(field, sentence));
    }
    let password = input::password(password);
    let (length, typed) = (seen(&password) as u64, folded(password.trim()));
    if length < min || length > max {
        let sentence =
            format!("This password has {length} visible characters. Choose one of {min} to {max}.");
        return Err(rejection::weak_password(field, sentence));
    }
    let local = email.split('@').next().unwrap_or(email);
    if [email, local, name].iter().any(|own| folded(own.trim()) == typed) {
        return Err(rejection::weak_password(
            field,
            "This password is your name or your address. Choose another one.",
        ));
    }
    if COMMON_PASSWORDS.lines().any(|common| common == typed) || is_one_character(&typed) {
        return Err(rejection::weak_password(
            field,
            "This password is among the most common ones. Choose another one.",
        ));
    }
    Ok(())
}

fn is_one_character(text: &str) -> bool {
    let first = text.chars().next();
    text.chars().all(|character| Some(character) == first)
}

/// The times of attempts to store, in microseconds, after another attempt at `now`. The limit allows so many attempts
/// within any span of its minutes.
///
/// # Errors
/// The seconds to wait.
pub fn may_try(times: &[i64], limit: Limit, now: Instant) -> Result<Vec<i64>, i64> {
    let window = TimeDelta::minutes(limit.minutes.into()).num_microseconds().unwrap_or(i64::MAX);
    let now = now.timestamp_micros();
    // A clock that was set back must not lock anyone out for longer than the window.
    let mut recent: Vec<_> = times.iter().map(|at| now.min(*at)).filter(|at| now - at < window).collect();
    if recent.len() >= limit.times as usize {
        let oldest = recent[recent.len() - limit.times as usize];
        return Err((oldest + window - now).div_euclid(1_000_000) + 1);
    }
    recent.push(now);
    Ok(recent)
}

/// Whether `session` can still be used at `now`, for an account whose session version is `version`.
pub fn is_live(session: &session::Model, version: i64, now: Instant) -> bool {
    session.ended_at.is_none() && session.version == version && now < session.expires_at
}

/// Whether the token of `generation` was rotated so recently that it yields its successor again, because its owner
/// may not have received the answer.
pub fn may_repeat(session: &session::Model, generation: i64, now: Instant, window: TimeDelta) -> bool {
    generation + 1 == session.generation && now < session.rotated_at + window
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn r_1_a_tag_does_not_make_another_person() {
        assert_eq!(person_of("ada+upwork@example.com"), "ada@example.com");
        assert_eq!(person_of("ada@example.com"), "ada@example.com");
        assert_eq!(person_of("ada++x+y@example.com"), "ada@example.com");
        assert_ne!(person_of("+a@example.com"), person_of("+b@example.com"), "nothing is before the tag");
    }

    #[test]
    fn f_9_a_domain_in_which_anyone_can_have_an_address_is_no_organisation() {
        let public = ["example.com", "yahoo.*"].map(str::to_owned);
        let of = |address| organisation_of(address, &public);
        for address in
            ["a@example.com", "a@mail.example.com", "a@yahoo.ca", "a@yahoo.com.br", "a@fr.yahoo.co.uk"]
        {
            assert_eq!(of(address), None, "{address}");
        }
        for address in ["a@anexample.com", "a@notyahoo.ca", "a@yahoo.firm.com", "a@firm.yahoo"] {
            assert_eq!(of(address), address.split_once('@').map(|(_, domain)| domain), "{address}");
        }
    }

    #[test]
    fn p_5_sanctioned_countries_cannot_register() {
        let list = ["KP".to_owned()];
        assert_eq!(checked_country("us", &list).unwrap(), "US");
        assert_eq!(checked_country("KP", &list).unwrap_err().code, Code::CountryNotSupported);
        for none in ["USA", "XX", "ZZ", "", "U", "US GB", " "] {
            assert_eq!(checked_country(none, &list).unwrap_err().code, Code::InvalidInput, "{none}");
        }
        assert_eq!(COUNTRIES.split(' ').collect::<std::collections::BTreeSet<_>>().len(), 249);
    }

    #[test]
    fn p_1_a_password_is_long_not_common_and_not_the_persons_own() {
        let policy = Passwords::default();
        let may = |password: &str| {
            may_be_password("password", password, &policy, ("adalovelace@example.com", "Ada Lovelace"))
        };
        assert!(may("a horse in winter").is_ok() && may("ünïcödé-is-fine").is_ok());
        assert!(may(&"長い合言葉".repeat(2)).is_ok());
        for weak in [
            "",
            "short",
            "ninechars",
            "adalovelace",
            "AdaLovelace@Example.com",
            "ada lovelace",
            "Password123",
            "1234567890",
            "aaaaaaaaaaaa",
            "Ｐａｓｓｗｏｒｄ１２３",
            "e\u{301}e\u{301}e\u{301}o\u{301}o\u{301}",
            "ninechars\u{200B}",
            "a\u{200B}\u{200D}\u{2060}\u{FEFF}\u{AD}\u{34F}\u{115F}\u{3164}\u{180E}\u{200C}",
            &format!("a horse in winter{}", "\u{301}".repeat(3_000)),
            &"long".repeat(65),
        ] {
            let no = may(weak).unwrap_err();
            assert_eq!(no.code, Code::WeakPassword, "{weak}");
            assert!(weak.is_empty() || !no.message.contains(weak), "never repeated");
        }
        for common in COMMON_PASSWORDS.lines() {
            assert!(common.chars().count() >= 10 && common.to_lowercase() == common, "{common}");
        }
    }

    #[test]
    fn p_1_within_any_window_so_many_are_tried_and_no_more() {
        let limit = Limit { times: 3, minutes: 1 };
        let at = |second: i64| Instant::from_timestamp(1_000_000 + second, 0).unwrap();
        let mut times = Vec::new();
        for second in [0, 10, 20] {
            times = may_try(&times, limit, at(second)).unwrap();
        }
        assert_eq!(may_try(&times, limit, at(30)), Err(31));
        assert_eq!(may_try(&times, limit, at(59)), Err(2));
        times = may_try(&times, limit, at(60)).unwrap();
        assert_eq!(times.len(), 3, "what is out of the window is forgotten");
        assert!(may_try(&times, limit, at(65)).is_err());
        assert!(may_try(&times, limit, at(70)).is_ok());
    }
}
