//! What a user sees: every console block of the README and of `tests/cmd`.
//!
//! `TRYCMD=overwrite cargo test --test cmd` writes the blocks anew; read the difference.

#[test]
fn every_console_block_shows_what_the_program_prints() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd").case("tests/cmd/*.toml");
}

#[test]
fn every_console_block_of_the_readme_shows_what_the_program_prints() {
    // A reader's terminal has another width; the cases above each say theirs.
    trycmd::TestCases::new().env("COLUMNS", "100").case("README.md");
}
