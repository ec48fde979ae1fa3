//! The server of the REST exchange: users, and a list of cars in pages.

use crate::lab::record::Recorder;
use crate::lab::web::form::field;
use crate::lab::web::reply::{self, Reply};
use crate::lab::web::server::{Handler, handled, line, logged};
use crate::lab::web::session::{Sessions, give};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, LOCATION, SET_COOKIE};
use hyper::http::request::Parts;
use hyper::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the server takes of a request's body at most.
const MAX_BODY: usize = 64 * 1024;
const CARS: [&str; 9] = ["Fit", "Swift", "Roomy", "Aqua", "Note", "Yaris", "Impreza", "Mazda2", "Jimny"];
const PER_PAGE: usize = 3;
const PAGES: usize = CARS.len() / PER_PAGE;

/// All that the server remembers.
struct Store {
    users: Mutex<Users>,
    /// The page that each client of the one-URL site is on.
    pages: Sessions<usize>,
}

struct Users {
    by_id: BTreeMap<u64, Value>,
    next: u64,
}

impl Users {
    fn new() -> Self {
        let users = [("大阪 太郎", "Osaka"), ("京都 次郎", "Kyoto")];
        let by_id: BTreeMap<_, _> = (1..).zip(users.map(|(name, city)| json!({"name": name, "city": city}))).collect();
        Self { next: by_id.len() as u64 + 1, by_id }
    }
}

pub fn handler(recorder: Recorder) -> Handler {
    let store = Arc::new(Store { users: Mutex::new(Users::new()), pages: Sessions::default() });
    Arc::new(move |request| {
        let (recorder, store) = (recorder.clone(), store.clone());
        Box::pin(async move {
            let line = line(&request);
            logged(&recorder, &line, handled(&recorder, &line, answer(&store, request))).await
        })
    })
}

async fn answer(store: &Store, request: Request<Incoming>) -> Reply {
    let (head, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return reply::problem(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
    };
    let body = body.to_bytes();
    let path: Vec<_> = head.uri.path().split('/').skip(1).collect();
    match path.as_slice() {
        ["users"] => users(store, &head, &body),
        ["users", id] => user(store, &head, id, &body),
        ["carlist", "page", n] => match (n.parse(), &head.method) {
            (Ok(n @ 1..=PAGES), &Method::GET) => reply::json(StatusCode::OK, &page(n)),
            (Ok(1..=PAGES), _) => not_allowed("GET"),
            _ => nothing(&head),
        },
        ["carlist"] => in_session(store, &head, &body),
        _ => nothing(&head),
    }
}

fn nothing(head: &Parts) -> Reply {
    reply::problem(StatusCode::NOT_FOUND, &format!("there is nothing at {}", head.uri.path()))
}

/// The thing is there, but not for this method (RFC 9110, 15.5.6).
fn not_allowed(allowed: &'static str) -> Reply {
    reply::with(reply::problem(StatusCode::METHOD_NOT_ALLOWED, &format!("allowed: {allowed}")), ALLOW, allowed)
}

fn no_user() -> Reply {
    reply::problem(StatusCode::BAD_REQUEST, "the body must be a JSON object with a name")
}

/// A user as a client describes one.
fn described(body: &[u8]) -> Option<Value> {
    serde_json::from_slice::<Value>(body).ok().filter(|v| v.get("name").is_some_and(Value::is_string))
}

fn with_id(id: u64, user: &Value) -> Value {
    json!({"id": id, "name": user.get("name"), "city": user.get("city")})
}

/// The collection: read it, or make one more.
fn users(store: &Store, head: &Parts, body: &[u8]) -> Reply {
    let mut users = store.users.lock().unwrap_or_else(PoisonError::into_inner);
    match head.method {
        Method::GET => {
            let all: Vec<_> = users.by_id.iter().map(|(id, user)| with_id(*id, user)).collect();
            reply::json(StatusCode::OK, &json!(all))
        }
        Method::POST => {
            let Some(user) = described(body) else { return no_user() };
            let id = users.next;
            users.next += 1;
            let made = reply::json(StatusCode::CREATED, &with_id(id, &user));
            users.by_id.insert(id, user);
            reply::with(made, LOCATION, &format!("/users/{id}"))
        }
        _ => not_allowed("GET, POST"),
    }
}

/// One user: read, replace, remove.
fn user(store: &Store, head: &Parts, id: &str, body: &[u8]) -> Reply {
    let mut users = store.users.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(id) = id.parse().ok().filter(|id| users.by_id.contains_key(id)) else { return nothing(head) };
    match head.method {
        Method::GET => reply::json(StatusCode::OK, &with_id(id, users.by_id.get(&id).unwrap_or(&Value::Null))),
        Method::PUT => match described(body) {
            Some(user) => {
                let now = reply::json(StatusCode::OK, &with_id(id, &user));
                users.by_id.insert(id, user);
                now
            }
            None => no_user(),
        },
        Method::DELETE => {
            users.by_id.remove(&id);
            reply::empty(StatusCode::NO_CONTENT)
        }
        _ => not_allowed("GET, PUT, DELETE"),
    }
}

fn page(n: usize) -> Value {
    let cars = CARS.chunks(PER_PAGE).nth(n.saturating_sub(1)).unwrap_or_default();
    json!({"page": n, "of": PAGES, "cars": cars})
}

/// The site with one URL: which page it shows stands in the session, and only there.
fn in_session(store: &Store, head: &Parts, body: &[u8]) -> Reply {
    let known = store.pages.of(&head.headers);
    let new = match &known {
        Some(_) => None,
        None => match store.pages.begin(1) {
            Ok(id) => Some(id),
            Err(_) => return reply::problem(StatusCode::INTERNAL_SERVER_ERROR, "no session can be begun"),
        },
    };
    let id = known.or_else(|| new.clone()).unwrap_or_default();
    let step = match head.method {
        Method::GET => 0,
        Method::POST => match field(body, "go").as_deref() {
            Some("next") => 1,
            Some("previous") => -1,
            _ => return reply::problem(StatusCode::BAD_REQUEST, "go must be next or previous"),
        },
        _ => return not_allowed("GET, POST"),
    };
    let n = store.pages.with(&id, |n| {
        *n = n.saturating_add_signed(step).clamp(1, PAGES);
        *n
    });
    let shown = reply::json(StatusCode::OK, &page(n.unwrap_or(1)));
    match new {
        Some(id) => reply::with(shown, SET_COOKIE, &give(&id)),
        None => shown,
    }
}
