//! The lab: exchanges that really run, over sockets that write down every call.
//!
//! In: a [`RunSpec`](crate::timeline::RunSpec). Out: a spool file with frames and calls, and
//! [`LabEvent`](crate::timeline::LabEvent)s. The exchanges run in a process of their own (the agent), in a network of its
//! own; nothing here may touch the machine's network unless the spec names an interface of it.
//!
//! ```text
//!   session (in the program)  ──starts──►  agent  ──starts──►  capture
//!        ▲ events: JSON lines on stdout ──┘ │  ▲ pcapng on stdout ──┘
//!        └ reads ──────── spool file ◄──────┘  └ sockets: client and server of the exchange
//! ```

pub mod agent;
pub mod carried;
pub mod cart;
pub mod chat;
pub mod ctx;
pub mod diag;
pub mod doctor;
pub mod enter;
pub mod flow_control;
pub mod free_talk;
pub mod hidden;
pub mod http;
pub mod keep_alive;
pub mod lines;
pub mod open_url;
pub mod pace;
pub mod params;
pub mod polling;
pub mod programs;
pub mod record;
pub mod refused;
pub mod reset;
pub mod rest;
pub mod running;
pub mod session;
pub mod socket;
pub mod spool;
pub mod tcp_echo;
pub mod tcp_vs_udp;
pub mod timeout;
pub mod trouble;
pub mod two_services;
pub mod udp_echo;
pub mod unix_socket;
pub mod web;
pub mod websocket;
pub mod ws;

pub use ctx::Ctx;
pub use doctor::doctor;
pub use params::Params;
pub use session::Session;

use crate::lang::Text;
use crate::timeline::ExchangeInfo;
use futures_util::future::BoxFuture;

/// Something the lab can run: one file, one row in [`TABLE`].
pub trait Exchange: Sync {
    fn info(&self) -> &'static ExchangeInfo;
    /// Runs client and server to their end. It ends by itself in bounded time; dropped earlier, it closes its sockets.
    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>>;
}

/// Every exchange, the simplest first.
pub static TABLE: &[&dyn Exchange] = &[
    &tcp_echo::TcpEcho,
    &udp_echo::UdpEcho,
    &tcp_vs_udp::TcpVsUdp,
    &two_services::TwoServices,
    &unix_socket::UnixSocket,
    &http::Http,
    &rest::Rest,
    &cart::Cart,
    &open_url::OpenUrl,
    &websocket::WebSocket,
    &chat::Chat,
    &polling::Polling,
    &refused::Refused,
    &timeout::Timeout,
    &reset::Reset,
    &flow_control::FlowControl,
    &keep_alive::KeepAlive,
    &trouble::Trouble,
    &free_talk::FreeTalk,
];

/// What each exchange is, in the order of the table.
pub fn infos() -> Vec<&'static ExchangeInfo> {
    TABLE.iter().map(|e| e.info()).collect()
}

/// The exchange of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Exchange> {
    TABLE.iter().find(|e| e.info().name == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::ParamKind;

    #[test]
    fn every_row_has_words_in_both_languages_and_defaults_that_pass_their_own_check() {
        for (i, exchange) in TABLE.iter().enumerate() {
            let info = exchange.info();
            assert!(info.badge.chars().count() <= 5, "{}", info.name);
            // One line of the list, at the window's usual size.
            assert!(info.tagline.ja.chars().count() <= 13 && info.tagline.en.len() <= 26, "{}", info.name);
            assert!(TABLE.iter().skip(i + 1).all(|other| other.info().name != info.name), "two named {}", info.name);
            let mut words = vec![info.title, info.tagline, info.about];
            for param in info.params {
                words.extend([param.label, param.note]);
                assert_eq!(param.check(&param.default_value()), Ok(()), "{} {}", info.name, param.name);
                if let ParamKind::Choice { options } = param.kind {
                    words.extend(options.iter().map(|o| o.1));
                }
            }
            for w in words {
                assert!(!w.ja.is_empty() && !w.en.is_empty() && w.en.is_ascii(), "{}: {w:?}", info.name);
            }
        }
    }
}
