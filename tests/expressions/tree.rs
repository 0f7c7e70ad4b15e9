//! A generated expression as a tree of pieces, so that a failing one can be made smaller.

/// A piece of source, with the pieces that it is made of.
#[derive(Clone, Debug)]
pub(crate) struct Tree(pub(crate) Vec<Part>);

/// Text, or a piece that can be replaced by a simpler one.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Text(String),
    Tree(Tree),
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Tree> for Part {
    fn from(tree: Tree) -> Self {
        Self::Tree(tree)
    }
}

/// Makes a tree of texts and trees.
macro_rules! tree {
    ($($part:expr),+ $(,)?) => { $crate::tree::Tree(vec![$($crate::tree::Part::from($part)),+]) };
}
pub(crate) use tree;

/// What a piece is replaced by when nothing in it is simpler.
const SIMPLEST: [&str; 5] = ["0", "1", "''", "[]", "undefined"];

impl Tree {
    /// The source.
    pub(crate) fn source(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Tree(tree) => tree.write(out),
            }
        }
    }

    fn children(&self) -> impl Iterator<Item = &Self> {
        self.0.iter().filter_map(|part| match part {
            Part::Tree(tree) => Some(tree),
            Part::Text(_) => None,
        })
    }

    /// Every tree in which one piece is replaced by a part of itself or by something simple.
    pub(crate) fn simpler(&self) -> Vec<Self> {
        let mut out: Vec<Self> = self.children().cloned().collect();
        if self.source().len() > 2 {
            out.extend(SIMPLEST.map(|text| tree![text]));
        }
        for (index, part) in self.0.iter().enumerate() {
            let Part::Tree(child) = part else { continue };
            for simpler in child.simpler() {
                let mut parts = self.0.clone();
                parts[index] = Part::Tree(simpler);
                out.push(Self(parts));
            }
        }
        out
    }
}
