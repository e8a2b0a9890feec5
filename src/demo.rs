//! The demo: a small, seeded marketplace in sandbox time, with people one can sign in as.

use chrono::{Months, TimeDelta};
use serde::Serialize;

use crate::{
    accounts::store,
    app::App,
    clock::{Instant, wall_now},
    entity::{
        account,
        enums::{ClockKind, ExperienceLevel, Payment, Plan},
        job_post,
    },
    error::{Error, Fault, Result},
    job_posts::{self, Row},
    memberships, onboarding,
    onboarding::Registration,
    proposals::{self, Submit},
    schedule,
    viewer::Viewer,
};

/// Days that a demo token is valid, by the wall clock.
const TOKEN_DAYS: i64 = 30;

/// A person of the demo, with a token to paste.
#[derive(Clone, Debug, Serialize)]
pub struct Persona {
    /// Name.
    pub name: &'static str,
    /// E-mail address.
    pub email: &'static str,
    /// What there is to see as this person.
    pub role: &'static str,
    /// Bearer token.
    pub token: String,
}

/// Who there is: name, e-mail, what to see, country, freelancer, client, admin.
const PEOPLE: [(&str, &str, &str, &str, bool, bool, bool); 4] = [
    ("Ada", "ada@demo.example", "a freelancer on BASIC who has sent proposals", "GB", true, false, false),
    ("Grace", "grace@demo.example", "a freelancer on PLUS who saves her Connects", "US", true, false, false),
    ("Clara", "clara@demo.example", "a client with job posts", "DE", false, true, false),
    ("Oskar", "oskar@demo.example", "an admin who runs tasks and moves the clock", "SE", false, false, true),
];

/// Title, category as in an import, fixed budget in dollars or 0 for hourly, hourly rates, skills.
type Post = (&'static str, &'static str, i64, (i64, i64), &'static [&'static str]);

/// What Clara posts.
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

/// Plants the demo in an empty sandbox, and mints tokens for its people; in one that has it, only that.
///
/// # Errors
/// When the database lives in system time; a fault of the database.
pub async fn plant(app: &App) -> Result<Vec<Persona>> {
    if app.db.clock() == ClockKind::System {
        let sentence = "this database lives in system time and keeps real data; the demo wants a new one \
                        (set DATABASE_URL to another file)";
        return Err(Fault::Setup(sentence.into()).into());
    }
    let start = app.db.now().await?;
    for person in PEOPLE {
        register(app, person).await?;
    }
    let planted = find(app, "clara@demo.example").await?;
    if job_posts::store::count_of_client(app.db.read(), planted.0.id).await? == 0 {
        live(app, start).await?;
    }
    let mut personas = Vec::new();
    for (name, email, role, ..) in PEOPLE {
        let now = wall_now();
        let token = app.keys.mint(find(app, email).await?.id(), now, now + TimeDelta::days(TOKEN_DAYS))?;
        personas.push(Persona { name, email, role, token });
    }
    Ok(personas)
}

/// Some months of the marketplace's life: Grace goes PLUS, Clara posts, Ada proposes, time passes.
async fn live(app: &App, start: Instant) -> Result<()> {
    let (admin, grace) = (find(app, "oskar@demo.example").await?, find(app, "grace@demo.example").await?);
    let plus =
        app.db.write(async |txn| memberships::change_plan(txn, &admin, grace.id(), Plan::Plus).await).await;
    match plus {
        Ok(_) | Err(Error::Rejected(_)) => {}
        Err(fault) => return Err(fault),
    }
    let later = start + Months::new(3) + TimeDelta::hours(10);
    schedule::advance(&app.db, later, &app.stop).await?;
    let clara = find(app, "clara@demo.example").await?.0;
    let posts = app.db.write(async |txn| {
        job_posts::import_batch(txn, &clara, &POSTS.map(|post| row(&post))).await?;
        job_posts::store::list_of_client(txn, clara.id).await
    });
    let posts = posts.await?;
    let ada = find(app, "ada@demo.example").await?;
    for post in posts.iter().take(5) {
        propose(app, &ada, post).await?;
    }
    schedule::advance(&app.db, later + TimeDelta::days(25), &app.stop).await?;
    Ok(())
}

async fn register(app: &App, person: (&str, &str, &str, &str, bool, bool, bool)) -> Result<()> {
    let (name, email, _, country, freelancer, client, admin) = person;
    if store::find_by_email(app.db.read(), email).await?.is_some() {
        return Ok(());
    }
    let (name, email, country) = (name.to_owned(), email.to_owned(), country.to_owned());
    let who = Registration { email, name, country, freelancer, client, admin, verified: true };
    app.db.write(async |txn| onboarding::register(txn, &app.keys, &who).await).await?;
    Ok(())
}

async fn find(app: &App, email: &str) -> Result<Viewer> {
    let account: Option<account::Model> = store::find_by_email(app.db.read(), email).await?;
    Ok(Viewer(account.ok_or_else(|| Fault::Broken(format!("the demo has no {email}")))?, Vec::new()))
}

fn row(post: &Post) -> Row {
    let (title, category, budget, (min, max), skills) = *post;
    let cents = |dollars: i64| (dollars > 0).then_some(dollars * 100);
    Row {
        title: title.to_owned(),
        payment: if budget > 0 { Payment::Fixed } else { Payment::Hourly },
        hourly_min_cents: cents(min),
        hourly_max_cents: cents(max),
        budget_cents: cents(budget),
        experience_level: Some(ExperienceLevel::Intermediate),
        category: category.to_owned(),
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
    }
}

async fn propose(app: &App, freelancer: &Viewer, post: &job_post::Model) -> Result<()> {
    let submit = Submit {
        freelancer: freelancer.clone(),
        job_post: post.id,
        expected_connects: post.connects_price,
        amount_cents: post.budget_cents,
        cover_letter: format!("Good day! I would like to work on \"{}\".", post.title),
        key: None,
    };
    match proposals::submit(&app.db, submit, false).await {
        Ok(_) | Err(Error::Rejected(_)) => Ok(()),
        Err(fault) => Err(fault),
    }
}
