//! A connection to a port where nobody listens: SYN, RST, ECONNREFUSED.

use super::ctx::{Ctx, could_not, in_time, told};
use super::socket::Stream;
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::{ExchangeInfo, Param, ParamKind};
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::io::ErrorKind;
use std::time::Duration;
use tokio::io::AsyncReadExt;

static INFO: ExchangeInfo = ExchangeInfo {
    name: "refused",
    badge: "RST",
    title: words("接続を断られる", "Connection refused"),
    tagline: words("だれもいないポート", "A port where nobody is"),
    about: words(
        "サーバのいないポートに接続します。SYN に対して SYN+ACK ではなく RST+ACK が返り、connect は待たされることなく ECONNREFUSED で終わります。\
         断っているのはプログラムではなくカーネルで、つまり相手の機械は動いています。何も返らない「時間切れ」（timeout）と比べてください。",
        "The client connects to a port without a server. The SYN is answered not by SYN+ACK but by RST+ACK, and connect ends at once with \
         ECONNREFUSED. It is the kernel that refuses, not a program: so the machine is there. Compare it with timeout, where \
         nothing comes back at all.",
    ),
    params: &[
        Param {
            name: "before",
            label: words("その前に", "Before"),
            note: words("少し前までサーバがいたポートでも同じことが起きます。", "A port that had a server until just now refuses in the same way."),
            kind: ParamKind::Choice {
                options: &[
                    ("nobody", words("サーバはいなかった", "no server ever")),
                    ("stopped", words("サーバが 1 回答えて終了した", "a server answered once and stopped")),
                ],
            },
        },
        params::count(1, words("何回試すかです。毎回新しいソケットを作ります。", "How many tries, each with a new socket.")),
        params::PAUSE,
        params::port(9),
    ],
};

pub struct Refused;

impl Exchange for Refused {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(run(ctx))
    }
}

async fn run(ctx: Ctx) -> Result<(), Text> {
    let at = if ctx.params.text("before") == "stopped" {
        let (mut listener, at) = ctx.listen()?;
        let client = async {
            let mut stream = Stream::connect(ctx.recorder(Host::Client), at).await.map_err(could_not("接続", "The connection"))?;
            stream.read_to_end(&mut Vec::new()).await.map_err(could_not("受信", "Receiving"))
        };
        let server = async { listener.accept().await.map_err(could_not("サーバの accept", "The server's accept")).map(drop) };
        in_time(async { tokio::try_join!(client, server) }).await?;
        ctx.note(Text::new("サーバが終了し、ポートは閉じました。", "The server has stopped: the port is closed."));
        at
    } else {
        ctx.nobody_at_port()
    };
    let (count, pause) = (ctx.params.number("count"), Duration::from_millis(ctx.params.number("pause")));
    for i in 1..=count {
        match in_time(async { Ok(Stream::connect(ctx.recorder(Host::Client), at).await) }).await? {
            Err(e) if e.kind() == ErrorKind::ConnectionRefused && i == 1 => ctx.note(told("connect", &e)),
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => ctx.progress(i, count, "、断られました", "refused"),
            Err(e) => return Err(could_not("接続", "The connection")(e)),
            Ok(_) => {
                return Err(Text::new(
                    format!("{at} では、だれかが待っていました。別のポートを選んでください。"),
                    format!("Somebody listens on {at}. Choose another port."),
                ));
            }
        }
        if i < count && !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    Ok(())
}
