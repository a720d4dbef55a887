//! Finds user names that may mean the same person. BIG-IP compares names exactly; similar names are only suggested.

/// Whether two names may belong to the same person: equal except for case and a domain before `\` or after `@`.
pub(crate) fn same_person(a: &str, b: &str) -> bool {
    let (a, b) = (bare(a), bare(b));
    !a.is_empty() && same_but_case(a, b)
}

fn bare(name: &str) -> &str {
    let name = name.trim();
    let name = name.rsplit_once('\\').map_or(name, |(_, user)| user);
    name.split('@').next().unwrap_or(name)
}

/// Compares without allocating, because it runs for the user of every live session.
fn same_but_case(a: &str, b: &str) -> bool {
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("manager", "Manager", true)]
    #[case("EXAMPLE\\manager", "manager@example.test", true)]
    #[case("jürgen", "JÜRGEN", true)]
    #[case(" manager", "manager", true)]
    #[case("manager2", "manager", false)]
    #[case("manage", "manager", false)]
    #[case("", "", false)]
    #[case("EXAMPLE\\", "x", false)]
    #[case("EXAMPLE\\", "@example.test", false)]
    fn persons(#[case] a: &str, #[case] b: &str, #[case] same: bool) {
        assert_eq!(same_person(a, b), same);
        assert_eq!(same_person(b, a), same);
    }
}
