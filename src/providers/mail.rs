//! Sending mail: the trait, and an implementation that writes files to a folder. Messages are built by `lettre`, which
//! encodes every header, so that nothing in an address or a subject can begin another header.

use std::{io::Write, path::PathBuf};

use lettre::{
    Message,
    message::{
        Body, Mailbox,
        header::{ContentTransferEncoding, ContentType},
    },
};

use crate::{
    error::{Fault, Result},
    private,
};

/// A mail to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The part before the @ of its Message-ID, the same in every attempt.
    pub id: String,
    /// The recipient's address.
    pub address: String,
    /// Subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Sends mail.
#[async_trait::async_trait]
pub trait Mail: Send + Sync + std::fmt::Debug {
    /// Sends `letter`; the same letter may be sent again.
    ///
    /// # Errors
    /// Why it could not be sent, without its text.
    async fn send(&self, letter: &Letter) -> Result<()>;
}

/// Writes each mail as an `.eml` file to a folder that only its owner can read.
#[derive(Clone, Debug)]
pub struct FileMail {
    folder: PathBuf,
    from: Mailbox,
}

impl FileMail {
    /// Writes to `folder`, which is created with the first mail, in the name of `from`.
    ///
    /// # Errors
    /// [`Fault::Setup`] when `from` is not a mailbox.
    pub fn new(folder: PathBuf, from: &str) -> Result<Self> {
        let no_mailbox = |_| {
            Fault::Setup(
                "settings: mail.from is not a mailbox; write it like `Connects <no-reply@example.com>`"
                    .into(),
            )
        };
        Ok(Self { folder, from: from.parse().map_err(no_mailbox)? })
    }

    fn message(&self, letter: &Letter) -> Result<Message> {
        let unfit = |what: &str| Fault::Broken(format!("{what} is not fit for a mail"));
        let to = letter.address.parse().map_err(|_| unfit("the address"))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&letter.subject)
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(body_of(&letter.text));
        Ok(message.map_err(|_| unfit("the letter"))?)
    }
}

/// Maximum characters of a line in a mail, with room to spare.
const LINE_LENGTH: usize = 990;

/// Leaves the text unencoded where mail allows it, so that a token stays in one piece for anyone who reads the file.
fn body_of(text: &str) -> Body {
    let fits =
        |line: &str| line.len() <= LINE_LENGTH && !line.chars().any(|c| c.is_control() || !c.is_ascii());
    if text.split('\n').all(fits) {
        let lines = text.replace('\n', "\r\n").into_bytes();
        return Body::dangerous_pre_encoded(lines, ContentTransferEncoding::SevenBit);
    }
    Body::new(text.to_owned())
}

#[async_trait::async_trait]
impl Mail for FileMail {
    async fn send(&self, letter: &Letter) -> Result<()> {
        let (message, folder) = (self.message(letter)?, self.folder.clone());
        let write = move || -> Result<()> {
            let unusable =
                |e: std::io::Error| Fault::Setup(format!("cannot write to {}: {e}", folder.display()));
            private::create_folder(&folder).map_err(unusable)?;
            let file = private::create_file(&folder.join(format!("{}.eml", uuid::Uuid::now_v7())));
            file.and_then(|mut file| file.write_all(&message.formatted())).map_err(unusable)?;
            Ok(())
        };
        tokio::task::spawn_blocking(write).await.map_err(|e| Fault::Broken(e.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_letter_begins_another_header() {
        let mail = FileMail::new("mail".into(), "Connects <no-reply@connects.example>").unwrap();
        let letter = |address: &str, subject: &str| Letter {
            id: "1".into(),
            address: address.into(),
            subject: subject.into(),
            text: "Hello".into(),
        };
        for end in ["\r\n", "\n", "\r", "\r\n\r\n", "\0", "\u{2028}"] {
            let address = format!("ada@example.com{end}Bcc: eve@example.com");
            assert!(mail.message(&letter(&address, "Hello")).is_err(), "{end:?}");
            let subject = format!("Hello{end}Bcc: eve@example.com");
            if let Ok(message) = mail.message(&letter("ada@example.com", &subject)) {
                let text = String::from_utf8_lossy(&message.formatted()).into_owned();
                let headers = text.split("\r\n\r\n").next().unwrap();
                assert!(
                    headers.split(['\r', '\n']).all(|line| !line.starts_with("Bcc")),
                    "{end:?}: {headers}"
                );
            }
        }
        assert!(FileMail::new("mail".into(), "nobody").is_err());
    }

    #[tokio::test]
    async fn only_the_owner_reads_mails() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::TempDir::new().unwrap();
        let folder = parent.path().join("mail");
        let mail = FileMail::new(folder.clone(), "Connects <no-reply@connects.example>").unwrap();
        let (id, address) = ("1".to_owned(), "ada@example.com".to_owned());
        mail.send(&Letter { id, address, subject: "Hello".into(), text: "Hello".into() }).await.unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        for file in std::fs::read_dir(&folder).unwrap() {
            assert_eq!(mode(&file.unwrap().path()), 0o600);
        }
    }

    #[test]
    fn a_long_line_stays_in_one_piece() {
        let mail = FileMail::new("mail".into(), "Connects <no-reply@connects.example>").unwrap();
        let letter = |text: &str| Letter {
            id: "1".into(),
            address: "ada@example.com".into(),
            subject: "Hello".into(),
            text: text.into(),
        };
        let message =
            |text: &str| String::from_utf8(mail.message(&letter(text)).unwrap().formatted()).unwrap();
        let line = "token".repeat(60);
        assert!(message(&format!("Hello\n\n{line}\n")).contains(&format!("\r\n{line}\r\n")));
        assert!(message("Grüße").is_ascii(), "encoded");
    }
}
