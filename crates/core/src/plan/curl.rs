//! Shows a request as a shell command, to check or repeat it by hand. The command must not contain a token: it reads one from
//! the environment.

use bigiq::KillRequest;

/// The request as a `curl` command (documented, section 2). The host and the token come from the shell variables `BIGIQ` and
/// `BIGIQ_TOKEN`.
pub fn curl(request: &KillRequest) -> String {
    let body = request.to_json().replace('\'', r"'\''");
    format!(
        "curl --request POST \"https://$BIGIQ{}\" \\\n  --header \"X-F5-Auth-Token: $BIGIQ_TOKEN\" \\\n  \
         --header 'Content-Type: application/json' \\\n  --data-raw '{body}'",
        bigiq::call::KILL.path
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use bigiq::Targets;

    #[test]
    fn quotes_do_not_end_an_argument() {
        let request = KillRequest::ByUser {
            user_name: "o'user $(x)".into(),
            targets: Targets { clusters: vec!["Blue".into()], ..Targets::default() }.into(),
        };
        insta::assert_snapshot!(curl(&request), @r#"
        curl --request POST "https://$BIGIQ/mgmt/cm/access/tasks/kill-sessions" \
          --header "X-F5-Auth-Token: $BIGIQ_TOKEN" \
          --header 'Content-Type: application/json' \
          --data-raw '{"action":"KILL_BY_USER","userName":"o'\''user $(x)","clusterNames":["Blue"]}'
        "#);
    }
}
