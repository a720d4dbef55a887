//! What a name looks like: its skeleton by UTS 39, for Latin, Cyrillic, Greek and Armenian letters. Two names with the same
//! skeleton can't be told apart on a screen.

/// Letters and the ASCII letter or digit that they look like, in pairs (UTS 39, `confusables.txt`).
const LOOK_ALIKES: &str = "\
    þpıiſfƄbƍgƒfƖlƦRƧ2Ʒ3Ƽ5ƽsƿpǀlȜ3Ȣ8ȣ8ȷjɌRɑaɡgɣyɩiɪiɯwʄfʋuʏyͿJΑA\
    ΒBΕEΖZΗHΙlΚKΜMΝNΟOΡPΤTΥYΧXαaγyιiνvοoρpσoυuϒYϜFϨ2Ϭ6ϭoϱpϲcϳjϸp\
    ϹCϺMЅSІlЈJАAВBЕEЗ3КKМMНHОOРPСCТTУYХXЬbаaб6гrеeоoрpсcуyхxшwѕs\
    іiјjѡwѴVѵvҮYүyҺhһhҽeӀlӏlӠ3ԁdԌGԚQԛqԜWԝwՅ3ՍUՏSՕOաwգqզqհhյjոnռn\
    սuցgւiքfօo";

/// The skeleton of a name. Marks and accents stay as they are.
///
/// ```
/// use curfew_core::names::skeleton;
///
/// assert_eq!(skeleton("us\u{435}r2"), skeleton("user2"), "a Cyrillic letter");
/// assert_eq!(skeleton("modern"), skeleton("rnodern"));
/// assert_ne!(skeleton("user2"), skeleton("user3"));
/// ```
pub fn skeleton(name: &str) -> String {
    let mut skeleton = String::with_capacity(name.len() + 4);
    for char in name.chars().map(halfwidth) {
        match char {
            '0' => skeleton.push('O'),
            '1' | 'I' | '|' => skeleton.push('l'),
            'm' => skeleton.push_str("rn"),
            ' '..='~' => skeleton.push(char),
            _ => push(&mut skeleton, char),
        }
    }
    skeleton
}

fn push(skeleton: &mut String, char: char) {
    let several = match char {
        'Æ' | 'Ӕ' => "AE",
        'æ' | 'ӕ' => "ae",
        'Œ' => "OE",
        'œ' => "oe",
        'Ы' => "bl",
        'Ю' => "lO",
        'Ѹ' => "Oy",
        'ѹ' => "oy",
        'ՠ' => "rn",
        'ǁ' => "ll",
        _ => "",
    };
    skeleton.push_str(several);
    if several.is_empty() {
        skeleton.push(look_alike(char));
    }
}

/// The ASCII character that a character looks like, or the character itself.
pub(super) fn look_alike(char: char) -> char {
    let mut pairs = LOOK_ALIKES.chars();
    while let (Some(one), Some(other)) = (pairs.next(), pairs.next()) {
        if one == char {
            return other;
        }
    }
    char
}

/// The ASCII character of a fullwidth one, as Japanese input methods produce them.
pub(crate) fn halfwidth(char: char) -> char {
    match u32::from(char) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(char),
        _ => char,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The table is a part of UTS 39, and all of it that leads from a letter of these scripts to ASCII letters and digits, except
    /// characters that compatibility composition replaces.
    #[test]
    fn the_table_is_that_of_uts_39() {
        let letters =
            ('\u{a1}'..='\u{24f}').chain('\u{370}'..='\u{52f}').chain('Ա'..='և').chain('Ａ'..='ｚ');
        for char in letters.chain('!'..='~').filter(|char| char.is_alphanumeric()) {
            let ours = skeleton(&char.to_string());
            let theirs: String = unicode_security::skeleton(&char.to_string()).collect();
            if theirs.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                let is_compatible = matches!(char, 'Ĳ' | 'ĳ' | 'Ǆ'..='ǌ' | 'Ǳ'..='ǳ' | 'ŉ' | 'ͺ');
                assert!(ours == theirs || is_compatible, "{char}: {ours}, {theirs}");
            }
        }
    }

    #[rstest]
    #[case::cyrillic("us\u{435}r2")]
    #[case::greek("us\u{435}r2")]
    #[case::fullwidth("ｕｓｅｒ２")]
    #[case::armenian("\u{57d}ser2")]
    fn look_alikes(#[case] name: &str) {
        assert_eq!(skeleton(name), "user2");
    }
}
