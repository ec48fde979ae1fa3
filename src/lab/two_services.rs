//! One host, two servers: a web server (port 80) and a mail server (SMTP on 25, POP3 on 110). The port number decides who gets the data.

use super::ctx::{Ctx, both, could_not, in_time};
use super::lines::Lines;
use super::socket::{Listener, Stream};
use super::Exchange;
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::net::SocketAddr;
use tokio::sync::oneshot;

const WEB: u64 = 80;
const SMTP: u64 = 25;
const POP3: u64 = 110;
/// The host's programs, by number.
const WEB_SERVER: u8 = 0;
const MAIL_SERVER: u8 = 1;
const BROWSER: u8 = 0;
const MAILER: u8 = 1;
const PAGE: &str = "<!DOCTYPE html><title>Osaka</title><h1>Hello from port 80</h1>\n";
/// Header lines that the web server reads at most, and lines of a mail.
const MANY: usize = 200;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "two-services",
    badge: "PORT",
    title: words("1 台に 2 つのサーバ", "Two services"),
    tagline: words("ポート番号が宛先を決める", "The port number decides"),
    about: words(
        "1 台の機械で、Web サーバ（ポート 80）とメールサーバ（SMTP の 25 と POP3 の 110）が同時に待っています。IP アドレスはどれも同じです。\
         届いたデータをどのプログラムに渡すかは、TCP ヘッダの宛先ポート番号だけで決まります。ブラウザはページを読み、メールソフトは SMTP でメールを送り、POP3 で受け取ります。\
         SMTP と POP3 ではサーバが先に話すことにも注目してください。",
        "On one machine a web server (port 80) and a mail server (SMTP on 25, POP3 on 110) wait at the same time. Their IP address is the \
         same. Only the destination port in the TCP header decides which program gets the data. A browser reads a page; a mail program sends \
         a mail by SMTP and fetches it by POP3. See, too, that with SMTP and POP3 the server speaks first.",
    ),
    params: &[
        Param {
            name: "text",
            label: words("メールの本文", "Mail text"),
            note: words("SMTP で送り、POP3 で受け取る文です。", "Sent by SMTP and fetched by POP3."),
            kind: ParamKind::Text { default: "お昼はたこ焼きにしましょう。", max_bytes: 800 },
        },
        Param {
            name: "browser",
            label: words("ブラウザの行き先", "The browser goes to"),
            note: words(
                "間違ったポートに行くと、別のプログラムが出てきて話が通じません。",
                "At the wrong port another program answers, and they do not understand each other.",
            ),
            kind: ParamKind::Choice {
                options: &[
                    ("web", words("ポート 80（Web サーバ）", "port 80 (web server)")),
                    ("mail", words("ポート 25（メールサーバ）", "port 25 (mail server)")),
                ],
            },
        },
    ],
};

pub struct TwoServices;

impl Exchange for TwoServices {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (web, at_web) = ctx.listen_as(WEB_SERVER, WEB)?;
            let (smtp, at_smtp) = ctx.listen_as(MAIL_SERVER, SMTP)?;
            let (pop3, at_pop3) = ctx.listen_as(MAIL_SERVER, POP3)?;
            ctx.started(&[at_web, at_smtp, at_pop3]);
            let lost = ctx.params.text("browser") == "mail";
            let (post, mailbox) = oneshot::channel();
            let servers = async move {
                let web = async { if lost { Ok(()) } else { serve_web(web).await } };
                tokio::try_join!(web, serve_smtp(smtp, lost, post), serve_pop3(pop3, mailbox)).map(drop)
            };
            let clients = async move {
                if lost {
                    in_time(browse_mail(&ctx, at_smtp)).await?;
                } else {
                    in_time(browse(&ctx, at_web)).await?;
                }
                in_time(send_mail(&ctx, at_smtp)).await?;
                in_time(fetch_mail(&ctx, at_pop3)).await
            };
            both(servers, clients).await
        })
    }
}

async fn accept(listener: &mut Listener) -> Result<Lines, Text> {
    listener.accept().await.map(Lines::new).map_err(could_not("サーバの accept", "The server's accept"))
}

