//! What must hold for any content in columns: nothing is lost, nothing overlaps, nothing is higher than its column.

use super::*;

/// Numbers that look random and are the same in every run.
struct Seed(u64);

impl Seed {
    fn next(&mut self) -> u64 {
        // Knuth's multiplier and increment for 64 bits; the upper bits are the better ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// A template that was made up, and what must be found in it.
struct Made {
    template: Json,
    /// Lines of each text that is cut between pages.
    texts: Vec<usize>,
    /// Rows of each table.
    tables: Vec<usize>,
    boxes: usize,
    least: usize,
}

fn made(seed: u64) -> Made {
    let mut seed = Seed(seed);
    let least = 1 + seed.below(3) as usize;
    let (mut texts, mut tables, mut boxes) = (Vec::new(), Vec::new(), 0);
    let mut nodes = Vec::new();
    for _ in 0..2 + seed.below(9) {
        let mut node = match seed.below(5) {
            0 => {
                boxes += 1;
                json!({ "kind": "rect", "size": [10, 5 + seed.below(70)], "fill": "#000000" })
            }
            1 => {
                let rows = 1 + seed.below(14) as usize;
                let name = format!("r{}", tables.len());
                tables.push(rows);
                json!({ "kind": "table", "padding": 0, "each": format!("Array.from({{ length: {rows} }})"), "header": { "repeat": seed.one_in(2) },
                    "columns": [{ "title": "head", "headerStyle": "text", "style": "text", "text": format!("{name}.{{{{ index }}}}.") }] })
            }
            _ => {
                let count = 1 + seed.below(16) as usize;
                let name = format!("t{}", texts.len());
                texts.push(count);
                // One paragraph of words that are so long that each has its line.
                let lines = (0..count).map(|line| format!("{name}.{line}.nnnn")).collect::<Vec<_>>();
                json!({ "kind": "text", "style": { "extends": "text", "orphans": least, "widows": least }, "width": 54, "text": lines.join(" ") })
            }
        };
        if seed.one_in(5) {
            node["keep"] = json!(["with-next", "together", "together-with-next"][seed.below(3) as usize]);
        }
        if seed.one_in(7) {
            node["break"] = json!(["before", "after", "before-unless-first"][seed.below(3) as usize]);
            node["breakTo"] = json!(["column", "page", "odd"][seed.below(3) as usize]);
        }
        if seed.one_in(8) {
            node["span"] = json!("all");
        }
        nodes.push(node);
    }
    let above = seed.below(80);
    let columns = json!({ "kind": "frame", "at": [0, above], "width": 200, "layout": "columns", "count": 2 + seed.below(2),
        "gap": [8, seed.below(6)], "balance": !seed.one_in(3), "rule": "#999999", "nodes": nodes });
    let mut template =
        template(json!([{ "kind": "ellipse", "at": [0, 0], "size": [200, above], "fill": "#ffffff" }, columns]));
    template["footer"] = json!([{ "on": "odd", "height": 10 }]);
    Made { template, texts, tables, boxes, least }
}

/// Left edge, page and top of each line that says this before a dot, by the number after it.
fn numbered(found: &[(usize, i32, i32, String)], name: &str) -> Vec<(usize, (usize, i32, i32))> {
    let number = |text: &str| text.strip_prefix(name)?.strip_prefix('.')?.split('.').next()?.parse().ok();
    found.iter().filter_map(|(page, x, y, text)| Some((number(text)?, (*page, *x, *y)))).collect()
}

#[test]
fn whatever_flows_through_columns_is_there_once_in_order_and_within_its_column() {
    for seed in 0..300 {
        let made = made(seed);
        let document = document(&made.template);
        let found = texts(&document);
        for (index, count) in made.texts.iter().enumerate() {
            let lines = numbered(&found, &format!("t{index}"));
            let numbers: Vec<_> = lines.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, (0..*count).collect::<Vec<_>>(), "text {index} of seed {seed}");
            check_runs(&lines, *count, made.least, seed);
        }
        for (index, count) in made.tables.iter().enumerate() {
            let rows: Vec<_> = numbered(&found, &format!("r{index}")).into_iter().map(|(number, _)| number).collect();
            assert_eq!(rows, (0..*count).collect::<Vec<_>>(), "table {index} of seed {seed}");
        }
        let boxes: Vec<(usize, Rect)> = (0..document.pages.len())
            .flat_map(|page| rects(&document, page).into_iter().map(move |rect| (page, rect)))
            .filter(|(_, rect)| rect.width == 10.0)
            .collect();
        assert_eq!(boxes.len(), made.boxes, "boxes of seed {seed}");
        check_room(&found, &boxes, seed);
    }
}

/// Neither fewer lines than asked for are left behind nor carried over.
fn check_runs(lines: &[(usize, (usize, i32, i32))], count: usize, least: usize, seed: u64) {
    let mut runs = vec![1_usize];
    for (before, after) in lines.iter().zip(lines.iter().skip(1)) {
        let ((page, x, _), (next_page, next_x, _)) = (before.1, after.1);
        if (page, x) == (next_page, next_x) {
            *runs.last_mut().unwrap() += 1;
        } else {
            runs.push(1);
        }
    }
    if runs.len() > 1 {
        assert!(*runs.first().unwrap() >= least && *runs.last().unwrap() >= least, "seed {seed}: {runs:?} of {count}");
    }
}

/// Everything stands on its page, above the footer, and nothing upon anything else.
fn check_room(found: &[(usize, i32, i32, String)], boxes: &[(usize, Rect)], seed: u64) {
    let lines =
        found.iter().map(|(page, x, y, _)| (*page, Rect { x: *x as f32, y: *y as f32, width: 8.0, height: 10.0 }));
    let mut all: Vec<(usize, Rect)> = lines.chain(boxes.iter().copied()).collect();
    for (page, rect) in &all {
        let room = if page % 2 == 0 { 90.0 } else { 100.0 };
        assert!(rect.y >= -0.6 && rect.bottom() <= room + 0.6, "seed {seed}: {rect:?} on page {page}");
    }
    all.sort_by(|first, second| (first.0, first.1.x).partial_cmp(&(second.0, second.1.x)).unwrap());
    for (index, (page, rect)) in all.iter().enumerate() {
        for (other_page, other) in all.iter().skip(index + 1) {
            // Places are rounded to points.
            let inner = Rect { y: rect.y + 1.0, height: rect.height - 2.0, ..*rect };
            assert!(
                page != other_page || !inner.overlaps(other),
                "seed {seed}: {rect:?} upon {other:?} on page {page}"
            );
        }
    }
}
