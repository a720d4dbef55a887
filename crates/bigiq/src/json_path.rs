//! Finds the path of the value at an offset of a JSON text. The text is scanned only after an error, so that decoding needs
//! no path tracking, which would be compiled for every type.

/// One level of nesting.
enum Level {
    /// An object, with the last name that was read.
    Object(String),
    /// A list, with the index of the item.
    List(usize),
}

/// The path of the value at `offset`, such as `items[3].properties`, or `.` for the whole text. An offset at the end of an
/// object or a list belongs to it.
pub(crate) fn place(text: &str, offset: usize) -> String {
    let mut levels: Vec<Level> = Vec::new();
    let mut rest = text.char_indices().take_while(|(at, _)| *at < offset).peekable();
    // Only a colon after it distinguishes a name from another text.
    let mut last_text = String::new();
    while let Some((_, c)) = rest.next() {
        match c {
            '{' => levels.push(Level::Object(String::new())),
            '[' => levels.push(Level::List(0)),
            '}' | ']' if rest.peek().is_some() => _ = levels.pop(),
            '}' => {
                if let Some(Level::Object(name)) = levels.last_mut() {
                    name.clear();
                }
            }
            ',' => {
                if let Some(Level::List(item)) = levels.last_mut() {
                    *item += 1;
                }
            }
            ':' => {
                if let Some(Level::Object(name)) = levels.last_mut() {
                    *name = core::mem::take(&mut last_text);
                }
            }
            '"' => {
                last_text.clear();
                while let Some((_, c)) = rest.next() {
                    match c {
                        '"' => break,
                        '\\' => last_text.extend(rest.next().map(|(_, escaped)| escaped)),
                        c => last_text.push(c),
                    }
                }
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for level in &levels {
        match level {
            Level::Object(name) if name.is_empty() => {}
            Level::Object(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Level::List(item) => {
                path.push('[');
                path.push_str(&item.to_string());
                path.push(']');
            }
        }
    }
    if path.is_empty() { ".".to_owned() } else { path }
}

/// The offset of a line and column of the decoder. Both start at 1; the column counts bytes.
pub(crate) fn offset(text: &str, line: usize, column: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    before.map(str::len).sum::<usize>() + column
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str, mark: &str) -> String {
        place(text, text.find(mark).unwrap() + mark.len())
    }

    #[test]
    fn finds_the_value() {
        let text = r#"{"a": {"b\"": [1, {"c": "x,:[{"}, true]}, "d": "y"}"#;
        assert_eq!(at(text, "1"), "a.b\"[0]");
        assert_eq!(at(text, "x,"), "a.b\"[1].c");
        assert_eq!(at(text, "true"), "a.b\"[2]");
        assert_eq!(at(text, "y"), "d");
        assert_eq!(place(text, text.len()), ".");
        assert_eq!(place("", 0), ".");
    }

    proptest! {
        #[test]
        fn takes_any_text(text in any::<String>(), at in 0_usize..200) {
            place(&text, at);
            offset(&text, at, at);
        }
    }
}
