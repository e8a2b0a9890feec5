//! Disks that fill up, servers that go away: what was answered is there after a restart, and what was
//! not is not.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::{
    Person, World,
    commands::{Commands, Running, address_of},
    http_client, postgres,
};

/// A process that survives its file-size limit as it survives a full disk: the write fails.
struct Server {
    process: Running,
    address: String,
    client: reqwest::Client,
    token: String,
}

const POST: &str = "mutation($t: String!, $dry: Boolean!) { createJobPost(input: { dryRun: $dry, content: {
    title: $t, description: \"To do.\", category: DESIGN, payment: FIXED } }) {
    jobPost { title } userErrors { code } } }";

impl Server {
    fn start(world: &World, person: &Person) -> Self {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--no-scheduler"];
        let mut process = Commands::on(&world.app.settings).spawn_unkillable_by_file_size(&serve);
        let address = address_of(&mut process);
        Self { process, address, client: http_client(), token: person.token(world) }
    }

    /// Lets no file grow beyond `bytes`.
    fn limit_files(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:");
        let set = Command::new("prlimit").args(["--pid", &self.process.id().to_string(), &limit]).status();
        assert!(set.expect("util-linux has prlimit").success());
    }

    async fn ready(&self) -> u16 {
        let asked = self.client.get(format!("{}/readyz", self.address)).send().await;
        asked.expect("an answer").status().as_u16()
    }

    /// Posts a job; whether that was answered as done.
    async fn post(&self, title: &str, dry_run: bool) -> bool {
        let answer = self.ask(json!({ "t": title, "dry": dry_run })).await;
        let done = answer["data"]["createJobPost"]["jobPost"]["title"] == title;
        let code = answer["errors"][0]["extensions"]["code"].clone();
        assert!(done || code == "SERVICE_UNAVAILABLE" || code.is_null(), "{answer:#}");
        done
    }

    async fn ask(&self, variables: Value) -> Value {
        let body = json!({ "query": POST, "variables": variables });
        let request = self.client.post(format!("{}/graphql", self.address)).bearer_auth(&self.token);
        request.json(&body).send().await.expect("an answer").json().await.expect("JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The titles of all posts, as a process that starts now reads them.
async fn titles(world: &World) -> Vec<String> {
    use sea_orm::{EntityTrait, QueryOrder};
    let twin = world.twin().await;
    let posts = connects::entity::job_post::Entity::find()
        .order_by_asc(connects::entity::job_post::Column::Title)
        .all(twin.db.read())
        .await;
    posts.expect("posts").into_iter().map(|post| post.title).collect()
}

#[tokio::test]
async fn what_is_answered_after_a_commit_failed_is_there_after_a_restart() {
    if postgres().is_some() {
        return; // PostgreSQL has its own disk.
    }
    let world = World::new().await;
    let clara = world.client("clara").await;
    let server = Server::start(&world, &clara);
    assert!(server.post("A, before", false).await);
    assert_eq!(server.ready().await, 200);

    server.limit_files("4096");
    assert!(!server.post("B, on a full disk", false).await);
    assert_eq!(server.ready().await, 503, "nothing can be committed");
    server.limit_files("unlimited");

    assert_eq!(server.ready().await, 200);
    assert!(server.post("C, only rehearsed", true).await);
    assert!(!server.post("", false).await, "refused");
    assert!(server.post("D, after", false).await);
    assert_eq!(server.ready().await, 200);
    assert!(server.post("E, after", false).await);
    drop(server);
    assert_eq!(titles(&world).await, ["A, before", "D, after", "E, after"]);
    world.verify().await;
}
