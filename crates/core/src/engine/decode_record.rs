//! Decodes the records from parsed JSON, with less code in the bundle than `serde_json`'s decoder, which is compiled to read the text for
//! each type and also accepts a list for each struct.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// A value of a record. `None` if the text is no JSON or has another shape.
pub(super) fn decode_record<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(Part(serde_json::from_str(text).ok()?)).ok()
}

struct Part(Value);

fn other_shape() -> Error {
    Error::custom("another shape")
}

impl<'de> Deserializer<'de> for Part {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Object(fields) = self.0 else { return Err(other_shape()) };
        visitor.visit_map(MapDeserializer::new(
            fields.into_iter().map(|(name, value)| (name, Self(value))),
        ))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Array(members) = self.0 else { return Err(other_shape()) };
        visitor.visit_seq(SeqDeserializer::new(members.into_iter().map(Part)))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// The name of a variant, or an object with one field: the name, and what the variant contains.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let variant = match self.0 {
            Value::String(name) => Some(Variant { name, value: Value::Null }),
            Value::Object(fields) if fields.len() == 1 => {
                fields.into_iter().next().map(|(name, value)| Variant { name, value })
            }
            _ => None,
        };
        visitor.visit_enum(variant.ok_or_else(other_shape)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::String(text) = self.0 else { return Err(other_shape()) };
        visitor.visit_string(text)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Part {
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
    type Error = Error;
    type Variant = Part;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Part), Error> {
        Ok((seed.deserialize(Part(Value::String(self.name)))?, Part(self.value)))
    }
}

impl<'de> VariantAccess<'de> for Part {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        if self.0.is_null() { Ok(()) } else { Err(other_shape()) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
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
        pair: (u8, u8),
        variants: Vec<Variants>,
        by_name: BTreeMap<String, u8>,
    }

    const ALL: &str = r#"{"small":1,"signed":-2,"float":0.5,"flag":true,"text":"t\u0000ext","newtype":"n","pair":[1,2],
        "variants":["Unit",{"Newtype":3},{"Tuple":[4,"x"]},{"Struct":{"a":5}}],"byName":{"a":1},"unknown":[{}]}"#;

    #[test]
    fn every_shape_is_read_like_serde_json_reads_it() {
        let known = serde_json::from_str::<Shapes>(ALL).unwrap();
        assert_eq!(known.variants.len(), 4);
        assert_eq!(decode_record(ALL), Some(known));
        let without = ALL.replace(r#""text":"t\u0000ext","#, "");
        assert_eq!(decode_record(&without), serde_json::from_str::<Shapes>(&without).ok());
        assert!(decode_record::<Shapes>(&without).is_some());
        for (from, to) in [
            (r#""small":1"#, r#""small":256"#),
            (r#""small":1"#, r#""small":"1""#),
            (r#""small":1,"#, ""),
            (r#""flag":true"#, r#""flag":1"#),
            (r#""newtype":"n""#, r#""newtype":null"#),
            (r#""pair":[1,2]"#, r#""pair":[1]"#),
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
