//! The same bytes over TCP and over UDP, one after the other: what each costs, and what it gives for that.

use super::carried::Carried;
use super::ctx::{Ctx, both, could_not, in_time, millis};
use super::socket::{Listener, Stream, Udp};
use super::{Exchange, params};
use crate::lang::{Text, words};
use crate::timeline::ExchangeInfo;
use crate::trace::Host;
use futures_util::future::BoxFuture;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// One datagram carries each message.
const MAX_SIZE: u64 = 65_507;
/// An answer by UDP that has not come by then is lost.
const ANSWER: Duration = Duration::from_secs(1);
/// The last ACK of a connection may be held back for 40 ms.
const SETTLED: Duration = Duration::from_millis(60);

static INFO: ExchangeInfo = ExchangeInfo {
    name: "tcp-vs-udp",
    badge: "L4",
    title: words("TCP と UDP を比べる", "TCP against UDP"),
    tagline: words("電話と手紙", "The telephone, the letter"),
    about: words(
        "同じ文字を、まず TCP で、次に UDP で往復させます。サーバは同じ番号のポートを両方で使います：TCP と UDP のポートは別のものです。\
         TCP は電話：先に相手を呼び出し、届いたことを確かめ、切るときも挨拶します。UDP は手紙：いきなり送り、届いたかは確かめません。どちらも両方向に送れます。\
         フレームの数、ヘッダのバイト数、かかった時間を比べてください。ここでは何も失われません。",
        "The same text goes there and back, first by TCP, then by UDP. The server uses one port number for both: TCP ports and UDP ports \
         are different things. TCP is the telephone: it calls first, makes sure that all arrives, and says goodbye. UDP is the letter: \
         it is sent at once, and nobody checks. Both go both ways. Compare frames, bytes of headers, and time. Nothing gets lost here.",
    ),
    params: &[
        params::TEXT,
        params::count(5, words("それぞれ何往復するかです。", "How many round trips each makes.")),
        params::size(MAX_SIZE),
        params::port(7),
    ],
};

pub struct TcpVsUdp;

impl Exchange for TcpVsUdp {
    fn info(&self) -> &'static ExchangeInfo {
        &INFO
    }

    fn run(&self, ctx: Ctx) -> BoxFuture<'static, Result<(), Text>> {
        Box::pin(async move {
            let (listener, tcp) = ctx.listen_as(0, ctx.params.number("port"))?;
            let (socket, udp) = ctx.bind_udp_as(0)?;
            ctx.started(&[tcp, udp]);
            let message = ctx.params.message();
            let count = ctx.params.number("count");
            let serve_tcp = serve_tcp(listener);
            let serve_udp = serve_udp(socket, message.len(), count);
            let client = async move {
                let phone = cost(&ctx, by_tcp(&ctx, tcp, &message, count)).await?;
                let letter = cost(&ctx, by_udp(&ctx, udp, &message, count)).await?;
                compare(&ctx, phone, letter, 2 * count * message.len() as u64);
                Ok(())
            };
            both(async { tokio::try_join!(serve_tcp, serve_udp).map(drop) }, client).await
        })
    }
}

async fn serve_tcp(mut listener: Listener) -> Result<(), Text> {
    let mut stream = listener.accept().await.map_err(could_not("サーバの accept", "The server's accept"))?;
    let mut buffer = vec![0; MAX_SIZE as usize];
    loop {
        let n = stream.read(&mut buffer).await.map_err(could_not("サーバの read", "The server's read"))?;
        let Some(bytes) = buffer.get(..n).filter(|b| !b.is_empty()) else { return Ok(()) };
        stream.write_all(bytes).await.map_err(could_not("サーバの write", "The server's write"))?;
    }
}