async fn connect(ctx: &Ctx, program: u8, to: SocketAddr) -> Result<Lines, Text> {
    let stream = Stream::connect(ctx.program(Host::Client, program), to).await;
    stream.map(Lines::new).map_err(could_not("接続", "The connection"))
}

async fn serve_web(mut listener: Listener) -> Result<(), Text> {
    let mut talk = accept(&mut listener).await?;
    for _ in 0..MANY {
        if talk.expect().await?.is_empty() {
            break;
        }
    }
    let length = PAGE.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    talk.send(format!("{head}{PAGE}").as_bytes()).await
}

/// The mail server's door for sending (RFC 5321). `lost`: a browser comes first.
async fn serve_smtp(mut listener: Listener, lost: bool, post: oneshot::Sender<Vec<String>>) -> Result<(), Text> {
    if lost {
        let mut talk = accept(&mut listener).await?;
        talk.say("220 mail.example.com ESMTP").await?;
        talk.expect().await?;
        talk.say("502 5.5.1 Command not implemented").await?;
        talk.say("221 2.0.0 This is a mail server, bye").await?;
    }
    let mut talk = accept(&mut listener).await?;
    let mut mail = Vec::new();
    talk.say("220 mail.example.com ESMTP").await?;
    while let Some(line) = talk.next().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => talk.send(b"250-mail.example.com\r\n250 8BITMIME\r\n").await?,
            "MAIL" | "RCPT" => talk.say("250 2.1.0 OK").await?,
            "DATA" => {
                talk.say("354 End data with <CR><LF>.<CR><LF>").await?;
                loop {
                    let line = talk.expect().await?;
                    if line == "." || mail.len() >= MANY {
                        break;
                    }
                    // A dot at the start was doubled, so that it is not taken for the end (RFC 5321, 4.5.2).
                    mail.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
                }
                talk.say("250 2.0.0 OK: queued").await?;
            }
            "QUIT" => {
                talk.say("221 2.0.0 Bye").await?;
                break;
            }
            _ => talk.say("502 5.5.1 Command not implemented").await?,
        }
    }
    let _ = post.send(mail);
    Ok(())
}

/// The mail server's door for fetching (RFC 1939).
async fn serve_pop3(mut listener: Listener, mailbox: oneshot::Receiver<Vec<String>>) -> Result<(), Text> {
    let mut talk = accept(&mut listener).await?;
    let mail = mailbox.await.unwrap_or_default();
    let octets: usize = mail.iter().map(|line| line.len() + 2).sum();
    talk.say("+OK mail.example.com ready").await?;
    while let Some(line) = talk.next().await? {
        let verb = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "USER" | "PASS" | "DELE" => talk.say("+OK").await?,
            "STAT" => talk.say(&format!("+OK 1 {octets}")).await?,
            "RETR" => talk.send(dotted(&format!("+OK {octets} octets"), &mail).as_bytes()).await?,
            "QUIT" => return talk.say("+OK bye").await,
            _ => talk.say("-ERR unknown command").await?,
        }
    }
    Ok(())
}

/// A first line (which may be missing), lines with dots doubled where they begin with one, and the end.
fn dotted(first: &str, lines: &[String]) -> String {
    let mut out = String::new();
    if !first.is_empty() {
        out = format!("{first}\r\n");
    }
    for line in lines {
        let dot = if line.starts_with('.') { "." } else { "" };
        out.push_str(&format!("{dot}{line}\r\n"));
    }
    out + ".\r\n"
}

async fn browse(ctx: &Ctx, web: SocketAddr) -> Result<(), Text> {
    let mut talk = connect(ctx, BROWSER, web).await?;
    talk.send(request(web).as_bytes()).await?;
    let page = talk.rest().await?;
    let (port, bytes) = (web.port(), page.len());
    if !page.ends_with(PAGE.as_bytes()) {
        return Err(Text::new("思っていたのと違うページです。", "That is not the page that was expected."));
    }
    ctx.note(Text::new(
        format!("ポート {port}：Web サーバがページを返しました（{bytes} バイト）。"),
        format!("Port {port}: the web server sent the page ({bytes} bytes)."),
    ));
    Ok(())
}

