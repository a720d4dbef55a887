//! The command line.

use std::error::Error;
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Parser;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::fault::plan::FaultPlan;
use crate::self_check::SelfCheckProfile;
use crate::server::site::Site;
use crate::server::tls::{CertificateKind, Identity};
use crate::simulator::Simulator;
use crate::world::settings::{Profile, Settings};
use crate::world::setup::{Setup, SetupChanges};

/// A simulated BIG-IQ for Curfew's demo and tests. Not an F5 product.
#[derive(Debug, Parser)]
#[command(name = "bigiq-simulator", version)]
pub struct Options {
    /// Address to listen on; port 0 picks a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Folder of the built app, to be served at /
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Serve the app without a Content-Security-Policy header
    #[arg(long)]
    no_csp: bool,
    /// Serve HTTPS with a certificate that is generated at start
    #[arg(long)]
    tls: bool,
    /// Kind of certificate to generate
    #[arg(long, value_name = "KIND", value_enum, default_value_t = CertificateKind::San)]
    tls_cert: CertificateKind,
    /// Write ca.pem, cert.pem and key.pem to this folder
    #[arg(long, value_name = "DIR", requires = "tls")]
    tls_out: Option<PathBuf>,
    /// Number of managed BIG-IP devices
    #[arg(long, value_name = "N", default_value_t = 24)]
    devices: usize,
    /// Sessions on each device that can hold any, in addition to those of the specification's
    /// samples
    #[arg(long, value_name = "N", default_value_t = 4)]
    sessions: usize,
    /// Seed of all generated data
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// BIG-IQ version to imitate
    #[arg(long, value_name = "VERSION", value_enum, default_value_t = Profile::V8)]
    profile: Profile,
    /// Report of Curfew's self-check, as JSON or as the English text of the diagnostics page: imitate that BIG-IQ
    #[arg(long, value_name = "FILE", conflicts_with = "profile")]
    profile_from: Option<PathBuf>,
    /// Override one setting, as POST /_sim/settings does: NAME=JSON
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, Value)>,
    /// JSON file: a list of fault rules, or {"start": body of POST /_sim/reset, "faults": [rules]}
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
}

/// Content of a scenario file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    #[serde(default)]
    start: SetupChanges,
    #[serde(default)]
    faults: FaultPlan,
}

impl Scenario {
    fn read(text: &str) -> Result<Self, serde_json::Error> {
        // Decide by the first bracket: an untagged enum would not name what is wrong inside.
        if text.trim_start().starts_with('[') {
            return Ok(Self { faults: serde_json::from_str(text)?, ..Self::default() });
        }
        serde_json::from_str(text)
    }
}

/// Reads a file; an error names it.
fn read<T, E: Display>(file: &Path, reader: impl Fn(&str) -> Result<T, E>) -> Result<T, String> {
    let named = |error: &dyn Display| format!("{}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| named(&error))?;
    reader(&text).map_err(|error| named(&error))
}

fn setting(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    // A bare word is a string, so that shells need no nested quotes.
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((name.to_owned(), value))
}

impl Options {
    /// The simulator that the options describe.
    ///
    /// # Errors
    /// The reason, when a setting or the scenario is not valid.
    pub fn simulator(&self) -> Result<Simulator, Box<dyn Error>> {
        let settings: Map<String, Value> = self.settings.iter().cloned().collect();
        let mut setup = Setup::default();
        setup.fleet.devices = self.devices;
        setup.fleet.sessions_per_device = self.sessions;
        setup.fleet.seed = self.seed;
        let mut base = Settings::for_profile(self.profile);
        if let Some(file) = &self.profile_from {
            let profile = read(file, SelfCheckProfile::read)?;
            base = profile.apply_to(&base)?;
            eprintln!(
                "bigiq-simulator: {}: {}",
                file.display(),
                Value::from(profile.changes().clone())
            );
        }
        setup.settings = base.with(&settings)?;
        let mut plan = FaultPlan::default();
        if let Some(file) = &self.scenario {
            let scenario = read(file, Scenario::read)?;
            setup = scenario.start.apply_to(&setup)?;
            plan = scenario.faults;
        }
        Ok(Simulator::new(setup, plan))
    }

    /// The app to serve, if any.
    ///
    /// # Errors
    /// The reason, when the path is not a folder.
    pub fn site(&self) -> Result<Option<Site>, Box<dyn Error>> {
        let Some(folder) = &self.site else { return Ok(None) };
        if !folder.is_dir() {
            return Err(format!("{} is not a folder", folder.display()).into());
        }
        Ok(Some(Site::new(folder.clone(), !self.no_csp)))
    }

    /// Certificate and key, if TLS is on.
    ///
    /// # Errors
    /// The reason, when they cannot be generated or written.
    pub fn identity(&self) -> Result<Option<Identity>, Box<dyn Error>> {
        if !self.tls {
            return Ok(None);
        }
        let identity = Identity::generate(self.tls_cert)?;
        if let Some(folder) = &self.tls_out {
            identity.write_to(folder)?;
        }
        Ok(Some(identity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn parse(args: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from(std::iter::once("bigiq-simulator").chain(args.iter().copied()))
    }

    #[test]
    fn settings_are_json_or_bare_words() {
        let options =
            parse(&["--set", "acceptedStatus=202", "--set", "cancelledSpelling=CANCELLED"]);
        let settings = options.unwrap().simulator().unwrap().lock().appliance.settings.clone();
        assert_eq!(settings.accepted_status, 202);
        assert_eq!(settings.cancelled_spelling, "CANCELLED");
        assert!(parse(&["--set", "nonsense=1"]).unwrap().simulator().is_err());
        assert!(parse(&["--set", "acceptedStatus"]).is_err());
    }

    proptest! {
        #[test]
        fn reading_a_scenario_never_panics(text in "[\\[\\]{}:,\"a-z0-9 ]{0,80}") {
            let _ = Scenario::read(&text);
        }
    }

    #[rstest]
    #[case("[]", true)]
    #[case(" [{\"path\":\"/a\",\"fault\":{\"kind\":\"floats\"}}]", true)]
    #[case("{}", true)]
    #[case("{\"start\":{\"devices\":5},\"faults\":[]}", true)]
    #[case("{\"faults\":[{\"path\":\"/a\"}]}", false)]
    #[case("{\"begin\":{}}", false)]
    #[case("[{\"path\":\"/a\",\"fault\":{\"kind\":\"stall\",\"ms\":-1}}]", false)]
    #[case("", false)]
    #[case("null", false)]
    fn reads_scenarios(#[case] text: &str, #[case] good: bool) {
        assert_eq!(Scenario::read(text).is_ok(), good, "{text}");
    }

    #[test]
    fn the_default_port_is_8080_and_tls_out_needs_tls() {
        assert_eq!(parse(&[]).unwrap().listen.to_string(), "127.0.0.1:8080");
        assert!(parse(&["--tls-out", "/tmp"]).is_err());
    }
}
