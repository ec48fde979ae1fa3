//! Asks the kernel what state its sockets are in (`sock_diag(7)`): no right is needed for one's own name space.
//!
//! In: knocks, one a recorded call, and the passing of time. Out: [`Sockets`] whenever something has changed. It asks from a thread of its own, a
//! moment after each call, so that no call is made slower by it; what lasts shorter than that moment is not seen, and
//! nothing is made up for it.

use super::record::now;
use crate::trace::kernel::{Kind, KernelSocket, Sockets, TcpInfo, Timer};
use rustix::fd::OwnedFd;
use rustix::net::netlink::{SOCK_DIAG, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

/// Without a knock it asks this often: a dump takes about 0.3 ms.
const EVERY: Duration = Duration::from_millis(10);
/// Sockets of one answer at most: a lab run has dozens.
const MAX_SOCKETS: usize = 4096;

// linux/netlink.h, linux/sock_diag.h, linux/inet_diag.h
const HEADER: usize = 16;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const REQUEST_DUMP: u16 = 0x301;
const DONE: u16 = 3;
const ERROR: u16 = 2;
const DIAG_MSG: usize = 72;
const DIAG_INFO: u16 = 2;

/// Tells the asking thread that something has happened.
#[derive(Clone)]
pub struct Knock(SyncSender<()>);

impl Knock {
    /// Never waits; one knock that is not heard yet is as good as many.
    pub fn knock(&self) {
        match self.0.try_send(()) {
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }
}

/// The pair of a knocker and its door.
pub fn door() -> (Knock, Receiver<()>) {
    let (to, from) = sync_channel(1);
    (Knock(to), from)
}

/// Asks until every knocker is gone, and gives what changed to `take`. Ends at once where the kernel does not answer.
pub fn watch(door: &Receiver<()>, take: impl Fn(Sockets)) -> io::Result<()> {
    let mut kernel = Kernel::open()?;
    let mut last = Sockets::default();
    loop {
        let over = match door.recv_timeout(EVERY) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => false,
            Err(RecvTimeoutError::Disconnected) => true,
        };
        let seen = kernel.sockets()?;
        let same = seen.list.len() == last.list.len() && seen.list.iter().zip(&last.list).all(|(a, b)| a.alike(b));
        if !same {
            last = seen.clone();
            take(seen);
        }
        if over {
            return Ok(());
        }
    }
}

/// A netlink socket to the kernel's socket tables, of the name space it was opened in.
pub struct Kernel {
    socket: OwnedFd,
    buffer: Vec<u8>,
    turn: u32,
}

impl Kernel {
    pub fn open() -> io::Result<Self> {
        let socket = socket_with(AddressFamily::NETLINK, SocketType::DGRAM, SocketFlags::CLOEXEC, Some(SOCK_DIAG))?;
        Ok(Self { socket, buffer: vec![0; 64 * 1024], turn: 0 })
    }

    /// Every TCP and UDP socket now, in an order that does not depend on the kernel's tables.
    pub fn sockets(&mut self) -> io::Result<Sockets> {
        let mut out = Sockets { at: now(), list: Vec::new() };
        for family in [libc::AF_INET, libc::AF_INET6] {
            for (protocol, kind) in [(libc::IPPROTO_TCP, Kind::Tcp), (libc::IPPROTO_UDP, Kind::Udp)] {
                self.dump(family as u8, protocol as u8, kind, &mut out.list)?;
            }
        }
        out.list.sort_by_key(|s| (s.kind == Kind::Udp, !s.is_listening(), s.local, s.peer));
        Ok(out)
    }

    fn dump(&mut self, family: u8, protocol: u8, kind: Kind, out: &mut Vec<KernelSocket>) -> io::Result<()> {
        self.turn = self.turn.wrapping_add(1);
        let mut ask = Vec::with_capacity(HEADER + 56);
        ask.extend_from_slice(&(HEADER as u32 + 56).to_ne_bytes());
        ask.extend_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
        ask.extend_from_slice(&REQUEST_DUMP.to_ne_bytes());
        ask.extend_from_slice(&self.turn.to_ne_bytes());
        ask.extend_from_slice(&[0; 4]);
        ask.extend_from_slice(&[family, protocol, 1 << (DIAG_INFO - 1), 0]);
        ask.extend_from_slice(&u32::MAX.to_ne_bytes());
        ask.resize(HEADER + 56, 0);
        sendto(&self.socket, &ask, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
        loop {
            let (_, n) = recv(&self.socket, &mut self.buffer[..], RecvFlags::TRUNC)?;
            let mut rest = self.buffer.get(..n).ok_or_else(too_long)?;
            while let Some((kind_of, turn, body, after)) = message(rest) {
                rest = after;
                match kind_of {
                    _ if turn != self.turn => {}
                    DONE => return Ok(()),
                    ERROR => {
                        let code = i32_at(body, 0).unwrap_or_default();
                        // A family that this kernel does not have has no sockets.
                        return if code == -libc::ENOENT { Ok(()) } else { Err(io::Error::from_raw_os_error(-code)) };
                    }
                    _ if out.len() < MAX_SOCKETS => out.extend(socket(body, kind)),
                    _ => {}
                }
            }
        }
    }
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "an answer of the kernel was cut")
}

/// The first message: type, sequence number, body; and what follows it.
fn message(bytes: &[u8]) -> Option<(u16, u32, &[u8], &[u8])> {
    let len = u32_at(bytes, 0)? as usize;
    let (one, _) = bytes.split_at_checked(len).filter(|_| len >= HEADER)?;
    let rest = bytes.get(len.next_multiple_of(4)..).unwrap_or_default();
    Some((u16_at(one, 4)?, u32_at(one, 8)?, one.get(HEADER..)?, rest))
}

/// `struct inet_diag_msg` and its attributes.
fn socket(body: &[u8], kind: Kind) -> Option<KernelSocket> {
    let head = body.get(..DIAG_MSG)?;
    let [family, state, timer, retransmits] = *head.first_chunk()?;
    let expires = u32_at(head, 52)?;
    let timer = match timer {
        0 => None,
        1 => Some(Timer::Retransmission),
        2 => Some(Timer::KeepAlive),
        3 => Some(Timer::TimeWait),
        4 => Some(Timer::ZeroWindow),
        _ => Some(Timer::Other),
    };
    let mut info = None;
    let mut rest = body.get(DIAG_MSG..)?;
    while let (Some(len), Some(what)) = (u16_at(rest, 0), u16_at(rest, 2)) {
        let len = usize::from(len);
        let Some(value) = rest.get(4..len) else { break };
        if what == DIAG_INFO {
            info = tcp_info(value);
        }
        rest = rest.get(len.next_multiple_of(4)..).unwrap_or_default();
    }
    Some(KernelSocket {
        kind,
        state,
        local: SocketAddr::new(address(family, head.get(8..24)?)?, port(head, 4)?),
        peer: SocketAddr::new(address(family, head.get(24..40)?)?, port(head, 6)?),
        recv_q: u32_at(head, 56)?,
        send_q: u32_at(head, 60)?,
        timer: timer.map(|t| (t, expires)),
        retransmits,
        inode: u32_at(head, 68)?,
        info: info.filter(|_| kind == Kind::Tcp && state != KernelSocket::LISTEN),
    })
}

/// `struct tcp_info`: eight bytes, then numbers of four.
fn tcp_info(bytes: &[u8]) -> Option<TcpInfo> {
    let at = |n: usize| u32_at(bytes, 8 + 4 * n);
    Some(TcpInfo {
        rto: at(0)?,
        mss: at(2)?,
        unacked: at(4)?,
        lost: at(6)?,
        rtt: at(15)?,
        rttvar: at(16)?,
        ssthresh: at(17)?,
        cwnd: at(18)?,
        retransmitted: at(23)?,
    })
}

fn address(family: u8, bytes: &[u8]) -> Option<IpAddr> {
    if i32::from(family) == libc::AF_INET {
        return bytes.first_chunk::<4>().map(|b| Ipv4Addr::from(*b).into());
    }
    bytes.first_chunk::<16>().map(|b| Ipv6Addr::from(*b).into())
}

fn port(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|b| u16::from_be_bytes(*b))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|b| u16::from_ne_bytes(*b))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_ne_bytes(*b))
}

