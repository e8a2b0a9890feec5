//! A document's lexical tokens, as the language defines them, and the limits that apply before it is parsed.

use async_graphql::Pos;

use super::{NESTING, Refused, too_complex, unreadable};

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Name,
    /// A number without a fraction or an exponent.
    Int,
    /// A number with a fraction or an exponent.
    Float,
    /// A string in single or triple quotation marks, as it is written.
    String,
    /// `{`, `...` and the like.
    Punctuator,
}

/// A token and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub pos: Pos,
}

/// The tokens of `document`, without white space, commas and comments, and the position of its end.
///
/// # Errors
/// More than `most` tokens, more than [`NESTING`] open brackets, or text that is not a token.
pub(super) fn lex(document: &str, most: usize) -> Result<(Vec<Token<'_>>, Pos), Refused> {
    let mut reader = Reader { rest: document, pos: Pos { line: 1, column: 1 } };
    let (mut tokens, mut open) = (Vec::new(), 0usize);
    loop {
        reader.skip_ignored();
        if reader.rest.is_empty() {
            return Ok((tokens, reader.pos));
        }
        let token =
            reader.token().ok_or_else(|| unreadable(reader.pos, "no token of the language begins here"))?;
        match token.text {
            "{" | "(" | "[" => open += 1,
            "}" | ")" | "]" => open = open.saturating_sub(1),
            _ => {}
        }
        if open > NESTING {
            return Err(too_complex(format!("The document nests more than {NESTING} brackets. Flatten it.")));
        }
        if tokens.len() == most {
            return Err(too_complex(format!("The document has more than {most} tokens. Split it.")));
        }
        tokens.push(token);
    }
}

/// The rest of a document, and its position.
struct Reader<'a> {
    rest: &'a str,
    pos: Pos,
}

impl<'a> Reader<'a> {
    fn skip_ignored(&mut self) {
        loop {
            let ignored = |c| matches!(c, ' ' | '\t' | '\n' | '\r' | ',' | '\u{feff}');
            self.take(self.rest.find(|c| !ignored(c)).unwrap_or(self.rest.len()));
            if !self.rest.starts_with('#') {
                return;
            }
            self.take(self.rest.find(['\n', '\r']).unwrap_or(self.rest.len()));
        }
    }

    /// The next token; `None` when the text is not a token.
    fn token(&mut self) -> Option<Token<'a>> {
        let first = *self.rest.as_bytes().first()?;
        let (kind, length) = match first {
            b'"' => (Kind::String, string_length(self.rest)?),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => (Kind::Name, word_length(self.rest)),
            b'-' | b'0'..=b'9' => number_length(self.rest)?,
            b'.' if self.rest.starts_with("...") => (Kind::Punctuator, 3),
            b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}' => {
                (Kind::Punctuator, 1)
            }
            _ => return None,
        };
        let pos = self.pos;
        Some(Token { kind, text: self.take(length), pos })
    }

    /// Takes the next `length` bytes. A carriage return ends a line too, unless a line feed follows.
    fn take(&mut self, length: usize) -> &'a str {
        let (text, rest) = self.rest.split_at(length);
        for (at, c) in text.char_indices() {
            let is_end = c == '\n' || c == '\r' && !self.rest[at + 1..].starts_with('\n');
            self.pos = match c {
                _ if is_end => Pos { line: self.pos.line + 1, column: 1 },
                _ => Pos { column: self.pos.column + 1, ..self.pos },
            };
        }
        self.rest = rest;
        text
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric()
}

fn word_length(text: &str) -> usize {
    text.find(|c| !is_word(c)).unwrap_or(text.len())
}

