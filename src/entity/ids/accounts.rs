//! Ids of people and what belongs to them.

typed_id! {
    /// A person.
    AccountId,
    /// A signed-in device: a family of refresh tokens.
    SessionId,
    /// A mailed token.
    OneTimeTokenId,
}
