//! A browser without a window: it keeps a connection, follows redirects, and brings cookies back.

use super::connection::{Answer, Connection};
use super::{AGENT, host};
use crate::lab::Ctx;
use crate::lab::ctx::could_not;
use crate::lab::record::Recorder;
use crate::lang::Text;
use crate::trace::Host;
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ACCEPT, CONNECTION, CONTENT_TYPE, COOKIE, HOST, HeaderName, LOCATION, SET_COOKIE, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// How many redirects a browser follows before it says that they go in a circle.
const REDIRECTS: u32 = 5;

/// One request, to be sent by a [`Browser`].
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: Method,
    pub target: String,
    /// Its type and its bytes.
    pub body: Option<(&'static str, String)>,
    pub headers: Vec<(HeaderName, String)>,
}

impl Ask {
    pub fn new(method: Method, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), body: None, headers: Vec::new() }
    }

    pub fn get(target: impl Into<String>) -> Self {
        Self::new(Method::GET, target)
    }

    pub fn body(mut self, kind: &'static str, body: impl Into<String>) -> Self {
        self.body = Some((kind, body.into()));
        self
    }

    pub fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

pub struct Browser {
    ctx: Ctx,
    recorder: Recorder,
    server: SocketAddr,
    /// The `Host` header.
    host: String,
    /// Ends every connection after one answer.
    one_shot: bool,
    jar: BTreeMap<String, String>,
    connection: Option<Connection>,
    /// It has asked before: then a pause comes first.
    asked: bool,
}

impl Browser {
    /// The browser of the client's program with this number.
    pub fn new(ctx: &Ctx, program: u8, server: SocketAddr) -> Self {
        Self {
            ctx: ctx.clone(),
            recorder: ctx.program(Host::Client, program),
            server,
            host: host(server),
            one_shot: false,
            jar: BTreeMap::new(),
            connection: None,
            asked: false,
        }
    }

    /// One that asks for the end of the connection with every request.
    pub fn one_shot(mut self, yes: bool) -> Self {
        self.one_shot = yes;
        self
    }

    /// "client 2: " where there are several.
    fn who(&self) -> Text {
        match self.recorder.program {
            0 => Text::default(),
            n => Text::new(format!("クライアント {}：", u32::from(n) + 1), format!("client {}: ", u32::from(n) + 1)),
        }
    }

    /// Sends one request, says what came of it, keeps the cookies that came with it.
    pub async fn ask(&mut self, ask: &Ask) -> Result<Answer, Text> {
        let pause = Duration::from_millis(self.ctx.params.number("pause"));
        if self.asked && !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        self.asked = true;
        let request = self.request(ask)?;
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.recorder.clone(), self.server).await?,
        };
        let answer = connection.ask(request).await?;
        self.tell(ask, &answer);
        self.keep_cookies(&answer);
        if answer.closes() || self.one_shot {
            connection.close().await?;
        } else {
            self.connection = Some(connection);
        }
        Ok(answer)
    }

    /// The same, and goes where redirects lead (RFC 9110, 15.4): after 303, and as browsers do also after 301 and 302, by GET.
    pub async fn follow(&mut self, ask: &Ask) -> Result<Answer, Text> {
        let mut answer = self.ask(ask).await?;
        for _ in 0..REDIRECTS {
            let Some(to) = answer.header(LOCATION).filter(|_| answer.status.is_redirection()).map(str::to_owned) else {
                return Ok(answer);
            };
            let same = matches!(answer.status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            let next = if same { Ask { target: to, ..ask.clone() } } else { Ask::get(to) };
            answer = self.ask(&next).await?;
        }
        Err(Text::new(
            format!("リダイレクトが {REDIRECTS} 回を超えました。"),
            format!("More than {REDIRECTS} redirects in a row."),
        ))
    }

    fn request(&self, ask: &Ask) -> Result<Request<Full<Bytes>>, Text> {
        let mut builder = Request::builder()
            .method(&ask.method)
            .uri(&ask.target)
            .header(HOST, &self.host)
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, "*/*");
        if !self.jar.is_empty() {
            let cookies: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            builder = builder.header(COOKIE, cookies.join("; "));
        }
        if self.one_shot {
            builder = builder.header(CONNECTION, "close");
        }
        for (name, value) in &ask.headers {
            builder = builder.header(name, value);
        }
        let body = ask.body.as_ref().map(|(kind, body)| {
            builder.headers_mut().map(|h| h.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind)));
            Bytes::from(body.clone())
        });
        builder.body(Full::new(body.unwrap_or_default())).map_err(could_not("リクエストの組み立て", "Making the request"))
    }

    /// `GET /cart → 303 See Other, 0 B`, with what makes this answer special.
    fn tell(&self, ask: &Ask, answer: &Answer) {
        let mut line = format!("{} {} → {}, {} B", ask.method, ask.target, answer.status, answer.body.len());
        if let Some(to) = answer.header(LOCATION) {
            line.push_str(&format!(", Location: {to}"));
        }
        if let Some(cookie) = answer.header(SET_COOKIE) {
            line.push_str(&format!(", Set-Cookie: {}", shortened(cookie)));
        }
        let who = self.who();
        self.ctx.note(Text::new(format!("{}{line}", who.ja), format!("{}{line}", who.en)));
    }

    /// Keeps what `Set-Cookie` asks to keep, and forgets what it lets expire (RFC 6265, 5.2).
    fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all(SET_COOKIE).iter().filter_map(|v| v.to_str().ok()) {
            let mut parts = cookie.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            if parts.any(|attribute| attribute.eq_ignore_ascii_case("Max-Age=0")) {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The value of a cookie it has.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.get(name).map(String::as_str)
    }

    /// Closes its connection, if it has one.
    pub async fn close(mut self) -> Result<(), Text> {
        match self.connection.take() {
            Some(connection) => connection.close().await,
            None => Ok(()),
        }
    }
}

/// A cookie with the first characters of its value: enough to tell two apart.
fn shortened(cookie: &str) -> String {
    let pair = cookie.split(';').next().unwrap_or_default();
    match pair.split_once('=') {
        Some((name, value)) if value.chars().count() > 8 => format!("{name}={}…", value.chars().take(8).collect::<String>()),
        _ => pair.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_cookie_is_told_by_its_beginning() {
        assert_eq!(shortened("sid=0123456789abcdef; Path=/"), "sid=01234567…");
        assert_eq!(shortened("sid=; Max-Age=0"), "sid=");
    }
}
