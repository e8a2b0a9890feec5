//! `backup`: a copy of a SQLite database, whole or not at all, and proven before it gets its name.

use std::{
    ffi::OsString,
    fs::{self, File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde_json::json;
use tempfile::{Builder, TempDir, TempPath};

use super::{
    arguments::BackupArgs,
    output::{BREACHED, print_json},
};
use crate::{
    app::{open_database, stop_on_signals},
    books,
    config::{DatabaseUrl, Settings, SqliteFile},
    db::{Database, Open},
    error::{Fault, Result},
    private::{self, folder_of},
};

/// Writes a backup of the database that `settings` name.
pub async fn backup(settings: Settings, args: BackupArgs) -> Result<ExitCode> {
    let file = args.file.as_path();
    if file.exists() {
        return Err(taken(file).into());
    }
    let stop = stop_on_signals()?;
    tokio::select! {
        done = make(settings, &args) => done,
        () = stop.cancelled() => Err(Fault::Setup("stopped, so there is no backup; run it again".into()).into()),
    }
}

/// Makes the backup; dropped before its end, this leaves nothing behind.
async fn make(settings: Settings, args: &BackupArgs) -> Result<ExitCode> {
    let file = args.file.as_path();
    let db = open_database(&settings, Open::Existing).await?;
    let draft = Draft::beside(file)?;
    db.copy_into(&draft.path).await?;
    db.close().await?;
    let digest = if args.no_verify {
        None
    } else {
        match proven(&settings, &draft.path).await? {
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

/// A folder beside the backup for its draft, which goes with all that SQLite adds to it.
struct Draft {
    folder: TempDir,
    path: PathBuf,
}

impl Draft {
    fn beside(file: &Path) -> Result<Self> {
        let unusable = |e| Fault::Setup(format!("cannot write beside {}: {e}", file.display()));
        let mut prefix = file.file_name().map(OsString::from).unwrap_or_default();
        prefix.push(".");
        let mut draft = Builder::new();
        let draft = draft.prefix(&prefix).permissions(Permissions::from_mode(0o700));
        let folder = draft.tempdir_in(folder_of(file)).map_err(unusable)?;
        let path = std::path::absolute(folder.path()).map_err(unusable)?.join("draft.db");
        private::create_file(&path).map_err(unusable)?;
        Ok(Self { folder, path })
    }

    /// Makes the draft durable, and gives it its name. Nothing is ever replaced.
    fn becomes(self, file: &Path) -> Result<()> {
        let failed = |e| Fault::Setup(format!("cannot write {}: {e}", file.display()));
        File::open(&self.path).and_then(|draft| draft.sync_all()).map_err(failed)?;
        let named = TempPath::try_from_path(&self.path).map_err(failed)?.persist_noclobber(file);
        match named.map_err(|e| e.error) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(taken(file).into()),
            done => done.map_err(failed)?,
        }
        self.folder.close().map_err(failed)?;
        Ok(private::sync_folder(folder_of(file)).map_err(failed)?)
    }
}

fn taken(file: &Path) -> Fault {
    Fault::Setup(format!(
        "{} is there already; name another file, because a backup replaces none",
        file.display()
    ))
}
