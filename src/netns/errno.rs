//! Names of errno values, as in the manual pages.

/// The name of an errno ("ECONNREFUSED"), for those this program meets; any other by its number.
pub fn name(errno: i32) -> String {
    let known = match errno {
        libc::EACCES => "EACCES",
        libc::EADDRINUSE => "EADDRINUSE",
        libc::EADDRNOTAVAIL => "EADDRNOTAVAIL",
        libc::EAGAIN => "EAGAIN",
        libc::EBADF => "EBADF",
        libc::ECONNABORTED => "ECONNABORTED",
        libc::ECONNREFUSED => "ECONNREFUSED",
        libc::ECONNRESET => "ECONNRESET",
        libc::EHOSTUNREACH => "EHOSTUNREACH",
        libc::EINTR => "EINTR",
        libc::EINVAL => "EINVAL",
        libc::EMFILE => "EMFILE",
        libc::EMSGSIZE => "EMSGSIZE",
        libc::ENETDOWN => "ENETDOWN",
        libc::ENETUNREACH => "ENETUNREACH",
        libc::ENOBUFS => "ENOBUFS",
        libc::ENODEV => "ENODEV",
        libc::ENOENT => "ENOENT",
        libc::ENOMEM => "ENOMEM",
        libc::ENOSPC => "ENOSPC",
        libc::ENOSYS => "ENOSYS",
        libc::ENOTCONN => "ENOTCONN",
        libc::EPERM => "EPERM",
        libc::EPIPE => "EPIPE",
        libc::ETIMEDOUT => "ETIMEDOUT",
        other => return format!("errno {other}"),
    };
    known.to_owned()
}

/// The system's own sentence for it, in English: "Connection refused".
pub fn sentence(errno: i32) -> String {
    let full = std::io::Error::from_raw_os_error(errno).to_string();
    full.split(" (os error").next().unwrap_or_default().to_owned()
}

/// Both: "ECONNREFUSED: Connection refused".
pub fn text(errno: i32) -> String {
    format!("{}: {}", name(errno), sentence(errno))
}
