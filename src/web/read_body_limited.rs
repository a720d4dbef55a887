//! Reads a response body up to a limit, whether or not the server announced its size.

use curfew_client::platform::NoResponse;
use gloo_net::http::Response;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

/// The whole body, if it has at most `most` bytes.
///
/// # Errors
/// [`NoResponse`].
pub(super) async fn read_body_limited(
    response: &Response,
    most: u64,
) -> Result<Vec<u8>, NoResponse> {
    match announced(response) {
        Some(size) if size > most => Err(NoResponse::TooLarge(size)),
        Some(_) => response.binary().await.map_err(|_| NoResponse::Broken),
        None => piece_by_piece(response, most).await,
    }
}

/// The announced size of the body. The browser reads no more bytes than that, but it decompresses them.
fn announced(response: &Response) -> Option<u64> {
    let headers = response.headers();
    let packed = headers.get("content-encoding").is_some();
    headers.get("content-length").filter(|_| !packed)?.parse().ok()
}

async fn piece_by_piece(response: &Response, most: u64) -> Result<Vec<u8>, NoResponse> {
    let Some(stream) = response.body() else { return Ok(Vec::new()) };
    let reader = ReadableStreamDefaultReader::new(&stream).map_err(|_| NoResponse::Broken)?;
    let mut pieces: Vec<Uint8Array> = Vec::new();
    let mut total = 0;
    loop {
        let step = JsFuture::from(reader.read()).await.map_err(|_| NoResponse::Broken)?;
        // The last step has no chunk.
        let piece = Reflect::get(&step, &JsValue::from_str("value")).map(JsCast::dyn_into);
        let Ok(Ok(piece)): Result<Result<Uint8Array, _>, _> = piece else { break };
        total += u64::from(piece.length());
        if total > most {
            // Ask the server to stop; it doesn't matter whether that arrives.
            drop(reader.cancel());
            return Err(NoResponse::TooLarge(total));
        }
        pieces.push(piece);
    }
    // Joined at the end in a buffer of the right size: growing it would temporarily need twice the largest answer.
    let mut bytes =
        Vec::with_capacity(usize::try_from(total).map_err(|_| NoResponse::TooLarge(total))?);
    pieces.iter().for_each(|piece| bytes.extend_from_slice(&piece.to_vec()));
    Ok(bytes)
}
