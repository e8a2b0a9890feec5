//! The addresses that proxies write into `X-Forwarded-For`, in all forms in which they write them.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::HeaderMap;

use crate::{accounts::Address, keys::sha256};

/// The caller of a request whose connection has this peer: the peer or, if that is a trusted proxy, the last hop in
/// `X-Forwarded-For` that is not one. A hop that is not an address was written by a trusted proxy too, so the caller
/// counts by that text: neither as the proxy nor as the hop before it, which anyone can write.
pub(super) fn address_of(peer: IpAddr, headers: &HeaderMap, trusted: impl Fn(IpAddr) -> bool) -> Address {
    if !trusted(peer.to_canonical()) {
        return Address::Ip(peer);
    }
    let values = headers.get_all("x-forwarded-for").map(|value| String::from_utf8_lossy(value.as_bytes()));
    let values: Vec<_> = values.collect();
    let hops = values.iter().flat_map(|value| value.split(',')).map(str::trim).filter(|hop| !hop.is_empty());
    let mut nearest = peer;
    for hop in hops.collect::<Vec<_>>().into_iter().rev() {
        let Some(ip) = ip_of(hop) else { return named(hop) };
        nearest = ip;
        if !trusted(ip) {
            break;
        }
    }
    Address::Ip(nearest)
}

/// The address in `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`, and
/// in each of them quoted.
fn ip_of(hop: &str) -> Option<IpAddr> {
    let hop = hop.strip_prefix('"').and_then(|hop| hop.strip_suffix('"')).unwrap_or(hop).trim();
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let ip = bare.parse().ok().or_else(|| hop.parse().ok().map(|address: SocketAddr| address.ip()));
    ip.map(|ip| ip.to_canonical())
}

/// A name of fixed length for a hop that is not an address.
fn named(hop: &str) -> Address {
    let digits = sha256(hop);
    Address::Named(
        digits.get(..32).and_then(|digits| u128::from_str_radix(digits, 16).ok()).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    /// Behind proxies in 10.0.0.0/8.
    fn behind(peer: &str, values: &[&[u8]]) -> Address {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_bytes(value).unwrap();
            headers.append(HeaderName::from_static("x-forwarded-for"), value);
        }
        let ours: ipnet::IpNet = "10.0.0.0/8".parse().unwrap();
        address_of(peer.parse().unwrap(), &headers, |ip| ours.contains(&ip))
    }

    fn ip(text: &str) -> Address {
        Address::Ip(text.parse().unwrap())
    }

    #[test]
    fn a_hop_is_read_in_every_form_that_proxies_write() {
        for (hop, expected) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7:4711", "203.0.113.7"),
            ("\"203.0.113.7:4711\"", "203.0.113.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("203.0.113.7:4711, 10.9.9.9:80", "203.0.113.7"),
            ("203.0.113.7, ,", "203.0.113.7"),
            ("unknown, 203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(behind("10.1.2.3", &[hop.as_bytes()]), ip(expected), "{hop}");
        }
        assert_eq!(behind("10.1.2.3", &[b"198.51.100.1", b"203.0.113.7:1"]), ip("203.0.113.7"));
        assert_eq!(behind("10.1.2.3", &[b"\xe9, 203.0.113.7"]), ip("203.0.113.7"), "bytes that are no text");
        assert_eq!(behind("10.1.2.3", &[]), ip("10.1.2.3"), "no header: the proxy itself asks");
        assert_eq!(behind("192.0.2.1", &[b"203.0.113.7"]), ip("192.0.2.1"), "not trusted");
    }

    #[test]
    fn a_hop_that_is_no_address_is_neither_the_proxy_nor_what_stands_before_it() {
        let hidden = |hop: &str| behind("10.1.2.3", &[format!("198.51.100.1, {hop}, 10.9.9.9").as_bytes()]);
        assert!(matches!(hidden("_secret"), Address::Named(_)));
        assert_eq!(hidden("_secret"), hidden("_secret"));
        assert_ne!(hidden("_secret"), hidden("_other"));
        assert_ne!(hidden("1.2.3.4.5"), hidden("unknown"));
    }
}
