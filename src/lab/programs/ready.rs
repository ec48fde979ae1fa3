//! Makes a program's text something that can be run: saved, and compiled where its language asks for that.
//!
//! In: a program and a folder. Out: a command line. Compilers run with the rights and the network of who asked; what is
//! compiled is only what comes with osiscope.

use crate::lang::Text;
use crate::timeline::{Language, Program};
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

/// The tool that a language needs: what runs its texts, or what compiles them.
pub fn tool(language: Language) -> &'static str {
    match language {
        Language::Go => "go",
        Language::Python => "python3",
        Language::C => "cc",
        Language::Rust => "rustc",
    }
}

/// Is the language's tool installed here?
pub fn is_installed(language: Language) -> bool {
    let ask = if language == Language::Go { "version" } else { "--version" };
    let asked = Command::new(tool(language)).arg(ask).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|s| s.success())
}

/// Saves the program into the folder, compiles it if need be, and gives the command that runs it.
///
/// # Errors
/// The folder cannot be written, the language is not installed, or its compiler says no; with its words.
pub fn ready(program: &Program, folder: &Path) -> Result<Vec<OsString>, Text> {
    let source = folder.join(program.file_name());
    std::fs::write(&source, program.text()).map_err(|e| {
        let shown = source.display();
        Text::new(format!("{shown} に書けません：{e}"), format!("{shown} cannot be written: {e}"))
    })?;
    let made = source.with_extension("");
    let mut compiler = Command::new(tool(program.language));
    match program.language {
        Language::Python => return Ok(vec![tool(program.language).into(), source.into()]),
        Language::C => compiler.args(["-std=gnu11", "-O1", "-pthread", "-w", "-o"]).arg(&made).arg(&source),
        Language::Rust => compiler.args(["--edition", "2024", "-A", "warnings", "-o"]).arg(&made).arg(&source),
        Language::Go => compiler.args(["build", "-o"]).arg(&made).arg(&source),
    };
    // What it says goes to people only if it fails.
    let said = compiler.current_dir(folder).stdin(Stdio::null()).output();
    let language = program.language.title();
    match said {
        Ok(out) if out.status.success() => Ok(vec![made.into()]),
        Ok(out) => {
            let why = String::from_utf8_lossy(&out.stderr).trim().to_owned();
            let name = program.file_name();
            Err(Text::new(format!("{name} をコンパイルできません：\n{why}"), format!("{name} cannot be compiled:\n{why}")))
        }
        Err(e) => {
            let tool = tool(program.language);
            Err(Text::new(
                format!("{language} のプログラムを動かすには {tool} が必要です（{e}）。"),
                format!("To run a program in {language}, {tool} must be installed ({e})."),
            ))
        }
    }
}
