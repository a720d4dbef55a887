//! Reads an answer's body no further than a limit, whether or not the server announced its size. It must not interpret
//! what it reads.

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
    /// It is larger than the limit: so many bytes were announced, or had come.
    TooLarge(u64),
}

/// The whole body, if it is at most so many bytes.
///
/// # Errors
/// [`Unread`].
pub async fn read_bounded(response: &Response, most: u64) -> Result<Vec<u8>, Unread> {
    match announced(response) {
        Some(size) if size > most => Err(Unread::TooLarge(size)),
        Some(_) => response.binary().await.map_err(|_| Unread::Broken),
        None => piece_by_piece(response, most).await,
    }
}

/// The size of the body, where the server is bound by it: the browser reads no byte beyond, but it unpacks what is packed.
fn announced(response: &Response) -> Option<u64> {
    let headers = response.headers();
    let packed = headers.get("content-encoding").is_some();
    headers.get("content-length").filter(|_| !packed)?.parse().ok()
}

async fn piece_by_piece(response: &Response, most: u64) -> Result<Vec<u8>, Unread> {
    let Some(stream) = response.body() else { return Ok(Vec::new()) };
    let reader = ReadableStreamDefaultReader::new(&stream).map_err(|_| Unread::Broken)?;
    let mut pieces: Vec<Uint8Array> = Vec::new();
    let mut total = 0;
    loop {
        let step = JsFuture::from(reader.read()).await.map_err(|_| Unread::Broken)?;
        // At the end there is no piece.
        let piece = Reflect::get(&step, &JsValue::from_str("value")).map(JsCast::dyn_into);
        let Ok(Ok(piece)): Result<Result<Uint8Array, _>, _> = piece else { break };
        total += u64::from(piece.length());
        if total > most {
            // The server is told to stop; whether it heard is of no consequence.
            drop(reader.cancel());
            return Err(Unread::TooLarge(total));
        }
        pieces.push(piece);
    }
    // Put together at the end, in memory of the right size: growing would need twice the largest answer for a while.
    let mut bytes =
        Vec::with_capacity(usize::try_from(total).map_err(|_| Unread::TooLarge(total))?);
    pieces.iter().for_each(|piece| bytes.extend_from_slice(&piece.to_vec()));
    Ok(bytes)
}