fn i32_at(bytes: &[u8], at: usize) -> Option<i32> {
    bytes.get(at..)?.first_chunk().map(|b| i32::from_ne_bytes(*b))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::io::Write;
    use std::net::{TcpListener, TcpStream, UdpSocket};

    fn find(kernel: &mut Kernel, local: SocketAddr, peer: Option<SocketAddr>) -> KernelSocket {
        let all = kernel.sockets().unwrap();
        let same = |s: &&KernelSocket| s.local == local && peer.is_none_or(|p| s.peer == p);
        all.list.iter().find(same).unwrap_or_else(|| panic!("{local} is not in {all:?}")).clone()
    }

    #[test]
    fn the_kernel_tells_listening_queued_connected_and_half_closed_sockets_apart() {
        let mut kernel = Kernel::open().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        assert_eq!((find(&mut kernel, at, None).state_name(), find(&mut kernel, at, None).recv_q), ("LISTEN", 0));

        let mut client = TcpStream::connect(at).unwrap();
        let own = client.local_addr().unwrap();
        assert_eq!(find(&mut kernel, at, Some("0.0.0.0:0".parse().unwrap())).recv_q, 1, "it waits for accept");
        let (server, _) = listener.accept().unwrap();
        client.write_all(b"hello").unwrap();
        let seen = find(&mut kernel, at, Some(own));
        assert_eq!((seen.state_name(), seen.recv_q), ("ESTABLISHED", 5), "not read yet");
        let info = seen.info.unwrap();
        assert!(info.cwnd > 0 && info.mss > 500 && info.rto >= 1000, "{info:?}");

        client.shutdown(std::net::Shutdown::Write).unwrap();
        // The kernel may take its time to confirm a FIN.
        let confirmed = (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            find(&mut kernel, own, None).state_name() == "FIN-WAIT-2"
        });
        assert!(confirmed, "{:?}", find(&mut kernel, own, None));
        assert_eq!(find(&mut kernel, at, Some(own)).state_name(), "CLOSE-WAIT");
        drop(server);

        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        assert_eq!(find(&mut kernel, udp.local_addr().unwrap(), None).state_name(), "UNCONNECTED");
    }

    #[test]
    fn what_has_not_changed_is_not_told_again_and_the_end_is() {
        let (knock, door) = door();
        let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let take = told.clone();
        let watching = std::thread::spawn(move || watch(&door, |s| take.lock().unwrap().push(s)));
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let at = udp.local_addr().unwrap();
        for _ in 0..5 {
            knock.knock();
            std::thread::sleep(Duration::from_millis(15));
        }
        drop(knock);
        watching.join().unwrap().unwrap();
        let told = told.lock().unwrap();
        assert!(told.iter().any(|s| s.list.iter().any(|k| k.local == at)));
        for pair in told.windows(2) {
            assert_ne!(pair[0].list, pair[1].list);
        }
    }

    #[test]
    fn a_cut_answer_ends_in_nothing() {
        let body = [2u8; 100];
        for len in 0..body.len() {
            let _ = socket(&body[..len], Kind::Tcp);
            let _ = message(&body[..len]);
        }
        assert_eq!(message(&[]), None);
    }
}
