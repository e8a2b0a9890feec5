//! `import job-posts`: valid rows are written in batches, invalid rows are reported one by one.

use std::{path::Path, process::ExitCode};

use csv::{ReaderBuilder, StringRecord};
use indicatif::{ProgressBar, ProgressStyle};

use super::output::REFUSED;
use crate::{
    accounts::store,
    app::App,
    db::Txn,
    entity::{
        account,
        enums::{Currency, ExperienceLevel, JobPayment},
    },
    error::{Fault, Rejection, Result},
    input::{self, invalid},
    job_posts::{self, Row},
    money::Money,
    onboarding::{self, Registration},
    policy,
};

/// Rows of one transaction.
const ROWS_AT_ONCE: usize = 500;

const COLUMNS: [&str; 8] =
    ["title", "type", "hourly_min", "hourly_max", "budget", "experience_level", "category", "skills"];

/// Imports the job posts in `file` for `client`; the exit code is 3 when rows were rejected.
pub async fn job_posts(app: &App, file: &Path, client: &str) -> Result<ExitCode> {
    let unreadable = |e: &dyn std::fmt::Display| Fault::Setup(format!("cannot read {}: {e}", file.display()));
    let bytes = std::fs::read(file).map_err(|e| unreadable(&e))?;
    let mut reader = ReaderBuilder::new().from_reader(&*bytes);
    let places = places(reader.headers().map_err(|e| unreadable(&e))?)?;
    let client = client_of(app, client).await?;
    let policy = app.db.policy_at(app.db.now().await?).policy.import.clone();
    let (mut import, mut lines) = (Import::new(app, client, bytes.len()), Lines::of(&bytes));
    let mut record = StringRecord::new();
    loop {
        let begins = reader.position().byte();
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => match row_of(&record, &places, &policy) {
                Ok(row) => import.add(lines.begin(begins), row).await?,
                Err(no) => import.reject(lines.begin(begins), &no.field.join("."), &no),
            },
            Err(error) => import.reject(lines.begin(begins), "row", &reason_of(&error)),
        }
        import.bar.set_position(reader.position().byte());
    }
    import.finish().await
}

/// A running import.
struct Import<'a> {
    app: &'a App,
    client: account::Model,
    bar: ProgressBar,
    /// The rows of the next transaction, and the lines on which they begin.
    batch: (Vec<u64>, Vec<Row>),
    imported: u64,
    skipped: u64,
    rejected: u64,
}

