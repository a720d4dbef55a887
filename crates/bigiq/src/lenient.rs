//! Readers for fields that BIG-IQ sends as one type and next release as another.
//! They never fail on a well-formed value: what cannot be read is `None`. They must not guess a meaning.

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::Number;
use std::borrow::Cow;
use std::fmt;

/// A JSON scalar whatever its type; lists and objects are passed over.
#[derive(Default)]
pub(crate) enum Scalar<'de> {
    #[default]
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'de, str>),
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_bool<E>(self, v: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Int(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Scalar<'de>, E> {
        Ok(i64::try_from(v).map_or(Scalar::None, Scalar::Int))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Float(v))
    }
    fn visit_str<E>(self, v: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(v.to_owned())))
    }
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(v)))
    }
    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::None)
    }
    fn visit_none<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
}

fn scalar<'de, D: Deserializer<'de>>(d: D) -> Result<Scalar<'de>, D::Error> {
    d.deserialize_any(ScalarVisitor)
}

impl<'de> Scalar<'de> {
    /// A text, also where it came as a number or a boolean.
    pub(crate) fn text(self) -> Option<Cow<'de, str>> {
        let told = match self {
            Scalar::None => return None,
            Scalar::Bool(v) => v.to_string(),
            Scalar::Int(v) => v.to_string(),
            // `serde_json` writes numbers already; Rust's own way to do it would be another 4 kB to load.
            Scalar::Float(v) => match whole(v) {
                Some(v) => v.to_string(),
                None => Number::from_f64(v)?.to_string(),
            },
            Scalar::Text(v) => return Some(v),
        };
        Some(Cow::Owned(told))
    }

    /// [`text`](Self::text), in memory of its own.
    pub(crate) fn owned(self) -> Option<String> {
        self.text().map(Cow::into_owned)
    }

    /// A text that is shown to people as it came, cut where no real one is that long.
    pub(crate) fn message(self) -> Option<String> {
        let mut text = self.owned()?;
        text.truncate(text.floor_char_boundary(LONGEST_MESSAGE));
        Some(text)
    }

    /// A whole number, also where it came as a float (`7.0`, captured) or as text.
    pub(crate) fn int(self) -> Option<i64> {
        match self {
            Scalar::Int(v) => Some(v),
            Scalar::Float(v) => whole(v),
            Scalar::Text(v) => v.trim().parse().ok(),
            Scalar::None | Scalar::Bool(_) => None,
        }
    }

    /// A flag, also where it came as the text `"true"` or `"false"`.
    pub(crate) fn flag(self) -> Option<bool> {
        match self {
            Scalar::Bool(v) => Some(v),
            Scalar::Text(v) if v.eq_ignore_ascii_case("true") => Some(true),
            Scalar::Text(v) if v.eq_ignore_ascii_case("false") => Some(false),
            Scalar::None | Scalar::Int(_) | Scalar::Float(_) | Scalar::Text(_) => None,
        }
    }
}

/// A text, also where it came as a number or a boolean.
pub fn text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(scalar(d)?.owned())
}

/// The most bytes of a message that are kept: more than any real one (inferred), and little enough to be kept with a
/// record and shown.
const LONGEST_MESSAGE: usize = 2_000;

/// A text that is shown to people as it came, cut where no real one is that long.
pub fn message<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(scalar(d)?.message())
}

/// A whole number, also where it came as a float (`7.0`, captured) or as text.
pub fn int<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    Ok(scalar(d)?.int())
}

/// The whole number that a float is. It keeps them exactly up to 2^53; beyond that it is no generation, time or id.
fn whole(v: f64) -> Option<i64> {
    (v.fract() == 0.0 && v.abs() < 9_007_199_254_740_992.0).then_some(v as i64)
}

/// A flag, also where it came as the text `"true"` or `"false"`.
pub fn flag<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    Ok(scalar(d)?.flag())
}

/// Scalars of an object by their names, and of one object in it. For members of long lists: a reader for each field takes
/// more time, and more to load.
pub(crate) struct Wanted<'w, 'de> {
    pub(crate) own: Fields<'w, 'de>,
    /// The inner object's name, and what is wanted of it.
    pub(crate) inner: Option<(&'w str, &'w mut Self)>,
}

/// Names, and what is told under each.
type Fields<'w, 'de> = (&'w [&'w str], &'w mut [Scalar<'de>]);

/// The scalars of an object under these names, whatever else is in it.
pub(crate) fn scalars<'de, D: Deserializer<'de>, const N: usize>(
    d: D,
    names: &[&str; N],
) -> Result<[Scalar<'de>; N], D::Error> {
    let mut told = [const { Scalar::None }; N];
    Wanted { own: (names, &mut told), inner: None }.deserialize(d)?;
    Ok(told)
}

