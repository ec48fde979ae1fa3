//! `osiscope read FILE`: the frames as lines of text, as columns of chosen fields, or as JSON.

use super::columns::{Column, Occurrence, Style};
use super::print::Out;
use crate::app::{Model, Prefs};
use crate::engine::folders::Folders;
use crate::engine::load;
use crate::filter::{Every, Filter, Look, Plan, look};
use crate::flow::Order;
use crate::flow::explain::{Shown, WhenWhole};
use crate::lang::{Lang, Text};
use crate::timeline::{Capture, Scope, Sequence};
use crate::trace::FrameId;
use crate::view::packets::{self, Column as Cell, Row};
use std::fs::File;
use std::mem::ManuallyDrop;
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
    /// Only the frames that this display filter lets through, in Wireshark's language: `tcp.port == 80 and http`
    #[arg(short = 'Y', value_name = "FILTER", default_value = "")]
    filter: String,
    /// text: a line a frame; fields: the columns of `-e`; json: one object a frame
    #[arg(short = 'T', value_name = "FORM", default_value = "text", value_parser = ["text", "fields", "json"])]
    form: String,
    /// A field to print, by Wireshark's name; `osiscope fields` lists them
    #[arg(short = 'e', value_name = "FIELD")]
    fields: Vec<String>,
    /// header=y|n, separator=/t|/s|CHARACTER, occurrence=f|l|a, aggregator=,|/s|CHARACTER, quote=d|s|n
    #[arg(short = 'E', value_name = "OPTION=VALUE")]
    style: Vec<String>,
    /// tcp.reassemble_out_of_order:TRUE shows messages where their stream became whole, not where their segments happened to come
    #[arg(short = 'o', value_name = "NAME:VALUE")]
    prefs: Vec<String>,
}

/// A row in columns that stay where they are as long as addresses are of usual length.
fn line(row: &Row) -> String {
    let cell = |column| row.cell(column);
    let ends = format!("{} → {}", cell(Cell::Source), cell(Cell::Destination));
    let marks: String = row.chips.iter().map(|c| format!(" [{}]", c.text)).collect();
    format!(
        "{:>6} {:>14} {ends:<45} {:<9} {:>5} {}{marks}",
        cell(Cell::Number),
        cell(Cell::Time).replace(' ', ""),
        cell(Cell::Protocol),
        cell(Cell::Length),
        row.short_info(),
    )
}

