//! Which clicks are people's (F-3).

/// What programs that are no person's browser call themselves.
const ROBOTS: [&str; 20] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "telegram",
    "scan",
    "monitor",
    "headless",
    "curl/",
    "wget/",
    "python",
    "java/",
    "go-http",
    "okhttp",
    "libwww",
    "fetch",
    "httpclient",
];

/// A maker of phones, whose name looks like a robot's.
const PHONE: &str = "cubot";

/// Whether a request with this `User-Agent` is a person's click. Programs say what they are, or nothing.
pub fn is_person(agent: Option<&str>) -> bool {
    agent.is_some_and(|agent| {
        let agent = agent.to_ascii_lowercase().replace(PHONE, "");
        agent.contains("mozilla/") && !ROBOTS.iter().any(|robot| agent.contains(robot))
    })
}

/// Whether these headers (`Sec-Purpose`, `Purpose`, `X-Purpose`, `X-Moz`) say that a browser only looks ahead.
pub fn looks_ahead<'a>(purposes: impl IntoIterator<Item = &'a str>) -> bool {
    let mut purposes = purposes.into_iter().map(str::to_ascii_lowercase);
    purposes.any(|purpose| ["prefetch", "prerender", "preview"].iter().any(|word| purpose.contains(word)))
}

/// Parameters by which search engines mark clicks on ads.
const OF_ADS: [&str; 6] = ["gclid", "gbraid", "wbraid", "msclkid", "yclid", "dclid"];

/// Media of paid search, as `utm_medium` names them.
const PAID: [&str; 5] = ["cpc", "ppc", "paid", "paidsearch", "paid_search"];

/// Parameters in which ads say by which words they were found.
const TERMS: [&str; 3] = ["utm_term", "keyword", "kw"];

/// The most characters of a term that are kept.
const TERM_AT_MOST: usize = 100;

/// By which words an ad was found that leads here with the query `query`, in lower case (F-8): empty if it does not say, and
/// nothing if it is no ad of a search.
pub fn ad_term_of(query: &str) -> Option<String> {
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let is_ad = pairs.iter().any(|(name, value)| {
        OF_ADS.contains(&name.as_ref())
            || (name == "utm_medium" && PAID.contains(&value.to_ascii_lowercase().as_str()))
    });
    let term = pairs.iter().find(|(name, _)| TERMS.contains(&name.as_ref()));
    let plain =
        |text: &str| text.to_lowercase().chars().filter(|c| !c.is_control()).take(TERM_AT_MOST).collect();
    is_ad.then(|| term.map(|(_, value)| plain(value)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_3_robots_and_looking_ahead_do_not_count() {
        let firefox = "Mozilla/5.0 (X11, Linux x86_64, rv:140.0) Gecko/20100101 Firefox/140.0";
        assert!(is_person(Some(firefox)));
        for robot in [
            "Mozilla/5.0 (compatible, Googlebot/2.1)",
            "Mozilla/5.0 (compatible, Bingbot/2.0)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko, compatible, Amazonbot/0.1)",
            "facebookexternalhit/1.1",
            "Mozilla/5.0 (X11, Linux x86_64) HeadlessChrome/120.0",
            "curl/8.5.0",
            "python-requests/2.32",
            "",
        ] {
            assert!(!is_person(Some(robot)), "{robot}");
        }
        assert!(!is_person(None));
        let phone =
            "Mozilla/5.0 (Linux; Android 12; CUBOT X50) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";
        assert!(is_person(Some(phone)), "a phone whose maker ends in bot");
        assert!(looks_ahead(["prefetch;prerender"]) && looks_ahead(["Preview"]));
        assert!(!looks_ahead([]) && !looks_ahead(["navigate"]));
    }

    #[test]
    fn f_8_an_ad_says_by_which_words_it_was_found() {
        for (query, term) in [
            ("", None),
            ("utm_term=connects", None),
            ("utm_medium=email&utm_term=connects", None),
            ("gclid=x", Some("")),
            ("gclid=x&utm_term=Hire+A%20Designer", Some("hire a designer")),
            ("utm_medium=CPC&keyword=CONNECTS%20login", Some("connects login")),
            ("msclkid=1&kw=a%00b", Some("ab")),
        ] {
            assert_eq!(ad_term_of(query).as_deref(), term, "{query}");
        }
        assert_eq!(ad_term_of(&format!("gclid=1&kw={}", "x".repeat(900))).unwrap().len(), TERM_AT_MOST);
    }
}
