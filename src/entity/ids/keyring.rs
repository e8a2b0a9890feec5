//! Ids of the key ring.

typed_id! {
    /// A key.
    KeyId,
}
