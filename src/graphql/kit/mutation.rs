//! The shape that inputs share, and that payloads share: what was changed, or why it was refused.

/// Declares the inputs of mutations that may be repeated safely and rehearsed. After `@key String;` the key
/// is required: those move Connects.
macro_rules! inputs {
    (@key $key:ty; $($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, async_graphql::InputObject, serde::Serialize)]
        pub struct $name {
            $($(#[$field_doc])* $field: $type,)*
            /// Makes a retry safe: the same key never does it twice (1 to 255 characters).
            #[serde(skip)]
            idempotency_key: $key,
            /// Answers as the real run would, and changes nothing.
            #[graphql(default)]
            #[serde(skip)]
            dry_run: bool,
        }
    )+};
    ($($inputs:tt)+) => { inputs! { @key Option<String>; $($inputs)+ } };
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
            user_errors: Vec<crate::graphql::kit::errors::UserError>,
        }

        impl $name {
            /// What was changed.
            fn done($($field: Option<$type>,)* replayed: bool) -> Self {
                Self { $($field,)* replayed, user_errors: Vec::new() }
            }

            /// Nothing was changed.
            fn refused(user_errors: Vec<crate::graphql::kit::errors::UserError>) -> Self {
                Self { $($field: None,)* replayed: false, user_errors }
            }
        }
    )+};
}

pub(in crate::graphql) use {inputs, payloads};
