//! `osiscope read FILE`: one line a frame.

use super::print::Out;
use crate::app::{Model, Prefs};
use crate::engine::folders::Folders;
use crate::engine::load;
use crate::lang::{Lang, Text};
use crate::timeline::{Scope, Sequence};
use crate::view::packets::{self, Column, Row};
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(clap::Args)]
pub struct Args {
    /// A .pcap or .pcapng; `-` reads from standard input
    file: PathBuf,
    /// Stop after this many frames
    #[arg(short = 'c', long, value_name = "N")]
    count: Option<u32>,
}

/// A row in columns that stay where they are as long as addresses are of usual length.
fn line(row: &Row) -> String {
    let cell = |column| row.cell(column);
    let ends = format!("{} → {}", cell(Column::Source), cell(Column::Destination));
    let marks: String = row.chips.iter().map(|c| format!(" [{}]", c.text)).collect();
    format!(
        "{:>6} {:>14} {ends:<45} {:<9} {:>5} {}{marks}",
        cell(Column::Number),
        cell(Column::Time).replace(' ', ""),
        cell(Column::Protocol),
        cell(Column::Length),
        row.short_info(),
    )
}

/// Prints the capture. A damaged one: all frames before the damage, then what is wrong, and exit code 1.
pub fn run(args: &Args) -> Result<ExitCode, Text> {
    let shown = args.file.display();
    let cannot = |e: &dyn std::fmt::Display| Text::new(format!("{shown} を読めません：{e}"), format!("cannot read {shown}: {e}"));
    let folders = Folders::of_environment();
    let capture = if args.file.as_os_str() == "-" {
        load::whole_pipe(&mut std::io::stdin().lock(), &folders)
    } else {
        let mut file = File::open(&args.file).map_err(|e| cannot(&e))?;
        // `osiscope read <(…)` names a pipe.
        match file.metadata().map_err(|e| cannot(&e))?.is_file() {
            true => file.try_clone().and_then(|source| load::whole(Arc::new(source), &mut file)),
            false => load::whole_pipe(&mut file, &folders),
        }
    }
    .map_err(|e| cannot(&e))?;

    let mut model = Model::new(Prefs::default(), Lang::En);
    model.sequence = Sequence::of(Scope::All, &capture);
    model.capture = capture;
    let mut out = Out::new();
    let count = model.sequence.len().min(args.count.unwrap_or(u32::MAX) as usize);
    for row in (0..count).filter_map(|at| packets::row(&model, at)) {
        if !out.line(&line(&row))? {
            return Ok(ExitCode::SUCCESS);
        }
    }
    out.flush()?;
    match &model.capture.trace.damage {
        Some(damage) => Err(damage.why.clone()),
        None => Ok(ExitCode::SUCCESS),
    }
}
