//! The accent colour that a portal may request. Only colours that stand out on Curfew's light and dark surfaces are accepted.

/// A colour as `#rrggbb`, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accent(String);

/// The relative luminance of the light and the dark `--surface` in the style sheet.
const SURFACES: [f64; 2] = [1.0, 0.012];
/// The lowest contrast that WCAG 2.2 allows for parts of the interface that are not text (1.4.11). Text never has this colour.
const LEAST: f64 = 3.0;

impl Accent {
    /// Reads `#rrggbb`. `None` for anything else, and for a colour with too little contrast to the light or the dark surface.
    pub fn parse(text: &str) -> Option<Self> {
        let own = brightness(text)?;
        let readable = SURFACES.iter().all(|surface| contrast(own, *surface) >= LEAST);
        readable.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The text colour to use on it: black or white, depending on the contrast. One of them always has 4.5 : 1 (WCAG 2.2, 1.4.3).
    pub fn ink(&self) -> &'static str {
        let is_bright =
            brightness(&self.0).is_some_and(|own| contrast(own, 0.0) > contrast(own, 1.0));
        if is_bright { "#000000" } else { "#ffffff" }
    }

    /// The colour as `#rrggbb`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The relative luminance of `#rrggbb` (WCAG 2.2). `None` for anything else.
fn brightness(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue))
}

/// The contrast ratio of two luminances (WCAG 2.2).
fn contrast(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn linear(channel: u8) -> f64 {
    let share = f64::from(channel) / 255.0;
    if share <= 0.040_45 { share / 12.92 } else { to_2_4((share + 0.055) / 1.055) }
}

/// A number to the power of 2.4, with square roots alone: `powf` would add 0.8 kB to the bundle. 0.4 is 0.0110 0110 0110… in binary.
fn to_2_4(number: f64) -> f64 {
    let (mut root, mut product) = (number, number * number);
    for place in 1..=32 {
        root = root.sqrt();
        if matches!(place % 4, 2 | 3) {
            product *= root;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_by_square_roots() {
        for step in 0..=255 {
            let number = f64::from(step) / 255.0;
            assert!((to_2_4(number) - number.powf(2.4)).abs() < 1e-9, "{number}");
        }
    }
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
    fn every_accent_has_an_ink_that_can_be_read() {
        for number in (0..0x100_0000_u32).step_by(997) {
            let text = format!("#{number:06x}");
            let Some(accent) = Accent::parse(&text) else { continue };
            let own = brightness(&text).unwrap();
            let ink = brightness(accent.ink()).unwrap();
            assert!(contrast(own, ink) >= 4.5, "{text}");
        }
        assert_eq!(Accent::parse("#1e6fd9").unwrap().ink(), "#ffffff");
        assert_eq!(Accent::parse("#c08020").unwrap().ink(), "#000000");
    }

    #[test]
    fn black_on_white() {
        assert!((contrast(0.0, 1.0) - 21.0).abs() < 1e-9);
    }
}
