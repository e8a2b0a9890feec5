//! Who imports whom, file by file: rooms form no circle, the circles of files within one are small, and GraphQL is laid
//! out by slice.
//!
//! An import counts where the name is defined: `pub use` is followed, and is no import itself, so that a room's front
//! page is no hub.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::{SLICES, code, files, room};

/// Files of a circle at most: a few that say one thing together can still be read together.
const CIRCLE: usize = 5;

/// Files, and for each those that it imports from.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The modules of `src` with their files: `["connects", "rules"]` is `src/connects/rules.rs`.
fn modules(sources: &[(String, String)]) -> BTreeMap<Vec<String>, String> {
    let path_of = |name: &str| -> Vec<String> {
        let path = name.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
    };
    sources.iter().map(|(name, _)| (path_of(name), name.clone())).collect()
}

/// The paths that a `use` tree names: `a::{b, c::D}` are `a::b` and `a::c::D`, without `as ..`.
fn tree(text: &str) -> Vec<Vec<String>> {
    let text = text.trim();
    let Some((front, rest)) = text.split_once('{') else {
        let plain = text.split(" as ").next().unwrap_or(text);
        return vec![plain.split("::").map(|part| part.trim().to_owned()).collect()];
    };
    let inner = rest.trim_end().strip_suffix('}').unwrap_or(rest);
    let front: Vec<_> = front.split("::").map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut paths = Vec::new();
    for part in parts(inner) {
        for path in tree(part) {
            paths.push(front.iter().map(|part| (*part).to_owned()).chain(path).collect());
        }
    }
    paths
}

/// What stands between the commas that are in no bracket.
fn parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

/// A `use` of a file: its path from the root of the crate, and whether it passes the name on.
struct Use {
    path: Vec<String>,
    is_public: bool,
}

