//! What slices owe a person (P-6): nothing that is stored about people is forgotten in their export.

use crate::{
    tables::entities,
    tidy::{SLICES, files},
};

/// Tables that name a person and are not exported, and why.
const NOT_EXPORTED: [(&str, &str); 13] = [
    ("password", "a secret"),
    ("one_time_token", "a secret that lives for hours"),
    ("expiry_notice", "how far the announcing has come; the person has the notifications"),
    ("trace", "keyed hashes, which tell nothing to the person and something to a cheat"),
    ("payout_approval", "an act of staff, which the audit log has"),
    ("creative", "an act of staff, which the audit log has"),
    ("promo_code", "an act of staff, which the audit log has"),
    ("referral_campaign", "an act of staff, which the audit log has"),
    ("task_run", "an act of staff, which the audit log has"),
    ("task_state", "an act of staff, which the audit log has"),
    ("affiliate_flag", "suspicions, which tell people how to go unseen"),
    ("idempotency_key", "the memory of requests, gone after 30 days"),
    ("policy", "which admin wrote a version, which the audit log has"),
];

#[test]
fn p_6_every_table_that_names_a_person_is_exported_or_has_a_reason() {
    let sources = files("src");
    let mut reasons: Vec<_> = NOT_EXPORTED.iter().map(|(module, _)| *module).collect();
    for entity in entities() {
        let path = format!("/{}.rs", entity.module);
        let model = sources.iter().find(|(name, _)| name.starts_with("src/entity/") && name.ends_with(&path));
        let (name, model) = model.expect("a model");
        if !["AccountId", "WalletId"].iter().any(|id| model.contains(id)) {
            continue;
        }
        let section = format!("Rows<{}::Entity>", entity.module);
        let is_exported = sources.iter().any(|(_, text)| text.contains(&section));
        let has_reason = reasons.contains(&entity.module.as_str());
        assert!(is_exported != has_reason, "{name}: a section of the export, or a reason against it");
        reasons.retain(|module| *module != entity.module);
    }
    assert!(reasons.is_empty(), "no such table: {reasons:?}");
}

/// What slices declare, and the file that merges it.
const MERGED: [(&str, &str); 5] = [
    ("SECTIONS", "src/books/export.rs"),
    ("CHECKS", "src/books/verify.rs"),
    ("EVENTS", "src/books/message.rs"),
    ("erase_of", "src/books/erase.rs"),
    ("REACHES", "src/books/preview.rs"),
];

#[test]
fn what_a_slice_declares_for_all_is_merged() {
    let sources = files("src");
    for (what, merged) in MERGED {
        let (_, books) = sources.iter().find(|(name, _)| name == merged).expect("the file that merges");
        for slice in SLICES.iter().filter(|slice| **slice != "books") {
            let page = format!("src/{slice}.rs");
            let (_, front) = sources.iter().find(|(name, _)| *name == page).expect("the slice's page");
            let declares = front.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == what);
            let is_merged = books.contains(&format!("{slice}::{what}"));
            assert_eq!(declares, is_merged, "{slice}: {what} in {merged}");
        }
    }
}
