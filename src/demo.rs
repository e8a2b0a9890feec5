//! The demo: a small, seeded marketplace in sandbox time, with people one can sign in as.

use chrono::{Months, TimeDelta};
use serde::Serialize;

use crate::{
    accounts::store,
    app::{App, patiently},
    catalog,
    clock::wall_now,
    contracts::{self, Draft, rules::terms::Terms},
    db::Txn,
    entity::{
        account,
        enums::{ClockKind, ExperienceLevel, JobCategory, JobPayment, MembershipPlan},
        job_post,
        values::Part,
    },
    error::{Fault, Result},
    job_posts::{self, Row},
    keyring, memberships,
    money::Connects,
    onboarding,
    onboarding::Registration,
    proposals::{self, Offer, Submit},
    rooms, schedule,
    viewer::Viewer,
};

/// Days for which a demo token is valid, by the wall clock.
const TOKEN_DAYS: i64 = 30;

/// A person of the demo, with a token to paste.
#[derive(Clone, Debug, Serialize)]
pub struct Persona {
    /// Name.
    pub name: &'static str,
    /// E-mail address.
    pub email: &'static str,
    /// What can be seen as this person.
    pub role: &'static str,
    /// Bearer token.
    pub token: String,
}

/// The people: name, e-mail, what to see, country, freelancer, client, admin.
const PEOPLE: [(&str, &str, &str, &str, bool, bool, bool); 4] = [
    (
        "Ada",
        "ada@demo.example",
        "a freelancer on BASIC who has sent proposals and received an offer",
        "GB",
        true,
        false,
        false,
    ),
    ("Grace", "grace@demo.example", "a freelancer on PLUS who saves her Connects", "US", true, false, false),
    ("Clara", "clara@demo.example", "a client with job posts", "DE", false, true, false),
    ("Oskar", "oskar@demo.example", "an admin who runs tasks and moves the clock", "SE", false, false, true),
];

/// Title, category as in an import, fixed budget in dollars or 0 for hourly, hourly rates, skills.
type Post = (&'static str, &'static str, i64, (i64, i64), &'static [&'static str]);

/// Clara's job posts.
const POSTS: [Post; 8] = [
    ("Logo for a small bakery", "Design & Creative", 40, (0, 0), &["Logo Design", "Illustration"]),
    ("Translate a menu into French", "Writing & Translation", 60, (0, 0), &["French", "Translation"]),
    ("Landing page for a choir", "Web, Mobile & Software Dev", 450, (0, 0), &["HTML", "CSS"]),
    ("Clean up a spreadsheet of members", "Admin & Data Entry", 120, (0, 0), &["Spreadsheets"]),
    ("Newsletter for a museum", "Sales & Marketing", 900, (0, 0), &["E-mail Marketing", "Copywriting"]),
    (
        "Booking system for a climbing hall",
        "Web, Mobile & Software Dev",
        4_500,
        (0, 0),
        &["Rust", "PostgreSQL"],
    ),
    ("Part-time support in the evenings", "Customer Service", 0, (15, 25), &["Customer Support"]),
    ("Data pipeline for weather stations", "Data Science & Analytics", 0, (60, 90), &["Python", "SQL"]),
];

/// Creates the demo in a sandbox that has none, and mints tokens for its people. The demo is one transaction: a
/// process that dies leaves nothing behind, and processes that start meanwhile wait.
///
/// # Errors
/// A fault when the database uses system time.
pub async fn plant(app: &App) -> Result<Vec<Persona>> {
    if app.db.clock() == ClockKind::System {
        let sentence = "this database uses system time and holds real data; the demo wants a new one \
                        (set DATABASE_URL to another file)";
        return Err(Fault::Setup(sentence.into()).into());
    }
    patiently(async || {
        app.db.write(async |txn| if txn.claim_demo().await? { live(txn, app).await } else { Ok(()) }).await
    })
    .await?;
    let mut personas = Vec::new();
    for (name, email, role, ..) in PEOPLE {
        let now = wall_now();
        // People may have erased their accounts since.
        let Some(account) = store::find_by_email(app.db.read(), email).await? else { continue };
        let until = now + TimeDelta::days(TOKEN_DAYS);
        let token = keyring::mint(&app.db, &app.keys, account.id, now, until).await?;
        personas.push(Persona { name, email, role, token });
    }
    Ok(personas)
}

