//! nginx's configuration: the one that Curfew ships, with the settings in the lines marked SET.

use crate::settings::{BigIq, CERTIFICATE, KEY, LANGUAGES, Settings};
use std::fmt::Write as _;
use std::path::Path;

const SHIPPED: &str = include_str!("../../../proxy/nginx/curfew.conf");
/// The unpacked bundle.
const BUNDLE: &str = "/usr/share/curfew/bundle/";
/// Answers health checks from inside the container, without TLS.
pub(crate) const SOCKET: &str = "health.sock";

/// The file that nginx is started with.
pub(crate) fn main(run: &Path) -> String {
    let run = run.display();
    let mut temporary = String::new();
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        _ = writeln!(temporary, "    {kind}_temp_path {run}/{kind};");
    }
    format!(
        "daemon off;
pid {run}/nginx.pid;
error_log stderr warn;
worker_processes 2;
# On SIGQUIT, calls that run may end; the longest takes 70 seconds.
worker_shutdown_timeout 75s;
load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
events {{ worker_connections 1024; }}
http {{
{temporary}    include {run}/site.conf;
    server {{
        listen unix:{run}/{SOCKET};
        access_log off;
        location / {{ return 200 \"ok\\n\"; }}
    }}
}}
"
    )
}

/// The shipped configuration with these settings.
///
/// # Errors
/// The line that the shipped configuration doesn't have.
pub(crate) fn site(settings: &Settings, run: &Path) -> Result<String, String> {
    let mut site = Site(SHIPPED.to_owned());
    let Settings { name, path, bigiqs, bigiq_ca, ancestors, trusted, .. } = settings;
    let (first, further) = bigiqs.split_first().ok_or("no BIG-IQ is set")?;
    site.set("server 192.0.2.10:443;", &format!("server {};", first.address))?;
    site.set("default bigiq.example.test;", &format!("default {};", first.name))?;
    site.set("server_name curfew.example.test;", &format!("server_name {name};"))?;
    site.set("/etc/curfew/bigiq-ca.pem", bigiq_ca)?;
    site.set("/var/log/nginx/curfew.log", "/dev/stdout")?;
    site.set("location / {", &format!("location {path} {{"))?;
    site.set("alias /srv/curfew/;", &format!("alias {BUNDLE};"))?;
    site.set("frame-ancestors 'none'", &format!("frame-ancestors {ancestors}"))?;
    let ssl = if settings.tls { " ssl" } else { "" };
    let listen: Vec<_> = settings.listen.iter().map(|one| format!("listen {one}{ssl};")).collect();
    site.set("listen 443 ssl;", &listen.join("\n    "))?;
    if settings.tls {
        site.set("/etc/curfew/curfew.crt", CERTIFICATE)?;
        site.set("/etc/curfew/curfew.key", KEY)?;
    } else {
        site.set("    ssl_certificate     /etc/curfew/curfew.crt;", "   ")?;
        site.set("    ssl_certificate_key /etc/curfew/curfew.key;", "   ")?;
    }
    if settings.proxy_signs_in {
        site.set("# keepalive_timeout 0;", "keepalive_timeout 0;")?;
    }
    if settings.may_cancel {
        site.set("# \"~^PATCH ", "\"~^PATCH ")?;
    }
    site.set(
        "    root /nonexistent;",
        &format!("{}    root /nonexistent;", real_addresses(trusted)),
    )?;
    site.set(
        "    # For health checks:",
        &format!("{}    # For health checks:", own_files(settings, run)),
    )?;
    add_further(&mut site, further)?;
    Ok(site.0)
}

/// A configuration whose lines are filled in.
struct Site(String);

impl Site {
    /// Replaces a text that stands in the configuration. Without it, a setting would be left out silently.
    fn set(&mut self, from: &str, to: &str) -> Result<(), String> {
        // guard: container-fills-every-line
        if !self.0.contains(from) {
            return Err(format!("the shipped configuration has no {from:?}"));
        }
        self.0 = self.0.replace(from, to);
        Ok(())
    }
}

/// Takes the client's address from a proxy in front, but only from a trusted one.
fn real_addresses(trusted: &[String]) -> String {
    if trusted.is_empty() {
        return String::new();
    }
    let mut lines = String::new();
    for network in trusted {
        _ = writeln!(lines, "    set_real_ip_from {network};");
    }
    lines + "    real_ip_header X-Forwarded-For;\n    real_ip_recursive on;\n"
}

/// The files that are not part of the bundle.
fn own_files(settings: &Settings, run: &Path) -> String {
    let (path, run) = (&settings.path, run.display());
    let mut lines = format!("    location = {path}config.json {{ alias {run}/config.json; }}\n");
    if settings.has_languages {
        _ = writeln!(
            lines,
            "    location {path}languages/ {{\n        alias {LANGUAGES}/;\n        if ($curfew_file = \"\") {{ return 404; }}\n    }}"
        );
    }
    lines
}

/// Fills in the lines for further BIG-IQs, each in place of the commented one.
fn add_further(site: &mut Site, further: &[BigIq]) -> Result<(), String> {
    if further.is_empty() {
        return Ok(());
    }
    let lines = |line: &dyn Fn(usize, &BigIq) -> String| -> String {
        further
            .iter()
            .enumerate()
            .map(|(index, bigiq)| line(index, bigiq))
            .collect::<Vec<_>>()
            .join("\n")
    };
    for (from, to) in [
        (
            "# upstream curfew_east { server 192.0.2.11:443; keepalive_requests 1; }",
            lines(&|index, bigiq| {
                format!(
                    "upstream curfew_{index} {{ server {}; keepalive_requests 1; }}",
                    bigiq.address
                )
            }),
        ),
        (
            "    # /east east.example.test;",
            lines(&|_, bigiq| format!("    {} {};", bigiq.prefix, bigiq.name)),
        ),
        (
            "    # /east curfew_east;",
            lines(&|index, bigiq| format!("    {} curfew_{index};", bigiq.prefix)),
        ),
        (
            "    # \"~^[A-Z]+ /east/(mgmt|info)/\" /east;",
            lines(&|_, bigiq| format!("    \"~^[A-Z]+ {0}/(mgmt|info)/\" {0};", bigiq.prefix)),
        ),
    ] {
        site.set(from, &to)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::tests::with;

    /// The lines of the configuration that differ from the shipped ones.
    fn changed(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Vec<String> {
        let site = site(&with(variables, files).unwrap(), Path::new("/run/curfew")).unwrap();
        let shipped: Vec<_> = SHIPPED.lines().collect();
        site.lines()
            .filter(|line| !shipped.contains(line))
            .map(|line| line.split(" # ").next().unwrap_or_default().trim().to_owned())
            .collect()
    }

    #[test]
    fn only_the_lines_for_settings_change() {
        assert_eq!(
            changed(
                &[
                    ("CURFEW_PATH", "/tools/curfew/"),
                    ("CURFEW_LISTEN", "127.0.0.1:8443 [::1]:8443")
                ],
                &[]
            ),
            [
                "listen 127.0.0.1:8443 ssl;",
                "listen [::1]:8443 ssl;",
                "access_log /dev/stdout curfew;",
                "location /tools/curfew/ {",
                "alias /usr/share/curfew/bundle/;",
                "location = /tools/curfew/config.json { alias /run/curfew/config.json; }",
                "access_log /dev/stdout curfew_report;",
            ]
        );
    }

    #[test]
    fn a_line_that_is_missing_is_an_error() {
        assert!(Site("listen 443;".to_owned()).set("listen 443 ssl;", "listen 8443 ssl;").is_err());
    }

    #[test]
    fn without_tls_nothing_of_it_is_left() {
        let settings = with(&[("CURFEW_TLS", "off")], &[]).unwrap();
        let site = site(&settings, Path::new("/run/curfew")).unwrap();
        assert!(site.contains("listen 8080;"));
        assert!(!site.contains("ssl_certificate") && !site.contains("8080 ssl"));
    }

    #[test]
    fn trusted_proxies_frames_sign_in_by_the_proxy_and_cancel() {
        let lines = changed(
            &[
                ("CURFEW_TRUSTED_PROXIES", "10.0.0.0/8 2001:db8::/32"),
                ("CURFEW_FRAME_ANCESTORS", "'self' https://portal.example.test"),
                ("CURFEW_SIGN_IN", "proxy"),
                ("CURFEW_CANCEL", "true"),
            ],
            &[],
        );
        for wanted in [
            "set_real_ip_from 10.0.0.0/8;",
            "set_real_ip_from 2001:db8::/32;",
            "real_ip_header X-Forwarded-For;",
            "keepalive_timeout 0;",
        ] {
            assert!(lines.iter().any(|line| line == wanted), "{wanted}: {lines:#?}");
        }
        assert!(lines.iter().any(|line| {
            line.contains("frame-ancestors 'self' https://portal.example.test; base-uri")
        }));
        assert!(lines.iter().any(|line| line.starts_with("\"~^PATCH ")));
    }

    #[test]
    fn further_bigiqs_take_the_place_of_the_commented_one() {
        let lines = changed(
            &[
                ("CURFEW_BIGIQ_2", "192.0.2.11:8443"),
                ("CURFEW_BIGIQ_2_NAME", "east.example.test"),
                ("CURFEW_BIGIQ_2_PREFIX", "/east"),
                ("CURFEW_BIGIQ_4", "2001:db8::4"),
                ("CURFEW_BIGIQ_4_NAME", "north.example.test"),
                ("CURFEW_BIGIQ_4_PREFIX", "/far/north"),
            ],
            &[],
        );
        for wanted in [
            "upstream curfew_0 { server 192.0.2.11:8443; keepalive_requests 1; }",
            "upstream curfew_1 { server [2001:db8::4]:443; keepalive_requests 1; }",
            "/east east.example.test;",
            "/far/north curfew_1;",
            "\"~^[A-Z]+ /far/north/(mgmt|info)/\" /far/north;",
        ] {
            assert!(lines.iter().any(|line| line == wanted), "{wanted}: {lines:#?}");
        }
    }

    #[test]
    fn own_languages_are_served_from_their_folder() {
        let lines =
            changed(&[("CURFEW_LANGUAGES", "fr")], &[("/etc/curfew/languages/fr.json", "{}")]);
        assert!(lines.iter().any(|line| line == "location /languages/ {"), "{lines:#?}");
        assert!(!changed(&[], &[]).iter().any(|line| line.contains("languages")));
    }
}
