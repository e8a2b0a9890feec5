//! Whom a part of the policy reaches, as a slice declares it: what an admin sees before they change it.

/// A part of the policy, and the statement that counts whom a change of it reaches.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// The path of the part in the document, such as `plans.PLUS`; a change of anything in it counts.
    pub part: &'static str,
    /// Whom it reaches and when, such as "people who have closed their accounts, at once".
    pub who: &'static str,
    /// Selects one row with `reached`, how many they are at `:now`.
    pub count: &'static str,
}

impl Reach {
    /// Whether the value at `path` belongs to this part.
    pub fn has(&self, path: &str) -> bool {
        path.strip_prefix(self.part).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_the_values_below_it_and_no_others() {
        let taxes = Reach { part: "taxes", who: "", count: "" };
        assert!(["taxes", "taxes[0].name", "taxes.x"].iter().all(|path| taxes.has(path)));
        assert!(!["taxes_of", "plans.taxes", "tax"].iter().any(|path| taxes.has(path)));
    }
}
