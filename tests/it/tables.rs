//! Which tables there are, and which stores name them: those of their own slice and of earlier ones.

use crate::tidy::{SLICES, code, files, room, texts};

/// The types by which a file uses the rows of an entity.
const ROWS: [&str; 4] = ["Entity", "Column", "Model", "ActiveModel"];

/// Tables that no entity maps.
const WITHOUT_ENTITY: [&str; 1] = ["probes"];

/// Stores that read a later slice's table, and why; the list only shrinks.
const LATER_TABLES: [(&str, &str, &str); 5] = [
    ("src/mails/store.rs", "accounts", "a mail goes to the address that its account has when it is sent"),
    ("src/job_posts/store.rs", "proposals", "a freelancer sees the posts that they have proposed to"),
    ("src/job_posts/store.rs", "offers", "a freelancer sees the posts that they were offered"),
    ("src/proposals/store.rs", "contracts", "a freelancer who was hired directly sends no proposal"),
    ("src/catalog/store.rs", "offers", "a client sees the projects that they have ordered"),
];

/// A table's model: its module, and the slice in whose folder it is; none on the ground.
pub struct Entity {
    pub slice: Option<String>,
    pub module: String,
    table: String,
}

pub fn entities() -> Vec<Entity> {
    let table = |text: &str| {
        let (_, rest) = text.split_once("table_name = \"")?;
        Some(rest.split('"').next()?.to_owned())
    };
    let named = |(name, text): (String, String)| {
        let path = name.strip_prefix("src/entity/")?.strip_suffix(".rs")?;
        let (slice, module) =
            path.split_once('/').map_or((None, path), |(slice, module)| (Some(slice), module));
        Some(Entity { slice: slice.map(str::to_owned), module: module.to_owned(), table: table(&text)? })
    };
    files("src/entity").into_iter().filter_map(named).collect()
}

/// The tables that `text` names, in SQL or by their entities.
fn tables_in(text: &str, entities: &[Entity]) -> Vec<String> {
    let mut tables = Vec::new();
    for keyword in ["FROM ", "JOIN ", "INTO ", "UPDATE "] {
        for (at, _) in text.match_indices(keyword) {
            let rest =
                text[at + keyword.len()..].trim_start_matches(|c: char| c == '\\' || c.is_whitespace());
            assert!(!rest.starts_with('{'), "a table is named by a variable: {keyword}{rest:.40}");
            tables.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    for Entity { module, table, .. } in entities {
        if names_rows(text, module) {
            tables.push(table.clone());
        }
    }
    tables
}

/// Whether `text` uses the rows of the entity in `module`, by `lot::Entity` or by `lot::{self, Column, Entity}`.
fn names_rows(text: &str, module: &str) -> bool {
    let path = format!("{module}::");
    let whole = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let named = |rest: &str| {
        let block = rest.strip_prefix('{').and_then(|inner| inner.split('}').next());
        let names = block.unwrap_or(rest).split(',').map(str::trim);
        let is_row = |name: &str| ROWS.iter().any(|row| name.starts_with(row));
        if block.is_some() { names.into_iter().any(is_row) } else { is_row(rest) }
    };
    text.match_indices(&path).any(|(at, _)| whole(at) && named(&text[at + path.len()..]))
}

#[test]
fn rows_are_seen_however_they_are_imported() {
    for text in ["use a::lot::{self, Column, Entity};", "lot::Entity::find()", "x: lot::ActiveModel"] {
        assert!(names_rows(text, "lot"), "{text}");
    }
    for text in ["use a::lot;", "slot::Entity::find()", "use a::lot::{self, Order};", "lot::live(now)"] {
        assert!(!names_rows(text, "lot"), "{text}");
    }
}

#[test]
fn stores_name_tables_of_their_own_slice_or_of_earlier_ones() {
    let place = |room: &str| SLICES.iter().position(|slice| *slice == room);
    let entities = entities();
    let mut wrong = Vec::new();
    let mut fair: Vec<_> =
        LATER_TABLES.iter().map(|(name, table, _)| format!("{name} reads {table}")).collect();
    for (name, text) in files("src") {
        let is_store = name.ends_with("/store.rs") || name.contains("/store/");
        let Some(here) = place(room(&name)).filter(|_| is_store) else { continue };
        for table in tables_in(code(&text), &entities) {
            let owner = entities.iter().find(|known| known.table == table).and_then(|it| it.slice.as_deref());
            if owner.and_then(place).is_some_and(|there| there > here) {
                let reads = format!("{name} reads {table}");
                let known = LATER_TABLES.iter().any(|(file, later, _)| *file == name && *later == table);
                if !known {
                    wrong.push(reads.clone());
                }
                fair.retain(|other| *other != reads);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(fair.is_empty(), "no exception is needed any more: {fair:#?}");
}

#[test]
fn every_table_has_an_entity_in_the_folder_of_a_slice_or_on_the_ground() {
    let entities = entities();
    for slice in entities.iter().filter_map(|entity| entity.slice.as_deref()) {
        assert!(SLICES.contains(&slice), "src/entity/{slice}/ is named like no slice");
    }
    for (name, text) in texts("migration/src", "sql") {
        for (at, _) in text.match_indices("CREATE TABLE ") {
            let table = text[at + "CREATE TABLE ".len()..].split([' ', '(']).next().unwrap_or_default();
            let known = WITHOUT_ENTITY.contains(&table) || entities.iter().any(|it| it.table == table);
            assert!(known, "{name}: {table} has no entity");
        }
    }
}
