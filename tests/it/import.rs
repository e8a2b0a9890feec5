//! Importing job posts from a file, through the command.

use std::path::PathBuf;

use connects::{
    accounts, closing,
    entity::{
        enums::{JobCategory, JobPostState},
        job_post,
    },
    viewer::Viewer,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{World, commands::Commands};

const HEADER: &str = "title,type,hourly_min,hourly_max,budget,experience_level,category,skills\n";

fn file(folder: &TempDir, rows: &[u8]) -> PathBuf {
    let path = folder.path().join("posts.csv");
    std::fs::write(&path, [HEADER.as_bytes(), rows].concat()).unwrap();
    path
}

#[tokio::test]
async fn j_1_rows_become_posts_once() {
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let rows = b"Logo,FIXED,,,50.00,EXPERT,Design & Creative,Logo Design;Drawing\n\
                 \"Site, with shop\",HOURLY,10.50,20,,ENTRY_LEVEL,\"Web, Mobile & Software Dev\",\n\
                 Numbers,HOURLY,,,,INTERMEDIATE,Data Science & Analytics,Excel\n\
                 Answers,HOURLY,,,,,Customer Service,\n";
    let path = file(&folder, rows);
    let commands = Commands::on(&world.app.settings);
    let first = commands.run(&["import", "job-posts", path.to_str().unwrap()]);
    assert_eq!((first.code, first.last_line()), (0, "imported 4, skipped 0, rejected 0"), "{}", first.stderr);
    let again = commands.run(&["import", "job-posts", path.to_str().unwrap()]);
    assert_eq!((again.code, again.last_line()), (0, "imported 0, skipped 4, rejected 0"));
    let posts = job_post::Entity::find().all(world.db().read()).await.unwrap();
    let post = |title: &str| posts.iter().find(|post| post.title == title).unwrap();
    assert_eq!((post("Logo").category, post("Logo").connects_price), (JobCategory::Design, 2));
    let site = post("Site, with shop");
    assert_eq!((site.hourly_min_cents, site.hourly_max_cents), (Some(1050), Some(2000)));
    assert_eq!((site.category, site.connects_price), (JobCategory::DevelopmentAndIt, 6));
    assert_eq!(post("Numbers").category, JobCategory::DevelopmentAndIt);
    assert_eq!(
        (post("Answers").category, post("Answers").connects_price),
        (JobCategory::AdminAndCustomerSupport, 4)
    );
    assert_eq!(post("Answers").subcategory.as_deref(), Some("Customer Service"));
    assert!(post("Answers").skills.0.is_empty());
}

#[tokio::test]
async fn bad_rows_are_reported_one_by_one_and_the_good_ones_stay() {
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let long = "x".repeat(301);
    let mut rows = format!(
        ",FIXED,,,50,EXPERT,Design & Creative,\n\
         A,BARTER,,,50,EXPERT,Design & Creative,\n\
         B,FIXED,,,-50,EXPERT,Design & Creative,\n\
         C,FIXED,,,5e3,EXPERT,Design & Creative,\n\
         D,HOURLY,30,20,,EXPERT,Design & Creative,\n\
         E,FIXED,,,50,WIZARD,Design & Creative,\n\
         F,FIXED,,,50,EXPERT,Alchemy,\n\
         {long},FIXED,,,50,EXPERT,Design & Creative,\n\
         G,FIXED,,,50,EXPERT,Design & Creative,,surplus\n\
         Good,FIXED,,,50,EXPERT,Design & Creative,\n"
    )
    .into_bytes();
    rows.extend(b"\xff\xfe,FIXED,,,50,EXPERT,Design & Creative,\n");
    rows.extend(b"a\x00b,FIXED,,,50,EXPERT,Design & Creative,\n");
    let path = file(&folder, &rows);
    let done = Commands::on(&world.app.settings).run(&["import", "job-posts", path.to_str().unwrap()]);
    assert_eq!((done.code, done.last_line()), (3, "imported 1, skipped 0, rejected 11"), "{}", done.stderr);
    let fields: Vec<_> = done
        .stderr
        .lines()
        .map(|line| {
            let (place, rest) = line.split_once(": ").unwrap();
            (place.to_owned(), rest.split_once(": ").unwrap().0.to_owned())
        })
        .collect();
    let expected = [
        (2, "title"),
        (3, "type"),
        (4, "budget"),
        (5, "budget"),
        (6, "hourly_max"),
        (7, "experience_level"),
        (8, "category"),
        (9, "title"),
        (10, "row"),
        (12, "row"),
        (13, "title"),
    ];
    let expected: Vec<_> = expected.map(|(line, field)| (format!("line {line}"), field.to_owned())).into();
    assert_eq!(fields, expected);
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_in_one_sentence() {
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let commands = Commands::on(&world.app.settings);
    let missing = commands.run(&["import", "job-posts", "/nowhere/posts.csv"]);
    assert_eq!((missing.code, missing.stderr.lines().count()), (1, 1), "{}", missing.stderr);
    let path = folder.path().join("other.csv");
    std::fs::write(&path, "a,b\n1,2\n").unwrap();
    let other = commands.run(&["import", "job-posts", path.to_str().unwrap()]);
    assert_eq!(other.code, 1);
    assert!(other.stderr.contains("no column title"), "{}", other.stderr);
}

#[tokio::test]
async fn j_1_the_real_job_posts_are_imported_whole() {
    let real = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/job-posts.csv");
    if !real.exists() {
        eprintln!("skipped: {} is not there", real.display());
        return;
    }
    let world = World::new().await;
    let done = Commands::on(&world.app.settings).run(&["import", "job-posts", real.to_str().unwrap()]);
    assert_eq!((done.code, done.last_line()), (0, "imported 3513, skipped 0, rejected 0"), "{}", done.stderr);
}

#[tokio::test]
async fn each_client_has_the_posts_of_the_file_and_a_freelancer_proposes_to_both() {
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let ada = world.freelancer("ada").await;
    let path = file(&folder, b"Logo,FIXED,,,50.00,EXPERT,Design & Creative,\n");
    let commands = Commands::on(&world.app.settings);
    for client in ["one@test.example", "two@test.example"] {
        let import = || commands.run(&["import", "job-posts", path.to_str().unwrap(), "--client", client]);
        let first = import();
        assert_eq!((first.code, first.last_line()), (0, "imported 1, skipped 0, rejected 0"), "{client}");
        assert_eq!(import().last_line(), "imported 0, skipped 1, rejected 0");
    }
    let posts = job_post::Entity::find().all(world.db().read()).await.unwrap();
    assert_eq!(posts.len(), 2);
    for (post, key) in posts.iter().zip(["k1", "k2"]) {
        assert_eq!(world.propose(&ada, post, 2, key).await["userErrors"], json!([]));
    }
    world.verify().await;
}

#[tokio::test]
async fn a_row_whose_post_is_over_is_named_and_not_skipped_in_silence() {
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let rows =
        b"Logo,FIXED,,,50.00,EXPERT,Design & Creative,\nSite,FIXED,,,50.00,EXPERT,Design & Creative,\n";
    let path = file(&folder, rows);
    let commands = Commands::on(&world.app.settings);
    let import = || commands.run(&["import", "job-posts", path.to_str().unwrap()]);
    assert_eq!(import().code, 0);
    let site = job_post::Entity::find().filter(job_post::Column::Title.eq("Site"));
    let site = site.one(world.db().read()).await.unwrap().unwrap();
    let client = accounts::store::find_account(world.db().read(), site.client_id).await.unwrap().unwrap();
    let client = Viewer(client, Vec::new());
    world.db().write(async |txn| closing::cancel(txn, &client, site.id, "").await).await.unwrap();
    let again = import();
    assert_eq!((again.code, again.last_line()), (3, "imported 0, skipped 1, rejected 1"));
    assert!(again.stderr.starts_with("line 3: row: This row was imported before"), "{}", again.stderr);
    assert!(again.stderr.contains("CANCELLED"), "{}", again.stderr);
    // the time of the other is up, whether or not its task has run.
    world.sleep_until("2026-03-01T00:00:00Z").await;
    let late = import();
    assert_eq!((late.code, late.last_line()), (3, "imported 0, skipped 0, rejected 2"));
    assert!(late.stderr.starts_with("line 2: row: ") && late.stderr.contains("EXPIRED"), "{}", late.stderr);
    let posts = job_post::Entity::find().all(world.db().read()).await.unwrap();
    assert_eq!(posts.iter().filter(|post| post.state == JobPostState::Open).count(), 1, "nothing came back");
}

#[tokio::test]
async fn rows_are_named_by_the_line_on_which_they_begin() {
    let (world, folder) = (World::new().await, TempDir::new().unwrap());
    let rows = "\n,FIXED,,,50,EXPERT,Design & Creative,\n\n\n\"Two\nlines\",BARTER,,,50,EXPERT,Design & Creative,\nshort\nF,FIXED,,,x,EXPERT,,\n";
    for end in ["\n", "\r\n"] {
        let path = file(&folder, b"");
        std::fs::write(&path, format!("{HEADER}{rows}").replace('\n', end)).unwrap();
        let done = Commands::on(&world.app.settings).run(&["import", "job-posts", path.to_str().unwrap()]);
        let told = done.stderr.lines().map(|line| line.split_once(": ").unwrap().0.to_owned());
        assert_eq!(told.collect::<Vec<_>>(), ["line 3", "line 6", "line 8", "line 9"], "{}", done.stderr);
    }
}
