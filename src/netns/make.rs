//! Makes the name spaces, step by step.

use super::error::{NetnsError, Step};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};
use rustix::process::{DumpableBehavior, getegid, geteuid, set_dumpable_behavior};
use rustix::thread::{UnshareFlags, unshare_unsafe};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::fd::AsRawFd;

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// User and network name space: no right was needed.
    UserAndNet,
    /// User name spaces are refused here, but the process is root: a network name space alone.
    NetOnly,
}

/// Moves this process into a network of its own whose `lo` is up, where it is root over that network.
///
/// The process must have one thread (else EINVAL): the kernel moves one thread only, and a process whose threads live in
/// different user name spaces is not allowed.
pub fn make() -> Result<Made, NetnsError> {
    // Read before: inside the new user name space everybody is "nobody" until the maps are written.
    let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
    let made = match leave(UnshareFlags::NEWUSER | UnshareFlags::NEWNET) {
        Ok(()) => Made::UserAndNet,
        Err(refused) if uid == 0 => match leave(UnshareFlags::NEWNET) {
            Ok(()) => Made::NetOnly,
            Err(_) => return Err(at(Step::Unshare)(refused)),
        },
        Err(refused) => return Err(at(Step::Unshare)(refused)),
    };
    if made == Made::UserAndNet {
        // A program file with capabilities or without read permission makes /proc/self belong to real root; this cures it.
        // If it is refused the writes below tell why.
        let _ = set_dumpable_behavior(DumpableBehavior::Dumpable);
        // Without "deny" an ordinary user may not write gid_map (user_namespaces(7)).
        write("/proc/self/setgroups", "deny", Step::Setgroups)?;
        // Own user id ↔ root: only root keeps the name space's capabilities when it starts the capture process.
        write("/proc/self/uid_map", &format!("0 {uid} 1"), Step::UidMap)?;
        write("/proc/self/gid_map", &format!("0 {gid} 1"), Step::GidMap)?;
    }
    loopback_up().map_err(at(Step::LoopbackUp))?;
    for_programs();
    Ok(made)
}

/// What an ordinary user's programs may do in here: listen on every port, and ping. Where the settings cannot be written (a
/// container may forbid it) they need root's rights over the name space for that.
fn for_programs() {
    for (name, value) in [(PORT_START, "0"), ("/proc/sys/net/ipv4/ping_group_range", "0 0")] {
        let _ = OpenOptions::new().write(true).open(name).and_then(|mut file| file.write_all(value.as_bytes()));
    }
}

/// The first port that needs no right, of the network name space of whoever opens it.
pub(super) const PORT_START: &str = "/proc/sys/net/ipv4/ip_unprivileged_port_start";

/// Can a packet socket be opened here? The one proof that a capture will work.
pub fn packet_socket() -> Result<(), Errno> {
    socket_with(AddressFamily::PACKET, SocketType::DGRAM, SocketFlags::CLOEXEC, None).map(drop)
}

fn at(step: Step) -> impl Fn(Errno) -> NetnsError {
    move |errno| NetnsError { step, errno: errno.raw_os_error() }
}

#[allow(unsafe_code)]
pub(super) fn leave(flags: UnshareFlags) -> Result<(), Errno> {
    // SAFETY: the function is unsafe because of CLONE_FILES, which would part the threads' tables of descriptors. Neither
    // caller passes it.
    unsafe { unshare_unsafe(flags) }
}

/// One write, as the kernel demands for these files; an error of opening counts as one of the step.
pub(super) fn write(path: &str, text: &str, step: Step) -> Result<(), NetnsError> {
    let done = OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    done.map_err(|e| NetnsError { step, errno: e.raw_os_error().unwrap_or(libc::EIO) })
}

/// Sets IFF_UP on `lo` (netdevice(7)); the kernel gives it 127.0.0.1/8 and ::1 by itself.
#[allow(unsafe_code)]
fn loopback_up() -> Result<(), Errno> {
    let socket = socket_with(AddressFamily::INET, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
    // SAFETY: `ifreq` is plain old data for which all zeroes is a valid value.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = *from as libc::c_char;
    }
    // SAFETY: SIOCGIFFLAGS reads the NUL-terminated name and writes `ifr_flags`, both inside `request`, which outlives the call.
    if unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCGIFFLAGS as _, &raw mut request) } != 0 {
        return Err(last_error());
    }
    // SAFETY: the call above has just written this member of the union.
    unsafe { request.ifr_ifru.ifru_flags |= libc::IFF_UP as libc::c_short };
    // SAFETY: SIOCSIFFLAGS only reads `request`.
    if unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &raw mut request) } != 0 {
        return Err(last_error());
    }
    Ok(())
}

fn last_error() -> Errno {
    Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO)
}
