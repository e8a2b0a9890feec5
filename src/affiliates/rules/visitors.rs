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

/// Whether a request with this `User-Agent` is a person's click. Programs say what they are, or nothing.
pub fn is_person(agent: Option<&str>) -> bool {
    agent.is_some_and(|agent| {
        let agent = agent.to_ascii_lowercase();
        agent.contains("mozilla/") && !ROBOTS.iter().any(|robot| agent.contains(robot))
    })
}

/// Whether these headers (`Sec-Purpose`, `Purpose`, `X-Purpose`, `X-Moz`) say that a browser only looks ahead.
pub fn looks_ahead<'a>(purposes: impl IntoIterator<Item = &'a str>) -> bool {
    let mut purposes = purposes.into_iter().map(str::to_ascii_lowercase);
    purposes.any(|purpose| ["prefetch", "prerender", "preview"].iter().any(|word| purpose.contains(word)))
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
        assert!(looks_ahead(["prefetch;prerender"]) && looks_ahead(["Preview"]));
        assert!(!looks_ahead([]) && !looks_ahead(["navigate"]));
    }
}
