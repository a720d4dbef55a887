//! Decodes the records from parsed JSON, with less code in the bundle than `serde_json`'s decoder. That is compiled for each type to read
//! its fields in any order, to also accept a list, and to say what is wrong; here the fields are looked up in the order of the type.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};
use std::fmt;

/// A value of a record. `None` if the text is no JSON or has another shape.
pub(super) fn decode_record<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(Part(Some(serde_json::from_str(text).ok()?))).ok()
}

/// A part of a record. `None` stands for a field that the record lacks.
struct Part(Option<Value>);

/// Why a value can't be decoded.
#[derive(Debug)]
enum Unfit {
    /// A field is missing. Its type may have a default.
    Missing,
    OtherShape,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another shape")
    }
}

impl std::error::Error for Unfit {}

impl serde::de::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::OtherShape
    }
}

impl Part {
    fn value(self) -> Result<Value, Unfit> {
        self.0.ok_or(Unfit::Missing)
    }

    fn text(self) -> Result<String, Unfit> {
        match self.value()? {
            Value::String(text) => Ok(text),
            _ => Err(Unfit::OtherShape),
        }
    }

    fn fields(self) -> Result<Map<String, Value>, Unfit> {
        match self.value()? {
            Value::Object(fields) => Ok(fields),
            _ => Err(Unfit::OtherShape),
        }
    }
}

impl<'de> Deserializer<'de> for Part {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.value()? {
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                Err(Unfit::OtherShape)
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let fields = self.fields()?.into_iter();
        visitor
            .visit_map(MapDeserializer::new(fields.map(|(name, value)| (name, Self(Some(value))))))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_seq(InOrder { names: names.iter(), fields: self.fields()? })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let Value::Array(members) = self.value()? else { return Err(Unfit::OtherShape) };
        visitor
            .visit_seq(SeqDeserializer::new(members.into_iter().map(|member| Self(Some(member)))))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            None | Some(Value::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    /// The name of a variant, or an object with one field: the name, and what the variant contains.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let variant = match self.value()? {
            Value::String(name) => Some(Variant { name, value: Value::Null }),
            Value::Object(fields) if fields.len() == 1 => {
                fields.into_iter().next().map(|(name, value)| Variant { name, value })
            }
            _ => None,
        };
        visitor.visit_enum(variant.ok_or(Unfit::OtherShape)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.text()?)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct ignored_any
    }
}

/// The fields of an object in the order of the struct that is decoded.
struct InOrder {
    names: std::slice::Iter<'static, &'static str>,
    fields: Map<String, Value>,
}

impl InOrder {
    fn next(&mut self) -> Part {
        let name = self.names.next();
        Part(name.and_then(|name| self.fields.get_mut(*name)).map(Value::take))
    }
}

impl<'de> SeqAccess<'de> for InOrder {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unfit> {
        match seed.deserialize(self.next()) {
            // The field's default, if it has one.
            Err(Unfit::Missing) => Ok(None),
            other => other.map(Some),
        }
    }
}

impl IntoDeserializer<'_, Unfit> for Part {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct Variant {
    name: String,
    value: Value,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unfit;
    type Variant = Part;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Part), Unfit> {
        let name = Part(Some(Value::String(self.name)));
        Ok((seed.deserialize(name)?, Part(Some(self.value))))
    }
}

impl<'de> VariantAccess<'de> for Part {
    type Error = Unfit;

    fn unit_variant(self) -> Result<(), Unfit> {
        if self.value()?.is_null() { Ok(()) } else { Err(Unfit::OtherShape) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_struct("", names, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Deserialize)]
    enum Variants {
        Unit,
        Newtype(u8),
        Tuple(u8, String),
        Struct { a: u8 },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Newtype(String);

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Shapes {
        small: u8,
        signed: i64,
        float: f64,
        flag: bool,
        #[serde(default)]
        text: Option<String>,
        newtype: Newtype,
        #[serde(default)]
        list: Vec<u8>,
        nullable: Option<bool>,
        variants: Vec<Variants>,
        by_name: BTreeMap<String, u8>,
    }

    const ALL: &str = r#"{"small":1,"signed":-2,"float":0.5,"flag":true,"text":"t\u0000ext","newtype":"n","list":[1,2],"nullable":null,
        "variants":["Unit",{"Newtype":3},{"Tuple":[4,"x"]},{"Struct":{"a":5}}],"byName":{"a":1},"unknown":[{}]}"#;

    #[test]
    fn every_shape_is_read_like_serde_json_reads_it() {
        let known = serde_json::from_str::<Shapes>(ALL).unwrap();
        assert_eq!(known.variants.len(), 4);
        assert_eq!(decode_record(ALL), Some(known));
        for part in [r#""text":"t\u0000ext","#, r#""list":[1,2],"#, r#""nullable":null,"#] {
            let without = ALL.replace(part, "");
            assert_ne!(without, ALL);
            assert_eq!(decode_record(&without), serde_json::from_str::<Shapes>(&without).ok());
            assert!(decode_record::<Shapes>(&without).is_some());
        }
        for (from, to) in [
            (r#""small":1"#, r#""small":256"#),
            (r#""small":1"#, r#""small":"1""#),
            (r#""small":1,"#, ""),
            (r#""flag":true"#, r#""flag":1"#),
            (r#""newtype":"n""#, r#""newtype":null"#),
            (r#""list":[1,2]"#, r#""list":[1,"2"]"#),
            (r#""list":[1,2]"#, r#""list":null"#),
            (r#""nullable":null"#, r#""nullable":1"#),
            (r#""Unit""#, r#""Other""#),
            (r#""Unit""#, r#"{"Unit":null,"Newtype":1}"#),
            (r#"{"Newtype":3}"#, r#""Newtype""#),
            (r#"{"Struct":{"a":5}}"#, r#"{"Struct":{}}"#),
            (r#"{"a":1}"#, r#"["a"]"#),
        ] {
            let changed = ALL.replace(from, to);
            assert_ne!(changed, ALL);
            assert!(serde_json::from_str::<Shapes>(&changed).is_err(), "{to}");
            assert_eq!(decode_record::<Shapes>(&changed), None, "{to}");
        }
        assert_eq!(decode_record::<Shapes>("{"), None);
    }
}
