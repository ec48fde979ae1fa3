//! SMTP, POP3 and FTP: programs that talk in lines. What is said comes from the message's title, which holds no secrets.

use super::message::{Found, title_of};
use super::now::Now;
use super::words::{cut, say, shrink};
use crate::flow::{Message, MessageKind};
use crate::lang::{Text, Words, words};
use crate::proto::Dir;

/// A command, and how it sounds; `{}` is what stands behind the command.
type Row = (&'static str, Words);

const SMTP: &[Row] = &[
    ("EHLO", words("{} です。どんな拡張が使える？", "Hello, this is {}. Which extensions do you have?")),
    ("HELO", words("{} です。こんにちは", "Hello, this is {}.")),
    ("MAIL", words("メールを出したいな。差出人は {}", "I have a mail. It is {}.")),
    ("RCPT", words("宛先は {} だよ", "It goes {}.")),
    ("DATA", words("これからメールの本文を送るよ", "The mail itself comes next.")),
    ("BDAT", words("本文を {} バイト送るよ", "Here are {} bytes of the mail.")),
    ("STARTTLS", words("ここから暗号化しよう", "Let us encrypt from here on.")),
    ("AUTH", words("わたしが誰か、証明するね", "Let me prove who I am.")),
    ("VRFY", words("{} という人はいる？", "Do you know {}?")),
    ("RSET", words("今のはなしにして", "Forget what I said so far.")),
    ("NOOP", words("何もしなくていいよ。聞こえてる？", "Do nothing. Can you hear me?")),
    ("HELP", words("使い方を教えて", "How does this work?")),
    ("QUIT", words("おわり。さようなら", "That is all. Goodbye.")),
];

const POP: &[Row] = &[
    ("USER", words("{} です", "I am {}.")),
    ("PASS", words("パスワードを送るね（見せないよ）", "Here is my password. (Not shown.)")),
    ("APOP", words("わたしが誰か、証明するね", "Let me prove who I am.")),
    ("AUTH", words("わたしが誰か、証明するね", "Let me prove who I am.")),
    ("STLS", words("ここから暗号化しよう", "Let us encrypt from here on.")),
    ("CAPA", words("何ができる？", "What can you do?")),
    ("STAT", words("メールは何通ある？", "How many mails are there?")),
    ("LIST", words("メールの一覧をちょうだい {}", "List the mails, please. {}")),
    ("UIDL", words("メールの固有の番号を教えて {}", "Tell me the mails' unique numbers. {}")),
    ("RETR", words("{} 番のメールをちょうだい", "Give me mail number {}.")),
    ("TOP", words("メールのはじめだけ見せて（{}）", "Show me only the beginning of a mail ({}).")),
    ("DELE", words("{} 番のメールは消していいよ", "You may delete mail number {}.")),
    ("RSET", words("消すのはやっぱりなし", "Do not delete anything after all.")),
    ("NOOP", words("何もしなくていいよ。聞こえてる？", "Do nothing. Can you hear me?")),
    ("QUIT", words("おわり。さようなら", "That is all. Goodbye.")),
];

const FTP: &[Row] = &[
    ("USER", words("{} です", "I am {}.")),
    ("PASS", words("パスワードを送るね（見せないよ）", "Here is my password. (Not shown.)")),
    ("AUTH", words("ここから {} で暗号化しよう", "Let us encrypt with {} from here on.")),
    ("SYST", words("どんな OS？", "What system are you?")),
    ("FEAT", words("何ができる？", "What can you do?")),
    ("PWD", words("今どのフォルダ？", "Which folder am I in?")),
    ("CWD", words("フォルダ {} へ移るよ", "I go to the folder {}.")),
    ("TYPE", words("送り方は {} にして", "Send in the way {}.")),
    ("PASV", words("データ用の接続は、そっちで待って", "Wait for the data connection at your end.")),
    ("EPSV", words("データ用の接続は、そっちで待って", "Wait for the data connection at your end.")),
    ("PORT", words("データはこのアドレスへつないで（{}）", "Connect to this address for the data ({}).")),
    ("EPRT", words("データはこのアドレスへつないで（{}）", "Connect to this address for the data ({}).")),
    ("LIST", words("ファイルの一覧をちょうだい {}", "List the files, please. {}")),
    ("NLST", words("ファイル名の一覧をちょうだい {}", "List the names of the files, please. {}")),
    ("RETR", words("ファイル {} をちょうだい", "Give me the file {}.")),
    ("STOR", words("ファイル {} を置くよ", "Here is the file {} for you to keep.")),
    ("DELE", words("ファイル {} を消して", "Delete the file {}.")),
    ("SIZE", words("ファイル {} の大きさは？", "How large is the file {}?")),
    ("QUIT", words("おわり。さようなら", "That is all. Goodbye.")),
];

pub fn speak(now: &Now, m: &Message) -> Found {
    let who = now.who(m.dir);
    let title = title_of(m);
    let (name, rows): (&str, &[Row]) = match m.proto {
        "smtp" => ("SMTP", SMTP),
        "pop" => ("POP3", POP),
        "ftp" => ("FTP", FTP),
        _ => ("FTP-DATA", &[]),
    };
    let (first, rest) = title.split_once(' ').unwrap_or((&title, ""));
    let row = rows.iter().find(|(command, _)| first.eq_ignore_ascii_case(command));
    let as_said = || shrink(|n| say(&who, &cut(&title, n), &cut(&title, n)));
    let (large, second) = match (m.proto, m.kind) {
        ("ftp-data", _) => (
            say(&who, "ファイルや一覧の中身だよ", "This is what is in the file or list."),
            Text::new("FTP は、中身を命令とは別の接続で運ぶ。", "FTP moves the contents over another connection than the commands."),
        ),
        ("smtp", MessageKind::Data) => (
            say(&who, "これがメールだよ", "Here is the mail."),
            Text::new("点だけの行で終わる。暗号化していなければ、途中の誰もが読める。", "A line with a single dot ends it. Unless encrypted, anyone on the way can read it."),
        ),
        ("pop", MessageKind::Data) => (
            say(&who, "これが中身だよ", "Here is what you asked for."),
            Text::new("点だけの行で終わる。", "A line with a single dot ends it."),
        ),
        (_, MessageKind::Request) => match row {
            Some((_, said)) => {
                // Behind the number of bytes BDAT may say that they are the last.
                let rest = if first.eq_ignore_ascii_case("BDAT") { rest.split(' ').next().unwrap_or(rest) } else { rest };
                let put = |words: &str, n: usize| words.replace("{}", &cut(rest, n)).trim().to_owned();
                let large = shrink(|n| say(&who, &put(said.ja, n), &put(said.en, n)));
                (large, Text::new("命令は 1 行の文字で送る。", "A command is one line of text."))
            }
            None => (as_said(), Text::default()),
        },
        (_, MessageKind::Response) => (as_said(), meaning(m.proto, first)),
        _ => (as_said(), Text::default()),
    };
    let tag = if m.dir == Dir::ToServer { format!("{name} {title}") } else { format!("{name} {}", cut(&title, 24)) };
    Found { large, tag, second, ..Found::default() }
}

/// What the first word of a reply says, whatever the words behind it.
fn meaning(proto: &str, first: &str) -> Text {
    let (ja, en) = match (proto, first.chars().next()) {
        ("pop", Some('+')) => ("+OK は「よし」。", "+OK means yes."),
        ("pop", Some('-')) => ("-ERR は「だめ」。", "-ERR means no."),
        (_, Some('1')) => ("1 で始まる番号は「始めたよ」。終わったら、もう一度返事がある。", "A number that begins with 1 says: it has begun. Another reply follows at the end."),
        (_, Some('2')) => ("2 で始まる番号は「できたよ」。", "A number that begins with 2 says: done."),
        (_, Some('3')) => ("3 で始まる番号は「続きをどうぞ」。", "A number that begins with 3 says: go on."),
        (_, Some('4')) => ("4 で始まる番号は「今はだめ」。あとでやり直せる。", "A number that begins with 4 says: not now. It may be tried again later."),
        (_, Some('5')) => ("5 で始まる番号は「だめ」。", "A number that begins with 5 says: no."),
        _ => ("", ""),
    };
    Text::new(ja, en)
}