fn request(at: SocketAddr) -> String {
    let host = if u64::from(at.port()) == WEB { at.ip().to_string() } else { at.to_string() };
    format!("GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: osiscope-lab/1\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
}

/// The browser at the wrong door: it speaks HTTP, and what answers is no HTTP.
async fn browse_mail(ctx: &Ctx, smtp: SocketAddr) -> Result<(), Text> {
    let mut talk = connect(ctx, BROWSER, smtp).await?;
    talk.send(request(smtp).as_bytes()).await?;
    let first = talk.expect().await?;
    let port = smtp.port();
    ctx.note(Text::new(
        format!("ポート {port} に HTTP で話しかけると「{first}」。出てきたのはメールサーバです。接続はできても、言葉が通じません。"),
        format!("Spoken to in HTTP, port {port} says “{first}”: it is the mail server. They are connected, but they do not understand each other."),
    ));
    talk.rest().await.map(drop)
}

/// Sends a line and takes the answer, which must begin so. Several lines of one answer have a `-` behind the number.
async fn ask(talk: &mut Lines, line: &str, wanted: &str) -> Result<String, Text> {
    if !line.is_empty() {
        talk.say(line).await?;
    }
    answer(talk, wanted).await
}

async fn answer(talk: &mut Lines, wanted: &str) -> Result<String, Text> {
    loop {
        let answer = talk.expect().await?;
        if !answer.starts_with(wanted) {
            return Err(Text::new(format!("思っていたのと違う返事です：{answer}"), format!("That answer was not expected: {answer}")));
        }
        if answer.as_bytes().get(3) != Some(&b'-') {
            return Ok(answer);
        }
    }
}

fn mail(text: &str) -> Vec<String> {
    let head = [
        "From: Taro <taro@example.com>",
        "To: Hanako <hanako@example.com>",
        "Subject: Lunch",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
    ];
    head.into_iter().chain(text.lines()).map(str::to_owned).collect()
}

async fn send_mail(ctx: &Ctx, smtp: SocketAddr) -> Result<(), Text> {
    let mut talk = connect(ctx, MAILER, smtp).await?;
    ask(&mut talk, "", "220").await?;
    ask(&mut talk, "EHLO taro-pc.example.com", "250").await?;
    ask(&mut talk, "MAIL FROM:<taro@example.com> BODY=8BITMIME", "250").await?;
    ask(&mut talk, "RCPT TO:<hanako@example.com>", "250").await?;
    ask(&mut talk, "DATA", "354").await?;
    talk.send(dotted("", &mail(ctx.params.text("text"))).as_bytes()).await?;
    answer(&mut talk, "250").await?;
    ask(&mut talk, "QUIT", "221").await?;
    talk.rest().await?;
    let port = smtp.port();
    ctx.note(Text::new(
        format!("ポート {port}：メールサーバが SMTP でメールを預かりました。"),
        format!("Port {port}: the mail server took the mail by SMTP."),
    ));
    Ok(())
}

async fn fetch_mail(ctx: &Ctx, pop3: SocketAddr) -> Result<(), Text> {
    let mut talk = connect(ctx, MAILER, pop3).await?;
    for (line, wanted) in [("", "+OK"), ("USER hanako", "+OK"), ("PASS takoyaki", "+OK"), ("STAT", "+OK 1"), ("RETR 1", "+OK")] {
        ask(&mut talk, line, wanted).await?;
    }
    let mut got = Vec::new();
    loop {
        let line = talk.expect().await?;
        if line == "." || got.len() >= MANY {
            break;
        }
        got.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
    }
    ask(&mut talk, "DELE 1", "+OK").await?;
    ask(&mut talk, "QUIT", "+OK").await?;
    talk.rest().await?;
    if got != mail(ctx.params.text("text")) {
        return Err(Text::new("送ったメールと違うものが届きました。", "The mail that was fetched is not the one that was sent."));
    }
    let port = pop3.port();
    ctx.note(Text::new(
        format!("ポート {port}：同じメールサーバから POP3 で受け取りました。パスワードもそのまま見えることに注意してください。"),
        format!("Port {port}: fetched from the same mail server by POP3. Note that the password is there for all to read."),
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_begins_with_a_dot_is_not_taken_for_the_end() {
        assert_eq!(dotted("", &[".".into(), "a".into()]), "..\r\na\r\n.\r\n");
        assert_eq!(dotted("+OK", &[]), "+OK\r\n.\r\n");
    }
}
