//! The server's table of sessions: what it knows of each client, found again by the id in the client's cookie.

use hyper::HeaderMap;
use hyper::header::COOKIE;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The cookie's name.
pub const SID: &str = "sid";

pub struct Sessions<T>(Mutex<HashMap<String, T>>);

impl<T> Default for Sessions<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Sessions<T> {
    fn table(&self) -> MutexGuard<'_, HashMap<String, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session and gives its id: whoever has it is this client, so nobody may be able to guess it.
    pub fn begin(&self, value: T) -> io::Result<String> {
        let mut random = [0; 16];
        File::open("/dev/urandom")?.read_exact(&mut random)?;
        let id: String = random.iter().map(|b| format!("{b:02x}")).collect();
        self.table().insert(id.clone(), value);
        Ok(id)
    }

    /// Reads or changes what is known of a client. `None`: there is no such session.
    pub fn with<R>(&self, id: &str, act: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.table().get_mut(id).map(act)
    }

    pub fn end(&self, id: &str) {
        self.table().remove(id);
    }

    /// The id that a request brings, if the table has it.
    pub fn of(&self, headers: &HeaderMap) -> Option<String> {
        let id = cookie(headers, SID)?;
        self.table().contains_key(&id).then_some(id)
    }
}

/// The value of a cookie in a request (RFC 6265, 5.4).
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
}

/// The value of `Set-Cookie` that gives a client its id. `HttpOnly` hides it from scripts, `SameSite` from other sites' pages.
pub fn give(id: &str) -> String {
    format!("{SID}={id}; Path=/; HttpOnly; SameSite=Lax")
}

/// The one that takes it back.
pub fn take_back() -> String {
    format!("{SID}=; Path=/; Max-Age=0")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_session_is_found_by_its_cookie_and_by_no_other() {
        let sessions = Sessions::default();
        let (a, b) = (sessions.begin(1).unwrap(), sessions.begin(2).unwrap());
        assert_ne!(a, b);
        let asking = |line: &str| HeaderMap::from_iter([(COOKIE, line.parse().unwrap())]);
        assert_eq!(sessions.of(&asking(&format!("theme=dark; sid={a}"))), Some(a.clone()));
        assert_eq!(sessions.of(&asking("sid=0000")), None);
        assert_eq!(sessions.of(&HeaderMap::new()), None);
        assert_eq!(sessions.with(&b, |n| *n), Some(2));
        sessions.end(&a);
        assert_eq!(sessions.of(&asking(&format!("sid={a}"))), None);
    }
}