/// Prints the capture. A damaged one: all frames before the damage, then what is wrong, and exit code 1.
pub fn run(args: &Args) -> Result<ExitCode, Text> {
    let style = Style::of(&args.style)?;
    let columns: Vec<Column> = args.fields.iter().map(|name| Column::of(name)).collect::<Result<_, _>>()?;
    let sent = out_of_order(&args.prefs)?;
    let in_text = args.form == "text";
    if args.form == "fields" && columns.is_empty() {
        let ja = "-T fields にはフィールドが要ります：例 -e frame.number -e ip.src。一覧は osiscope fields";
        return Err(Text::new(ja, "-T fields needs fields: for example -e frame.number -e ip.src. osiscope fields lists them"));
    }
    if in_text && !columns.is_empty() {
        return Err(Text::new("-e は -T fields か -T json と使います", "-e goes with -T fields or -T json"));
    }
    let filter = Filter::parse(&args.filter, &Every).map_err(|error| {
        let line = error.underline(&args.filter);
        Text::new(format!("{}\n{line}", error.why.ja), format!("{}\n{line}", error.why.en))
    })?;
    // Where everything that is asked for stands in headers, nobody needs to know what is said.
    let headers = !columns.is_empty() && columns.iter().all(Column::is_in_headers);
    let headers = headers && filter.names().iter().all(|(_, name)| look::is_in_headers(*name));
    let order = match (headers, in_text || sent) {
        (true, _) => Order::Unread,
        (false, true) => Order::Sent,
        (false, false) => Order::Arrived,
    };
    let capture = load(args, order)?;
    let frames = 0..capture.trace.len().min(args.count.unwrap_or(FrameId::MAX));
    let mut out = Out::new();
    let damage = capture.trace.damage.clone();
    let go_on = match args.form.as_str() {
        // The process ends: nobody needs to tidy up what a large capture is made of.
        "fields" => print_fields(&ManuallyDrop::new(capture), frames, &filter, &columns, &style, &mut out)?,
        "json" => print_json(&ManuallyDrop::new(capture), frames, &filter, &columns, style.occurrence, &mut out)?,
        _ => print_text(capture, frames, &filter, &mut out)?,
    };
    if !go_on {
        return Ok(ExitCode::SUCCESS);
    }
    out.flush()?;
    match damage {
        Some(damage) => Err(damage.why),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn load(args: &Args, order: Order) -> Result<Capture, Text> {
    let shown = args.file.display();
    let cannot = |e: &dyn std::fmt::Display| Text::new(format!("{shown} を読めません：{e}"), format!("cannot read {shown}: {e}"));
    let folders = Folders::of_environment();
    if args.file.as_os_str() == "-" {
        return load::whole_pipe(&mut std::io::stdin().lock(), &folders, order).map_err(|e| cannot(&e));
    }
    let mut file = File::open(&args.file).map_err(|e| cannot(&e))?;
    // `osiscope read <(…)` names a pipe.
    match file.metadata().map_err(|e| cannot(&e))?.is_file() {
        true => file.try_clone().and_then(|source| load::whole(Arc::new(source), &mut file, order)),
        false => load::whole_pipe(&mut file, &folders, order),
    }
    .map_err(|e| cannot(&e))
}

/// Is `-o tcp.reassemble_out_of_order:TRUE` among the settings? It is the only one there is.
fn out_of_order(prefs: &[String]) -> Result<bool, Text> {
    let mut sent = false;
    for pref in prefs {
        sent = match pref.to_ascii_lowercase().as_str() {
            "tcp.reassemble_out_of_order:true" => true,
            "tcp.reassemble_out_of_order:false" => false,
            _ => {
                return Err(Text::new(
                    format!("-o {pref} はわかりません。あるのは tcp.reassemble_out_of_order:TRUE だけです"),
                    format!("-o {pref} is not known: there is only tcp.reassemble_out_of_order:TRUE"),
                ));
            }
        };
    }
    Ok(sent)
}

fn print_text(capture: Capture, frames: std::ops::Range<FrameId>, filter: &Filter, out: &mut Out) -> Result<bool, Text> {
    // The filter means what it means everywhere; the lines say what the window's say.
    let mut look = looking(&capture);
    let frames: Vec<FrameId> = Plan::new(filter, &capture.trace, &capture.index).passing(frames, &mut look).collect();
    let mut model = Model::new(Prefs::default(), Lang::En);
    model.sequence = Sequence::of(Scope::All, &capture);
    model.capture = Arc::new(capture);
    for row in frames.into_iter().filter_map(|at| packets::row(&model, at as usize)) {
        if !out.line(&line(&row))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn looking(capture: &Capture) -> Look<'_> {
    Look::new(&capture.trace, &capture.index, Shown::WhenWhole(WhenWhole::of(&capture.index)))
}

fn print_fields(
    capture: &Capture,
    frames: std::ops::Range<FrameId>,
    filter: &Filter,
    columns: &[Column],
    style: &Style,
    out: &mut Out,
) -> Result<bool, Text> {
    let mut look = looking(capture);
    let plan = Plan::showing(filter, &capture.trace, &capture.index, look.shown());
    let mut line = String::new();
    if style.header {
        let names: Vec<&str> = columns.iter().map(Column::name).collect();
        if !out.line(&names.join(style.separator.as_str()))? {
            return Ok(false);
        }
    }
    for (frame, sure) in plan.candidates(frames) {
        if !sure && !filter.passes(look.at(frame)) {
            continue;
        }
        look.at(frame);
        line.clear();
        for (n, column) in columns.iter().enumerate() {
            if n > 0 {
                line.push_str(&style.separator);
            }
            column.write(&mut look, style, &mut line);
        }
        if !out.line(&line)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn print_json(
    capture: &Capture,
    frames: std::ops::Range<FrameId>,
    filter: &Filter,
    columns: &[Column],
    occurrence: Occurrence,
    out: &mut Out,
) -> Result<bool, Text> {
    let mut look = looking(capture);
    let mut go_on = out.line("[")?;
    let mut before: Option<String> = None;
    let plan = Plan::showing(filter, &capture.trace, &capture.index, look.shown());
    for (frame, sure) in plan.candidates(frames) {
        if !sure && !filter.passes(look.at(frame)) {
            continue;
        }
        look.at(frame);
        let mut object = serde_json::Map::new();
        let mut put = |name: &str, mut values: Vec<String>| {
            occurrence.choose(&mut values);
            if !values.is_empty() {
                object.insert(name.to_owned(), values.into());
            }
        };
        if columns.is_empty() {
            for (name, values) in Column::everything(&mut look) {
                put(name, values);
            }
        } else {
            columns.iter().for_each(|column| put(column.name(), column.values(&mut look)));
        }
        let object = serde_json::Value::Object(object).to_string();
        if let Some(before) = before.replace(object) {
            go_on = go_on && out.line(&format!("{before},"))?;
        }
        if !go_on {
            return Ok(false);
        }
    }
    if let Some(last) = before {
        go_on = go_on && out.line(&last)?;
    }
    Ok(go_on && out.line("]")?)
}
