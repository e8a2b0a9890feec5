//! Tables of moves: which actions are allowed in which states of something, and where they lead. Rules decide by them, and
//! `docs/STATES.md` draws them: `WRITE_STATES=1 cargo test --locked --test it states` writes it from them.

/// Declares the actions on something, each with the states from which it is allowed and the one to which it leads. The
/// comment on an action says in `docs/STATES.md` what it is.
macro_rules! moves {
    ($(#[$doc:meta])* $name:ident of $state:ty {
        $($(#[doc = $about:literal])+ $way:ident: $($from:path)|+ => $to:path,)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $about])+ $way,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$way),+];

            /// The states from which it is allowed.
            pub const fn from(self) -> &'static [$state] {
                match self {
                    $(Self::$way => &[$($from),+],)+
                }
            }

            /// The state to which it leads.
            pub const fn to(self) -> $state {
                match self {
                    $(Self::$way => $to,)+
                }
            }

            /// What it is, in a sentence.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$way => concat!($($about),+),)+
                }
            }

            /// The state to which it leads from `state`, unless it is not allowed there.
            pub fn after(self, state: $state) -> Option<$state> {
                self.from().contains(&state).then(|| self.to())
            }
        }
    };
}

pub(crate) use moves;
