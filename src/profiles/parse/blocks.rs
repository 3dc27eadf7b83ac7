//! Where sections begin and end: a search for bytes, at the speed of memory.

use std::iter;

use memchr::memmem;

/// The text, cut before every line that begins with `[`, each piece with its offset. The first piece is
/// what comes before the first header, mostly nothing.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    memmem::find_iter(text.as_bytes(), b"\n[")
        .map(|newline| newline + 1)
        .chain(iter::once(text.len()))
        .map(move |end| {
            let block = (start, &text[start..end]);
            start = end;
            block
        })
}

/// Those of the blocks whose first line has `word` somewhere in it. Of the others, nothing is looked at but
/// the bytes.
pub(crate) fn blocks_with<'a>(
    text: &'a str,
    word: &'a str,
) -> impl Iterator<Item = (usize, &'a str)> {
    let bytes = text.as_bytes();
    let mut done = None;
    memmem::find_iter(bytes, word).filter_map(move |hit| {
        let start = memchr::memrchr(b'\n', &bytes[..hit]).map_or(0, |newline| newline + 1);
        // A line may have the word twice.
        if bytes.get(start) != Some(&b'[') || done.replace(start) == Some(start) {
            return None;
        }
        let end = memmem::find(&bytes[start..], b"\n[").map(|newline| start + newline + 1);
        Some((start, &text[start..end.unwrap_or(text.len())]))
    })
}
