//! A step of the action, run as a runner does.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use saphyr::YamlOwned;
use tempfile::TempDir;

use super::kept::{root, text, yaml};

pub(crate) fn action() -> YamlOwned {
    yaml(&text("action.yml"))
}

/// The script of the step of this name.
fn script(name: &str) -> String {
    let action = action();
    let steps = action["runs"]["steps"].as_sequence().expect("steps");
    let step = steps.iter().find(|step| step["name"].as_str() == Some(name)).expect("the step");
    step["run"].as_str().expect("a script").to_owned()
}

/// A job: a workspace with the samples in it, and the files through which it talks to its runner.
pub(crate) struct Job {
    folder: TempDir,
}

impl Job {
    pub(crate) fn new() -> Self {
        let job = Self { folder: tempfile::tempdir().expect("a folder") };
        for folder in ["work/captures", "temp", "bin"] {
            fs::create_dir_all(job.path(folder)).expect("a folder");
        }
        for name in ["damaged", "lost", "answered", "rejected"] {
            job.copy(&format!("{name}.ndjson"), &format!("{name}.ndjson"));
        }
        job
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Copies a sample to the captures.
    pub(crate) fn copy(&self, sample: &str, name: &str) {
        let to = self.path("work/captures").join(name);
        fs::copy(root().join("samples").join(sample), to).expect("a sample");
    }

    /// Runs the step, with programs looked for in `bin` first, then in `path`.
    pub(crate) fn run(&self, step: &str, given: &[(&str, &str)], path: &[&Path]) -> Ran {
        let bin = self.path("bin");
        let folders = [bin.as_path()].into_iter().chain(path.iter().copied());
        let path: OsString = std::env::join_paths(folders).expect("folders");
        fs::write(self.path("output"), "").expect("a file");
        let mut bash = Command::new("/bin/bash");
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &script(step)]);
        bash.current_dir(self.path("work")).env_clear().env("PATH", path);
        bash.env("GITHUB_ACTION_PATH", root()).env("RUNNER_TEMP", self.path("temp"));
        bash.env("GITHUB_OUTPUT", self.path("output")).env("GITHUB_PATH", self.path("paths"));
        bash.env("GITHUB_STEP_SUMMARY", self.path("summary.md")).env("HOME", self.path("home"));
        let output = bash.envs(given.iter().copied()).output().expect("bash");
        let outputs = fs::read_to_string(self.path("output")).expect("the outputs");
        Ran { output, outputs }
    }

    /// Checks with these inputs, the others being as `action.yml` has them.
    pub(crate) fn check(&self, inputs: &[(&str, &str)]) -> Ran {
        let action = action();
        let default = |name: &str| action["inputs"][name]["default"].as_str().expect("a default");
        let names = ["paths", "format", "fail-on", "config", "sarif-file"];
        let value = |name: &'static str| {
            let typed = inputs.iter().find(|(input, _)| *input == name).map(|(_, value)| *value);
            typed.unwrap_or_else(|| default(name))
        };
        let variables: Vec<_> = names.map(|name| (variable(name), value(name))).into();
        let given: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let program = Path::new(env!("CARGO_BIN_EXE_callscope"));
        let folder = program.parent().expect("a folder");
        self.run("Check", &given, &[folder, Path::new("/usr/bin"), Path::new("/bin")])
    }
}

/// The variable that holds an input.
pub(crate) fn variable(input: &str) -> String {
    input.to_uppercase().replace('-', "_")
}

/// What came of a step.
pub(crate) struct Ran {
    output: Output,
    /// What it wrote as its outputs.
    pub(crate) outputs: String,
}

impl Ran {
    pub(crate) fn status(&self) -> Option<i32> {
        self.output.status.code()
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).expect("UTF-8")
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).expect("UTF-8")
    }
}
