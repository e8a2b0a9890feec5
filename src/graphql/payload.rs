//! The shape that inputs share, and that payloads share: what was changed, or why it was refused.

/// Declares the inputs of mutations that may be repeated safely and rehearsed.
macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, async_graphql::InputObject, serde::Serialize)]
        pub struct $name {
            $($(#[$field_doc])* $field: $type,)*
            /// Makes a retry safe (1 to 255 characters).
            #[serde(skip)]
            idempotency_key: Option<String>,
            /// Answers as the real run would, and changes nothing.
            #[graphql(default)]
            #[serde(skip)]
            dry_run: bool,
        }
    )+};
}

/// Declares payloads: fields that are null when refused, whether it is a stored answer, and the refusals.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $($(#[$field_doc])* $field: Option<$type>,)*
            /// Whether this is the stored answer of an earlier call with the same key.
            replayed: bool,
            /// Why it was refused; empty when it was not.
            user_errors: Vec<crate::graphql::error::UserError>,
        }

        impl $name {
            /// What was changed.
            fn done($($field: Option<$type>,)* replayed: bool) -> Self {
                Self { $($field,)* replayed, user_errors: Vec::new() }
            }

            /// Nothing was changed.
            fn refused(user_errors: Vec<crate::graphql::error::UserError>) -> Self {
                Self { $($field: None,)* replayed: false, user_errors }
            }
        }
    )+};
}

pub(super) use {inputs, payloads};
