//! What an error of a socket call means, its usual cause, and the exchange that shows it.
//!
//! In: a call that failed, or its errno (Linux's number). Out: words in both languages. One table, read by the tip of a call and by the
//! story on the command line; the same number may mean different things at different calls.

use crate::lang::{Lang, Text, Words, words};
use crate::trace::{Addr, Call, What};

/// Where an explanation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Any,
    /// At the calls of these names.
    Calls(&'static [&'static str]),
    /// At sockets that have a path instead of a port.
    Path,
}

/// Where one can see it happen: an exchange, and what to choose there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct See {
    pub exchange: &'static str,
    pub choice: Option<(&'static str, &'static str)>,
}

/// One error, explained.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    pub errno: i32,
    /// "ECONNREFUSED".
    pub name: &'static str,
    pub at: At,
    /// What it says, in a few words.
    pub short: Words,
    /// Why it mostly happens.
    pub cause: Words,
    pub see: &'static [See],
}

/// The explanation of a call's error; `None` if it did not fail, or failed in a way that is not in the table.
pub fn of_call(call: &Call) -> Option<&'static Known> {
    let path = |a: &Addr| matches!(a, Addr::Path(_));
    let to = match &call.what {
        What::Bind { to } | What::Connect { to } | What::Sendto { to, .. } => Some(to),
        _ => None,
    };
    let on_path = [to, call.local.as_ref(), call.peer.as_ref()].into_iter().flatten().any(path);
    of(call.errno()?, call.what.name(), on_path)
}

/// The explanation of this errno at the call of this name. `on_path`: the socket is a Unix socket.
pub fn of(errno: i32, call: &str, on_path: bool) -> Option<&'static Known> {
    let fits = |known: &&Known| match known.at {
        At::Any => true,
        At::Calls(names) => !on_path && names.contains(&call),
        At::Path => on_path,
    };
    TABLE.iter().filter(|k| k.errno == errno).find(fits)
}

impl See {
    /// "reset (kind=time-wait)".
    pub fn text(&self) -> String {
        match self.choice {
            Some((param, value)) => format!("{} ({param}={value})", self.exchange),
            None => self.exchange.to_owned(),
        }
    }
}

impl Known {
    /// "Connection refused: …": what it means and its usual cause.
    pub fn text(&self) -> Text {
        Text::new(format!("{}：{}", self.short.ja, self.cause.ja), format!("{}: {}", self.short.en, self.cause.en))
    }

    /// Which exchanges show it: "See it in: refused". `None` if none does.
    pub fn seen_in(&self, lang: Lang) -> Option<String> {
        let names: Vec<_> = self.see.iter().map(See::text).collect();
        let all = names.join(lang.pick("、", ", "));
        (!names.is_empty()).then(|| lang.pick(format!("実験で見る：{all}"), format!("See it in: {all}")))
    }
}

const fn row(errno: i32, name: &'static str, at: At, short: Words, cause: Words, see: &'static [See]) -> Known {
    Known { errno, name, at, short, cause, see }
}

const fn see(exchange: &'static str) -> See {
    See { exchange, choice: None }
}

const fn choose(exchange: &'static str, param: &'static str, value: &'static str) -> See {
    See { exchange, choice: Some((param, value)) }
}

