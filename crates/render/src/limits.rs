//! Limits: what one template and one render may cost. Every number has its reason.

/// Upper bounds for one template or one render; reaching one is an ordinary error with the code `limit-exceeded`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nesting of JSON, nodes and expressions. Deeper input is an attack on the stack, never a document.
    pub depth_max: u32,
    /// Nodes in one template; the largest hand-drawn templates have a few hundred.
    pub node_count_max: u32,
    /// Pages in one document; a yearly statement has hundreds.
    pub page_count_max: u32,
    /// Steps of all expressions of one render; the 4,000-row table needs about 200,000.
    pub fuel_max: u64,
    /// Items placed on all pages of one render, so that an endless repeat ends.
    pub item_count_max: u32,
    /// Characters of all text of one render.
    pub text_length_max: u32,
    /// Bytes of one picture as it comes.
    pub picture_size_bytes_max: u32,
    /// Pixels of one decoded picture, and of one rasterised page.
    pub picture_pixels_max: u32,
    /// Bytes of one string or array that an expression makes.
    pub value_size_bytes_max: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth_max: 64,
            node_count_max: 20_000,
            page_count_max: 5_000,
            fuel_max: 50_000_000,
            item_count_max: 4_000_000,
            text_length_max: 40_000_000,
            picture_size_bytes_max: 20_000_000,
            picture_pixels_max: 50_000_000,
            value_size_bytes_max: 4_000_000,
        }
    }
}
