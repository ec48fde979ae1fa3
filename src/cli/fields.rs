//! `osiscope fields`: every field that can be printed and filtered by.

use super::print::Out;
use crate::filter::names;
use crate::lang::{Lang, Text};
use crate::wire::Kind;
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Args {
    /// Only names that contain this
    part: Option<String>,
}

/// What values a kind of field has, in a word.
fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Dec => "unsigned",
        Kind::Hex(_) => "hexadecimal",
        Kind::Bool => "boolean",
        Kind::Mac => "mac",
        Kind::Ipv4 => "ipv4",
        Kind::Ipv6 => "ipv6",
        Kind::Text => "text",
        Kind::Bytes => "bytes",
        Kind::Seconds => "seconds",
        Kind::Group => "none",
    }
}

/// One line a field: name, type, layer, label and what it is for; by tabulators.
pub fn run(args: &Args, lang: Lang) -> Result<ExitCode, Text> {
    let mut out = Out::new();
    let mut seen = std::collections::HashSet::new();
    for group in names::groups() {
        for def in group.fields.iter().filter(|def| seen.insert(def.name)) {
            if args.part.as_deref().is_some_and(|part| !def.name.contains(part)) {
                continue;
            }
            let (other, osi) = (if lang == Lang::Ja { Lang::En } else { Lang::Ja }, group.osi);
            let (label, note) = (def.label.get(lang), def.note.get(lang));
            let line = format!("{}\t{}\tL{osi} {}\t{label}\t{note}\t{}", def.name, kind(def.kind), group.title, def.note.get(other));
            if !out.line(&line)? {
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
