//! Ids of mails.

typed_id! {
    /// A mail to be sent.
    MailId,
}
