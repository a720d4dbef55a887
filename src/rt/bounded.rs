//! Reads an answer's body piece by piece, and no further than a limit: a size that a server announces may be missing or a
//! lie. It must not interpret what it reads.

use gloo_net::http::Response;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It broke off.
    Broken,
    /// It is larger than the limit; so many bytes had come.
    TooLarge(u64),
}

/// The whole body, if it is at most so many bytes. What comes after those is not waited for.
///
/// # Errors
/// [`Unread`].
pub async fn read_bounded(response: &Response, most: u64) -> Result<Vec<u8>, Unread> {
    let Some(stream) = response.body() else { return Ok(Vec::new()) };
    let reader = ReadableStreamDefaultReader::new(&stream).map_err(|_| Unread::Broken)?;
    let mut bytes = Vec::new();
    loop {
        let step = JsFuture::from(reader.read()).await.map_err(|_| Unread::Broken)?;
        let field = |name: &str| Reflect::get(&step, &JsValue::from_str(name));
        // At the end there is no piece.
        let Ok(Ok(piece)) = field("value").map(JsCast::dyn_into::<Uint8Array>) else {
            return Ok(bytes);
        };
        let so_far = bytes.len();
        let total = so_far as u64 + u64::from(piece.length());
        if total > most {
            // The server is told to stop; whether it heard is of no consequence.
            drop(reader.cancel());
            return Err(Unread::TooLarge(total));
        }
        bytes.extend_from_slice(&piece.to_vec());
    }
}
