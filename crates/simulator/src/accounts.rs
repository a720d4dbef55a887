//! Who may sign in, where, and what they may do.

use crate::fault::sentinel;
use crate::seed::RADIUS_ID;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// Everything.
    Administrator,
    /// BIG-IQ's role `Access_Manager`: may kill sessions.
    AccessManager,
    /// May look, not kill.
    Viewer,
}

/// Where an account's password is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// BIG-IQ's own list.
    Local,
    /// The made-up RADIUS server.
    Radius,
}

/// One account; the password equals the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Sign-in name.
    pub name: &'static str,
    /// What it may do.
    pub rank: Rank,
    /// Where it belongs.
    pub provider: Provider,
}

const ACCOUNTS: [Account; 5] = [
    Account { name: "admin", rank: Rank::Administrator, provider: Provider::Local },
    Account { name: "manager", rank: Rank::AccessManager, provider: Provider::Local },
    Account { name: "viewer", rank: Rank::Viewer, provider: Provider::Local },
    Account { name: "remote-manager", rank: Rank::AccessManager, provider: Provider::Radius },
    Account { name: "remote-viewer", rank: Rank::Viewer, provider: Provider::Radius },
];

impl Provider {
    /// Name shown before sign-in.
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Radius => "CorpRadius",
        }
    }

    /// The link that goes into `loginReference`.
    pub fn login_link(self) -> String {
        let place = match self {
            Self::Local => "local".to_owned(),
            Self::Radius => format!("radius/{RADIUS_ID}"),
        };
        format!("https://localhost/mgmt/cm/system/authn/providers/{place}/login")
    }

    /// The provider that a sign-in names by reference or by name; neither means local. `tmos` is
    /// sent by many scripts and taken for local.
    pub fn named(link: Option<&str>, name: Option<&str>) -> Option<Self> {
        if let Some(link) = link {
            let path = |text: &str| text.split("/mgmt/").nth(1).map(str::to_owned);
            return [Self::Local, Self::Radius].into_iter().find(|provider| {
                path(link).is_some_and(|p| Some(p) == path(&provider.login_link()))
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
    /// The account of this name; the names of faults are administrators.
    pub fn named(name: &str) -> Option<Self> {
        let sentinel = || {
            let name = sentinel::NAMES.into_iter().find(|known| *known == name)?;
            Some(Self { name, rank: Rank::Administrator, provider: Provider::Local })
        };
        ACCOUNTS.into_iter().find(|account| account.name == name).or_else(sentinel)
    }

    /// The account that signs in with these, if they are right.
    pub fn sign_in(provider: Provider, name: &str, password: &str) -> Option<Self> {
        Self::named(name).filter(|account| account.provider == provider && account.name == password)
    }

    /// Whether it may kill sessions.
    pub fn may_kill(self) -> bool {
        self.rank != Rank::Viewer
    }

    /// The account's own link, as tokens and tasks carry it.
    pub fn link(self) -> String {
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
        crate::rng::Rng::new(seed).uuid()
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

    #[test]
    fn signs_in_only_with_the_right_password_at_the_right_place() {
        assert!(Account::sign_in(Provider::Local, "admin", "admin").is_some());
        assert!(Account::sign_in(Provider::Local, "admin", "Admin").is_none());
        assert!(Account::sign_in(Provider::Radius, "admin", "admin").is_none());
        assert!(Account::sign_in(Provider::Local, "nobody", "nobody").is_none());
        assert!(Account::named("remote-manager").unwrap().link().contains("/radius/"));
    }
}
