//! What all enums of the vocabulary have in common, and how one is declared.

/// An enum of the vocabulary.
pub trait Vocabulary: Copy {
    /// The name of the enum in the schema.
    const NAME: &'static str;

    /// The word under which a value is stored and shown.
    fn word(self) -> &'static str;
}

/// Declares an enum whose variants are stored, serialised and shown under one and the same word.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, sea_orm::EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::None)")]
        pub enum $name {
            $(
                $(#[$vdoc])*
                #[serde(rename = $word)]
                #[sea_orm(string_value = $word)]
                #[graphql(name = $word)]
                $variant
            ),+
        }

        impl $name {
            /// The word under which the value is stored and shown.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::entity::enums::Vocabulary for $name {
            const NAME: &'static str = stringify!($name);

            fn word(self) -> &'static str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(in crate::entity) use text_enum;
