//! `import job-posts`: good rows in batches, bad rows told one by one.

use std::{path::Path, process::ExitCode};

use csv::{ReaderBuilder, StringRecord};
use indicatif::{ProgressBar, ProgressStyle};

use super::REFUSED;
use crate::{
    accounts::{rules, store},
    app::App,
    entity::{
        account,
        enums::{ExperienceLevel, Payment},
    },
    error::{Fault, Rejection, Result},
    input::invalid,
    job_posts::{self, Imported, Row},
    onboarding::{self, Registration},
    policy::Import,
};

/// Rows of one transaction.
const ROWS_AT_ONCE: usize = 500;

const COLUMNS: [&str; 8] =
    ["title", "type", "hourly_min", "hourly_max", "budget", "experience_level", "category", "skills"];

/// Imports the job posts in `file` for `client`; exits with 3 when rows were rejected.
pub async fn job_posts(app: &App, file: &Path, client: &str) -> Result<ExitCode> {
    let unreadable = |e: csv::Error| Fault::Setup(format!("cannot read {}: {e}", file.display()));
    let mut reader = ReaderBuilder::new().from_path(file).map_err(unreadable)?;
    let places = places(reader.headers().map_err(unreadable)?)?;
    let client = client_of(app, client).await?;
    let bar = progress(file);
    let (mut done, mut rejected, mut batch) = (Imported::default(), 0_u64, Vec::new());
    let policy = app.db.policy_at(app.db.now().await?).policy.import.clone();
    let mut record = StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => match row_of(&record, &places, &policy) {
                Ok(row) => batch.push(row),
                Err(no) => {
                    rejected += 1;
                    let line = record.position().map_or(line, csv::Position::line);
                    bar.suspend(|| eprintln!("line {line}: {}: {no}", no.field.join(".")));
                }
            },
            Err(error) if !error.is_io_error() => {
                rejected += 1;
                let line = error.position().map_or(line, csv::Position::line);
                bar.suspend(|| eprintln!("line {line}: row: {}", reason_of(&error)));
            }
            Err(error) => return Err(unreadable(error).into()),
        }
        bar.set_position(reader.position().byte());
        if batch.len() == ROWS_AT_ONCE {
            done = flush(app, &client, &mut batch, done).await?;
        }
    }
    done = flush(app, &client, &mut batch, done).await?;
    bar.finish_and_clear();
    println!("imported {}, skipped {}, rejected {rejected}", done.imported, done.skipped);
    Ok(if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
}

/// Where in a record each of [`COLUMNS`] stands.
fn places(header: &StringRecord) -> Result<[usize; 8]> {
    let mut places = [0; 8];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let found = header.iter().position(|name| name.trim() == column);
        let missing = || {
            Fault::Setup(format!(
                "the file has no column {column}; its columns must be {}",
                COLUMNS.join(",")
            ))
        };
        *place = found.ok_or_else(missing)?;
    }
    Ok(places)
}

fn progress(file: &Path) -> ProgressBar {
    let bytes = std::fs::metadata(file).map_or(0, |file| file.len());
    let style = ProgressStyle::with_template("importing {wide_bar} {percent}% {eta}");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The client with this address; makes one when there is none.
async fn client_of(app: &App, email: &str) -> Result<account::Model> {
    if let Some(account) = store::find_by_email(app.db.read(), &rules::checked_email(email)?).await? {
        return Ok(account);
    }
    let who = Registration {
        email: email.to_owned(),
        name: "Imported posts".into(),
        country: "US".into(),
        freelancer: false,
        client: true,
        admin: false,
        verified: true,
    };
    Ok(app.db.write(async |txn| onboarding::register(txn, &app.keys, &who).await).await?.account)
}

async fn flush(
    app: &App,
    client: &account::Model,
    batch: &mut Vec<Row>,
    so_far: Imported,
) -> Result<Imported> {
    if batch.is_empty() {
        return Ok(so_far);
    }
    let done = app.db.write(async |txn| job_posts::import_batch(txn, client, batch).await).await?;
    batch.clear();
    Ok(Imported { imported: so_far.imported + done.imported, skipped: so_far.skipped + done.skipped })
}

/// A record as a row, its fields normalised and checked.
fn row_of(record: &StringRecord, places: &[usize; 8], policy: &Import) -> Result<Row, Rejection> {
    let field = |index: usize| record.get(places[index]).unwrap_or_default().trim();
    let skills = field(7).split(';').map(str::trim).filter(|skill| !skill.is_empty()).map(str::to_owned);
    let row = Row {
        title: field(0).to_owned(),
        payment: match field(1).to_ascii_uppercase().as_str() {
            "FIXED" => Payment::Fixed,
            "HOURLY" => Payment::Hourly,
            _ => return Err(invalid("type", "It must be FIXED or HOURLY.")),
        },
        hourly_min_cents: cents("hourly_min", field(2))?,
        hourly_max_cents: cents("hourly_max", field(3))?,
        budget_cents: cents("budget", field(4))?,
        experience_level: match field(5).to_ascii_uppercase().as_str() {
            "" => None,
            "ENTRY_LEVEL" | "ENTRY" => Some(ExperienceLevel::Entry),
            "INTERMEDIATE" => Some(ExperienceLevel::Intermediate),
            "EXPERT" => Some(ExperienceLevel::Expert),
            _ => {
                return Err(invalid(
                    "experience_level",
                    "It must be ENTRY_LEVEL, INTERMEDIATE, EXPERT or empty.",
                ));
            }
        },
        category: field(6).to_owned(),
        skills: skills.collect(),
    };
    row.checked(policy)?;
    Ok(row)
}

/// An amount such as `25.00` in minor units, exactly; `None` when empty.
fn cents(field: &str, text: &str) -> Result<Option<i64>, Rejection> {
    if text.is_empty() {
        return Ok(None);
    }
    let not_money = || invalid(field, "It must be an amount such as 25 or 25.00.");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 2 {
        return Err(not_money());
    }
    let number: i64 = format!("{whole}{fraction:0<2}").parse().map_err(|_| not_money())?;
    Ok(Some(number))
}

fn reason_of(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("It has {len} fields; {expected_len} are expected.")
        }
        csv::ErrorKind::Utf8 { .. } => "It is not UTF-8.".into(),
        _ => "It cannot be read as CSV.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x_2_amounts_are_read_exactly() {
        let read = |text| cents("budget", text).unwrap();
        assert_eq!(
            [read(""), read("25"), read("25.5"), read("0.07")],
            [None, Some(2500), Some(2550), Some(7)]
        );
        for bad in ["-1", "1.234", "1e9", "25.", ".5", "1,000", "9".repeat(30).as_str()] {
            assert!(cents("budget", bad).is_err(), "{bad}");
        }
    }
}