struct AnyScalar;

impl<'de> DeserializeSeed<'de> for AnyScalar {
    type Value = Scalar<'de>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Scalar<'de>, D::Error> {
        scalar(d)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Wanted<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Wanted<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Scalar::Text(name)) = map.next_key_seed(AnyScalar)? {
            let (names, told) = &mut self.own;
            let place = names.iter().position(|wanted| *wanted == name);
            if let Some(told) = place.and_then(|place| told.get_mut(place)) {
                *told = map.next_value_seed(AnyScalar)?;
            } else if let Some((_, inner)) = self.inner.take_if(|(object, _)| *object == name) {
                map.next_value_seed(inner)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The most members of one list: more than any BIG-IQ manages devices or any device holds sessions (inferred). A small
/// answer could else fill the memory with empty members.
const MOST_MEMBERS: usize = 250_000;

/// A list; `null`, a missing one and a value that is no list are empty, `null` members are left out. One that is longer
/// than any real one is refused.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    struct ListVisitor<T>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }
        fn visit_unit<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }
        fn visit_none<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = seq.next_element::<Option<T>>()? {
                if items.len() == MOST_MEMBERS {
                    return Err(A::Error::custom("a list longer than any real one"));
                }
                items.extend(item);
            }
            Ok(items)
        }
    }
    d.deserialize_any(ListVisitor(std::marker::PhantomData))
}

/// A text that may be any scalar, for use as a list member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        text(d).map(Self)
    }
}

/// A list of texts; members of other types are read as text or left out.
pub fn texts<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    Ok(list::<D, Text>(d)?.into_iter().filter_map(|t| t.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[derive(Debug, serde::Deserialize, PartialEq)]
    struct All {
        #[serde(default, deserialize_with = "text")]
        t: Option<String>,
        #[serde(default, deserialize_with = "int")]
        i: Option<i64>,
        #[serde(default, deserialize_with = "flag")]
        f: Option<bool>,
        #[serde(default, deserialize_with = "texts")]
        l: Vec<String>,
    }

    fn all(t: Option<&str>, i: Option<i64>, f: Option<bool>, l: &[&str]) -> All {
        All { t: t.map(str::to_owned), i, f, l: l.iter().map(|s| (*s).to_owned()).collect() }
    }

    #[rstest]
    #[case("{}", all(None, None, None, &[]))]
    #[case(r#"{"t":null,"i":null,"f":null,"l":null}"#, all(None, None, None, &[]))]
    #[case(r#"{"t":"a","i":7,"f":true,"l":["x"]}"#, all(Some("a"), Some(7), Some(true), &["x"]))]
    #[case(r#"{"t":5,"i":7.0,"f":"true","l":[1,null,"y"]}"#, all(Some("5"), Some(7), Some(true), &["1", "y"]))]
    #[case(r#"{"t":{"a":[1]},"i":"12","f":"no","l":[{"a":1}]}"#, all(None, Some(12), None, &[]))]
    #[case(r#"{"t":[1],"i":1.5,"f":1}"#, all(None, None, None, &[]))]
    fn reads_what_it_can(#[case] json: &str, #[case] expected: All) {
        assert_eq!(serde_json::from_str::<All>(json).unwrap(), expected);
    }

    #[test]
    fn a_message_has_an_end() {
        #[derive(serde::Deserialize)]
        struct ErrorText(#[serde(deserialize_with = "message")] Option<String>);
        let kept = |text: String| {
            serde_json::from_str::<ErrorText>(&format!("\"{text}\"")).unwrap().0.unwrap()
        };
        let longest = "ü".repeat(LONGEST_MESSAGE / 2);
        assert_eq!(kept(longest.clone()), longest);
        assert_eq!(kept(longest.clone() + "x"), longest);
        assert_eq!(kept("x".to_owned() + &longest), "x".to_owned() + &longest[2..]);
    }

    #[test]
    fn a_list_has_an_end() {
        let of = |members: usize| format!(r#"{{"l":[{}1]}}"#, "1,".repeat(members - 1));
        let longest = serde_json::from_str::<All>(&of(MOST_MEMBERS)).unwrap();
        assert_eq!(longest.l.len(), MOST_MEMBERS);
        let error = serde_json::from_str::<All>(&of(MOST_MEMBERS + 1)).unwrap_err();
        assert!(error.to_string().starts_with("a list longer"), "{error}");
    }
}
