//! An answer of the API: JSON or a page of the web front end.

use serde_json::Value;

/// Body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// JSON text.
    Json(String),
    /// An HTML page of the front end.
    Html(String),
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub content: Content,
    /// Value of the `Retry-After` header.
    pub retry_after_seconds: Option<u64>,
}

impl Answer {
    /// A JSON answer.
    pub fn json(status: u16, value: impl Into<Value>) -> Self {
        Self::text(status, value.into().to_string())
    }

    /// A JSON answer from text.
    pub fn text(status: u16, json: String) -> Self {
        Self { status, content: Content::Json(json), retry_after_seconds: None }
    }

    /// A page in the style of the front end, which is a renamed nginx. Its 401 page is captured.
    pub fn page(status: u16) -> Self {
        let title = format!("{status} {}", reason(status));
        let page = format!(
            "<html>\n<head><title>{title}</title></head>\n<body>\n<center><h1>{title}</h1></center>\n\
             <hr><center>webd</center>\n</body>\n</html>\n"
        );
        Self { status, content: Content::Html(page), retry_after_seconds: None }
    }
}

/// nginx's reason phrases.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Authorization Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Not Allowed",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Large",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Temporarily Unavailable",
        504 => "Gateway Time-out",
        _ => "Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_401_page_is_as_captured() {
        let Content::Html(page) = Answer::page(401).content else { unreachable!() };
        assert_eq!(
            page,
            "<html>\n<head><title>401 Authorization Required</title></head>\n<body>\n\
             <center><h1>401 Authorization Required</h1></center>\n<hr><center>webd</center>\n\
             </body>\n</html>\n"
        );
    }
}
