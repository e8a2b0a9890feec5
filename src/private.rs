//! Files that only their owner can read, whatever the umask says.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Creates a new file that only its owner can read and write.
///
/// # Errors
/// An I/O error, also when the file already exists.
pub fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// The folder of the file `path`.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Makes the names in a folder durable.
///
/// # Errors
/// An I/O error.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Creates the file `path` with `content`, readable by its owner only, durable, and whole or not at all; returns whether
/// it is this one, and not another that was there first.
///
/// # Errors
/// An I/O error.
pub fn create_whole(path: &Path, content: &[u8]) -> io::Result<bool> {
    let mut draft = tempfile::NamedTempFile::new_in(folder_of(path))?;
    draft.write_all(content)?;
    draft.as_file().sync_all()?;
    match draft.persist_noclobber(path) {
        Ok(_) => sync_folder(folder_of(path)).map(|()| true),
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(e) => Err(e.error),
    }
}

/// Creates a folder, and those above it, that only their owner can enter; an existing one is left as it is.
///
/// # Errors
/// An I/O error.
pub fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Warns of the files and folders among `paths` that others than their owner can read or write: in the log, or on
/// stderr for a command without one.
pub fn warn_if_open_to_others<'a>(paths: impl IntoIterator<Item = &'a Path>) {
    for path in paths {
        let Some(mode) = mode_open_to_others(path) else { continue };
        let advice = format!(
            "{} is open to others on this machine (mode {mode:04o}); take that away with chmod go= on it",
            path.display()
        );
        if tracing::dispatcher::has_been_set() {
            tracing::warn!("{advice}");
        } else {
            eprintln!("{advice}");
        }
    }
}

fn mode_open_to_others(path: &Path) -> Option<u32> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o066 != 0).then_some(mode)
}
