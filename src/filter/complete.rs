//! Help with writing a filter: what may stand at the cursor, and filters made of a field somebody points at.
//!
//! In: an unfinished text and where the cursor is. Out: words to put there, the likeliest first. What is offered can be read:
//! an operator only where the field before it knows it.

use super::lex::{self, Kind, Token};
use super::test::Function;
use super::types::Type;
use super::{Fact, Name, Names, time, value_names};
use crate::lang::{Text, words};
use std::ops::Range;

/// Words offered at most.
pub const MOST: usize = 60;

/// One word that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the text that it takes the place of: what was already written of it.
    pub replace: Range<usize>,
    pub with: String,
    /// What it is, for people: the field's label, what an operator asks.
    pub label: Text,
    /// The sentence that explains it; may be empty.
    pub note: Text,
}

/// What is expected at a place.
enum Expected {
    /// A field, a function, `not`.
    Test,
    /// Behind a field of this type.
    Operator(Type),
    /// Behind an operator; the field before it.
    Value(Option<(String, Type)>),
    /// Behind a whole comparison.
    Join,
    Nothing,
}

/// The words that may stand at `cursor` (a byte of `text`).
pub fn complete(text: &str, cursor: usize, names: &dyn Names) -> Vec<Completion> {
    let cursor = (0..=cursor.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let before = text.get(..cursor).unwrap_or("");
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let start = before.trim_end_matches(inside).len();
    let typed = before.get(start..).unwrap_or("");
    let Ok(tokens) = lex::tokens(before.get(..start).unwrap_or("")) else { return Vec::new() };
    let mut list = List { replace: start..cursor, typed, out: Vec::new() };
    match expected(before, &tokens, names) {
        Expected::Test => {
            list.fields(names, None);
            for (name, function) in Function::ALL {
                list.add(format!("{name}("), about_function(function), Text::default());
            }
            list.add("not ", words("…でない", "not"), Text::default());
        }
        Expected::Operator(ty) => operators(&mut list, ty),
        Expected::Value(Some((field, ty))) => {
            for (number, name) in value_names::of(&field, ty == Type::Bool).unwrap_or(&[]) {
                let shown = if name.contains(' ') { quote(name.as_bytes()) } else { (*name).to_owned() };
                list.add(shown, Text::same(number.to_string()), Text::default());
            }
            if !typed.is_empty() {
                list.fields(names, Some(ty));
            }
        }
        Expected::Join => list.joins(),
        Expected::Value(None) | Expected::Nothing => {}
    }
    list.out.truncate(MOST);
    list.out
}

struct List<'a> {
    replace: Range<usize>,
    typed: &'a str,
    out: Vec<Completion>,
}

impl List<'_> {
    fn add(&mut self, with: impl Into<String>, label: impl Into<Text>, note: Text) {
        let with = with.into();
        if with.starts_with(self.typed) && with != self.typed {
            self.out.push(Completion { replace: self.replace.clone(), with, label: label.into(), note });
        }
    }

    /// The names that begin as typed, protocols and short names first; if there is none, those that contain it.
    fn fields(&mut self, names: &dyn Names, ty: Option<Type>) {
        let typed = self.typed.to_ascii_lowercase();
        let fits = |name: &&&str| ty.is_none_or(|ty| names.find(name).is_some_and(|n| Type::of(name, n).compatible(ty)));
        let mut all: Vec<&str> = names.all().iter().filter(|n| n.starts_with(&typed)).filter(fits).copied().collect();
        if all.is_empty() && typed.len() >= 2 {
            all = names.all().iter().filter(|n| n.contains(&typed)).filter(fits).copied().collect();
        }
        all.sort_by_key(|n| (n.matches('.').count(), *n));
        for name in all.into_iter().filter(|n| *n != self.typed).take(MOST) {
            let (label, note) = about(names, name);
            self.out.push(Completion { replace: self.replace.clone(), with: name.to_owned(), label, note });
        }
    }

    fn joins(&mut self) {
        self.add("and ", words("かつ", "both"), Text::default());
        self.add("or ", words("または", "either"), Text::default());
    }
}

fn about(names: &dyn Names, name: &str) -> (Text, Text) {
    match names.find(name) {
        Some(Name::Field(def)) => (def.label.into(), def.note.into()),
        Some(Name::Fields(all)) => {
            let of: Vec<&str> = all.iter().map(|def| def.name).collect();
            let of = of.join(", ");
            (Text::new(format!("{of} のどれか"), format!("any of {of}")), Text::default())
        }
        Some(Name::Protocol(_)) => (words("プロトコル", "protocol").into(), Text::default()),
        None => Default::default(),
    }
}

fn about_function(function: Function) -> Text {
    let both = match function {
        Function::Len => words("バイト数", "how many bytes it has"),
        Function::Count => words("フレーム内の個数", "how often it is in the frame"),
        Function::Lower => words("小文字にしたもの", "in lower case"),
        Function::Upper => words("大文字にしたもの", "in upper case"),
        Function::Max => words("最大の値", "the greatest value"),
        Function::Min => words("最小の値", "the least value"),
        Function::Abs => words("絶対値", "without its sign"),
        Function::String => words("文字列にしたもの", "as text"),
    };
    both.into()
}

