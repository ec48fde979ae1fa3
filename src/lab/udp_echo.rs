//! UDP echo (RFC 862): the server sends back every datagram; or nobody listens, and ICMP says so.

use super::ctx::{Ctx, both, could_not, said};
use super::socket::Udp;
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// The longest payload of one datagram over IPv4: 65535 − 20 (IP header) − 8 (UDP header), RFC 768.
const MAX_SIZE: u64 = 65_507;
/// How long the client waits for each answer: UDP itself never says that one was lost.
const ANSWER: Duration = Duration::from_secs(1);
/// Answers that may be missing one after the other before the client gives up, so that a run ends in bounded time.
const GIVE_UP: u32 = 5;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "udp-echo",
    badge: "UDP",
    title: words("UDP エコー", "UDP echo"),
    tagline: words("届いたかは確かめない", "No check that it arrives"),
    about: words(
        "データグラムを 1 つ送ると 1 つ返ってきます。TCP と比べてください：ハンドシェイクも確認応答も FIN もなく、ヘッダは 8 バイトだけです。\
         「閉じたポート」を選ぶと、サーバの代わりにカーネルが ICMP port unreachable を返し、プログラムは次の呼び出しで ECONNREFUSED を知ります。",
        "One datagram goes, one comes back. Compare it with TCP: no handshake, no acknowledgment, no FIN, and a header of 8 bytes \
         only. Choose the closed port, and instead of a server the kernel answers with ICMP port unreachable; the program \
         learns of it as ECONNREFUSED at its next call.",
    ),
    params: &[
        params::TEXT,
        params::count(3, words("何個のデータグラムを送るかです。", "How many datagrams are sent.")),
        params::size(MAX_SIZE),
        Param {
            name: "target",
            label: words("相手のポート", "Target"),
            note: words("だれも待っていないポートに送ると何が起きるかも試せます。", "Also try what happens where nobody listens."),
            kind: ParamKind::Choice {
                options: &[
                    ("open", words("サーバがいるポート", "open port")),
                    ("closed", words("閉じたポート", "closed port")),
                ],
            },
        },
        params::PAUSE,
        params::port(7),
    ],
};

pub struct UdpEcho;

impl Exchange for UdpEcho {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            if ctx.params.text("target") == "closed" {
                let at = ctx.nobody_at_port();
                return client(ctx, at).await;
            }
            let (socket, at) = ctx.bind_udp()?;
            let (done, until) = oneshot::channel::<()>();
            let client = async move {
                let out = client(ctx, at).await;
                drop(done);
                out
            };
            both(serve(socket, until), client).await
        })
    }
}

/// Answers until the client is done. Nothing on the wire tells a UDP server that: somebody has to stop it.
async fn serve(socket: Udp, mut until: oneshot::Receiver<()>) -> Result<(), Text> {
    let mut buffer = vec![0; MAX_SIZE as usize];
    loop {
        let (n, from) = tokio::select! {
            got = socket.receive(&mut buffer) => got.map_err(could_not("サーバの recvfrom", "The server's recvfrom"))?,
            _ = &mut until => return Ok(()),
        };
        let bytes = buffer.get(..n).unwrap_or_default();
        socket.send(bytes, Some(from)).await.map_err(could_not("サーバの sendto", "The server's sendto"))?;
    }
}

async fn client(ctx: Ctx, server: SocketAddr) -> Result<(), Text> {
    let mut socket = Udp::open(ctx.recorder(Host::Client), None).map_err(could_not("socket", "socket"))?;
    socket.connect(server).await.map_err(could_not("connect", "connect"))?;
    let message = ctx.params.message();
    let mut buffer = vec![0; MAX_SIZE as usize];
    let (count, pause) = (ctx.params.number("count"), Duration::from_millis(ctx.params.number("pause")));
    let mut missing = 0;
    for i in 1..=count {
        match round(&socket, &message, &mut buffer).await {
            Ok(Answer::Same) => {
                missing = 0;
                ctx.progress(i, count, "、同じものが返りました", "came back unchanged");
            }
            Ok(Answer::Different) => {
                return Err(Text::new(
                    format!("{i} 個目の返事が、送ったものと違います。"),
                    format!("The answer to datagram {i} differs from what was sent."),
                ));
            }
            Ok(Answer::Refused) => ctx.progress(
                i,
                count,
                "、相手のポートは閉じていました（ICMP port unreachable → ECONNREFUSED）",
                "refused: the port is closed (ICMP port unreachable became ECONNREFUSED)",
            ),
            Ok(Answer::None) => {
                missing += 1;
                ctx.note(Text::new(
                    format!("{i} 個目の返事は 1 秒待っても来ませんでした。UDP は送り直しません。"),
                    format!("No answer to datagram {i} within 1 second. UDP does not send again."),
                ));
                if missing == GIVE_UP {
                    return Err(Text::new(
                        format!("続けて {GIVE_UP} 個の返事が来なかったので、やめました。"),
                        format!("Gave up after {GIVE_UP} answers in a row did not come."),
                    ));
                }
            }
            Err(e) => {
                let why = said(&e);
                return Err(Text::new(format!("UDP の送受信に失敗しました（{why}）。"), format!("UDP failed ({why}).")));
            }
        }
        if i < count && !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    Ok(())
}

enum Answer {
    Same,
    Different,
    /// The kernel has told us that an earlier datagram found no one.
    Refused,
    None,
}

async fn round(socket: &Udp, message: &[u8], buffer: &mut [u8]) -> io::Result<Answer> {
    let round = async {
        socket.send(message, None).await?;
        let (n, _) = socket.receive(buffer).await?;
        io::Result::Ok(if buffer.get(..n) == Some(message) { Answer::Same } else { Answer::Different })
    };
    match timeout(ANSWER, round).await {
        Ok(Err(e)) if e.kind() == io::ErrorKind::ConnectionRefused => Ok(Answer::Refused),
        Ok(out) => out,
        Err(_) => Ok(Answer::None),
    }
}