/// Of several rows with one errno the first that fits counts.
pub static TABLE: &[Known] = &[
    row(
        libc::ECONNREFUSED,
        "ECONNREFUSED",
        At::Path,
        words("接続を断られた", "Connection refused"),
        words(
            "ソケットのファイルはありますが、それを作ったサーバはもう動いていません。消し忘れたファイルのことが多いです。",
            "the socket's file is there, but the server that made it no longer runs. Mostly the file was left behind.",
        ),
        &[],
    ),
    row(
        libc::ECONNREFUSED,
        "ECONNREFUSED",
        At::Calls(&["connect"]),
        words("接続を断られた", "Connection refused"),
        words(
            "相手の機械は動いていますが、そのポートで待っているプログラムがありません（SYN に RST が返りました）。サーバの起動忘れか、ポート番号の間違いが多いです。",
            "the machine is there, but no program listens on that port (the SYN was answered by a RST). Mostly the server was not \
             started, or the port number is wrong.",
        ),
        &[see("refused")],
    ),
    row(
        libc::ECONNREFUSED,
        "ECONNREFUSED",
        At::Any,
        words("相手のポートが閉じている", "Connection refused"),
        words(
            "前に送ったデータグラムに ICMP port unreachable が返りました。UDP では送った呼び出しでは分からず、次の呼び出しで知らされます。",
            "an earlier datagram was answered by ICMP port unreachable. With UDP the call that sent it could not know; the next call is told.",
        ),
        &[choose("udp-echo", "target", "closed")],
    ),
    row(
        libc::EADDRINUSE,
        "EADDRINUSE",
        At::Path,
        words("その名前は使われている", "Address already in use"),
        words(
            "そのパスのファイルがもうあります。ソケットを閉じてもファイルは残るので、bind の前に unlink します。",
            "a file of that path exists already. It stays when its socket is closed: unlink it before bind.",
        ),
        &[],
    ),
    row(
        libc::EADDRINUSE,
        "EADDRINUSE",
        At::Any,
        words("そのポートは使われている", "Address already in use"),
        words(
            "ほかのプログラムがそのポートで待ち受けているか、閉じたばかりの接続が TIME_WAIT で残っています。前者は相手を止めるか別のポートを使い、後者は SO_REUSEADDR を設定します。",
            "another program listens on that port, or a connection that was just closed is still in TIME_WAIT. For the first stop \
             the other program or take another port, for the second set SO_REUSEADDR.",
        ),
        &[choose("trouble", "kind", "port-taken"), choose("reset", "kind", "time-wait")],
    ),
    row(
        libc::EADDRNOTAVAIL,
        "EADDRNOTAVAIL",
        At::Any,
        words("そのアドレスは使えない", "Cannot assign requested address"),
        words(
            "この機械のものではないアドレスに bind しようとしたか、クライアント用のポートを使い切りました。",
            "bind was asked for an address that this machine does not have, or all ports for clients are in use.",
        ),
        &[],
    ),
    row(
        libc::ECONNRESET,
        "ECONNRESET",
        At::Any,
        words("接続を切られた", "Connection reset by peer"),
        words(
            "相手から RST が届きました。相手が読み残しのあるまま close したか、SO_LINGER 0 で閉じたか、プログラムが異常終了しています。届いていなかったデータは失われます。",
            "a RST came from the other side: it closed without having read everything, closed with SO_LINGER 0, or crashed. Data that \
             had not arrived is lost.",
        ),
        &[choose("reset", "kind", "linger"), choose("reset", "kind", "unread")],
    ),
    row(
        libc::EPIPE,
        "EPIPE",
        At::Any,
        words("書き込む先がない", "Broken pipe"),
        words(
            "相手がもう読まないと分かっている接続に書きました。先に RST が届いているか、自分で shutdown しています（普通のプログラムは SIGPIPE で止まります）。",
            "written to a connection whose other side is known not to read any more: a RST has come before, or this side has called \
             shutdown (a plain program is stopped by SIGPIPE).",
        ),
        &[choose("reset", "kind", "broken-pipe")],
    ),
    row(
        libc::ETIMEDOUT,
        "ETIMEDOUT",
        At::Calls(&["connect"]),
        words("返事がないまま時間切れ", "Connection timed out"),
        words(
            "SYN を何度送っても SYN+ACK も RST も返りません。相手の機械が止まっている、途中のファイアウォールが捨てている、サーバの接続待ちの列がいっぱい、のどれかが多いです。",
            "the SYN was sent again and again, and neither SYN+ACK nor RST came. Mostly the machine is off, a firewall on the way drops it, \
             or the server's queue of connections is full.",
        ),
        &[see("timeout")],
    ),
    row(
        libc::ETIMEDOUT,
        "ETIMEDOUT",
        At::Any,
        words("返事がないまま時間切れ", "Connection timed out"),
        words(
            "できていた接続で、送ったデータかキープアライブの問い合わせに ACK が返らなくなりました。相手の機械か途中の線が止まっています。",
            "on a connection that stood, data or keep-alive probes are no longer acknowledged: the other machine or the line to it is down.",
        ),
        &[],
    ),
    row(
        libc::EHOSTUNREACH,
        "EHOSTUNREACH",
        At::Any,
        words("相手に届かない", "No route to host"),
        words(
            "同じネットワークにその機械がいない（ARP に返事がない）か、ルータが届けられないと ICMP で知らせてきました。",
            "no such machine on this network (nobody answers ARP), or a router says by ICMP that it cannot deliver.",
        ),
        &[],
    ),
    row(
        libc::ENETUNREACH,
        "ENETUNREACH",
        At::Any,
        words("そのネットワークへの道がない", "Network is unreachable"),
        words(
            "この機械の経路表に行き先がありません。ケーブルや Wi-Fi が切れているか、デフォルトゲートウェイがありません。",
            "the routing table of this machine has no way there: not connected to a network, or no default gateway.",
        ),
        &[],
    ),
    row(
        libc::ENETDOWN,
        "ENETDOWN",
        At::Any,
        words("ネットワークが止まっている", "Network is down"),
        words("使おうとしたインタフェースが動いていません。", "the interface to be used is not up."),
        &[],
    ),
    row(
        libc::EACCES,
        "EACCES",
        At::Calls(&["bind"]),
        words("許されていない", "Permission denied"),
        words(
            "1024 未満のポートは、多くのシステムで管理者のプログラムだけが使えます。",
            "on most systems ports below 1024 are for the administrator's programs only.",
        ),
        &[],
    ),
    row(
        libc::EACCES,
        "EACCES",
        At::Any,
        words("許されていない", "Permission denied"),
        words(
            "ソケットのファイルに書く権利がないか、SO_BROADCAST なしでブロードキャストに送ろうとしました。",
            "no right to write to the socket's file, or a broadcast without SO_BROADCAST.",
        ),
        &[],
    ),
    row(
        libc::EPERM,
        "EPERM",
        At::Any,
        words("禁じられている", "Operation not permitted"),
        words(
            "この機械のファイアウォールが送るのを止めたか、管理者だけに許された操作です。",
            "a firewall of this machine forbids sending, or only the administrator may do this.",
        ),
        &[],
    ),
    row(
        libc::EAGAIN,
        "EAGAIN",
        At::Any,
        words("今はまだできない", "Resource temporarily unavailable"),
        words(
            "待たない（ノンブロッキングの）ソケットで、読むものか書く場所がまだありません。誤りではなく、あとでもう一度呼びます。",
            "a socket that does not wait has nothing to read, or no room to write, yet. This is no fault: call again later.",
        ),
        &[],
    ),
    row(
        libc::EINPROGRESS,
        "EINPROGRESS",
        At::Any,
        words("接続の途中", "Operation now in progress"),
        words(
            "待たないソケットの connect が始まったところです。SYN は送られ、結果はあとで分かります。",
            "connect of a socket that does not wait has begun: the SYN is sent, how it ends comes later.",
        ),
        &[],
    ),
    row(
        libc::EALREADY,
        "EALREADY",
        At::Any,
        words("もう始めている", "Operation already in progress"),
        words("前の connect がまだ終わっていません。", "the connect before has not ended yet."),
        &[],
    ),
    row(
        libc::EINTR,
        "EINTR",
        At::Any,
        words("シグナルで中断された", "Interrupted system call"),
        words("待っている間にシグナルが来ました。もう一度呼びます。", "a signal came while it waited: call it again."),
        &[],
    ),
    row(
        libc::ENOTCONN,
        "ENOTCONN",
        At::Any,
        words("接続していない", "Transport endpoint is not connected"),
        words(
            "connect か accept の前のソケット、または相手がもう切った接続を使おうとしました。",
            "the socket was used before connect or accept, or the other side has already broken off.",
        ),
        &[],
    ),
    row(
        libc::EISCONN,
        "EISCONN",
        At::Any,
        words("もう接続している", "Transport endpoint is already connected"),
        words("1 つの TCP ソケットで connect できるのは 1 回です。", "one TCP socket connects once."),
        &[],
    ),
    row(
        libc::EDESTADDRREQ,
        "EDESTADDRREQ",
        At::Any,
        words("宛先がない", "Destination address required"),
        words("connect していない UDP ソケットで、宛先を言わずに送りました。", "a UDP socket without connect was told to send, but not where to."),
        &[],
    ),
    row(
        libc::ECONNABORTED,
        "ECONNABORTED",
        At::Any,
        words("接続が取り消された", "Software caused connection abort"),
        words(
            "accept を待つ列にいる間に、相手が RST で切りました。次の accept を続けます。",
            "the client broke off by RST while it waited in the queue for accept. Go on with the next accept.",
        ),
        &[],
    ),
    row(
        libc::EMSGSIZE,
        "EMSGSIZE",
        At::Any,
        words("大きすぎるデータグラム", "Message too long"),
        words(
            "IPv4 の UDP で 1 度に送れるのは 65507 バイトまでです。分けて送るか、TCP を使います。",
            "over IPv4 one UDP datagram carries at most 65507 bytes: send it in parts, or use TCP.",
        ),
        &[choose("trouble", "kind", "large")],
    ),
    row(
        libc::EBADF,
        "EBADF",
        At::Any,
        words("その番号は開いていない", "Bad file descriptor"),
        words("もう close したディスクリプタを使いました。", "the descriptor was closed before."),
        &[],
    ),
    row(
        libc::ENOTSOCK,
        "ENOTSOCK",
        At::Any,
        words("ソケットではない", "Socket operation on non-socket"),
        words("ファイルなど、ソケットでないディスクリプタを使いました。", "the descriptor is a file or something else, not a socket."),
        &[],
    ),
    row(
        libc::EINVAL,
        "EINVAL",
        At::Any,
        words("引数か順番が違う", "Invalid argument"),
        words(
            "2 度目の bind、listen していないソケットの accept など、順番の間違いが多いです。",
            "mostly a wrong order: a second bind, or accept on a socket that does not listen.",
        ),
        &[],
    ),
    row(
        libc::EOPNOTSUPP,
        "EOPNOTSUPP",
        At::Any,
        words("この種類ではできない", "Operation not supported"),
        words("UDP ソケットの listen や accept など、その種類にない操作です。", "this kind of socket cannot do it: listen or accept on UDP."),
        &[],
    ),
    row(
        libc::EAFNOSUPPORT,
        "EAFNOSUPPORT",
        At::Any,
        words("アドレスの種類が違う", "Address family not supported"),
        words(
            "IPv4 のソケットに IPv6 のアドレスを渡した、または IPv6 が使えない機械です。",
            "an IPv6 address was given to an IPv4 socket, or this machine has no IPv6.",
        ),
        &[],
    ),
    row(
        libc::EPROTONOSUPPORT,
        "EPROTONOSUPPORT",
        At::Any,
        words("そのプロトコルはない", "Protocol not supported"),
        words("ソケットの種類とプロトコルの組み合わせが違います。", "kind of socket and protocol do not go together."),
        &[],
    ),
    row(
        libc::ENOPROTOOPT,
        "ENOPROTOOPT",
        At::Any,
        words("そのオプションはない", "Protocol not available"),
        words("このソケットかこのカーネルにはない設定です。", "this socket or this kernel has no such option."),
        &[],
    ),
    row(
        libc::EMFILE,
        "EMFILE",
        At::Any,
        words("開きすぎ", "Too many open files"),
        words(
            "プログラムが開けるディスクリプタの数を使い切りました。close の忘れが多いです。",
            "the program has used up its descriptors; mostly it forgets to close.",
        ),
        &[],
    ),
    row(
        libc::ENFILE,
        "ENFILE",
        At::Any,
        words("システム全体で開きすぎ", "Too many open files in system"),
        words("機械全体で開けるファイルの数を使い切りました。", "the whole machine has used up its open files."),
        &[],
    ),
    row(
        libc::ENOBUFS,
        "ENOBUFS",
        At::Any,
        words("置き場所が足りない", "No buffer space available"),
        words("カーネルの送受信用のメモリが足りません。", "the kernel has no memory left for sending and receiving."),
        &[],
    ),
    row(
        libc::ENOMEM,
        "ENOMEM",
        At::Any,
        words("メモリが足りない", "Cannot allocate memory"),
        words("カーネルのメモリが足りません。", "the kernel is out of memory."),
        &[],
    ),
    row(
        libc::ENOENT,
        "ENOENT",
        At::Any,
        words("そのファイルがない", "No such file or directory"),
        words(
            "Unix ソケットのファイルがありません。サーバがまだ起動していないか、パスの間違いです。",
            "the Unix socket's file is not there: its server has not started yet, or the path is wrong.",
        ),
        &[],
    ),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::netns::errno;

    #[test]
    fn every_row_has_the_name_of_its_number_and_can_be_reached() {
        for (at, known) in TABLE.iter().enumerate() {
            assert_eq!(errno::name(known.errno), known.name);
            assert!(!known.short.ja.is_empty() && !known.cause.ja.is_empty() && known.cause.en.is_ascii(), "{known:?}");
            let earlier = TABLE.iter().take(at).filter(|k| k.errno == known.errno);
            assert!(earlier.clone().all(|k| k.at != At::Any && k.at != known.at), "{} is hidden by a row before it", known.name);
        }
    }

    #[test]
    fn the_same_number_means_another_thing_at_another_call() {
        let at = |call, path| of(libc::ECONNREFUSED, call, path).unwrap();
        assert_eq!(at("connect", false).see, [see("refused")]);
        assert_eq!(at("recvfrom", false).see, [choose("udp-echo", "target", "closed")]);
        assert_eq!(at("connect", true).at, At::Path);
        assert_eq!(of(0, "connect", false), None);
        assert_eq!(of(libc::EPIPE, "write", true).unwrap().name, "EPIPE");
    }
}
