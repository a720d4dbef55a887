//! Deserializers for fields whose JSON type differs between BIG-IQ versions. They never fail on valid JSON: a value that
//! can't be read becomes `None`.

use crate::embedded::{self, Embedded};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

/// A JSON scalar of any type, or the texts of a list. Objects are skipped.
#[derive(Default)]
pub(crate) enum Scalar<'de> {
    #[default]
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'de, str>),
    /// The members that are texts.
    List(Vec<Cow<'de, str>>),
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
        let mut texts = Vec::new();
        while let Some(member) = seq.next_element_seed(AnyScalar)? {
            match member {
                Scalar::Text(text) if texts.len() < MOST_TEXTS => texts.push(text),
                _ => {}
            }
        }
        Ok(Scalar::List(texts))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
}

pub(crate) fn scalar<'de, D: Deserializer<'de>>(d: D) -> Result<Scalar<'de>, D::Error> {
    d.deserialize_any(ScalarVisitor)
}

impl<'de> Scalar<'de> {
    /// A text. Numbers and booleans are converted.
    pub(crate) fn text(self) -> Option<Cow<'de, str>> {
        let text = match self {
            Scalar::None | Scalar::List(_) => return None,
            Scalar::Bool(v) => v.to_string(),
            Scalar::Int(v) => v.to_string(),
            // `serde_json` has code to format numbers; Rust's formatting would add 4 kB to the bundle.
            Scalar::Float(v) => match whole(v) {
                Some(v) => v.to_string(),
                None => Number::from_f64(v)?.to_string(),
            },
            Scalar::Text(v) => return Some(v),
        };
        Some(Cow::Owned(text))
    }

    /// [`text`](Self::text) as an owned value.
    pub(crate) fn owned(self) -> Option<String> {
        self.text().map(Cow::into_owned)
    }

    /// A message for people, cut to a length that no real one exceeds.
    pub(crate) fn message(self) -> Option<String> {
        self.embedded().map(|opened| opened.message)
    }

    /// A message for people, and the code of the answer that contained it.
    pub(crate) fn embedded(self) -> Option<Embedded> {
        let mut opened = embedded::opened(self.owned()?);
        let longest = opened.message.floor_char_boundary(LONGEST_MESSAGE);
        // guard: message-length
        opened.message.truncate(longest);
        Some(opened)
    }

    /// A whole number. Floats (`7.0`, captured) and texts are converted.
    pub(crate) fn int(self) -> Option<i64> {
        match self {
            Scalar::Int(v) => Some(v),
            Scalar::Float(v) => whole(v),
            Scalar::Text(v) => v.trim().parse().ok(),
            Scalar::None | Scalar::Bool(_) | Scalar::List(_) => None,
        }
    }

    /// A boolean. The texts `"true"` and `"false"` are converted.
    pub(crate) fn flag(self) -> Option<bool> {
        match self {
            Scalar::Bool(v) => Some(v),
            Scalar::Text(v) if v.eq_ignore_ascii_case("true") => Some(true),
            Scalar::Text(v) if v.eq_ignore_ascii_case("false") => Some(false),
            Scalar::None
            | Scalar::Int(_)
            | Scalar::Float(_)
            | Scalar::Text(_)
            | Scalar::List(_) => None,
        }
    }

    /// Whether it is a list that contains this text.
    pub(crate) fn contains(&self, text: &str) -> bool {
        matches!(self, Scalar::List(texts) if texts.iter().any(|member| member == text))
    }
}

/// Reads a text. Numbers and booleans are converted.
pub fn text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    Ok(scalar(d)?.owned())
}

/// The most bytes of a message that are kept: longer than any real message (inferred), and short enough to store and show.
const LONGEST_MESSAGE: usize = 2_000;

/// Reads a whole number. Floats (`7.0`, captured) and texts are converted.
pub fn int<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    Ok(scalar(d)?.int())
}

/// A float as a whole number. Floats are exact up to 2^53; no generation, time or id is larger.
fn whole(v: f64) -> Option<i64> {
    (v.fract() == 0.0 && v.abs() < 9_007_199_254_740_992.0).then_some(v as i64)
}

/// Reads a boolean. The texts `"true"` and `"false"` are converted.
pub fn flag<'de, D: Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    Ok(scalar(d)?.flag())
}

/// The most texts of a list that are kept; a device has a handful of modules.
const MOST_TEXTS: usize = 100;

/// Reads scalars of an object by name, and those of one nested object. Used for the members of long lists, where a
/// deserializer per field is slower and makes the bundle larger.
pub(crate) struct Wanted<'w, 'de> {
    pub(crate) own: Fields<'w, 'de>,
    /// The nested object's name, and which of its fields to read.
    pub(crate) inner: Option<(&'w str, &'w mut Self)>,
    /// Set if this value is no object, so that none of its fields is known.
    pub(crate) is_unreadable: &'w Cell<bool>,
}

/// Field names, and the value of each.
type Fields<'w, 'de> = (&'w [&'w str], &'w mut [Scalar<'de>]);

/// Reads the scalars of an object that have these names, and skips its other fields.
pub(crate) fn scalars<'de, D: Deserializer<'de>, const N: usize>(
    d: D,
    names: &[&str; N],
) -> Result<[Scalar<'de>; N], D::Error> {
    let mut values = [const { Scalar::None }; N];
    let is_unreadable = Cell::new(false);
    Wanted { own: (names, &mut values), inner: None, is_unreadable: &is_unreadable }
        .deserialize(d)?;
    Ok(values)
}

/// The field that a name in an object stands for.
enum Field {
    /// The wanted scalar with this index.
    Own(usize),
    /// The nested object, unless it has been read.
    Inner,
    Other,
}

