//! Starts Curfew in a container: reads the settings, writes nginx's configuration and becomes nginx. `curfew-start check` only reads the
//! settings, and `curfew-start healthy` asks a running nginx for its health.

mod nginx;
mod settings;

use settings::Settings;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, fs, io};

/// The folder for what is written at the start. The rest of the container can be read-only.
const RUN: &str = "/run/curfew";
/// `EX_CONFIG` of sysexits.h.
const WRONG_SETTINGS: u8 = 78;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        None => start(),
        Some("check") => check().map_or_else(|code| code, |_| ExitCode::SUCCESS),
        Some("healthy") => match is_healthy() {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                say(&format!("nginx doesn't answer: {error}"));
                ExitCode::FAILURE
            }
        },
        Some(other) => {
            say(&format!("unknown command {other:?}: use check, healthy or none"));
            ExitCode::from(WRONG_SETTINGS)
        }
    }
}

fn say(text: &str) {
    eprintln!("curfew: {text}");
}

/// The settings, with their warnings shown. All that is wrong with them is shown too.
fn check() -> Result<Settings, ExitCode> {
    // A value that is not text is not left out: what stands in its place is invalid.
    let text = |value: OsString| value.to_string_lossy().into_owned();
    let variables: BTreeMap<String, String> =
        env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
    match settings::read(&variables, &|path| fs::read_to_string(path)) {
        Ok(settings) => {
            settings.warnings.iter().for_each(|warning| say(&format!("WARNING: {warning}")));
            Ok(settings)
        }
        Err(problems) => {
            problems.iter().for_each(|problem| say(problem));
            Err(ExitCode::from(WRONG_SETTINGS))
        }
    }
}

fn start() -> ExitCode {
    let settings = match check() {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    if let Err(error) = write(&settings, Path::new(RUN)) {
        say(&error);
        return ExitCode::FAILURE;
    }
    let error = Command::new("/usr/sbin/nginx")
        .args(["-e", "stderr", "-c"])
        .arg(Path::new(RUN).join("nginx.conf"))
        .exec();
    say(&format!("nginx doesn't start: {error}"));
    ExitCode::FAILURE
}

/// Writes what nginx reads.
fn write(settings: &Settings, run: &Path) -> Result<(), String> {
    let wrong = |error: io::Error| {
        format!("can't write to {}: {error}. Mount a tmpfs there, or at /run", run.display())
    };
    fs::create_dir_all(run).map_err(wrong)?;
    // After a crash, a socket can be left, and nginx would not start.
    // guard: container-removes-socket
    match fs::remove_file(run.join(nginx::SOCKET)) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(wrong(error)),
        _ => {}
    }
    let site = nginx::site(settings, run)?;
    for (name, text) in [
        ("nginx.conf", nginx::main(run)),
        ("site.conf", site),
        ("config.json", settings.config.clone()),
    ] {
        fs::write(run.join(name), text).map_err(wrong)?;
    }
    Ok(())
}

fn is_healthy() -> io::Result<bool> {
    let mut nginx = UnixStream::connect(Path::new(RUN).join(nginx::SOCKET))?;
    nginx.set_read_timeout(Some(Duration::from_secs(5)))?;
    nginx.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    nginx.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200 "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn a_socket_of_an_earlier_start_is_removed() {
        let run = env::temp_dir().join(format!("curfew-start-{}", std::process::id()));
        fs::create_dir_all(&run).unwrap();
        let socket = run.join(nginx::SOCKET);
        drop(UnixListener::bind(&socket).unwrap());
        let settings = settings::tests::with(&[("CURFEW_REASON", "always")], &[]).unwrap();
        write(&settings, &run).unwrap();
        assert!(!socket.exists());
        assert_eq!(fs::read_to_string(run.join("config.json")).unwrap(), r#"{"reason":"always"}"#);
        let site = fs::read_to_string(run.join("site.conf")).unwrap();
        assert!(site.contains(&format!("alias {}/config.json;", run.display())));
        fs::remove_dir_all(&run).unwrap();
    }

    #[test]
    fn a_folder_that_cant_be_written_is_named() {
        let settings = settings::tests::with(&[], &[]).unwrap();
        let error = write(&settings, Path::new("/proc/curfew")).unwrap_err();
        assert!(error.starts_with("can't write to /proc/curfew: "), "{error}");
    }
}
