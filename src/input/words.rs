//! The words of a search: split and folded here, so that both databases use them as they are and find the same.
//!
//! `C++`, `C#`, `C` and `.NET` are words of their own; `Node.js` is found by `nodejs`, `node` and `js`, and `front-end`
//! by `frontend`. A word consists of letters, digits and marks, of `+` and `#` at its end, and of a `.` at its start or
//! between digits; nothing else is in it.

use std::collections::BTreeSet;

use super::text::{folded, is_mark};

/// Maximum characters of a word; the rest is cut off.
const LONGEST: usize = 100;

/// Characters between the parts of one word.
const JOINERS: [char; 6] = ['.', '-', '_', '\'', '’', '‐'];

/// One word that is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The word, with its parts joined.
    pub word: String,
    /// Its parts, all of which together match instead; empty if it has only one.
    pub parts: Vec<String>,
}

/// The words that are searched for.
pub fn wanted_in(text: &str) -> Vec<Wanted> {
    let wanted = |parts: Vec<Part>| {
        let words: Vec<_> = parts.iter().map(Part::exact).collect();
        match words.as_slice() {
            [word] => Wanted { word: word.clone(), parts: Vec::new() },
            _ => Wanted { word: together(&parts), parts: words },
        }
    };
    compounds_of(text).into_iter().map(wanted).collect()
}

/// All words that `texts` are found by, each once, separated by spaces.
pub fn index_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = BTreeSet::new();
    for parts in texts.into_iter().flat_map(compounds_of) {
        words.extend(parts.iter().flat_map(Part::forms));
        words.extend(parts.windows(2).map(together));
        if parts.len() > 2 {
            words.insert(together(&parts));
        }
    }
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// A run of letters and digits, with the signs directly around it.
#[derive(Debug)]
struct Part {
    word: String,
    /// `+` or `#` after it.
    signs: String,
    /// Whether a dot before it begins the word, as in `.NET`.
    begins_with_dot: bool,
    /// Whether a dot joins it to the previous part, as in `Node.js`.
    after_dot: bool,
}

impl Part {
    /// The word that a search looks for.
    fn exact(&self) -> String {
        let dot = if self.begins_with_dot { "." } else { "" };
        cut(&format!("{dot}{}{}", self.word, self.signs))
    }

    /// The words that it is found by. A letter with signs, such as `C++`, is not found by the letter.
    fn forms(&self) -> Vec<String> {
        let mut forms = vec![self.exact()];
        if self.signs.is_empty() || !self.is_letter() {
            forms.push(cut(&self.word));
        }
        if self.after_dot {
            forms.push(cut(&format!(".{}{}", self.word, self.signs)));
        }
        if self.word.contains('.') {
            forms.extend(self.word.split('.').map(cut));
        }
        forms
    }

    fn is_letter(&self) -> bool {
        let mut letters = self.word.chars().filter(|&c| !is_mark(c));
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    }
}

fn together(parts: &[Part]) -> String {
    cut(&parts.iter().flat_map(|part| [part.word.as_str(), part.signs.as_str()]).collect::<String>())
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}

/// The words of `text`, each as the parts that joiners hold together.
fn compounds_of(text: &str) -> Vec<Vec<Part>> {
    let text: Vec<char> = folded(text).chars().map(|c| if c == '♯' { '#' } else { c }).collect();
    let (mut compounds, mut here, mut end): (Vec<Vec<Part>>, _, _) = (Vec::new(), 0, None);
    while here < text.len() {
        if !text[here].is_alphanumeric() {
            here += 1;
            continue;
        }
        let is_joined = end.is_some_and(|end| here == end + 1 && JOINERS.contains(&text[end]));
        let (part, after) = part_at(&text, here, is_joined);
        match compounds.last_mut() {
            Some(compound) if is_joined => compound.push(part),
            _ => compounds.push(vec![part]),
        }
        (here, end) = (after, Some(after));
    }
    compounds
}

/// The part that begins at `start`, and where it has ended.
fn part_at(text: &[char], start: usize, is_joined: bool) -> (Part, usize) {
    let is_dot = |back: usize| start >= back && text[start - back] == '.';
    let end = start + (start..).take_while(|&here| is_of_word(text, here)).count();
    let signs = text[end..].iter().take_while(|c| matches!(c, '+' | '#')).count();
    // The plus of `a+b` is between two words.
    let is_between = text[end..end + signs] == ['+'] && is_of_word(text, end + 1);
    let part = Part {
        word: text[start..end].iter().collect(),
        signs: text[end..end + if is_between { 0 } else { signs.min(2) }].iter().collect(),
        begins_with_dot: !is_joined && is_dot(1) && !is_dot(2) && text[start].is_alphabetic(),
        after_dot: is_joined && is_dot(1),
    };
    (part, end + signs)
}

