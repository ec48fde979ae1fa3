//! Goes into name spaces that another process has made.
//!
//! In: the process id of somebody inside. Out: this process inside, as the same user it was outside, or, where it asks for that,
//! as root over that network. Nobody needs a right for it: name spaces belong to the user who made them.

use super::error::Step;
use super::make::{PORT_START, leave, write};
use rustix::io::Errno;
use rustix::process::{getegid, geteuid};
use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space};
use std::fs::{File, read_link, read_to_string};
use std::os::fd::AsFd;

/// Whether two processes share a name space ("net", "user"); `None` if one of them cannot be asked.
pub fn shared(kind: &str, pid: u32) -> Option<bool> {
    Some(read_link(format!("/proc/self/ns/{kind}")).ok()? == read_link(format!("/proc/{pid}/ns/{kind}")).ok()?)
}

/// Moves this process, which must have one thread, into the network of the process `pid`.
///
/// # Errors
/// Of the kernel: ESRCH or ENOENT if there is no such process, EPERM if it is another user's.
pub fn enter(pid: u32, as_root: bool) -> Result<(), Errno> {
    let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
    let open = |kind: &str| File::open(format!("/proc/{pid}/ns/{kind}")).map_err(|e| errno(&e));
    // Both before the first move: inside, /proc may not let us look any more.
    let (user, net) = (open("user")?, open("net")?);
    let moved = shared("user", pid) == Some(false);
    if moved {
        move_into_link_name_space(user.as_fd(), Some(LinkNameSpaceType::User))?;
    }
    move_into_link_name_space(net.as_fd(), Some(LinkNameSpaceType::Network))?;
    // Root in there is the user outside. A program is to see the user it was started by, if that costs it no port.
    let free = read_to_string(PORT_START).is_ok_and(|first| first.trim() == "0");
    if moved && !as_root && uid != 0 && free {
        be_the_user(uid, gid);
    }
    Ok(())
}

/// A user name space in between, where root's number is the user's own again. If the kernel does not want one more the
/// program runs as root over the network, and as nobody else outside.
fn be_the_user(uid: u32, gid: u32) {
    if leave(UnshareFlags::NEWUSER).is_ok() {
        let _ = write("/proc/self/setgroups", "deny", Step::Setgroups);
        let _ = write("/proc/self/uid_map", &format!("{uid} 0 1"), Step::UidMap);
        let _ = write("/proc/self/gid_map", &format!("{gid} 0 1"), Step::GidMap);
    }
}

fn errno(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}
