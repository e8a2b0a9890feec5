//! Files that only their owner can read, whatever the umask says.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
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
