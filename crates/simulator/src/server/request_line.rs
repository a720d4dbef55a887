//! Percent-encodes request lines as they arrive: the specification prints URLs with raw spaces and
//! quotes, clients send them, and BIG-IQ's front end accepts them, but the HTTP parser here does
//! not.
//!
//! Only the first line of a request is changed, and only after the previous request was read
//! completely.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::http::body::RequestComplete;

/// Longest request line to encode; a longer one is passed on unchanged, for the parser to refuse.
const MAX_LINE: usize = 64 << 10;

/// A connection that encodes its request lines.
#[derive(Debug)]
pub(crate) struct RequestLineEncoder<S> {
    inner: S,
    complete: RequestComplete,
    /// Whether the next byte starts a request line.
    at_line: bool,
    line: Vec<u8>,
    ready: Vec<u8>,
}

impl<S> RequestLineEncoder<S> {
    /// Wraps a connection; the reader marks `complete` at the end of each request.
    pub(crate) fn new(inner: S, complete: RequestComplete) -> Self {
        Self { inner, complete, at_line: true, line: Vec::new(), ready: Vec::new() }
    }

    /// Takes received bytes, and passes on everything except an incomplete request line.
    fn feed(&mut self, bytes: &[u8]) {
        if self.complete.take() {
            self.at_line = true;
        }
        if !self.at_line {
            self.ready.extend_from_slice(bytes);
            return;
        }
        self.line.extend_from_slice(bytes);
        // Do not wait for the rest of something that is not a request.
        let is_request = self.line.first().is_none_or(u8::is_ascii_uppercase);
        let end = self.line.iter().position(|byte| *byte == b'\n');
        if end.is_none() && is_request && self.line.len() < MAX_LINE {
            return;
        }
        self.at_line = false;
        let rest = self.line.split_off(end.map_or(0, |end| end + 1));
        self.ready.extend(encode_line(&self.line));
        self.ready.extend(rest);
        self.line.clear();
    }

    fn finish(&mut self) {
        self.ready.append(&mut self.line);
    }
}

/// Percent-encodes characters that are not allowed in a request target.
fn encode_line(line: &[u8]) -> Vec<u8> {
    let first = line.iter().position(|byte| *byte == b' ');
    let last = line.iter().rposition(|byte| *byte == b' ');
    let (Some(first), Some(last)) = (first, last.filter(|last| Some(*last) != first)) else {
        return line.to_vec();
    };
    let version = line.get(last..).unwrap_or_default();
    if !version.starts_with(b" HTTP/") {
        return line.to_vec();
    }
    let mut out = line.get(..=first).unwrap_or_default().to_vec();
    for byte in line.get(first + 1..last).unwrap_or_default() {
        match byte {
            b' '
            | b'"'
            | b'<'
            | b'>'
            | b'\\'
            | b'^'
            | b'`'
            | b'{'
            | b'|'
            | b'}'
            | 0x7f..
            | ..0x20 => {
                out.extend(format!("%{byte:02X}").bytes());
            }
            byte => out.push(*byte),
        }
    }
    out.extend_from_slice(version);
    out
}

impl<S: AsyncRead + Unpin> AsyncRead for RequestLineEncoder<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.ready.is_empty() {
            let mut space = [0_u8; 8192];
            let mut read = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                this.finish();
                break;
            }
            this.feed(read.filled());
        }
        let length = this.ready.len().min(out.remaining());
        out.put_slice(this.ready.get(..length).unwrap_or_default());
        this.ready.drain(..length);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for RequestLineEncoder<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use tokio::io::AsyncReadExt;

    #[rstest]
    #[case(
        "GET /a?$filter='x' eq \"y\" HTTP/1.1\r\n",
        "GET /a?$filter='x'%20eq%20%22y%22 HTTP/1.1\r\n"
    )]
    #[case("GET /a?b=%20+c HTTP/1.1\r\n", "GET /a?b=%20+c HTTP/1.1\r\n")]
    #[case("GET /ü HTTP/1.1\r\n", "GET /%C3%BC HTTP/1.1\r\n")]
    #[case("GET / \r\n", "GET / \r\n")]
    #[case("GET\r\n", "GET\r\n")]
    #[case("\r\n", "\r\n")]
    fn encodes_the_target(#[case] line: &str, #[case] expected: &str) {
        assert_eq!(String::from_utf8(encode_line(line.as_bytes())).unwrap(), expected);
    }

    async fn read_through(parts: &[&[u8]], whole_after: usize) -> String {
        let complete = RequestComplete::default();
        let mut encoder = RequestLineEncoder::new(tokio::io::empty(), complete.clone());
        for (index, part) in parts.iter().enumerate() {
            if index == whole_after {
                complete.set();
            }
            encoder.feed(part);
        }
        let mut out = String::new();
        encoder.read_to_string(&mut out).await.unwrap();
        out
    }

    #[tokio::test]
    async fn a_line_may_arrive_in_pieces_and_a_body_is_unchanged() {
        let parts: [&[u8]; 4] =
            [b"POST /a b", b" c HTTP/1.1\r\nX: a b\r\n\r\n", b"GET / \n", b"x\n"];
        let sent = read_through(&parts, 9).await;
        assert_eq!(sent, "POST /a%20b%20c HTTP/1.1\r\nX: a b\r\n\r\nGET / \nx\n");
    }

    #[tokio::test]
    async fn the_next_request_is_encoded_too() {
        let parts: [&[u8]; 2] = [b"GET /a b HTTP/1.1\r\n\r\n", b"GET /c d HTTP/1.1\r\n\r\n"];
        let sent = read_through(&parts, 1).await;
        assert_eq!(sent, "GET /a%20b HTTP/1.1\r\n\r\nGET /c%20d HTTP/1.1\r\n\r\n");
    }

    #[tokio::test]
    async fn bytes_that_are_not_a_request_are_passed_on() {
        let mut encoder = RequestLineEncoder::new(tokio::io::empty(), RequestComplete::default());
        encoder.feed(&[0x16, 3, 1]);
        assert_eq!(encoder.ready, [0x16, 3, 1]);
        let mut encoder = RequestLineEncoder::new(tokio::io::empty(), RequestComplete::default());
        encoder.feed(&vec![b'A'; MAX_LINE]);
        assert_eq!(encoder.ready.len(), MAX_LINE);
    }
}