/// Some months of the marketplace's life: people register, Grace goes PLUS, Clara posts, Ada proposes, time
/// passes, Clara offers Ada a contract, and Ada publishes a project.
async fn live(txn: &Txn, app: &App) -> Result<()> {
    for person in PEOPLE {
        register(txn, app, person).await?;
    }
    let (admin, grace) = (find(txn, "oskar@demo.example").await?, find(txn, "grace@demo.example").await?);
    memberships::change_plan(txn, &admin, grace.id(), MembershipPlan::Plus).await?;
    let later = txn.now() + Months::new(3) + TimeDelta::hours(10);
    schedule::advance_within(txn, later).await?;
    let clara = find(txn, "clara@demo.example").await?.0;
    job_posts::import_batch(txn, &clara, &POSTS.map(|post| row(&post))).await?;
    let ada = find(txn, "ada@demo.example").await?;
    for post in job_posts::store::list_of_client(txn, clara.id).await?.iter().take(5) {
        propose(txn, &ada, post).await?;
    }
    schedule::advance_within(txn, later + TimeDelta::days(25)).await?;
    offer(txn, &find(txn, "clara@demo.example").await?, &ada).await?;
    catalog::publish(txn, &ada, project()).await?;
    Ok(())
}

/// What Ada sells at a fixed price.
fn project() -> catalog::Content {
    catalog::Content {
        title: "A logo in three drafts".to_owned(),
        description: "Three drafts, of which you choose one, and the final logo in all usual formats."
            .to_owned(),
        category: JobCategory::Design,
        price_cents: 12_000,
    }
}

/// Clara asks Ada about the first of her jobs and offers it to her; Ada has not accepted yet.
async fn offer(txn: &Txn, clara: &Viewer, ada: &Viewer) -> Result<()> {
    let proposals = proposals::store::list_live(txn, ada.id()).await?;
    let Some(first) = proposals.first() else { return Ok(()) };
    let part = |title: &str, amount_cents| Part { title: title.to_owned(), amount_cents };
    let draft = Draft {
        title: None,
        message: "Your letter is the best we got. Shall we begin?".to_owned(),
        terms: Terms::Milestones(vec![part("Draft", 1_500), part("Final version", 2_500)]),
    };
    rooms::send(txn, clara, first.id, "When could you start?").await?;
    rooms::send(txn, ada, first.id, "On Monday, if you like.").await?;
    contracts::offer(txn, clara, first.id, draft).await?;
    Ok(())
}

async fn register(
    txn: &Txn,
    app: &App,
    (name, email, _, country, freelancer, client, admin): (&str, &str, &str, &str, bool, bool, bool),
) -> Result<()> {
    let (name, email, country) = (name.to_owned(), email.to_owned(), country.to_owned());
    let who = Registration { email, name, country, freelancer, client, admin, verified: true };
    onboarding::register(txn, &app.keys, &who).await?;
    Ok(())
}

async fn find(txn: &Txn, email: &str) -> Result<Viewer> {
    let account: Option<account::Model> = store::find_by_email(txn, email).await?;
    Ok(Viewer(account.ok_or_else(|| Fault::Broken(format!("the demo has no {email}")))?, Vec::new()))
}

fn row(post: &Post) -> Row {
    let (title, category, budget, (min, max), skills) = *post;
    let cents = |dollars: i64| (dollars > 0).then_some(dollars * 100);
    Row {
        title: title.to_owned(),
        payment: if budget > 0 { JobPayment::Fixed } else { JobPayment::Hourly },
        hourly_min_cents: cents(min),
        hourly_max_cents: cents(max),
        budget_cents: cents(budget),
        experience_level: Some(ExperienceLevel::Intermediate),
        category: category.to_owned(),
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
    }
}

async fn propose(txn: &Txn, freelancer: &Viewer, post: &job_post::Model) -> Result<()> {
    let submit = Submit {
        freelancer: freelancer.id(),
        offer: Ok(Offer {
            job_post: post.id,
            expected_connects: Connects(post.connects_price),
            amount_cents: post.budget_cents,
            cover_letter: format!("Good day! I would like to work on \"{}\".", post.title),
        }),
        key: None,
    };
    proposals::submit_many(txn, &[submit]).await?.pop().transpose()?;
    Ok(())
}
