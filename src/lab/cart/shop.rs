//! The server of the cart: a shop that forgets, and a shop with sessions.

use crate::lab::record::Recorder;
use crate::lab::web::form::field;
use crate::lab::web::reply::{self, Reply, escape};
use crate::lab::web::server::{Handler, handled, line, logged};
use crate::lab::web::session::{Sessions, give, take_back};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, SET_COOKIE};
use hyper::http::request::Parts;
use hyper::{Method, Request, StatusCode};
use std::sync::Arc;

/// What the server takes of a request's body at most, and of items in one cart.
const MAX_BODY: usize = 16 * 1024;
const MAX_ITEMS: usize = 100;
/// What an empty cart says, and the title of the page for whoever is not logged in.
pub const EMPTY: &str = "(empty)";
pub const LOGIN: &str = "Who are you?";

/// What the shop knows of one client.
struct Visitor {
    name: String,
    items: Vec<String>,
}

type Visitors = Sessions<Visitor>;

pub fn handler(recorder: Recorder) -> Handler {
    let visitors = Arc::new(Visitors::default());
    Arc::new(move |request| {
        let (recorder, visitors) = (recorder.clone(), visitors.clone());
        Box::pin(async move {
            let line = line(&request);
            logged(&recorder, &line, with_session(&recorder, &visitors, &line, request)).await
        })
    })
}

/// The middleware that knows who asks: it looks the cookie up before the handler, and says after it what the client is to keep.
async fn with_session(recorder: &Recorder, visitors: &Visitors, line: &str, request: Request<Incoming>) -> Reply {
    let (head, body) = request.into_parts();
    let session = visitors.of(&head.headers);
    let found = match &session {
        Some(id) => format!("sid={}... found", id.get(..8).unwrap_or_default()),
        None => "no session".to_owned(),
    };
    recorder.step(format!("middleware session: before, {found}"), async {}).await;
    let answer = async {
        match Limited::new(body, MAX_BODY).collect().await {
            Ok(body) => answer(visitors, session.as_deref(), &head, &body.to_bytes()),
            Err(_) => reply::problem(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
        }
    };
    let reply = handled(recorder, line, answer).await;
    let keep = if reply.headers().contains_key(SET_COOKIE) { "Set-Cookie" } else { "nothing new" };
    recorder.step(format!("middleware session: after, {keep}"), async {}).await;
    // A cart is one person's page: no cache on the way may keep it.
    reply::with(reply, CACHE_CONTROL, "no-store")
}

fn answer(visitors: &Visitors, session: Option<&str>, head: &Parts, body: &[u8]) -> Reply {
    let item = || field(body, "item");
    match (&head.method, head.uri.path(), session) {
        (&Method::GET, "/forgetful/cart", _) => page("Your cart", &list(&[])),
        // The cart lives as long as this answer.
        (&Method::POST, "/forgetful/cart", _) => page("Your cart", &list(&item().into_iter().collect::<Vec<_>>())),
        (&Method::GET, "/login", _) => page(LOGIN, FORM),
        (&Method::POST, "/login", _) => log_in(visitors, body),
        (_, "/cart" | "/logout", None) => reply::elsewhere(StatusCode::SEE_OTHER, "/login"),
        (&Method::GET, "/cart", Some(id)) => {
            let shown = visitors.with(id, |v| page(&title(&v.name), &list(&v.items)));
            shown.unwrap_or_else(|| reply::elsewhere(StatusCode::SEE_OTHER, "/login"))
        }
        (&Method::POST, "/cart", Some(id)) => {
            visitors.with(id, |v| v.items.extend(item().filter(|_| v.items.len() < MAX_ITEMS)));
            // By GET, so that loading the page again does not put it in twice.
            reply::elsewhere(StatusCode::SEE_OTHER, "/cart")
        }
        (&Method::POST, "/logout", Some(id)) => {
            visitors.end(id);
            reply::with(reply::elsewhere(StatusCode::SEE_OTHER, "/login"), SET_COOKIE, &take_back())
        }
        (_, path, _) => reply::problem(StatusCode::NOT_FOUND, &format!("there is nothing at {path}")),
    }
}

fn log_in(visitors: &Visitors, body: &[u8]) -> Reply {
    let name = field(body, "name").unwrap_or_default();
    match visitors.begin(Visitor { name, items: Vec::new() }) {
        Ok(id) => reply::with(reply::elsewhere(StatusCode::SEE_OTHER, "/cart"), SET_COOKIE, &give(&id)),
        Err(_) => reply::problem(StatusCode::INTERNAL_SERVER_ERROR, "no session can be begun"),
    }
}

const FORM: &str = "<form method=\"post\" action=\"/login\"><input name=\"name\"> <button>Log in</button></form>\n";

/// The title of a visitor's cart.
pub fn title(name: &str) -> String {
    format!("The cart of {}", escape(name))
}

/// One thing in a cart.
pub fn row(item: &str) -> String {
    format!("<li>{}</li>\n", escape(item))
}

/// Everything in a cart.
pub fn list(items: &[String]) -> String {
    if items.is_empty() {
        return format!("<p>{EMPTY}</p>\n");
    }
    let rows: String = items.iter().map(|i| row(i)).collect();
    format!("<ul>\n{rows}</ul>\n")
}

fn page(title: &str, body: &str) -> Reply {
    let page = format!("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n{body}");
    reply::whole(StatusCode::OK, reply::HTML, page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_visitor_writes_stays_text() {
        assert_eq!(list(&["<script>".to_owned()]), "<ul>\n<li>&lt;script&gt;</li>\n</ul>\n");
    }
}