fn operators(list: &mut List<'_>, ty: Type) {
    if ty.can_compare() {
        list.add("== ", words("等しい", "is equal to"), Text::default());
        list.add("!= ", words("どれも等しくない", "none is equal to"), Text::default());
    }
    if ty.can_search() {
        list.add("contains ", words("含む", "contains"), Text::default());
        list.add("matches ", words("正規表現に合う", "fits a pattern"), Text::default());
    }
    if ty.can_compare() {
        list.add("in {", words("どれかに等しい", "is one of"), Text::default());
        for (op, ja, en) in [(">", "より大きい", "greater"), ("<", "より小さい", "less"), (">=", "以上", "greater or equal"), ("<=", "以下", "less or equal")] {
            list.add(format!("{op} "), Text::new(ja, en), Text::default());
        }
    }
    if ty.is_number() {
        list.add("& ", words("立っているビット", "bits that are set"), Text::default());
    }
    list.joins();
}

fn expected(text: &str, tokens: &[Token], names: &dyn Names) -> Expected {
    let word = |token: &Token| text.get(token.at.clone()).unwrap_or("").to_owned();
    let field = |token: &Token| {
        let name = word(token);
        let name = name.trim_start_matches('.');
        names.find(name).map(|n| (name.to_owned(), Type::of(name, n)))
    };
    let Some((last, rest)) = tokens.split_last() else { return Expected::Test };
    // The field that the expression at the end is about, if an operator stands behind it.
    let subject = || rest.iter().rev().take_while(|t| !t.is("and") && !t.is("or") && !t.is("not")).find_map(field);
    let is_operator = |t: &Token| {
        matches!(t.kind, Kind::Sign("==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=" | "contains" | "matches"))
    };
    let compared = rest.iter().rev().take_while(|t| !t.is("and") && !t.is("or")).any(is_operator);
    match &last.kind {
        Kind::Sign("and" | "or" | "not" | "(" | "any" | "all") => Expected::Test,
        Kind::Sign("matches" | "in") => Expected::Nothing,
        Kind::Sign(")" | "}") => Expected::Join,
        Kind::Sign(_) => Expected::Value(subject()),
        Kind::Range | Kind::Layer if !compared => Expected::Operator(Type::Bytes),
        Kind::Word | Kind::Dotted if !compared => match field(last) {
            Some((_, ty)) => Expected::Operator(ty),
            None => Expected::Nothing,
        },
        _ => Expected::Join,
    }
}

/// Text in double quotes, as a filter reads it back.
pub fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out += "\\\"",
                '\\' => out += "\\\\",
                '\n' => out += "\\n",
                '\r' => out += "\\r",
                '\t' => out += "\\t",
                c if c.is_ascii_control() => out += &format!("\\x{:02x}", u32::from(c)),
                c => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|b| out += &format!("\\x{b:02x}"));
    }
    out + "\""
}

/// The filter that lets frames through which have this value under this name.
pub fn of_field(text: &str, name: Name, fact: Fact<'_>) -> String {
    let ty = Type::of(text, name);
    let hex = matches!(name, Name::Field(def) if matches!(def.kind, crate::wire::Kind::Hex(_)));
    let value = match fact {
        Fact::Present if ty == Type::Bool => "1".to_owned(),
        Fact::Present | Fact::Layer(_) => return text.to_owned(),
        Fact::Uint(n) if hex => format!("{n:#x}"),
        Fact::Uint(n) => n.to_string(),
        Fact::Int(n) => n.to_string(),
        Fact::Bool(b) => u8::from(b).to_string(),
        Fact::Mac(mac) => mac.map(|b| format!("{b:02x}")).join(":"),
        Fact::Ipv4(a) => a.to_string(),
        Fact::Ipv6(a) => a.to_string(),
        Fact::Text(t) if matches!(ty, Type::Text | Type::Bytes | Type::Time) => quote(t.as_bytes()),
        Fact::Text(t) => t.to_owned(),
        Fact::Bytes([]) => quote(b""),
        Fact::Bytes(bytes) => bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":"),
        Fact::Nanos(n) if ty == Type::Time => quote(time::show(n).as_bytes()),
        Fact::Nanos(n) => crate::wire::seconds(n),
    };
    match ty {
        Type::Label => text.to_owned(),
        _ => format!("{text} == {value}"),
    }
}

/// How a new filter goes together with the one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    Instead,
    InsteadNot,
    And,
    Or,
    AndNot,
    OrNot,
}

/// Joins a filter with the one that is there.
pub fn join(there: &str, how: Join, new: &str) -> String {
    let there = there.trim();
    let (op, not) = match how {
        Join::Instead => ("", false),
        Join::InsteadNot => ("", true),
        Join::And => ("and", false),
        Join::Or => ("or", false),
        Join::AndNot => ("and", true),
        Join::OrNot => ("or", true),
    };
    let alone = there.is_empty() || op.is_empty();
    let new = match (not, alone) {
        (true, _) => format!("not {}", bracketed(new, "not")),
        (false, true) => new.to_owned(),
        (false, false) => bracketed(new, op),
    };
    if alone { new } else { format!("{} {op} {new}", bracketed(there, op)) }
}

/// A filter as a part beside this operator (`not` too): in parentheses if one that binds less is in it.
fn bracketed(filter: &str, beside: &str) -> String {
    let tokens = lex::tokens(filter).unwrap_or_default();
    let has = |op: &str| tokens.iter().any(|t| t.is(op));
    let needed = match beside {
        "or" => false,
        "and" => has("or"),
        _ => has("or") || has("and"),
    };
    if needed { format!("({filter})") } else { filter.to_owned() }
}
