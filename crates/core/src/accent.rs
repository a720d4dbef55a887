//! The accent colour that a portal may ask for: only one that can be read on Curfew's surfaces. It must not know any other
//! colour of the page than the two it is held against.

/// A colour as `#rrggbb`, lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accent(String);

/// Light and dark surfaces, as linear brightness: what the style sheet's `--surface` amounts to.
const SURFACES: [f64; 2] = [1.0, 0.012];
/// What WCAG 2.2 asks of parts of the interface that are not text (1.4.11).
const LEAST: f64 = 3.0;

impl Accent {
    /// Reads `#rrggbb`. `None` for anything else, and for a colour that can't be told from the light or the dark surface.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        let own = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
        let readable = SURFACES.iter().all(|surface| contrast(own, *surface) >= LEAST);
        readable.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The colour as style sheets write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The contrast of two brightnesses (WCAG 2.2, "contrast ratio").
fn contrast(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn linear(channel: u8) -> f64 {
    let share = f64::from(channel) / 255.0;
    if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("#1E6FD9", Some("#1e6fd9"))]
    #[case("#ffffff", None)]
    #[case("#000000", None)]
    #[case("#ffff00", None)]
    #[case("red", None)]
    #[case("#12345", None)]
    #[case("#1e6fd9;}", None)]
    #[case("#é1e6d", None)]
    fn accents(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(Accent::parse(text).as_ref().map(Accent::as_str), expected);
    }

    #[test]
    fn black_on_white() {
        assert!((contrast(0.0, 1.0) - 21.0).abs() < 1e-9);
    }
}
