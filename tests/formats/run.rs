//! A repository with captures in it, and the program run there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A file whose name strangers chose.
pub(crate) const HOSTILE: &str = "x\n::error file=a,line=1::b%0A,]]>&|`@ana`.ndjson";

/// A repository; the program runs in its folder `ci`.
pub(crate) struct Repository {
    folder: TempDir,
}

impl Repository {
    /// One without captures.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join(".git")).expect("a folder");
        fs::create_dir_all(folder.path().join("ci")).expect("a folder");
        Self { folder }
    }

    /// One with captures of many kinds: clean, damaged, with texts and names from strangers.
    pub(crate) fn full() -> Self {
        let repository = Self::empty();
        let captures = root().join("tests/formats/captures");
        for name in ["inside.ndjson", "names.ndjson", "pretty.json"] {
            repository.copy(&captures.join(name), name);
        }
        repository.copy(&root().join("samples/damaged.ndjson"), "damaged.ndjson");
        repository.copy(&root().join("samples/damaged.ndjson"), HOSTILE);
        repository.copy(&root().join("samples/answered.ndjson"), "answered.ndjson");
        repository
    }

    /// The folder in which the program runs.
    pub(crate) fn here(&self) -> PathBuf {
        self.folder.path().join("ci")
    }

    fn copy(&self, from: &Path, name: &str) {
        fs::copy(from, self.here().join(name)).expect("a capture");
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.here().join(name), text).expect("a capture");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.here().join(name)).expect("UTF-8")
    }

    /// The program in the repository's folder, asked for every rule.
    pub(crate) fn check(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
        command.args(["check", "--select", "J,S,K,L,F,R,D"]);
        command.args(arguments).current_dir(self.here()).stdin(Stdio::null());
        for name in ["GITHUB_STEP_SUMMARY", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(name);
        }
        command
    }

    /// What the program prints.
    pub(crate) fn printed(&self, arguments: &[&str]) -> String {
        String::from_utf8(ran(self.check(arguments)).0).expect("UTF-8")
    }
}

/// Stdout, stderr and the status.
pub(crate) fn ran(mut command: Command) -> (Vec<u8>, String, Option<i32>) {
    let output = command.output().expect("it runs");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    (output.stdout, stderr, output.status.code())
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// So many webhooks with something wrong in each.
pub(crate) fn many(count: usize, rest: &str) -> String {
    let line = |at: usize| {
        format!(
            "{{\"trigger\":\"meeting_participant_joined\",\"type\":\"meet\",\"appId\":\"5f1c\",\"region\":\"eu\",\
             \"webhook\":\"w\",\"data\":{{\"occupant\":{{\"joined_at\":{},\"audio_call\":{rest},\
             \"name\":\"Guest {at}\"}},\"sessionId\":\"s{at}\"}}}}\n",
            1_773_200_000 + at
        )
    };
    (0..count).map(line).collect()
}
