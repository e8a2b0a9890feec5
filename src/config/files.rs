//! Values that a setting may name a file for, as container platforms mount secrets.

use std::path::Path;

use secrecy::SecretString;

use crate::error::{Fault, Result};

/// The secret that is given as a text or in a file, but not both.
///
/// # Errors
/// [`Fault::Setup`] when both are given, the file cannot be read, or the secret is too short.
pub fn secret(text: Option<SecretString>, file: Option<&Path>, name: &str) -> Result<Option<SecretString>> {
    let secret = match (text, file) {
        (Some(_), Some(_)) => return Err(both(name).into()),
        (None, Some(file)) => Some(content(file, &format!("{name}_FILE"))?.into()),
        (text, None) => text,
    };
    let is_short = |secret: &SecretString| secrecy::ExposeSecret::expose_secret(secret).len() < 32;
    if secret.as_ref().is_some_and(is_short) {
        return Err(Fault::Setup(format!("settings: {name} must have at least 32 bytes")).into());
    }
    Ok(secret)
}

/// The value of the environment variable `name` or the content of the file that `name_FILE` names; an empty variable
/// counts as absent.
///
/// # Errors
/// [`Fault::Setup`] when both are given, or the file cannot be read.
pub fn variable(name: &str) -> Result<Option<String>> {
    let read = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    match (read(name), read(&format!("{name}_FILE"))) {
        (Some(_), Some(_)) => Err(both(name).into()),
        (None, Some(file)) => content(Path::new(&file), &format!("{name}_FILE")).map(Some),
        (text, None) => Ok(text),
    }
}

/// Refuses variables of ours whose value is no text, by name and without the value, which may be secret.
///
/// # Errors
/// [`Fault::Setup`].
pub fn refuse_what_is_no_text() -> Result<()> {
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        let is_ours = name.starts_with("CONNECTS_") || name.starts_with("DATABASE_URL");
        if is_ours && value.to_str().is_none() {
            return Err(Fault::Setup(format!(
                "settings: {name} is not UTF-8; write it as text, such as hex"
            ))
            .into());
        }
    }
    Ok(())
}

/// The content of a file, without the line break that editors and `echo` leave at its end.
fn content(file: &Path, name: &str) -> Result<String> {
    let unreadable = |e| Fault::Setup(format!("cannot read {} ({name}): {e}", file.display()));
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn both(name: &str) -> Fault {
    Fault::Setup(format!(
        "settings: {name} and {name}_FILE are both set, in the environment or in the configuration; unset one of them"
    ))
}
