//! Compact JSON without control characters, for the many rows of an output.
//!
//! What `serde_json` would write through [`Hardened`], to the byte. It looks at each byte of each
//! name and string on its own; here a member's name is written at once, and so is a string in which
//! nothing needs an escape. Everything else is left to `serde_json`.

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

use super::text::Hardened;

/// Writes one value behind what is there.
pub(super) struct Line<'w>(pub(super) &'w mut Vec<u8>);

impl<'w> Line<'w> {
    fn left_to_serde_json(self) -> serde_json::Serializer<&'w mut Vec<u8>, Hardened> {
        serde_json::Serializer::with_formatter(self.0, Hardened::default())
    }

    /// The name of a member of this program's own: nothing in it needs an escape.
    fn name(&mut self, name: &'static str) {
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
    }

    fn begin(self, begin: u8, end: &'static [u8]) -> Parts<'w> {
        self.0.push(begin);
        Parts { out: self.0, is_first: true, end }
    }

    /// The same inside of an object that names the variant.
    fn begin_variant(mut self, variant: &'static str, begin: u8, end: &'static [u8]) -> Parts<'w> {
        self.0.push(b'{');
        self.name(variant);
        self.begin(begin, end)
    }
}

/// Whether nothing in a text needs an escape, and all of it is ASCII. Without a way out on the way,
/// many bytes are looked at in one step.
fn is_plain(text: &str) -> bool {
    let is_odd = |byte| !matches!(byte, b' '..=b'~') || matches!(byte, b'"' | b'\\');
    text.bytes().fold(0, |odd, byte| odd | u8::from(is_odd(byte))) == 0
}

macro_rules! left_to_serde_json {
    ($($method:ident($value:ty)),+) => {
        $(fn $method(self, value: $value) -> Result<(), Error> {
            self.left_to_serde_json().$method(value)
        })+
    };
}

impl<'w> Serializer for Line<'w> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'w>;
    type SerializeTuple = Parts<'w>;
    type SerializeTupleStruct = Parts<'w>;
    type SerializeTupleVariant = Parts<'w>;
    type SerializeMap = Parts<'w>;
    type SerializeStruct = Parts<'w>;
    type SerializeStructVariant = Parts<'w>;

    left_to_serde_json!(
        serialize_bool(bool),
        serialize_i8(i8),
        serialize_i16(i16),
        serialize_i32(i32),
        serialize_i64(i64),
        serialize_i128(i128),
        serialize_u8(u8),
        serialize_u16(u16),
        serialize_u32(u32),
        serialize_u64(u64),
        serialize_u128(u128),
        serialize_f32(f32),
        serialize_f64(f64),
        serialize_char(char),
        serialize_bytes(&[u8])
    );

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        if !is_plain(text) {
            return self.left_to_serde_json().serialize_str(text);
        }
        self.0.push(b'"');
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(b'"');
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut parts = self.begin(b'{', b"}");
        parts.member(variant, value)?;
        parts.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'w>, Error> {
        Ok(self.begin(b'[', b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'w>, Error> {
        Ok(self.begin(b'[', b"]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'w>, Error> {
        Ok(self.begin(b'[', b"]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'w>, Error> {
        Ok(self.begin_variant(variant, b'[', b"]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'w>, Error> {
        Ok(self.begin(b'{', b"}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'w>, Error> {
        Ok(self.begin(b'{', b"}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'w>, Error> {
        Ok(self.begin_variant(variant, b'{', b"}}"))
    }
}

/// A list or an object that is being written.
pub(super) struct Parts<'w> {
    out: &'w mut Vec<u8>,
    is_first: bool,
    end: &'static [u8],
}

impl Parts<'_> {
    fn next(&mut self) -> Line<'_> {
        if !std::mem::replace(&mut self.is_first, false) {
            self.out.push(b',');
        }
        Line(self.out)
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(self.next())
    }

    fn member<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.next().name(name);
        value.serialize(Line(self.out))
    }

    fn close(self) {
        self.out.extend_from_slice(self.end);
    }
}

/// Parts of a list.
macro_rules! list {
    ($($parts:ident::$method:ident),+) => {
        $(impl $parts for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        })+
    };
}

/// Parts of an object whose members' names are those of fields.
macro_rules! object {
    ($($parts:ident),+) => {
        $(impl $parts for Parts<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.member(name, value)
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        })+
    };
}

list!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
object!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let line = self.next();
        let at = line.0.len();
        key.serialize(line)?;
        if self.out.get(at) == Some(&b'"') {
            return Ok(());
        }
        Err(Error::custom("the name of a member is no text"))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.out.push(b':');
        value.serialize(Line(self.out))
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Serialize;

    use super::super::report::json;
    use super::*;

    #[derive(Serialize)]
    enum Variant {
        Unit,
        Newtype(u8),
        Tuple(u8, String),
        Struct { inside: Option<f64> },
    }

    #[derive(Serialize)]
    struct Newtype(i64);

    #[derive(Serialize)]
    struct Flat {
        letter: char,
        pair: (bool, f32),
    }

    #[derive(Serialize)]
    struct Row {
        text: String,
        nothing: Option<()>,
        newtype: Newtype,
        #[serde(flatten)]
        flat: Flat,
        empty: [u8; 0],
        variants: [Variant; 4],
        map: BTreeMap<String, u64>,
    }

    proptest! {
        #[test]
        fn a_line_is_what_serde_json_writes(text in ".*", number: i64, part: f64, letter: char) {
            let row = Row {
                text: text.clone(),
                nothing: None,
                newtype: Newtype(number),
                flat: Flat { letter, pair: (true, 0.5) },
                empty: [],
                variants: [
                    Variant::Unit,
                    Variant::Newtype(7),
                    Variant::Tuple(8, text.clone()),
                    Variant::Struct { inside: Some(part) },
                ],
                map: BTreeMap::from([(text, 1), (String::new(), 2)]),
            };
            let (mut line, mut expected) = (Vec::new(), Vec::new());
            row.serialize(Line(&mut line)).expect("writes");
            json(&mut expected, &row).expect("writes");
            prop_assert_eq!(String::from_utf8(line), String::from_utf8(expected));
        }
    }

    #[test]
    fn a_name_that_is_no_text_is_refused() {
        let map = BTreeMap::from([(1, 2)]);
        assert!(map.serialize(Line(&mut Vec::new())).is_err());
    }
}