impl<'a> Import<'a> {
    fn new(app: &'a App, client: account::Model, bytes: usize) -> Self {
        let style = ProgressStyle::with_template("importing {wide_bar} {percent}% {eta}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(bytes as u64).with_style(style);
        Self { app, client, bar, batch: Default::default(), imported: 0, skipped: 0, rejected: 0 }
    }

    async fn add(&mut self, line: u64, row: Row) -> Result<()> {
        self.batch.0.push(line);
        self.batch.1.push(row);
        if self.batch.1.len() == ROWS_AT_ONCE { self.flush().await } else { Ok(()) }
    }

    fn reject(&mut self, line: u64, field: &str, reason: &dyn std::fmt::Display) {
        self.rejected += 1;
        self.bar.suspend(|| eprintln!("line {line}: {field}: {reason}"));
    }

    async fn flush(&mut self) -> Result<()> {
        let (lines, rows) = std::mem::take(&mut self.batch);
        if rows.is_empty() {
            return Ok(());
        }
        let import = async |txn: &Txn| job_posts::import_batch(txn, &self.client, &rows).await;
        let done = self.app.db.write(import).await?;
        self.imported += done.imported;
        self.skipped += done.skipped;
        for (place, no) in done.refused {
            self.reject(lines[place], &no.field.join("."), &no);
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<ExitCode> {
        self.flush().await?;
        self.bar.finish_and_clear();
        println!("imported {}, skipped {}, rejected {}", self.imported, self.skipped, self.rejected);
        Ok(if self.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
    }
}

/// Counts the lines of a file, up to the last line that was asked for.
struct Lines<'a> {
    bytes: &'a [u8],
    /// Up to here.
    counted: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, counted: 0, line: 1 }
    }

    /// The line on which the record after `byte` begins, past the rest of the line end before it and past blank
    /// lines. Call it in ascending order.
    fn begin(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.bytes.len());
        let blank = self.bytes[byte..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begins = byte + blank;
        let ends = |&at: &usize| match self.bytes[at] {
            b'\n' => true,
            b'\r' => self.bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        self.line += (self.counted..begins).filter(ends).count() as u64;
        self.counted = begins.max(self.counted);
        self.line
    }
}

/// The position of each of [`COLUMNS`] in a record.
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

/// The client with this address; registers one when there is none. Another import may do so at the same time.
async fn client_of(app: &App, email: &str) -> Result<account::Model> {
    let address = input::email("email", email)?;
    let find = async || store::find_by_email(app.db.read(), &address).await;
    if let Some(account) = find().await? {
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
    match app.db.write(async |txn| onboarding::register(txn, &app.keys, &who).await).await {
        Ok(registered) => Ok(registered.account),
        Err(error) => find().await?.ok_or(error),
    }
}

/// A record as a row, its fields normalised and checked.
fn row_of(record: &StringRecord, places: &[usize; 8], policy: &policy::Import) -> Result<Row, Rejection> {
    let field = |index: usize| record.get(places[index]).unwrap_or_default().trim();
    let skills = field(7).split(';').map(str::trim).filter(|skill| !skill.is_empty()).map(str::to_owned);
    let row = Row {
        title: field(0).to_owned(),
        payment: match field(1).to_ascii_uppercase().as_str() {
            "FIXED" => JobPayment::Fixed,
            "HOURLY" => JobPayment::Hourly,
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
    Ok(row.checked(policy)?.0)
}

/// An amount such as `25.00` in minor units, exactly; `None` when empty (X-2).
fn cents(field: &str, text: &str) -> Result<Option<i64>, Rejection> {
    if text.is_empty() {
        return Ok(None);
    }
    let not_money = || invalid(field, "It must be an amount such as 25 or 25.00.");
    Ok(Some(Money::parse(text, Currency::Usd).ok_or_else(not_money)?.minor))
}

fn reason_of(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("It has {len} fields. Write {expected_len}, as the header has.")
        }
        csv::ErrorKind::Utf8 { .. } => "It is not UTF-8. Save the file in UTF-8.".into(),
        _ => "It cannot be read as CSV. Correct the line.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_begins_on_its_own_line_whatever_ends_the_lines() {
        let begun = |text: &str| {
            let mut reader = ReaderBuilder::new().from_reader(text.as_bytes());
            reader.headers().unwrap();
            let (mut lines, mut begun, mut record) =
                (Lines::of(text.as_bytes()), Vec::new(), StringRecord::new());
            loop {
                let byte = reader.position().byte();
                if !reader.read_record(&mut record).unwrap() {
                    return begun;
                }
                begun.push((record[0].to_owned(), lines.begin(byte)));
            }
        };
        let expected: Vec<_> = [("one", 2), ("two", 3), ("five", 5), ("eight\n9", 8), ("ten", 10)]
            .map(|(a, b)| (a.to_owned(), b))
            .into();
        let text = "a,b\none,1\ntwo,2\n\nfive,5\n\n\n\"eight\n9\",8\nten,10\n";
        assert_eq!(begun(text), expected);
        assert_eq!(begun(text.trim_end()), expected, "without an end of the last line");
        let crlf: Vec<_> = begun(&text.replace('\n', "\r\n")).into_iter().map(|(_, line)| line).collect();
        assert_eq!(crlf, [2, 3, 5, 8, 10]);
        let cr: Vec<_> = begun(&text.replace('\n', "\r")).into_iter().map(|(_, line)| line).collect();
        assert_eq!(cr, [2, 3, 5, 8, 10]);
        let mark: Vec<_> = begun(&format!("\u{feff}{text}")).into_iter().map(|(_, line)| line).collect();
        assert_eq!(mark, [2, 3, 5, 8, 10]);
    }

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
