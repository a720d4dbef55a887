//! The part of OData that BIG-IQ is known to support: `eq` joined by `or`, quoted names and literals. Typed values can't
//! change a filter's meaning.

/// A `$filter` expression, before percent-encoding.
///
/// ```
/// use bigiq::odata::{Filter, FilterField};
///
/// let filter = Filter::any_of(FilterField::Address, &["192.0.2.1", "192.0.2.2"])?;
/// assert_eq!(
///     filter.as_ref().map(Filter::as_str),
///     Some("('address' eq '192.0.2.1' or 'address' eq '192.0.2.2')")
/// );
/// assert!(Filter::any_of(FilterField::Hostname, &["edge*"]).is_err());
/// # Ok::<(), bigiq::odata::BadLiteral>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(String);

/// A value that can't be used in a filter, because it contains a quote, a wildcard or a control character, or is blank.
/// Whether BIG-IQ supports escapes is not documented, so none are sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` can't be used in a filter")]
pub struct BadLiteral(pub String);

impl Filter {
    /// `'<property>' eq 'true'`, the filter for access groups (documented, section 1.7).
    pub(crate) fn marked(property: &'static str) -> Self {
        Self(format!("'{property}' eq 'true'"))
    }

    /// `('field' eq 'a' or 'field' eq 'b')` (documented, section 1). `None` for an empty list, because a request without a
    /// filter would match everything.
    ///
    /// # Errors
    /// [`BadLiteral`] for the first value that contains `'`, `*` (a wildcard, captured), a backslash or a control character, or
    /// is blank.
    pub fn any_of(field: FilterField, values: &[&str]) -> Result<Option<Self>, BadLiteral> {
        let mut terms = Vec::with_capacity(values.len());
        for value in values {
            // guard: odata-literal
            let bad = |c: char| matches!(c, '\'' | '*' | '\\') || c.is_control();
            if value.trim().is_empty() || value.contains(bad) {
                return Err(BadLiteral((*value).to_owned()));
            }
            terms.push(format!("'{}' eq '{value}{}'", field.name(), field.rest()));
        }
        Ok((!terms.is_empty()).then(|| Self(format!("({})", terms.join(" or ")))))
    }

    /// The expression, before percent-encoding.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The fields by which devices are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterField {
    /// `address` (documented, section 1).
    Address,
    /// `managementAddress` (captured).
    ManagementAddress,
    /// `hostname` (captured).
    Hostname,
    /// `product` (captured).
    Product,
    /// `hostname`, by its first label. A wildcard matches the rest (documented for other lists, inferred here).
    HostLabel,
    /// `machineId`. Every device has one (captured); that filters support it is inferred.
    MachineId,
}

impl FilterField {
    fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::ManagementAddress => "managementAddress",
            Self::Hostname | Self::HostLabel => "hostname",
            Self::Product => "product",
            Self::MachineId => "machineId",
        }
    }

    /// The wildcard that follows a value, if any.
    fn rest(self) -> &'static str {
        if self == Self::HostLabel { ".*" } else { "" }
    }
}

/// Percent-encodes a value: all characters except RFC 3986's unreserved ones and the comma, which `$select` lists use.
pub fn encode(value: &str) -> String {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b',') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(HEX.get(usize::from(byte >> 4)));
            out.extend(HEX.get(usize::from(byte & 15)));
        }
    }
    out
}

/// Percent-encodes a path segment. Browsers treat even `%2E%2E` as `..`, so a segment of dots is encoded twice: it then
/// matches nothing and can't leave its folder.
pub fn encode_segment(segment: &str) -> String {
    // guard: path-segment-dots
    if segment.is_empty() || segment == "." || segment == ".." {
        return segment.replace('.', "%252E") + if segment.is_empty() { "%00" } else { "" };
    }
    encode(segment)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn several_addresses() {
        let filter = Filter::any_of(FilterField::Address, &["10.255.4.1", "10.255.4.2"]);
        assert_eq!(
            filter.unwrap().unwrap().as_str(),
            "('address' eq '10.255.4.1' or 'address' eq '10.255.4.2')"
        );
        assert_eq!(Filter::any_of(FilterField::Address, &[]), Ok(None));
    }

    #[test]
    fn a_label_matches_any_name_that_starts_with_it() {
        let filter =
            Filter::any_of(FilterField::HostLabel, &["edge-1", "edge-2"]).unwrap().unwrap();
        assert_eq!(filter.as_str(), "('hostname' eq 'edge-1.*' or 'hostname' eq 'edge-2.*')");
        assert!(
            Filter::any_of(FilterField::HostLabel, &["edge*"]).is_err(),
            "only Curfew adds wildcards"
        );
    }

    /// Parses a filter as a server does, independently of how it was built.
    fn literals(filter: &str) -> Option<Vec<String>> {
        let mut rest = filter.strip_prefix('(')?.strip_suffix(')')?;
        let mut found = Vec::new();
        loop {
            rest = rest.strip_prefix("'address' eq '")?;
            let end = rest.find('\'')?;
            found.push(rest[..end].to_owned());
            rest = &rest[end + 1..];
            if rest.is_empty() {
                return Some(found);
            }
            rest = rest.strip_prefix(" or ")?;
        }
    }

    proptest! {
        #[test]
        fn a_filter_means_what_was_asked(values in prop::collection::vec("[\\PC]{1,12}|[a-z' *()=]{1,8}", 1..5)) {
            let refs: Vec<&str> = values.iter().map(String::as_str).collect();
            match Filter::any_of(FilterField::Address, &refs) {
                Ok(Some(filter)) => prop_assert_eq!(literals(filter.as_str()), Some(values)),
                Ok(None) => prop_assert!(false, "values were dropped"),
                Err(BadLiteral(value)) => prop_assert!(values.contains(&value)),
            }
        }

        #[test]
        fn encoding_leaves_nothing_to_interpret(value in "\\PC{0,20}") {
            let encoded = encode(&value);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~,%".contains(&b)));
        }
    }
}
