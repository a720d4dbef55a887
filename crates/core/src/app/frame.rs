//! Whether Curfew may be shown in another page's frame, and whether the operator can see the gate there. The page around a frame
//! decides what of it is visible.

/// Why Curfew is not shown in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameError {
    /// A page around it is not in the configuration.
    NotAllowed,
    /// The browser doesn't report the pages around it, or hides their names.
    UnknownParent,
}

/// How a browser names an origin that it hides.
const HIDDEN_ORIGIN: &str = "null";

/// Checks the origins of the pages around a frame. `around` is `None` if the browser doesn't report them.
///
/// # Errors
/// Why Curfew must not be shown.
pub fn check_frame(around: Option<&[String]>, parents: &[String]) -> Result<(), FrameError> {
    if parents.is_empty() {
        return Err(FrameError::NotAllowed);
    }
    // guard: unknown-parent
    let around = around.filter(|all| !all.is_empty()).ok_or(FrameError::UnknownParent)?;
    if around.iter().any(|origin| origin == HIDDEN_ORIGIN) {
        return Err(FrameError::UnknownParent);
    }
    // guard: frame-ancestors
    let are_allowed = around.iter().all(|origin| parents.contains(origin));
    if are_allowed { Ok(()) } else { Err(FrameError::NotAllowed) }
}

/// What the browser reports about the gate on the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sight {
    /// Whether nothing covers it and no effect hides it.
    pub uncovered: bool,
    /// How much of it is on the screen: 1 for all.
    pub share: f64,
}

/// The whole gate, with room for rounding.
const WHOLE: f64 = 0.99;

impl Sight {
    /// Whether the operator can see the whole gate. Without a report the answer is no.
    pub fn is_whole(self) -> bool {
        // guard: whole-gate
        self.uncovered && self.share >= WHOLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const PORTAL: &str = "https://portal.example.test";

    #[rstest]
    #[case::allowed(Some(vec![PORTAL]), vec![PORTAL], Ok(()))]
    #[case::two_pages(Some(vec![PORTAL, "https://outer.example.test"]), vec!["https://outer.example.test", PORTAL], Ok(()))]
    #[case::another_page_outside(Some(vec![PORTAL, "https://outer.example.test"]), vec![PORTAL], Err(FrameError::NotAllowed))]
    #[case::another_port(Some(vec!["https://portal.example.test:8443"]), vec![PORTAL], Err(FrameError::NotAllowed))]
    #[case::none_allowed(Some(vec![PORTAL]), vec![], Err(FrameError::NotAllowed))]
    #[case::none_allowed_and_not_reported(None, vec![], Err(FrameError::NotAllowed))]
    #[case::not_reported(None, vec![PORTAL], Err(FrameError::UnknownParent))]
    #[case::empty(Some(vec![]), vec![PORTAL], Err(FrameError::UnknownParent))]
    #[case::hidden(Some(vec!["null"]), vec![PORTAL], Err(FrameError::UnknownParent))]
    #[case::hidden_and_listed(Some(vec!["null"]), vec!["null"], Err(FrameError::UnknownParent))]
    fn frames(
        #[case] around: Option<Vec<&str>>,
        #[case] parents: Vec<&str>,
        #[case] expected: Result<(), FrameError>,
    ) {
        let owned = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let around = around.map(owned);
        assert_eq!(check_frame(around.as_deref(), &owned(parents)), expected);
    }

    #[rstest]
    #[case::seen(true, 1.0, true)]
    #[case::rounded(true, 0.992, true)]
    #[case::covered_or_transparent(false, 1.0, false)]
    #[case::cut_off(true, 0.9, false)]
    #[case::out_of_sight(true, 0.0, false)]
    fn sight(#[case] uncovered: bool, #[case] share: f64, #[case] whole: bool) {
        assert_eq!(Sight { uncovered, share }.is_whole(), whole);
    }

    #[test]
    fn before_the_first_report_nothing_is_seen() {
        assert!(!Sight::default().is_whole());
    }
}