/// A number; neither a digit after a leading zero nor a name nor a dot may follow it.
fn number_length(text: &str) -> Option<(Kind, usize)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut length = usize::from(text.starts_with('-'));
    let whole = digits(&text[length..]);
    if whole == 0 || whole > 1 && text[length..].starts_with('0') {
        return None;
    }
    length += whole;
    let mut kind = Kind::Int;
    if text[length..].starts_with('.') {
        let fraction = digits(&text[length + 1..]);
        (kind, length) = (Kind::Float, length + 1 + fraction);
        if fraction == 0 {
            return None;
        }
    }
    if text[length..].starts_with(['e', 'E']) {
        let sign = usize::from(text[length + 1..].starts_with(['+', '-']));
        let exponent = digits(&text[length + 1 + sign..]);
        (kind, length) = (Kind::Float, length + 1 + sign + exponent);
        if exponent == 0 {
            return None;
        }
    }
    let is_done = !text[length..].starts_with(|c| is_word(c) || c == '.');
    is_done.then_some((kind, length))
}

/// The string that begins here, with its quotation marks; `None` when it does not end. In a block string only
/// `\"""` is an escape; in any other string a backslash escapes the next character, and a line break is an error.
fn string_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.starts_with(b"\"\"\"") {
        let mut at = 3;
        loop {
            at += text[at..].find("\"\"\"")?;
            if bytes[at - 1] != b'\\' {
                return Some(at + 3);
            }
            at += 3;
        }
    }
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(document: &str) -> Vec<&str> {
        lex(document, 10_000).unwrap().0.into_iter().map(|token| token.text).collect()
    }

    fn code(document: &str) -> &'static str {
        lex(document, 100).unwrap_err().code
    }

    #[test]
    fn tokens_are_counted_as_the_language_does() {
        assert_eq!(tokens("{ a(b: \"x } y\") , # c d e\n ...F }").len(), 10);
        assert_eq!(tokens("\"\"\" a \"b\" \\\"\"\" \"\"\" x").len(), 2);
        assert_eq!(tokens("#\r{ a }").len(), 3, "a carriage return ends a comment too");
        assert_eq!(tokens("\"\"\"\\\"\"\" x \"\"\" y z").len(), 3, "an escaped quote ends no block string");
        assert_eq!(tokens("\"\"\"a\\ \"\"\" x y").len(), 3, "and a backslash escapes nothing else there");
        assert_eq!(tokens("\"a\\\"b\" x"), ["\"a\\\"b\"", "x"]);
        assert_eq!(tokens("\"\" \"\"\"\"\"\" \u{feff}x"), ["\"\"", "\"\"\"\"\"\"", "x"]);
        assert_eq!(tokens("-1 0 1.5e-3 2E+1"), ["-1", "0", "1.5e-3", "2E+1"]);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let wrong = [
            "\"never ends",
            "\"a\n b\"",
            "\"\"\" no end \"\"",
            "\"ends in \\",
            "01",
            "00",
            "1x",
            "1.",
            "1.5.6",
            "1e",
            "-",
            "..",
            "?",
            "\u{e9}",
            "\u{0}",
            "'a'",
            "0xF",
            "1_000",
            "{ a .. }",
        ];
        for document in wrong {
            assert_eq!(code(document), "GRAPHQL_PARSE_FAILED", "{document}");
        }
    }

    #[test]
    fn places_are_lines_and_characters() {
        let at = |document: &str| {
            let pos = lex(document, 10).unwrap().0.last().unwrap().pos;
            (pos.line, pos.column)
        };
        assert_eq!(at("\u{feff}x"), (1, 2));
        assert_eq!(at("a\nb\r\nc\rd  x"), (4, 4));
        assert_eq!(at("\"\u{1f600}\u{e9}\" x"), (1, 6));
        assert_eq!(at("\"\"\"\n\n\"\"\" x"), (3, 5));
        assert_eq!(lex("{ \u{e9}", 10).unwrap_err().locations, [Pos { line: 1, column: 3 }]);
    }

    #[test]
    fn tokens_and_open_brackets_are_limited() {
        assert!(lex("{ a b c }", 5).is_ok());
        assert_eq!(lex("{ a b c }", 4).unwrap_err().code, "QUERY_TOO_COMPLEX");
        assert!(lex("}}} { \"{{{{\" # {{{\n }", 100).is_ok());
        assert!(lex(&format!("{}{}", "[".repeat(60), "]".repeat(60)).repeat(3), 1_000).is_ok());
        assert_eq!(code(&"[".repeat(61)), "QUERY_TOO_COMPLEX");
    }
}
