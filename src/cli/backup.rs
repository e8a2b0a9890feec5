//! `backup`: a copy of a SQLite database, whole or not at all, and proven before it gets its name.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde_json::json;

use super::{
    arguments::BackupArgs,
    output::{BREACHED, print_json},
};
use crate::{
    app::open_database,
    books,
    config::{DatabaseUrl, Settings, SqliteFile},
    db::{Database, Open},
    error::{Fault, Result},
    private,
};

/// Writes a backup of the database that `settings` name.
pub async fn backup(settings: Settings, args: BackupArgs) -> Result<ExitCode> {
    let file = args.file.as_path();
    if file.exists() {
        return Err(taken(file).into());
    }
    let db = open_database(&settings, Open::Existing).await?;
    let draft = Draft::beside(file)?;
    db.copy_into(&draft.0).await?;
    db.close().await?;
    let digest = if args.no_verify {
        None
    } else {
        match proven(&settings, &draft.0).await? {
            Ok(digest) => Some(digest),
            Err(breaches) => {
                eprintln!(
                    "the copy has {breaches} breaches, so there is no backup; run `connects verify`, or add --no-verify"
                );
                return Ok(ExitCode::from(BREACHED));
            }
        }
    };
    draft.becomes(file)?;
    report(file, digest, args.json)
}

fn report(file: &Path, digest: Option<String>, as_json: bool) -> Result<ExitCode> {
    let bytes = fs::metadata(file).map_or(0, |found| found.len());
    if as_json {
        print_json(&json!({ "file": file, "bytes": bytes, "digest": digest }))?;
    } else {
        println!("{}: {bytes} bytes", file.display());
        if let Some(digest) = digest {
            println!("verified; digest {digest}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The digest of the copy in `draft`, or how many breaches it has.
async fn proven(settings: &Settings, draft: &Path) -> Result<Result<String, usize>> {
    let file = SqliteFile { path: draft.to_owned(), may_be_made: false };
    let database_url = DatabaseUrl::Sqlite(file).to_string();
    let copy = Database::open(&Settings { database_url, ..settings.clone() }, Open::Existing).await?;
    let snapshot = copy.snapshot().await?;
    let breaches = books::verify(&snapshot).await?.len();
    let digest = books::digest(&snapshot).await?;
    drop(snapshot);
    copy.close().await?;
    Ok(if breaches == 0 { Ok(digest) } else { Err(breaches) })
}

/// A file beside the backup, which is removed unless it becomes the backup.
struct Draft(PathBuf);

impl Draft {
    fn beside(file: &Path) -> Result<Self> {
        // A name of its own each time: a backup that was killed leaves its draft.
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{}", uuid::Uuid::now_v7().simple()));
        let path = std::path::absolute(PathBuf::from(name)).unwrap_or_default();
        let unusable = |e| Fault::Setup(format!("cannot write {}: {e}", path.display()));
        private::create_file(&path).map_err(unusable)?;
        Ok(Self(path))
    }

    /// Makes the draft durable, and gives it its name. Nothing is ever replaced.
    fn becomes(self, file: &Path) -> Result<()> {
        let failed = |e| Fault::Setup(format!("cannot write {}: {e}", file.display()));
        File::open(&self.0).and_then(|draft| draft.sync_all()).map_err(failed)?;
        match fs::hard_link(&self.0, file) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(taken(file).into()),
            done => done.map_err(failed)?,
        }
        let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        Ok(File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(end);
            let _ = fs::remove_file(name);
        }
    }
}

fn taken(file: &Path) -> Fault {
    Fault::Setup(format!(
        "{} is there already; name another file, because a backup replaces none",
        file.display()
    ))
}
