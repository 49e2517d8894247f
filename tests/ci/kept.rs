//! The files as the repository keeps them.

use std::fs;
use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, YamlOwned};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn path(name: &str) -> PathBuf {
    root().join(name)
}

pub(crate) fn text(name: &str) -> String {
    fs::read_to_string(path(name)).expect("a file of the repository")
}

/// The one document that a YAML text is.
pub(crate) fn yaml(text: &str) -> YamlOwned {
    let mut documents = YamlOwned::load_from_str(text).expect("YAML");
    assert_eq!(documents.len(), 1, "one document: {text}");
    documents.remove(0)
}

/// The keys of a mapping, in its order.
pub(crate) fn keys(mapping: &YamlOwned) -> Vec<&str> {
    let mapping = mapping.as_mapping().expect("a mapping");
    mapping.keys().map(|key| key.as_str().expect("a string")).collect()
}

/// The strings of a list.
pub(crate) fn strings(list: &YamlOwned) -> Vec<&str> {
    let list = list.as_sequence().expect("a list");
    list.iter().map(|one| one.as_str().expect("a string")).collect()
}

/// Why callscope refuses these arguments, if it does.
pub(crate) fn refusal(arguments: &[String]) -> Option<String> {
    let typed: Vec<_> = arguments.iter().map(Into::into).collect();
    callscope::args::parse(&typed).err().map(|_| arguments.join(" "))
}