/// Reads a name as a [`Field`]. Most names are not wanted; returning each as a [`Scalar`] takes 3 % longer for a device list.
struct FieldName<'a> {
    own: &'a [&'a str],
    inner: Option<&'a str>,
}

impl<'de> DeserializeSeed<'de> for FieldName<'_> {
    type Value = Field;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Field, D::Error> {
        d.deserialize_str(self)
    }
}

impl Visitor<'_> for FieldName<'_> {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }
    fn visit_str<E>(self, name: &str) -> Result<Field, E> {
        Ok(match self.own.iter().position(|wanted| *wanted == name) {
            Some(index) => Field::Own(index),
            None if self.inner == Some(name) => Field::Inner,
            None => Field::Other,
        })
    }
}

struct AnyScalar;

impl<'de> DeserializeSeed<'de> for AnyScalar {
    type Value = Scalar<'de>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Scalar<'de>, D::Error> {
        scalar(d)
    }
}

impl Wanted<'_, '_> {
    /// One value of another shape must not hide the rest of a list.
    fn unreadable<E>(&self) -> Result<(), E> {
        // guard: one-broken-item
        self.is_unreadable.set(true);
        Ok(())
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
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.unreadable()
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.unreadable()
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        self.unreadable()
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.unreadable()
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.unreadable()
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.unreadable()
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        loop {
            let inner = self.inner.as_ref().map(|(name, _)| *name);
            let name = FieldName { own: self.own.0, inner };
            let Some(field) = map.next_key_seed(name)? else { break };
            match field {
                Field::Own(index) => {
                    let value = map.next_value_seed(AnyScalar)?;
                    if let Some(own) = self.own.1.get_mut(index) {
                        *own = value;
                    }
                }
                Field::Inner => {
                    if let Some((_, inner)) = self.inner.take() {
                        map.next_value_seed(inner)?;
                    }
                }
                Field::Other => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }
}

/// Reads the values of the fields with these names, and skips an object's other fields. Used for objects with many fields, because
/// reading a value takes the same code for each type. A missing field is null.
///
/// # Errors
/// Another value than an object.
pub(crate) fn fields<'de, D: Deserializer<'de>, const N: usize>(
    d: D,
    names: &[&str; N],
) -> Result<[Value; N], D::Error> {
    let mut values = [const { Value::Null }; N];
    d.deserialize_any(Values { names, values: &mut values })?;
    Ok(values)
}

struct Values<'a> {
    names: &'a [&'a str],
    values: &'a mut [Value],
}

impl<'de> Visitor<'de> for Values<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_key_seed(FieldName { own: self.names, inner: None })? {
            let wanted = match field {
                Field::Own(index) => self.values.get_mut(index),
                Field::Inner | Field::Other => None,
            };
            match wanted {
                Some(value) => *value = map.next_value()?,
                None => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }
}

/// The members of a list; none if it is null. `None` if it is another value, or longer than any real list.
pub(crate) fn members(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Null => Some(&[]),
        Value::Array(members) if members.len() <= MOST_MEMBERS => Some(members),
        _ => None,
    }
}

/// The most members of a list: more than any BIG-IQ has devices or any device has sessions (inferred). Without a limit, a
/// small answer could fill the memory with empty members.
const MOST_MEMBERS: usize = 250_000;

/// Reads a list. `null` and a missing value give an empty list; `null` members are left out.
///
/// # Errors
/// Another value than a list, or a list that is longer than any real one.
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
                    return Err(A::Error::custom("a list with more than 250,000 members"));
                }
                items.extend(item);
            }
            Ok(items)
        }
    }
    d.deserialize_any(ListVisitor(std::marker::PhantomData))
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
        #[serde(default, deserialize_with = "list")]
        l: Vec<u8>,
    }

    fn all(t: Option<&str>, i: Option<i64>, f: Option<bool>, l: &[u8]) -> All {
        All { t: t.map(str::to_owned), i, f, l: l.to_vec() }
    }

    #[rstest]
    #[case("{}", all(None, None, None, &[]))]
    #[case(r#"{"t":null,"i":null,"f":null,"l":null}"#, all(None, None, None, &[]))]
    #[case(r#"{"t":"a","i":7,"f":true,"l":[1]}"#, all(Some("a"), Some(7), Some(true), &[1]))]
    #[case(r#"{"t":5,"i":7.0,"f":"true","l":[1,null,2]}"#, all(Some("5"), Some(7), Some(true), &[1, 2]))]
    #[case(r#"{"t":{"a":[1]},"i":"12","f":"no"}"#, all(None, Some(12), None, &[]))]
    #[case(r#"{"t":[1],"i":1.5,"f":1}"#, all(None, None, None, &[]))]
    fn reads_what_it_can(#[case] json: &str, #[case] expected: All) {
        assert_eq!(serde_json::from_str::<All>(json).unwrap(), expected);
    }

    #[test]
    fn a_message_has_a_limit() {
        let read = |text: String| scalar(&Value::from(text)).unwrap().message().unwrap();
        let longest = "ü".repeat(LONGEST_MESSAGE / 2);
        assert_eq!(read(longest.clone()), longest);
        assert_eq!(read(longest.clone() + "x"), longest);
        assert_eq!(read("x".to_owned() + &longest), "x".to_owned() + &longest[2..]);
    }

    #[test]
    fn a_list_has_a_limit() {
        let of = |members: usize| format!(r#"{{"l":[{}1]}}"#, "1,".repeat(members - 1));
        let longest = serde_json::from_str::<All>(&of(MOST_MEMBERS)).unwrap();
        assert_eq!(longest.l.len(), MOST_MEMBERS);
        let error = serde_json::from_str::<All>(&of(MOST_MEMBERS + 1)).unwrap_err();
        assert!(error.to_string().starts_with("a list with more"), "{error}");
    }
}
