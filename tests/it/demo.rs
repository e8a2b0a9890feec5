//! The demo is there whole or not at all, no matter which process dies while it is made and how many make it.

use std::io::{BufRead, BufReader};

use connects::entity::enums::ClockKind;

use crate::support::{
    Place,
    commands::{Commands, Running},
};

/// Commands on a database that is not there yet, or empty.
fn nothing_yet(place: &Place) -> Commands {
    Commands::on(&place.settings(ClockKind::Sandbox))
}

fn digest(commands: &Commands) -> String {
    let done = commands.run(&["verify", "--digest", "--json"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    done.stdout
}

/// Reads the server's output up to its address.
fn must_come_up(server: &mut Running) {
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut log = BufReader::new(server.stderr.take().unwrap());
    // A log that nobody reads would stop its writer.
    let log = std::thread::spawn(move || std::io::read_to_string(&mut log).unwrap_or_default());
    let is_up = lines.any(|line| line.starts_with("GraphQL on "));
    server.ask_to_stop();
    lines.for_each(drop);
    let ended = server.wait().unwrap();
    assert!(is_up && ended.success(), "{ended}: {}", log.join().unwrap());
}

#[tokio::test]
async fn a_demo_whose_maker_is_killed_at_any_statement_ends_as_if_nobody_had_been() {
    let place = Place::new(None).await;
    let undisturbed = nothing_yet(&place);
    assert_eq!(undisturbed.run(&["demo"]).code, 0);
    let expected = digest(&undisturbed);
    // From the first table to the last task, of some 6,500 statements.
    for statements in [2, 130, 700, 5_000, 6_400] {
        let place = Place::new(None).await;
        let commands = nothing_yet(&place);
        let maker = nothing_yet_with_log(&commands);
        let mut maker = maker.spawn(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
        let log = BufReader::new(maker.stderr.take().unwrap()).lines().map_while(Result::ok);
        let seen = log.filter(|line| line.contains("db.statement")).take(statements).count();
        maker.kill().unwrap();
        maker.wait().unwrap();
        assert_eq!(seen, statements, "it died before it was done");
        assert_eq!(commands.run(&["demo"]).code, 0, "killed after {seen} statements");
        assert_eq!(digest(&commands), expected, "killed after {seen} statements");
    }
}

/// The same commands, telling each statement.
fn nothing_yet_with_log(commands: &Commands) -> Commands {
    commands.clone().and("CONNECTS_LOG", "sqlx=debug").and("CONNECTS_LOG_FORMAT", "json")
}

#[tokio::test]
async fn six_servers_that_start_at_once_on_nothing_all_come_up_on_one_demo() {
    let place = Place::new(None).await;
    let commands = nothing_yet(&place);
    let start = |_| commands.spawn(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    let mut servers: Vec<_> = (0..6).map(start).collect();
    std::thread::scope(|scope| {
        for server in &mut servers {
            scope.spawn(|| must_come_up(server));
        }
    });
    let alone = Place::new(None).await;
    let alone = nothing_yet(&alone);
    assert_eq!(alone.run(&["demo"]).code, 0);
    assert_eq!(digest(&commands), digest(&alone));
}
