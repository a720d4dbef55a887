//! The accounts that exist, and the check of their passwords.

use crate::fault::by_name;
use crate::world::account::{Account, Provider, UserRole};

const ACCOUNTS: [Account; 5] = [
    Account { name: "admin", role: UserRole::Administrator, provider: Provider::Local },
    Account { name: "manager", role: UserRole::AccessManager, provider: Provider::Local },
    Account { name: "viewer", role: UserRole::Viewer, provider: Provider::Local },
    Account { name: "remote-manager", role: UserRole::AccessManager, provider: Provider::Radius },
    Account { name: "remote-viewer", role: UserRole::Viewer, provider: Provider::Radius },
];

/// The account with this name. Every fault name is also an administrator.
pub(crate) fn named(name: &str) -> Option<Account> {
    let fault = || {
        let name = by_name::NAMES.into_iter().find(|known| *known == name)?;
        Some(Account { name, role: UserRole::Administrator, provider: Provider::Local })
    };
    ACCOUNTS.into_iter().find(|account| account.name == name).or_else(fault)
}

/// The account, if provider, name and password are right. Every password equals the name.
pub(crate) fn sign_in(provider: Provider, name: &str, password: &str) -> Option<Account> {
    named(name).filter(|account| account.provider == provider && account.name == password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_in_only_with_the_right_password_and_provider() {
        assert!(sign_in(Provider::Local, "admin", "admin").is_some());
        assert!(sign_in(Provider::Local, "admin", "Admin").is_none());
        assert!(sign_in(Provider::Radius, "admin", "admin").is_none());
        assert!(sign_in(Provider::Local, "nobody", "nobody").is_none());
        assert!(named("remote-manager").unwrap().link().contains("/radius/"));
    }
}