/// It is told how many will come: nothing on the wire says so.
async fn serve_udp(socket: Udp, size: usize, count: u64) -> Result<(), Text> {
    let mut buffer = vec![0; size];
    for _ in 0..count {
        let (n, from) = socket.receive(&mut buffer).await.map_err(could_not("サーバの recvfrom", "The server's recvfrom"))?;
        let bytes = buffer.get(..n).unwrap_or_default();
        socket.send(bytes, Some(from)).await.map_err(could_not("サーバの sendto", "The server's sendto"))?;
    }
    Ok(())
}

async fn by_tcp(ctx: &Ctx, server: SocketAddr, message: &[u8], count: u64) -> Result<(), Text> {
    in_time(async {
        let connect = Stream::connect(ctx.recorder(Host::Client), server).await;
        let mut stream = connect.map_err(could_not("接続", "The connection"))?;
        let mut back = vec![0; message.len()];
        for _ in 0..count {
            stream.write_all(message).await.map_err(could_not("送信", "Sending"))?;
            stream.read_exact(&mut back).await.map_err(could_not("受信", "Receiving"))?;
        }
        stream.shutdown().await.map_err(could_not("shutdown", "shutdown"))?;
        stream.read(&mut back).await.map_err(could_not("受信", "Receiving"))?;
        Ok(())
    })
    .await
}

async fn by_udp(ctx: &Ctx, server: SocketAddr, message: &[u8], count: u64) -> Result<(), Text> {
    let mut socket = Udp::open(ctx.recorder(Host::Client), None).map_err(could_not("socket", "socket"))?;
    socket.connect(server).await.map_err(could_not("connect", "connect"))?;
    let mut back = vec![0; message.len()];
    for i in 1..=count {
        socket.send(message, None).await.map_err(could_not("sendto", "sendto"))?;
        match tokio::time::timeout(ANSWER, socket.receive(&mut back)).await {
            Ok(got) => drop(got.map_err(could_not("recvfrom", "recvfrom"))?),
            Err(_) => {
                return Err(Text::new(
                    format!("{i} 通目の返事が来ません。UDP は送り直しません。"),
                    format!("No answer to letter {i}. UDP does not send again."),
                ));
            }
        }
    }
    Ok(())
}

/// What one way has taken.
#[derive(Clone, Copy)]
struct Cost {
    time: Duration,
    carried: Option<Carried>,
}

/// Measures a step by the clock, and by the wire where it is the run's own.
async fn cost(ctx: &Ctx, step: impl Future<Output = Result<(), Text>>) -> Result<Cost, Text> {
    let before = Carried::now().filter(|_| ctx.own);
    let began = Instant::now();
    step.await?;
    let time = began.elapsed();
    tokio::time::sleep(SETTLED).await;
    let after = Carried::now();
    Ok(Cost { time, carried: before.zip(after).map(|(before, after)| after.since(before)) })
}

fn compare(ctx: &Ctx, phone: Cost, letter: Cost, data: u64) {
    for (ja, en, cost) in [("電話（TCP）", "Telephone (TCP)", phone), ("手紙（UDP）", "Letter (UDP)", letter)] {
        let time = millis(cost.time);
        ctx.note(match cost.carried {
            Some(carried) => {
                let (frames, headers) = (carried.frames, carried.headers(data));
                Text::new(
                    format!("{ja}：{frames} フレーム、データ {data} バイトにヘッダ {headers} バイト、{time}"),
                    format!("{en}: {frames} frames, {headers} bytes of headers for {data} bytes of data, {time}"),
                )
            }
            None => Text::new(format!("{ja}：データ {data} バイト、{time}"), format!("{en}: {data} bytes of data, {time}")),
        });
    }
    ctx.note(Text::new(
        "TCP の多い分は、始めと終わりの挨拶、番号、確認応答です。その代わり、順番どおりに、欠けずに届くことを約束します。UDP は何も約束しません：失われたらプログラムが気づくしかありません。",
        "What TCP takes more are the greetings at both ends, the numbers, the acknowledgments. For that it promises order and that nothing is \
         missing. UDP promises nothing: a loss is for the program to notice.",
    ));
}
