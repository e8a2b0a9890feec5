//! Texts in pages of HTML, and how a page to print looks.

/// How a page to print looks; nothing is loaded from elsewhere.
pub const PRINTED: &str = "body{font:14px/1.5 sans-serif;max-width:48em;margin:3em auto;padding:0 1em}table{width:100%;\
     border-collapse:collapse}td,th{text-align:left;border-bottom:1px solid #ccc;padding:.3em}td:last-child,\
     th:last-child{text-align:right}@media print{body{margin:0}}";

/// `text` as it stands in a page, also within the quotes of an attribute.
pub fn escaped(text: &str) -> String {
    let mut page = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            other => page.push(other),
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_a_text() {
        assert_eq!(
            escaped("\"><script>alert('x & y')</script>"),
            "&quot;&gt;&lt;script&gt;alert(&#39;x &amp; y&#39;)&lt;/script&gt;"
        );
        assert_eq!(escaped("Grüße"), "Grüße");
    }
}