/// Whether the character at `here` continues a word: a letter, a digit, a mark, or the dot of `3.11`.
fn is_of_word(text: &[char], here: usize) -> bool {
    let is_digit = |index: usize| text.get(index).is_some_and(|c| c.is_numeric());
    match text.get(here) {
        Some('.') => here > 0 && is_digit(here - 1) && is_digit(here + 1),
        Some(&c) => c.is_alphanumeric() || is_mark(c),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(search: &str, text: &str) -> bool {
        let index = index_of([text]);
        let has = |word: &String| index.split(' ').any(|one| one == word);
        wanted_in(search)
            .iter()
            .all(|one| has(&one.word) || !one.parts.is_empty() && one.parts.iter().all(has))
    }

    #[test]
    fn words_with_signs_are_words_of_their_own() {
        let texts = ["C++", "C#", "C", ".NET", "Node.js", "Net income", "F#"];
        for (search, found) in [
            ("C++", vec!["C++"]),
            ("c#", vec!["C#"]),
            ("C♯", vec!["C#"]),
            ("C", vec!["C"]),
            (".net", vec![".NET"]),
            ("net", vec![".NET", "Net income"]),
            ("nodejs", vec!["Node.js"]),
            ("NODE.JS", vec!["Node.js"]),
            ("node js", vec!["Node.js"]),
            ("js", vec!["Node.js"]),
            ("f", vec![]),
        ] {
            let all: Vec<_> = texts.into_iter().filter(|text| finds(search, text)).collect();
            assert_eq!(all, found, "{search}");
        }
    }

    #[test]
    fn signs_and_joiners_are_read_as_people_write_them() {
        for (search, text) in [
            ("c++", "(C++17, C/C++)."),
            ("17", "C++17"),
            ("c#", "C#.NET"),
            (".net", "C#.NET"),
            (".net", "ASP.NET Core"),
            ("asp.net", "ASP .NET"),
            ("aspnet", "asp.net"),
            ("vuejs", "Vue.js-Entwickler"),
            ("frontend", "front-end"),
            ("front-end", "frontend"),
            ("front-end", "Front end"),
            ("email", "e-mail-marketing"),
            ("notepad", "Notepad++"),
            ("5", "5+ years"),
            ("python 3.11", "Python 3.11."),
            ("3", "Python 3.11"),
            ("a b", "a+b"),
            ("hashtag", "#hashtag"),
            ("clients", "client's client’s"),
            ("end next", "the end.Next"),
            ("objective c", "Objective-C"),
            ("ＲＵＳＴ", "rust"),
            ("οδοσ", "ΟΔΟΣ"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert!(finds(search, text), "{search} in {text}: {}", index_of([text]));
        }
        for (search, text) in [
            ("c", "C++17"),
            ("notepad++", "notepad"),
            ("3.11", "311, or 11 of 3"),
            (".net", "fishing net. Net"),
            ("and", "..and.."),
            ("हिन", "हिन्दी"),
        ] {
            assert_eq!(finds(search, text), search == "and", "{search} in {text}: {}", index_of([text]));
        }
    }

    #[test]
    fn words_are_cut_alike_in_the_index_and_in_a_search() {
        let skills = ["C++", "Node.js", "Größe der İstanbul-App!", "node 3D"];
        let index = ".js 3d app c++ der grösse i̇stanbul istanbul istanbulapp js node nodejs";
        let expected: BTreeSet<_> = index.split(' ').filter(|word| *word != "i̇stanbul").collect();
        assert_eq!(index_of(skills).split(' ').collect::<BTreeSet<_>>(), expected);
        assert!(finds(&"a".repeat(300), &"a".repeat(200)), "100 characters count");
        assert!(finds(&"a-".repeat(300), &"a-".repeat(300)));
        for nothing in ["", " ", "\u{0}'\"%_", "++", ". . .", "\u{301}"] {
            assert!(wanted_in(nothing).is_empty() && index_of([nothing]).is_empty(), "{nothing:?}");
        }
        assert_eq!(wanted_in(&"a-".repeat(30))[0].parts.len(), 30);
    }

    proptest::proptest! {
        #[test]
        fn words_have_nothing_in_them_that_a_database_reads_in_its_own_way(text in "\\PC{0,40}") {
            for word in index_of([text.as_str()]).split(' ').filter(|word| !word.is_empty()) {
                let fits = |c: char| c.is_alphanumeric() || is_mark(c) || matches!(c, '.' | '+' | '#');
                proptest::prop_assert!(word.chars().all(fits) && word.contains(char::is_alphanumeric));
                proptest::prop_assert!(!word.contains(|c: char| c.is_ascii_uppercase()));
            }
            proptest::prop_assert!(finds(&text, &text));
        }
    }
}