/// Everything that `text`, the module `here`, imports of ours.
fn uses(here: &[String], text: &str) -> Vec<Use> {
    let mut found = Vec::new();
    let mut rest = code(text);
    while let Some(at) = rest.find("use ") {
        let before = rest[..at].rsplit('\n').next().unwrap_or_default();
        rest = &rest[at + "use ".len()..];
        if !(before.trim().is_empty() || before.trim_start().starts_with("pub")) {
            continue;
        }
        let end = rest.find(';').unwrap_or(rest.len());
        for path in tree(&rest[..end]) {
            found.extend(absolute(here, &path).map(|path| Use { path, is_public: before.contains("pub") }));
        }
    }
    let spoken = |line: &&str| !line.trim_start().starts_with("//");
    let code = code(text).lines().filter(spoken).collect::<Vec<_>>().join("\n");
    let children = code.lines().filter_map(|line| line.trim().strip_suffix(';')?.rsplit_once("mod "));
    for (_, child) in children.filter(|(before, _)| !before.contains(' ') || before.starts_with("pub")) {
        let child_of = |line: &str| line.split(&format!("{child}::")).next().map(str::to_owned);
        let names = |line: &str| {
            let before = child_of(line).filter(|before| before.len() < line.len());
            before.is_some_and(|before| {
                !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
            })
        };
        let is_used = code.lines().any(|line| !line.contains("use ") && names(line));
        found.extend(is_used.then(|| Use { path: [here, &[child.to_owned()]].concat(), is_public: false }));
    }
    for (at, _) in code.match_indices("crate::") {
        let path = code[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next();
        // One that ends in `::` goes on in a bracket: a `use`, which was read above.
        let Some(path) = path.filter(|path| !path.ends_with("::")) else { continue };
        let path: Vec<_> = path.split("::").map(str::to_owned).collect();
        found.extend(absolute(here, &path).map(|path| Use { path, is_public: false }));
    }
    found
}

/// A path from the root of the crate; nothing for one of another crate.
fn absolute(here: &[String], path: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    match path.first().map(String::as_str) {
        Some("crate") => Some(path[1..].to_vec()),
        Some("self") => Some([here, &path[1..]].concat()),
        Some("super") => Some([&here[..here.len().checked_sub(ups)?], &path[ups..]].concat()),
        // A child, as in `pub use rules::may_spend`.
        Some(_) => Some([here, path].concat()),
        None => None,
    }
}

/// The graph of imports below `src`.
fn graph() -> Graph {
    let sources = files("src");
    let modules = modules(&sources);
    let mut used = BTreeMap::new();
    for (path, name) in &modules {
        let text = &sources.iter().find(|(source, _)| source == name).expect("a source").1;
        used.insert(path.clone(), uses(path, text));
    }
    let mut graph = Graph::new();
    for (path, name) in &modules {
        let mut imports = BTreeSet::new();
        for import in used[path].iter().filter(|import| !import.is_public) {
            imports.extend(home(&modules, &used, &import.path, 0));
        }
        imports.remove(name);
        graph.insert(name.clone(), imports);
    }
    graph
}

/// The file that defines what `path` names.
fn home(
    modules: &BTreeMap<Vec<String>, String>,
    used: &BTreeMap<Vec<String>, Vec<Use>>,
    path: &[String],
    hops: usize,
) -> Option<String> {
    let depth = (1..=path.len()).rev().find(|depth| modules.contains_key(&path[..*depth]))?;
    let (module, name) = (&path[..depth], path.get(depth));
    let passed_on = name.and_then(|name| {
        let same =
            |import: &&Use| import.is_public && import.path.last() == Some(name) && import.path != path;
        used[module].iter().find(same)
    });
    match passed_on {
        Some(import) if hops < 4 => home(modules, used, &import.path, hops + 1),
        _ => modules.get(module).cloned(),
    }
}

/// Groups that reach each other, of two or more.
fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reach = |from: &String| -> BTreeSet<String> {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(at) = next.pop() {
            for to in graph.get(at).into_iter().flatten() {
                if seen.insert(to.clone()) {
                    next.push(to);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<_, _> = graph.keys().map(|name| (name, reach(name))).collect();
    let mut found = BTreeSet::new();
    for (name, there) in &reached {
        let circle: BTreeSet<_> = there
            .iter()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(*name)))
            .cloned()
            .collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

#[test]
fn rooms_form_no_circle() {
    let mut rooms = Graph::new();
    for (name, imports) in graph() {
        let here = room(&name).to_owned();
        let there = imports.iter().map(|import| room(import).to_owned()).filter(|there| *there != here);
        rooms.entry(here.clone()).or_default().extend(there);
    }
    assert!(rooms.len() > 20, "the graph was read: {rooms:#?}");
    assert!(circles(&rooms).is_empty(), "{:#?}", circles(&rooms));
}

#[test]
fn circles_of_files_are_small() {
    let graph = graph();
    assert!(graph["src/http/graphql.rs"].len() > 3, "{:?}", graph["src/http/graphql.rs"]);
    let is_object = |name: &String| name.starts_with("src/graphql/") && !name.starts_with("src/graphql/kit/");
    let within = |circle: BTreeSet<String>| -> Graph {
        let own = |name: &String| graph[name].intersection(&circle).cloned().collect();
        circle.iter().map(|name| (name.clone(), own(name))).collect()
    };
    let large: Vec<_> = circles(&graph)
        .into_iter()
        // GraphQL's objects refer to each other by nature.
        .filter(|circle| circle.len() > CIRCLE && !circle.iter().all(is_object))
        .map(within)
        .collect();
    assert!(large.is_empty(), "{large:#?}");
}

#[test]
fn graphql_has_a_folder_for_each_slice_and_a_kit_that_knows_none() {
    let mut wrong = Vec::new();
    for (name, imported) in graph().iter().filter(|(name, _)| name.starts_with("src/graphql/")) {
        let path = name.trim_start_matches("src/graphql/");
        let folder = path.split('/').next().unwrap_or(path).trim_end_matches(".rs");
        if !["admin", "kit", "node", "viewer"].contains(&folder) && !SLICES.contains(&folder) {
            wrong.push(format!("{name} belongs to no slice"));
        }
        let outside =
            |file: &&String| file.starts_with("src/graphql/") && !file.starts_with("src/graphql/kit");
        if let Some(object) = imported.iter().find(outside).filter(|_| folder == "kit") {
            wrong.push(format!("{name} knows {object}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn graphql_runs_no_query_but_that_of_a_page() {
    for (name, text) in files("src/graphql") {
        let runs =
            [".one(", ".all(request", ".all(db", "sea_orm"].iter().any(|word| code(&text).contains(word));
        assert!(!runs || name == "src/graphql/kit/page.rs", "{name}");
    }
}

#[test]
fn imports_are_read_as_the_compiler_reads_them() {
    let here = ["connects".to_owned(), "book".to_owned()];
    let text = "use super::{rules::{self, draw}, store};\npub use crate::entity::lot as one;\nfn f() { crate::db::open(); }";
    let paths: Vec<_> =
        uses(&here, text).into_iter().map(|import| (import.path.join("::"), import.is_public)).collect();
    let expected = [
        ("connects::rules::self", false),
        ("connects::rules::draw", false),
        ("connects::store", false),
        ("entity::lot", true),
        ("db::open", false),
    ];
    for (path, is_public) in expected {
        assert!(paths.contains(&(path.to_owned(), is_public)), "{path}: {paths:?}");
    }
    let ring = Graph::from(
        [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]
            .map(|(from, to)| (from.to_owned(), BTreeSet::from([to.to_owned()]))),
    );
    assert_eq!(circles(&ring), [BTreeSet::from(["a", "b", "c"].map(str::to_owned))]);
}
