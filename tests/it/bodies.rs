//! Bodies that come slowly, to a server of its own process: nobody else is shut out, and they end.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use crate::support::{
    World,
    commands::{Commands, Running, address_of},
};

/// A server, and where it listens.
struct Server {
    _process: Running,
    address: String,
}

impl Server {
    fn start(world: &World, settings: &[(&str, &str)]) -> Self {
        let commands = Commands::on(&world.app.settings);
        let commands = settings.iter().fold(commands, |commands, (name, value)| commands.and(name, value));
        let mut child = commands.spawn(&["serve", "--listen", "127.0.0.1:0", "--no-scheduler"]);
        let address = address_of(&mut child).trim_start_matches("http://").to_owned();
        Self { _process: child, address }
    }

    /// Begins a request of 200,000 bytes and waits until the server asks for its body, then sends one byte.
    fn trickle(&self, headers: &str) -> BufReader<TcpStream> {
        self.trickle_to("/graphql", headers)
    }

    fn trickle_to(&self, path: &str, headers: &str) -> BufReader<TcpStream> {
        let mut connection = TcpStream::connect(&self.address).expect("connected");
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\
             Expect: 100-continue\r\n{headers}\r\n"
        );
        connection.write_all(head.as_bytes()).expect("sent");
        let mut connection = BufReader::new(connection);
        assert_eq!(line(&mut connection), "HTTP/1.1 100 Continue");
        assert_eq!(line(&mut connection), "");
        connection.get_mut().write_all(b"{").expect("sent");
        connection
    }

    /// The status of an honest request.
    fn ask(&self) -> String {
        let mut connection = TcpStream::connect(&self.address).expect("connected");
        let body = "{\"query\":\"{ clock { now } }\"}";
        let head =
            "POST /graphql HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nConnection: close\r\n";
        write!(connection, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).expect("sent");
        line(&mut BufReader::new(connection))
    }
}

fn line(connection: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    connection.read_line(&mut line).expect("a line");
    line.trim_end().to_owned()
}

/// All that comes until the server hangs up.
fn rest(connection: &mut BufReader<TcpStream>) -> String {
    let mut rest = Vec::new();
    // A connection that is reset has said what it had to say.
    let _ = connection.read_to_end(&mut rest);
    String::from_utf8_lossy(&rest).into_owned()
}

#[tokio::test]
async fn a_trickle_of_unfinished_bodies_shuts_nobody_out() {
    let world = World::new().await;
    let server = Server::start(&world, &[("CONNECTS_CAPACITY", "8")]);
    let mut slow = Vec::new();
    for _ in 0..48 {
        slow.push(server.trickle(""));
        assert_eq!(server.ask(), "HTTP/1.1 200 OK");
    }
}

#[tokio::test]
async fn a_trickle_of_unfinished_events_shuts_nobody_out() {
    let world = World::new().await;
    let secret = ("CONNECTS_PAYMENTS__STRIPE__WEBHOOK_SECRET", "whsec_x");
    let server = Server::start(&world, &[("CONNECTS_CAPACITY", "8"), secret]);
    let mut slow = Vec::new();
    for _ in 0..48 {
        slow.push(server.trickle_to("/webhooks/stripe", ""));
        assert_eq!(server.ask(), "HTTP/1.1 200 OK");
    }
}

#[tokio::test]
async fn the_slowest_body_of_an_address_makes_room_for_the_next() {
    let world = World::new().await;
    let settings = [
        // One thread reads in the order in which they are accepted.
        ("CONNECTS_HTTP_WORKERS", "1"),
        ("CONNECTS_BODIES__PER_ADDRESS", "2"),
        ("CONNECTS_BODIES__AT_ONCE", "3"),
        ("CONNECTS_TRUSTED_PROXIES", "127.0.0.0/8"),
        ("CONNECTS_BODIES__PATIENCE_MS", "600000"),
        ("CONNECTS_BODIES__TIMEOUT_MS", "600000"),
    ];
    let server = Server::start(&world, &settings);
    let from = |address: &str| server.trickle(&format!("X-Forwarded-For: {address}\r\n"));
    let (mut first, mut second) = (from("192.0.2.1"), from("192.0.2.1"));
    let _third = from("192.0.2.1");
    let told = rest(&mut first);
    assert!(told.starts_with("HTTP/1.1 503") && told.contains("the slowest"), "{told}");
    let (_other, _another) = (from("192.0.2.2"), from("192.0.2.3"));
    assert!(rest(&mut second).starts_with("HTTP/1.1 503"), "three in all: the oldest goes");
    assert_eq!(server.ask(), "HTTP/1.1 200 OK");
}

#[tokio::test]
async fn a_body_that_stands_still_is_ended() {
    let world = World::new().await;
    let server = Server::start(&world, &[("CONNECTS_BODIES__PATIENCE_MS", "1000")]);
    let told = rest(&mut server.trickle(""));
    assert!(told.starts_with("HTTP/1.1 408") && told.contains("REQUEST_TIMEOUT"), "{told}");
}
