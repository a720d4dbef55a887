//! Makes a typed function for each text of languages/en.json.

mod compiler;

use std::{env, fs, path::Path, process::ExitCode};

const CATALOGUE: &str = "../../languages/en.json";
const SIGN_IN_PAGE: &str = "sign-in-page.txt";

fn main() -> ExitCode {
    for input in [CATALOGUE, SIGN_IN_PAGE, "build.rs", "compiler.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(errors) => {
            for error in errors {
                println!("cargo::error={error}");
            }
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Vec<String>> {
    let read = |path: &str| fs::read_to_string(path).map_err(|e| vec![format!("{path}: {e}")]);
    let code = compiler::code(&read(CATALOGUE)?, &read(SIGN_IN_PAGE)?)?;
    let folder = env::var("OUT_DIR").map_err(|e| vec![e.to_string()])?;
    for (name, code) in [("texts.rs", code.texts), ("functions.rs", code.functions)] {
        fs::write(Path::new(&folder).join(name), code).map_err(|e| vec![e.to_string()])?;
    }
    Ok(())
}
