//! `osiscope doctor`: what works on this machine.

use super::print::Out;
use crate::engine::folders::Folders;
use crate::lang::{Lang, Text};
use crate::timeline::Service;
use std::process::ExitCode;

/// Prints every service with what was found, the advice and the exact command. Exit code 1 where exchanges cannot run.
pub fn run(lang: Lang) -> Result<ExitCode, Text> {
    let services = crate::lab::doctor(&Folders::of_environment().state);
    let mut out = Out::new();
    for service in &services {
        for line in lines(service, lang) {
            out.line(&line)?;
        }
    }
    out.flush()?;
    let lab_works = services.first().is_some_and(|s| s.works);
    Ok(if lab_works { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A service in a few lines of text.
fn lines(service: &Service, lang: Lang) -> Vec<String> {
    let sign = if service.works { lang.pick("[使える]    ", "[works]     ") } else { lang.pick("[使えない]  ", "[not here]  ") };
    let mut lines = vec![format!("{sign}{}", service.name.get(lang)), format!("            {}", service.found.get(lang))];
    lines.extend(service.advice.iter().map(|a| format!("            {}", a.get(lang))));
    lines.extend(service.command.iter().map(|c| format!("              $ {c}")));
    lines
}
