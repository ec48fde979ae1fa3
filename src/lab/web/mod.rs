//! What the exchanges over HTTP have in common: a server and a connection by hyper, a browser with its cookies.
//!
//! In: the lab's own streams, so that every call is written down. Out: requests and answers. What is sent is what a web
//! server and a browser would send; only the picture on the screen is missing.

pub mod browser;
pub mod connection;
pub mod form;
pub mod reply;
pub mod server;
pub mod session;

pub use browser::Browser;
pub use connection::{Answer, Connection};
pub use reply::Reply;

use std::net::SocketAddr;

/// What the client calls itself.
pub const AGENT: &str = "osiscope-lab/1";

/// The `Host` header for a server that is known by its address. The default port is left out (RFC 9110, 4.2.3).
pub fn host(server: SocketAddr) -> String {
    if server.port() == 80 { server.ip().to_string() } else { server.to_string() }
}
