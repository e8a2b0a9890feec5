//! A world for a test: a database of its own in sandbox time, its people, and GraphQL.

pub mod commands;
mod databases;
pub mod door;
pub mod dump;
pub mod proxy;
mod scans;

use databases::template;
pub use databases::{Place, postgres, run_on_server};

use std::sync::{Arc, atomic::AtomicUsize};

use connects::{
    app::App,
    clock::Instant,
    config::Settings,
    connects::store,
    db::{Database, Open},
    entity::{
        enums::{HistoryKind, JobPayment, RestrictionKind},
        ids::WalletId,
        job_post,
    },
    graphql::{
        Schema,
        kit::context::{Caller, Request},
        schema,
    },
    job_posts::{self, Row},
    onboarding::{Registered, Registration, register},
    policy::Policy,
    schedule::{self, Task},
    viewer::Viewer,
};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};

/// Everything a story needs.
pub struct World {
    pub app: App,
    pub schema: Schema,
    /// Statements run so far, reads and writes.
    pub statements: Arc<AtomicUsize>,
    texts: scans::Texts,
    _place: Place,
}

/// A client of servers that run as processes. It speaks plain HTTP, and is not made without TLS all the same.
pub fn http_client() -> reqwest::Client {
    // The first one installs it, for the whole process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// An instant.
pub fn at(text: &str) -> Instant {
    text.parse().unwrap_or_else(|_| panic!("{text} is no instant"))
}

/// The task called `name`.
pub fn task(name: &str) -> &'static Task {
    Task::find(name).unwrap_or_else(|_| panic!("{name} is no task"))
}

