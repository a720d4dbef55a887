//! A request as a command for a shell, for those who want to check or repeat it by hand. It must not hold a token: the
//! command reads one from the environment.

use bigiq::KillRequest;

/// The request as a `curl` command (specification, section 2). Host and token come from the shell's variables
/// `BIGIQ` and `BIGIQ_TOKEN`.
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
    fn quotes_end_no_argument() {
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
