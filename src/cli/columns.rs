//! The columns of `read -T fields`: what `-e` names, and how `-E` lays it out.

use crate::filter::{Look, Name, look, names};
use crate::lang::Text;
use crate::wire::Why;

/// One column.
pub enum Column {
    Field(String, Name),
    /// Wireshark's column "Protocol".
    Protocol,
    /// Says that something in the frame breaks a rule.
    Malformed,
}

impl Column {
    /// # Errors
    /// There is no field of this name; the words name the nearest one.
    pub fn of(name: &str) -> Result<Self, Text> {
        match name {
            "_ws.col.Protocol" | "_ws.col.protocol" => Ok(Self::Protocol),
            "_ws.malformed" => Ok(Self::Malformed),
            _ => names::find(name).map(|found| Self::Field(name.to_owned(), found)).ok_or_else(|| {
                Text::new(
                    format!("フィールド {name} はありません。一覧は osiscope fields"),
                    format!("there is no field {name}; osiscope fields lists them"),
                )
            }),
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Field(name, _) => name,
            Self::Protocol => "_ws.col.Protocol",
            Self::Malformed => "_ws.malformed",
        }
    }

    /// Does it stand in headers, whatever is said above them?
    pub fn is_in_headers(&self) -> bool {
        matches!(self, Self::Field(_, name) if look::is_in_headers(*name))
    }

    /// Appends its cell for the frame at hand.
    pub fn write(&self, look: &mut Look<'_>, style: &Style, line: &mut String) {
        match self {
            Self::Field(_, name) if style.is_plain() => look.print_into(*name, line, &style.aggregator),
            Self::Protocol if style.is_plain() => line.push_str(look.protocol_column()),
            _ => style.push(line, &self.values(look)),
        }
    }

    /// Its values in the frame at hand.
    pub fn values(&self, look: &mut Look<'_>) -> Vec<String> {
        let mut out = Vec::new();
        match self {
            Self::Field(_, name) => look.print(*name, &mut out),
            Self::Protocol => out.push(look.protocol_column().to_owned()),
            Self::Malformed => {
                let broken = |stop: &&crate::wire::Stop| matches!(stop.why, Why::Malformed(_));
                if let Some(stop) = look.explained().and_then(|e| e.dissected.stop.as_ref()).filter(broken) {
                    out.push(format!("[Malformed Packet: {}]", stop.proto.to_uppercase()));
                    out.push("_ws.malformed".to_owned());
                }
            }
        }
        out
    }

    /// Every field of the frame at hand with its values, in the order of the frame.
    pub fn everything(look: &mut Look<'_>) -> Vec<(&'static str, Vec<String>)> {
        let mut out: Vec<(&'static str, Vec<String>)> = Vec::new();
        let Some(explained) = look.explained() else { return out };
        for layer in &explained.dissected.layers {
            let bytes = explained.dissected.bytes(layer);
            for field in &layer.fields {
                field.walk(&mut |f| {
                    let value = look::print(f.def, look::fact_of(f, bytes));
                    match out.iter_mut().find(|(name, _)| *name == f.def.name) {
                        Some((_, values)) => values.push(value),
                        None => out.push((f.def.name, vec![value])),
                    }
                });
            }
        }
        out
    }
}

/// Which of several values are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Occurrence {
    First,
    Last,
    #[default]
    All,
}

impl Occurrence {
    pub fn choose(self, values: &mut Vec<String>) {
        match self {
            Self::First => values.truncate(1),
            Self::Last => drop(values.drain(..values.len().saturating_sub(1))),
            Self::All => {}
        }
    }
}

/// The layout that `-E` asks for; the defaults are tshark's.
pub struct Style {
    pub header: bool,
    pub separator: String,
    pub occurrence: Occurrence,
    aggregator: String,
    quote: &'static str,
}

impl Style {
    /// # Errors
    /// An option or its value is not known.
    pub fn of(options: &[String]) -> Result<Self, Text> {
        let mut style = Self {
            header: false,
            separator: "\t".to_owned(),
            occurrence: Occurrence::All,
            aggregator: ",".to_owned(),
            quote: "",
        };
        for option in options {
            let wrong = || {
                Text::new(
                    format!("-E {option} はわかりません（osiscope read --help）"),
                    format!("-E {option} is not known (see osiscope read --help)"),
                )
            };
            let (name, value) = option.split_once('=').ok_or_else(wrong)?;
            match (name, value) {
                ("header", "y") => style.header = true,
                ("header", "n") => style.header = false,
                ("occurrence", "f") => style.occurrence = Occurrence::First,
                ("occurrence", "l") => style.occurrence = Occurrence::Last,
                ("occurrence", "a") => style.occurrence = Occurrence::All,
                ("quote", "d") => style.quote = "\"",
                ("quote", "s") => style.quote = "'",
                ("quote", "n") => style.quote = "",
                ("separator", value) => style.separator = one_character(value).ok_or_else(wrong)?,
                ("aggregator", value) => style.aggregator = one_character(value).ok_or_else(wrong)?,
                _ => return Err(wrong()),
            }
        }
        Ok(style)
    }

    /// All values, as they are.
    fn is_plain(&self) -> bool {
        self.occurrence == Occurrence::All && self.quote.is_empty()
    }

    /// Appends a cell.
    pub fn push(&self, line: &mut String, values: &[String]) {
        let values = match self.occurrence {
            Occurrence::First => values.get(..1.min(values.len())),
            Occurrence::Last => values.get(values.len().saturating_sub(1)..),
            Occurrence::All => Some(values),
        }
        .unwrap_or(values);
        if values.is_empty() {
            return;
        }
        line.push_str(self.quote);
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                line.push_str(&self.aggregator);
            }
            line.push_str(value);
        }
        line.push_str(self.quote);
    }
}

/// `/t` is a tabulator, `/s` a space, anything else its first character.
fn one_character(value: &str) -> Option<String> {
    match value {
        "/t" => Some("\t".to_owned()),
        "/s" => Some(" ".to_owned()),
        _ => value.chars().next().map(String::from),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn cell(options: &[&str], values: &[&str]) -> String {
        let options: Vec<String> = options.iter().map(|s| (*s).to_owned()).collect();
        let values: Vec<String> = values.iter().map(|s| (*s).to_owned()).collect();
        let mut line = String::new();
        Style::of(&options).unwrap().push(&mut line, &values);
        line
    }

    #[test]
    fn several_values_are_joined_chosen_and_quoted() {
        assert_eq!(cell(&[], &["a", "b", "c"]), "a,b,c");
        assert_eq!(cell(&["occurrence=f"], &["a", "b"]), "a");
        assert_eq!(cell(&["occurrence=l"], &["a", "b"]), "b");
        assert_eq!(cell(&["aggregator=|", "quote=d"], &["a", "b"]), "\"a|b\"");
        assert_eq!(cell(&["quote=d"], &[]), "", "an absent field is empty, without quotes");
    }

    #[test]
    fn unknown_layouts_are_refused() {
        for option in ["header", "header=x", "separator=", "colour=y", "occurrence=b"] {
            assert!(Style::of(&[option.to_owned()]).is_err(), "{option}");
        }
    }

    #[test]
    fn the_separator_may_be_any_character() {
        for (told, meant) in [("/t", "\t"), ("/s", " "), (",", ","), (";", ";")] {
            assert_eq!(Style::of(&[format!("separator={told}")]).unwrap().separator, meant);
        }
    }
}
