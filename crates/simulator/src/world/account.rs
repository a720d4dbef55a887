//! An account: its name, its role, and the provider that checks its password.

use super::rng::Rng;
use super::seed::named::RADIUS_ID;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UserRole {
    /// Everything.
    Administrator,
    /// BIG-IQ's role `Access_Manager`: may kill sessions.
    AccessManager,
    /// May read but not kill.
    Viewer,
}

/// Where an account's password is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Provider {
    /// BIG-IQ's own user list.
    Local,
    /// The invented RADIUS server.
    Radius,
}

/// One account; its password equals its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    /// Sign-in name.
    pub name: &'static str,
    /// What it may do.
    pub role: UserRole,
    /// Where its password is checked.
    pub provider: Provider,
}

impl Provider {
    /// Name that is shown before sign-in.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Radius => "CorpRadius",
        }
    }

    /// The link for `loginReference`.
    pub(crate) fn login_link(self) -> String {
        let path = match self {
            Self::Local => "local".to_owned(),
            Self::Radius => format!("radius/{RADIUS_ID}"),
        };
        format!("https://localhost/mgmt/cm/system/authn/providers/{path}/login")
    }

    /// The provider that a sign-in names by link or by name; without either, local. Many scripts
    /// send `tmos`, which also means local.
    pub(crate) fn named(link: Option<&str>, name: Option<&str>) -> Option<Self> {
        if let Some(link) = link {
            let path_of = |text: &str| text.split("/mgmt/").nth(1).map(str::to_owned);
            return [Self::Local, Self::Radius].into_iter().find(|provider| {
                path_of(link).is_some_and(|path| Some(path) == path_of(&provider.login_link()))
            });
        }
        match name {
            None | Some("local" | "tmos") => Some(Self::Local),
            Some("CorpRadius") => Some(Self::Radius),
            Some(_) => None,
        }
    }
}

impl Account {
    /// Whether it may kill sessions.
    pub(crate) fn may_kill(self) -> bool {
        self.role != UserRole::Viewer
    }

    /// The account's link in tokens and tasks.
    pub(crate) fn link(self) -> String {
        match self.provider {
            Provider::Local => format!("https://localhost/mgmt/shared/authz/users/{}", self.name),
            Provider::Radius => format!(
                "https://localhost/mgmt/cm/system/authn/providers/radius/{RADIUS_ID}/users/{}",
                self.remote_id()
            ),
        }
    }

    /// A fixed id for a remote user, who has no local name.
    fn remote_id(self) -> String {
        let mut seed = 0_u64;
        for byte in self.name.bytes() {
            seed = seed.wrapping_mul(31).wrapping_add(u64::from(byte));
        }
        Rng::new(seed).uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(None, None, Some(Provider::Local))]
    #[case(None, Some("local"), Some(Provider::Local))]
    #[case(None, Some("tmos"), Some(Provider::Local))]
    #[case(None, Some("CorpRadius"), Some(Provider::Radius))]
    #[case(None, Some("nowhere"), None)]
    #[case(
        Some("https://localhost/mgmt/cm/system/authn/providers/local/login"),
        None,
        Some(Provider::Local)
    )]
    #[case(Some("https://localhost/mgmt/nowhere"), Some("local"), None)]
    #[case(Some("rubbish"), None, None)]
    fn finds_the_provider(
        #[case] link: Option<&str>,
        #[case] name: Option<&str>,
        #[case] expected: Option<Provider>,
    ) {
        assert_eq!(Provider::named(link, name), expected);
    }
}
