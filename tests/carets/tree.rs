//! JSON as a tree that knows how it is spelled and what is wrong with it, and its text with the
//! places.

use std::ops::Range;

/// A value, and what a check should say of it.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) claims: Vec<Claim>,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A string, a number or a word, as it is spelled.
    Atom(String),
    List(Vec<Node>),
    /// Keys as they are spelled, without the quotes.
    Object(Vec<(String, Node)>),
}

/// A finding that is due.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) rule: &'static str,
    pub(crate) pointer: String,
    /// It is about what is not there, and stands at the bracket of the object.
    pub(crate) missing: bool,
}

/// A finding that is due, at the bytes of a text.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) claim: Claim,
    pub(crate) bytes: Range<usize>,
}

/// How a document is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) line_end: &'static str,
    /// `None`: all on one line.
    pub(crate) indent: Option<&'static str>,
}

impl Node {
    pub(crate) fn parse(text: &str) -> Self {
        let mut reader = Reader { rest: text };
        let node = reader.node();
        assert_eq!(reader.next(), None, "one value: {text}");
        node
    }

    /// The value at the end of a path of keys and indices.
    pub(crate) fn at(&mut self, path: &[String]) -> &mut Self {
        let Some((step, path)) = path.split_first() else {
            return self;
        };
        let inner = match &mut self.value {
            Value::Object(members) => {
                members.iter_mut().find(|(key, _)| key == step).map(|(_, inner)| inner)
            }
            Value::List(elements) => step.parse().ok().and_then(|at: usize| elements.get_mut(at)),
            Value::Atom(_) => None,
        };
        inner.unwrap_or_else(|| panic!("no {step}")).at(path)
    }

    /// The members of an object.
    pub(crate) fn members(&mut self) -> &mut Vec<(String, Node)> {
        match &mut self.value {
            Value::Object(members) => members,
            other => panic!("an object, not {other:?}"),
        }
    }

    pub(crate) fn claim(&mut self, rule: &'static str, pointer: &str, missing: bool) {
        self.claims.push(Claim { rule, pointer: pointer.to_owned(), missing });
    }
}

/// Reads JSON that is known to be valid.
struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        taken
    }

    /// Takes the character if it comes next.
    fn took(&mut self, character: char) -> bool {
        let found = self.next() == Some(character);
        if found {
            self.take(1);
        }
        found
    }

    fn node(&mut self) -> Node {
        let value = if self.took('{') {
            let mut members = Vec::new();
            while !self.took('}') {
                assert!(self.next() == Some('"'), "a key at {}", self.rest);
                let key = self.string();
                assert!(self.took(':'), "a colon at {}", self.rest);
                members.push((key[1..key.len() - 1].to_owned(), self.node()));
                self.took(',');
            }
            Value::Object(members)
        } else if self.took('[') {
            let mut elements = Vec::new();
            while !self.took(']') {
                elements.push(self.node());
                self.took(',');
            }
            Value::List(elements)
        } else if self.next() == Some('"') {
            Value::Atom(self.string().to_owned())
        } else {
            let end = self.rest.find([',', ']', '}', '\n', ' ']).unwrap_or(self.rest.len());
            assert!(end > 0, "a value at {}", self.rest);
            Value::Atom(self.take(end).to_owned())
        };
        Node { value, claims: Vec::new() }
    }

    fn string(&mut self) -> &'t str {
        let mut escaped = true;
        let end = self.rest.bytes().position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        self.take(end.expect("a string ends") + 1)
    }
}

/// A text that is being written, and where in it something is wrong.
#[derive(Debug, Default)]
pub(crate) struct Writing {
    pub(crate) text: String,
    pub(crate) placed: Vec<Placed>,
}

impl Writing {
    /// Writes a value as `serde_json` would, but for the line ends.
    pub(crate) fn node(&mut self, node: &Node, layout: Layout, depth: usize) {
        let from = self.text.len();
        match &node.value {
            Value::Atom(text) => self.text.push_str(text),
            Value::List(elements) => {
                self.text.push('[');
                for (at, element) in elements.iter().enumerate() {
                    self.begin(at, layout, depth + 1);
                    self.node(element, layout, depth + 1);
                }
                self.end(elements.len(), layout, depth, ']');
            }
            Value::Object(members) => {
                self.text.push('{');
                for (at, (key, inner)) in members.iter().enumerate() {
                    self.begin(at, layout, depth + 1);
                    let colon = if layout.indent.is_some() { ": " } else { ":" };
                    self.text.extend(["\"", key, "\"", colon]);
                    self.node(inner, layout, depth + 1);
                }
                self.end(members.len(), layout, depth, '}');
            }
        }
        for claim in &node.claims {
            let to = if claim.missing { from + 1 } else { self.text.len() };
            self.placed.push(Placed { claim: claim.clone(), bytes: from..to });
        }
    }

    fn begin(&mut self, at: usize, layout: Layout, depth: usize) {
        if at > 0 {
            self.text.push(',');
        }
        self.new_line(layout, depth);
    }

    fn end(&mut self, length: usize, layout: Layout, depth: usize, bracket: char) {
        if length > 0 {
            self.new_line(layout, depth);
        }
        self.text.push(bracket);
    }

    fn new_line(&mut self, layout: Layout, depth: usize) {
        if let Some(indent) = layout.indent {
            self.text.push_str(layout.line_end);
            self.text.push_str(&indent.repeat(depth));
        }
    }
}
