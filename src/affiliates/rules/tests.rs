use proptest::prelude::*;

use super::*;

#[test]
fn f_2_a_link_leads_to_a_page_of_the_site() {
    for (typed, stored) in [
        ("/jobs/42", "/jobs/42"),
        ("/jobs?q=a%20b#top", "/jobs?q=a%20b#top"),
        ("/a/../b", "/b"),
        ("/", "/"),
        ("/%2F%2Fevil.example", "/%2F%2Fevil.example"),
    ] {
        assert_eq!(path_of(LinkTarget::DeepLink, Some(typed)).unwrap(), stored, "{typed}");
    }
    assert_eq!(path_of(LinkTarget::ProjectCatalog, None).unwrap(), "/catalog");
    assert!(path_of(LinkTarget::ProjectCatalog, Some("/x")).is_err());
    assert!(path_of(LinkTarget::DeepLink, None).is_err());
}

/// Ways to make a browser leave the site, each of which is combined with several hosts.
const TRICKS: [&str; 34] = [
    "//{}",
    "///{}",
    "////{}",
    "/\\{}",
    "\\\\{}",
    "/\\/{}",
    "\\/{}",
    "https://{}",
    "http://{}",
    "https:{}",
    "https:/{}",
    "javascript:alert(1)//{}",
    "data:text/html,{}",
    "//own.invalid@{}",
    "https://own.invalid@{}",
    "https://own.invalid.{}",
    "/.//{}",
    "/..//{}",
    "/a/..//{}",
    "/%2e//{}",
    "/%2e%2e//{}",
    "/\t/{}",
    "/\n/{}",
    "\t//{}",
    " //{}",
    "/ /{}\u{0}",
    "//{}/%2f..",
    "/r/{}",
    "{}",
    "ftp://{}",
    "//[{}]",
    "/\u{ff0f}{}",
    "//\u{3002}{}",
    "/./\\{}",
];

#[test]
fn f_3_three_hundred_tricks_that_lead_to_another_site_are_refused() {
    let hosts = [
        "evil.example",
        "evil.example/path",
        "evil.example:80",
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "evil.example?own.invalid",
        "evil.example#own.invalid",
    ];
    let tricks: Vec<_> =
        TRICKS.iter().flat_map(|trick| hosts.map(|host| trick.replace("{}", host))).collect();
    assert!(tricks.len() >= 300, "{}", tricks.len());
    for trick in tricks {
        assert!(path_of(LinkTarget::DeepLink, Some(&trick)).is_err(), "{trick}");
    }
}

proptest! {
    #[test]
    fn f_3_whatever_is_accepted_stays_on_the_site(typed in "/[ -~]{0,40}") {
        if let Ok(path) = path_of(LinkTarget::DeepLink, Some(&typed)) {
            let base = Url::parse("https://site.example").unwrap();
            prop_assert_eq!(base.join(&path).unwrap().origin(), base.origin());
            let whole = Url::parse(&format!("https://site.example{path}")).unwrap();
            prop_assert_eq!(whole.origin(), base.origin());
            // What was read once is read in the same way.
            prop_assert_eq!(path_of(LinkTarget::DeepLink, Some(&path)).unwrap(), path);
        }
    }
}

fn registered() -> Registered {
    Registered {
        is_client: true,
        is_freelancer: false,
        shared: BTreeSet::new(),
        since_click: TimeDelta::hours(1),
        affiliate: Approved,
    }
}

#[test]
fn f_4_only_a_new_client_counts() {
    let window = TimeDelta::hours(720);
    let refusal = |facts: Registered| refusal_of(&facts, window);
    assert_eq!(refusal(registered()), None);
    assert_eq!(refusal(Registered { is_freelancer: true, ..registered() }), Some(Freelancer));
    assert_eq!(refusal(Registered { is_client: false, ..registered() }), Some(NotAClient));
    for kind in [TraceKind::Person, TraceKind::Organisation, TraceKind::Payment] {
        assert_eq!(refusal(Registered { shared: [kind].into(), ..registered() }), Some(KnownPerson));
    }
    assert_eq!(refusal(Registered { shared: [TraceKind::Device].into(), ..registered() }), None);
    assert_eq!(refusal(Registered { since_click: window, ..registered() }), Some(ClickTooOld));
    let last = window - TimeDelta::microseconds(1);
    assert_eq!(refusal(Registered { since_click: last, ..registered() }), None);
    for affiliate in [Pending, Rejected, Suspended, Terminated] {
        assert_eq!(refusal(Registered { affiliate, ..registered() }), Some(AffiliateNotApproved));
    }
}
