//! Lists in the settings. Items are trimmed and normalised; an invalid item is refused and named.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de::Error};
use url::{Host, Url};

/// Origins as browsers send them: `https://app.example.com`, without a default port.
pub(super) fn origins<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    items(d, origin)
}

/// Networks; an address is a network of one.
pub(super) fn networks<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<IpNet>, D::Error> {
    items(d, network)
}

/// A list in a file, or a text with commas in the environment.
#[derive(Deserialize)]
#[serde(untagged)]
enum Items {
    List(Vec<String>),
    Text(String),
}

fn items<'de, D: Deserializer<'de>, T>(
    d: D,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, D::Error> {
    let items = match Items::deserialize(d)? {
        Items::List(items) => items,
        Items::Text(text) => text.split(',').map(str::to_owned).collect(),
    };
    let items = items.iter().map(|item| item.trim()).filter(|item| !item.is_empty());
    items.map(|item| read(item).map_err(D::Error::custom)).collect()
}

fn origin(text: &str) -> Result<String, String> {
    let refused = |why: &str| format!("cors_origins (CONNECTS_CORS_ORIGINS): `{text}` {why}");
    if text.contains('*') {
        return Err(refused("is not an origin; name each origin, such as https://app.example.com"));
    }
    let form = "is not an origin; write it as https://app.example.com, with a port if it has one";
    let url = Url::parse(text).map_err(|_| refused(form))?;
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let is_web = matches!(url.scheme(), "http" | "https")
        && matches!(url.host(), Some(Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_)));
    if !is_bare || !is_web || !url.username().is_empty() || url.password().is_some() {
        return Err(refused(form));
    }
    Ok(url.origin().ascii_serialization())
}

fn network(text: &str) -> Result<IpNet, String> {
    let one = text.parse::<IpAddr>().map(IpNet::from);
    one.or_else(|_| text.parse().map(|net: IpNet| net.trunc())).map_err(|_| {
        format!(
            "trusted_proxies (CONNECTS_TRUSTED_PROXIES): `{text}` is neither an address nor a network; write it as \
             10.0.0.0/8"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_brought_to_the_form_that_browsers_send() {
        for (text, expected) in [
            ("https://app.example.com", "https://app.example.com"),
            ("https://app.example.com/", "https://app.example.com"),
            ("HTTPS://App.Example.com:443", "https://app.example.com"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(origin(text).as_deref(), Ok(expected));
        }
        for text in [
            "*",
            "https://*.example.com",
            "app.example.com",
            "localhost:3000",
            "null",
            "https://a.example/app",
            "https://a.example?x",
            "ftp://a.example",
            "https://me@a.example",
            "https://",
        ] {
            assert!(origin(text).is_err_and(|no| no.contains(&format!("`{text}`"))), "{text}");
        }
    }

    #[test]
    fn a_network_may_be_an_address() {
        for (text, expected) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("10.1.2.3", "10.1.2.3/32"),
            ("2001:db8::1", "2001:db8::1/128"),
        ] {
            assert_eq!(network(text).map(|net| net.to_string()).as_deref(), Ok(expected));
        }
        assert!(network("proxy.example").is_err_and(|no| no.contains("`proxy.example`")));
    }
}