impl World {
    /// A world on 1 January 2026.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A world with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let place = Place::new(Some(template().await)).await;
        let mut settings = place.small();
        change(&mut settings);
        settings.database_url.clone_from(&place.database_url);
        Self::on(settings, place).await
    }

    async fn on(settings: Settings, place: Place) -> Self {
        let (statements, texts) = (Arc::new(AtomicUsize::new(0)), scans::Texts::default());
        let mut pools = Database::connections(&settings, Open::Existing).await.expect("connections");
        for connection in [&mut pools.read, &mut pools.write] {
            let (counter, texts) = (statements.clone(), texts.clone());
            connection.set_metric_callback(move |info| {
                texts.note(&info.statement.sql);
                counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            });
        }
        let db = Database::on(pools, &settings, Open::Existing).await.expect("a database");
        let schema = schema(&settings);
        let app = App::on(settings, db).await.expect("an app");
        Self { app, schema, statements, texts, _place: place }
    }

    /// A second process on the same database.
    pub async fn twin(&self) -> App {
        let db = Database::open(&self.app.settings, Open::Existing).await.expect("a second process");
        App::on(self.app.settings.clone(), db).await.expect("an app")
    }

    pub fn db(&self) -> &Database {
        &self.app.db
    }

    /// Registers a freelancer today.
    pub async fn freelancer(&self, name: &str) -> Person {
        self.register(name, true, false, false).await
    }

    /// Registers a client today.
    pub async fn client(&self, name: &str) -> Person {
        self.register(name, false, true, false).await
    }

    /// Registers an admin today.
    pub async fn admin(&self) -> Person {
        self.register("admin", false, false, true).await
    }

    async fn register(&self, name: &str, freelancer: bool, client: bool, admin: bool) -> Person {
        let registered = self.try_register(&registration(name, freelancer, client, admin)).await;
        let Registered { account, wallet } = registered.expect("registered");
        Person { viewer: Viewer(account, Vec::new()), wallet }
    }

    pub async fn try_register(&self, who: &Registration) -> connects::error::Result<Registered> {
        self.db().write(async |txn| register(txn, &self.app.keys, who).await).await
    }

    /// Posts a fixed-price job of `client`.
    pub async fn post(&self, client: &Person, title: &str, dollars: i64) -> job_post::Model {
        let row = Row {
            title: title.to_owned(),
            payment: JobPayment::Fixed,
            hourly_min_cents: None,
            hourly_max_cents: None,
            budget_cents: Some(dollars * 100),
            experience_level: None,
            category: "Design & Creative".to_owned(),
            skills: vec!["Drawing".to_owned()],
        };
        let account = client.viewer.0.clone();
        let posts = self.db().write(async |txn| {
            job_posts::import_batch(txn, &account, std::slice::from_ref(&row)).await?;
            job_posts::store::list_of_client(txn, account.id).await
        });
        let posts = posts.await.expect("posted");
        posts.into_iter().find(|post| post.title == title).expect("the post")
    }

    /// Advances the clock; all tasks run.
    pub async fn advance(&self, to: &str) -> schedule::Advance {
        self.app.runner().advance(at(to)).await.expect("advanced")
    }

    /// Moves the clock and runs nothing: as after an outage.
    pub async fn sleep_until(&self, to: &str) {
        self.db().write(async |txn| txn.move_clock(at(to)).await).await.expect("moved");
    }

    /// Asks as `viewer`.
    pub async fn ask(&self, viewer: Option<&Person>, query: &str, variables: Value) -> Value {
        let viewer = viewer.map(|person| person.viewer.clone());
        self.ask_from(Caller { viewer, ..Caller::default() }, query, variables).await
    }

    /// Asks as `caller`.
    pub async fn ask_from(&self, caller: Caller, query: &str, variables: Value) -> Value {
        let now = self.db().now().await.expect("a time");
        let door = (self.db(), &self.app.gate, &self.app.submissions);
        let request = Request::new(door, now, caller, "test".into(), self.app.runner());
        let variables = async_graphql::Variables::from_json(variables);
        let request = async_graphql::Request::new(query).variables(variables).data(request);
        serde_json::to_value(self.schema.execute(request).await).expect("an answer")
    }

    /// Asks as `viewer`, and expects data and no errors.
    pub async fn data(&self, viewer: Option<&Person>, query: &str, variables: Value) -> Value {
        let answer = self.ask(viewer, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].clone()
    }

    /// Submits a proposal at `connects`; returns the payload.
    pub async fn propose(&self, person: &Person, post: &job_post::Model, connects: i64, key: &str) -> Value {
        let input = proposal(post, connects, key);
        self.data(Some(person), SUBMIT, json!({ "input": input })).await["submitProposal"].clone()
    }

    /// What `person` can spend now.
    pub async fn available(&self, person: &Person) -> i64 {
        let now = self.db().now().await.expect("a time");
        let wallet = person.wallet.expect("a wallet");
        let balances = connects::connects::balance::balances(self.db().read(), &[wallet], now).await;
        balances.expect("a balance")[0].available
    }

    /// The history of `person`, oldest first: kind, quantity, balance after, effective at.
    pub async fn history(&self, person: &Person) -> Vec<(String, i64, i64, String)> {
        use sea_orm::QueryOrder;
        let rows = store::shown_entries(person.wallet.expect("a wallet"), store::Shown::default())
            .order_by_asc(connects::entity::entry::Column::Seq)
            .all(self.db().read())
            .await
            .expect("a history");
        rows.into_iter()
            .map(|row| {
                let day = row.effective_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
                (row.kind.to_string(), row.available_change, row.available_after, day)
            })
            .collect()
    }

    /// Runs a raw statement as a person with a database shell would; what the database says.
    pub async fn sql(&self, sql: &str) -> Result<u64, sea_orm::DbErr> {
        let db = match postgres() {
            // SQLite's readers are read-only, so the shell has a connection of its own.
            None => sea_orm::Database::connect(&self.app.settings.database_url).await?,
            Some(_) => self.db().read().pool().clone(),
        };
        // Not prepared: behind a pooler the connection may have statements of others.
        Ok(db.execute_unprepared(sql).await?.rows_affected())
    }

    /// Suspends `person` now.
    pub async fn suspend(&self, admin: &Person, person: &Person) {
        let suspend = self.db().write(async |txn| {
            let why = (RestrictionKind::Suspended, "a reason");
            connects::accounts::suspend(txn, &admin.viewer, person.viewer.id(), why).await
        });
        suspend.await.expect("suspended");
    }

    /// Lifts the suspension of `person`.
    pub async fn reinstate(&self, admin: &Person, person: &Person) {
        let reinstate = self
            .db()
            .write(async |txn| connects::accounts::reinstate(txn, &admin.viewer, person.viewer.id()).await);
        reinstate.await.expect("reinstated");
    }

    /// Goes on under another policy from now on.
    pub async fn with_policy(&mut self, change: impl FnOnce(&mut Policy)) {
        use sea_orm::{ActiveValue::Set, EntityTrait};
        let mut policy = Policy::seed().expect("a policy");
        change(&mut policy);
        let insert = self.db().write(async |txn| {
            let row = connects::entity::policy::ActiveModel {
                version: Set(2),
                effective_from: Set(txn.now()),
                document: Set(serde_json::to_value(&policy).expect("JSON")),
                actor_id: Set(None),
                recorded_at: Set(txn.now()),
            };
            Ok(connects::entity::policy::Entity::insert(row).exec_without_returning(txn).await?)
        });
        insert.await.expect("a new policy");
        self.app = self.twin().await;
    }

    /// How many entries of `kind` there are.
    pub async fn count_entries(&self, kind: HistoryKind) -> usize {
        use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
        let of_kind = connects::entity::entry::Column::Kind.eq(kind);
        let count = connects::entity::entry::Entity::find().filter(of_kind).count(self.db().read()).await;
        usize::try_from(count.expect("counted")).expect("few")
    }

    /// What a proposal to `post` costs now.
    pub async fn price(&self, post: &job_post::Model) -> i64 {
        let posts = job_posts::store::list_posts(self.db().read(), &[post.id]).await.expect("read");
        posts[0].connects_price
    }

    pub fn backend(&self) -> DbBackend {
        self.db().read().get_database_backend()
    }

    /// The kinds of the notifications of `person`, newest first.
    pub async fn notified(&self, person: &Person) -> Vec<String> {
        let query = "{ viewer { notifications { nodes { kind } } } }";
        let data = self.data(Some(person), query, json!({})).await;
        let nodes = data["viewer"]["notifications"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|notification| notification["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// The ledger holds, and no statement of this story has read a whole table.
    pub async fn verify(&self) {
        let scans = self.full_scans().await;
        assert!(scans.is_empty(), "{scans:#?}");
        let breaches = connects::books::verify(self.db().read()).await.expect("verified");
        assert!(breaches.is_empty(), "{breaches:#?}");
    }

    /// The ledger's fingerprint.
    pub async fn digest(&self) -> String {
        connects::books::digest(self.db().read()).await.expect("a digest")
    }
}

/// A registered person.
#[derive(Clone)]
pub struct Person {
    pub viewer: Viewer,
    pub wallet: Option<WalletId>,
}

impl Person {
    pub fn token(&self, world: &World) -> String {
        let now = connects::clock::wall_now();
        world.app.keys.mint(self.viewer.id(), now, now + chrono::TimeDelta::hours(1)).expect("a token")
    }
}

pub fn registration(name: &str, freelancer: bool, client: bool, admin: bool) -> Registration {
    Registration {
        email: format!("{name}@test.example"),
        name: name.to_owned(),
        country: "US".into(),
        freelancer,
        client,
        admin,
        verified: true,
    }
}

/// The global id of an object.
pub fn id(kind: &str, key: impl std::fmt::Display) -> String {
    connects::graphql::kit::ids::global_id(kind, &key).to_string()
}

/// An input of `submitProposal`.
pub fn proposal(post: &job_post::Model, connects: i64, key: &str) -> Value {
    json!({
        "jobPostId": id("JobPost", post.id), "expectedConnects": connects,
        "coverLetter": "Good day!", "idempotencyKey": key,
    })
}

/// Submits a proposal and asks for everything about it.
pub const SUBMIT: &str = "mutation($input: SubmitProposalInput!) { submitProposal(input: $input) {
    proposal { id connectsCharged jobPost { proposalCount connectsPrice { connects } } }
    wallet { available } entry { kind quantity availableAfter movements { nodes { quantity } } }
    availableAfter replayed
    userErrors { __typename code message field rule retryable
      ... on InsufficientConnects { required available } ... on ConnectsPriceChanged { expected actual } } } }";

/// The only code in the user errors of a payload.
pub fn code(payload: &Value) -> &str {
    assert_eq!(payload["userErrors"].as_array().map(Vec::len), Some(1), "{payload:#}");
    payload["userErrors"][0]["code"].as_str().expect("a code")
}
