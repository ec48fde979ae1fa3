//! DNS (RFC 1035): a resolver that answers, and the client's question. hickory-proto writes and reads the messages.

use super::url::plain;
use crate::lab::ctx::{Ctx, could_not};
use crate::lab::record::Recorder;
use crate::lab::socket::Udp;
use crate::lang::Text;
use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::{A, CNAME, SOA};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;

pub const PORT: u16 = 53;
/// The longest message without extensions (RFC 1035, 2.3.4).
const MAX_MESSAGE: usize = 512;
/// How long the answers may be remembered, in seconds.
const TTL: u32 = 60;
const ALIAS_TTL: u32 = 300;
/// How long the client waits for an answer, and how often it asks in all.
const ANSWER: Duration = Duration::from_secs(1);
const TRIES: u32 = 3;

/// What the resolver does with a question.
#[derive(Clone, Copy, Debug)]
pub enum Habit {
    Address(Ipv4Addr),
    Alias(Ipv4Addr),
    NoSuchName,
    /// The first question goes unanswered.
    LateFor(Ipv4Addr),
}

/// Answers until the client is done.
pub async fn serve(recorder: Recorder, socket: Udp, habit: Habit, mut until: oneshot::Receiver<()>) -> Result<(), Text> {
    let mut buffer = [0; MAX_MESSAGE];
    let mut lose = matches!(habit, Habit::LateFor(_));
    loop {
        let (n, from) = tokio::select! {
            got = socket.receive(&mut buffer) => got.map_err(could_not("リゾルバの recvfrom", "The resolver's recvfrom"))?,
            _ = &mut until => return Ok(()),
        };
        // What is no question gets no answer: two servers must never answer each other.
        let Some((question, query)) = asked(buffer.get(..n).unwrap_or_default()) else { continue };
        if std::mem::take(&mut lose) {
            recorder.step("resolver: the question gets lost", async {}).await;
            continue;
        }
        let line = format!("resolver: {} {}", plain(&query.name), query.query_type);
        let bytes = recorder.step(line, async { answer(&question, &query, habit).to_vec() }).await;
        let bytes = bytes.map_err(could_not("DNS の返事の組み立て", "Writing the DNS answer"))?;
        socket.send(&bytes, Some(from)).await.map_err(could_not("リゾルバの sendto", "The resolver's sendto"))?;
    }
}

/// A message that asks for one thing.
fn asked(bytes: &[u8]) -> Option<(Message, Query)> {
    let message = Message::from_vec(bytes).ok()?;
    let metadata = &message.metadata;
    let asks = metadata.message_type == MessageType::Query && metadata.op_code == OpCode::Query;
    let [query] = message.queries.as_slice() else { return None };
    let query = query.clone();
    asks.then_some((message, query))
}

fn answer(question: &Message, query: &Query, habit: Habit) -> Message {
    let mut answer = Message::response(question.metadata.id, OpCode::Query);
    answer.metadata.recursion_desired = question.metadata.recursion_desired;
    answer.metadata.recursion_available = true;
    answer.add_query(query.clone());
    let name = query.name.clone();
    let address = |name: Name, at: Ipv4Addr| Record::from_rdata(name, TTL, RData::A(A(at)));
    match habit {
        Habit::NoSuchName => {
            answer.metadata.response_code = ResponseCode::NXDomain;
            answer.add_authority(start_of_authority(&name));
        }
        // Any name is known here, but only with an address of IPv4.
        _ if query.query_type != RecordType::A => {
            answer.add_authority(start_of_authority(&name));
        }
        Habit::Alias(at) => {
            let real = name.base_name().prepend_label("web").unwrap_or_else(|_| name.clone());
            answer.add_answer(Record::from_rdata(name, ALIAS_TTL, RData::CNAME(CNAME(real.clone()))));
            answer.add_answer(address(real, at));
        }
        Habit::Address(at) | Habit::LateFor(at) => {
            answer.add_answer(address(name, at));
        }
    }
    answer
}

/// Whose zone says no, and for how long that may be remembered (RFC 2308).
fn start_of_authority(name: &Name) -> Record {
    let zone = name.base_name();
    let within = |label: &str| zone.prepend_label(label).unwrap_or_else(|_| zone.clone());
    let soa = SOA::new(within("ns"), within("hostmaster"), 1, 3600, 600, 86_400, TTL);
    Record::from_rdata(zone.clone(), TTL, RData::SOA(soa))
}

/// What the client has learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub address: Ipv4Addr,
    /// The name that really has the address, where the one asked for is an alias.
    alias_of: Option<Name>,
    seconds: u32,
}

impl Found {
    pub fn time_to_live(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }

    fn told(&self, name: &Name) -> Text {
        let (name, address, seconds) = (plain(name), self.address, self.seconds);
        let via = self.alias_of.as_ref().map(|real| format!("{} → ", plain(real))).unwrap_or_default();
        Text::new(
            format!("DNS：{name} → {via}{address}（{seconds} 秒のあいだ覚えてよい）"),
            format!("DNS: {name} → {via}{address} (may be remembered for {seconds} seconds)"),
        )
    }

    /// The answer comes from the cache.
    pub fn told_again(&self, name: &Name) -> Text {
        let (name, address) = (plain(name), self.address);
        Text::new(
            format!("{name} → {address} は覚えているので、DNS には質問しません"),
            format!("{name} → {address} is remembered: no question to DNS"),
        )
    }
}

/// Asks the resolver for the address of a name. `None`: there is no such name, and that has been told.
pub async fn look_up(ctx: &Ctx, recorder: Recorder, resolver: SocketAddr, name: &Name) -> Result<Option<Found>, Text> {
    let mut socket = Udp::open(recorder, None).map_err(could_not("socket", "socket"))?;
    socket.connect(resolver).await.map_err(could_not("connect", "connect"))?;
    // A fresh number and, from the kernel, a fresh port: both must be guessed by whoever wants to forge the answer (RFC 5452).
    let mut question = Message::query();
    question.metadata.recursion_desired = true;
    question.add_query(Query::query(name.clone(), RecordType::A));
    let bytes = question.to_vec().map_err(could_not("DNS の質問の組み立て", "Writing the DNS question"))?;
    for attempt in 1..=TRIES {
        socket.send(&bytes, None).await.map_err(could_not("DNS の質問の送信", "Sending the DNS question"))?;
        let answer = async {
            let mut buffer = [0; MAX_MESSAGE];
            loop {
                let (n, _) = socket.receive(&mut buffer).await.map_err(could_not("DNS の返事の受信", "Receiving the DNS answer"))?;
                // An answer to another question, or a forged one: wait on.
                let message = buffer.get(..n).and_then(|b| Message::from_vec(b).ok());
                if let Some(message) = message.filter(|m| m.metadata.id == question.metadata.id && m.queries == question.queries) {
                    return Ok::<_, Text>(message);
                }
            }
        };
        match timeout(ANSWER, answer).await {
            Ok(message) => return Ok(learn(ctx, name, &message?)),
            Err(_) => ctx.note(Text::new(
                format!("{attempt} 回目の質問の返事が 1 秒待っても来ません。UDP は送り直さないので、プログラムがもう一度聞きます。"),
                format!("No answer to question {attempt} within 1 second. UDP does not send again, so the program asks again."),
            )),
        }
    }
    Err(Text::new(
        format!("リゾルバ {resolver} が {TRIES} 回とも答えませんでした。"),
        format!("The resolver {resolver} did not answer {TRIES} times."),
    ))
}

/// Reads the answer and says what it means.
fn learn(ctx: &Ctx, name: &Name, message: &Message) -> Option<Found> {
    match read(name, message) {
        Some(found) => {
            ctx.note(found.told(name));
            Some(found)
        }
        None => {
            let (name, code) = (plain(name), message.metadata.response_code);
            ctx.note(Text::new(
                format!("DNS：{name} のアドレスはありません（{code}）。つなぐ相手がいないので、TCP は始まりません。"),
                format!("DNS: {name} has no address ({code}). There is nobody to connect to, so no TCP begins."),
            ));
            None
        }
    }
}

/// Follows aliases to an address; the shortest life of what was used counts.
fn read(name: &Name, message: &Message) -> Option<Found> {
    let (mut wanted, mut seconds) = (name.clone(), u32::MAX);
    // No more steps than records: a circle of aliases ends.
    for _ in 0..=message.answers.len() {
        let record = message.answers.iter().find(|r| r.name == wanted && matches!(r.data, RData::A(_) | RData::CNAME(_)))?;
        seconds = seconds.min(record.ttl);
        match &record.data {
            RData::A(A(address)) => {
                let alias_of = Some(wanted).filter(|real| real != name);
                return Some(Found { address: *address, alias_of, seconds });
            }
            RData::CNAME(CNAME(real)) => wanted = real.clone(),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn ask(kind: RecordType) -> (Message, Query) {
        let mut question = Message::query();
        question.metadata.recursion_desired = true;
        question.add_query(Query::query(Name::from_ascii("www.a.example.").unwrap(), kind));
        asked(&question.to_vec().unwrap()).unwrap()
    }

    fn told(habit: Habit, kind: RecordType) -> (Message, Option<Found>) {
        let (question, query) = ask(kind);
        let message = Message::from_vec(&answer(&question, &query, habit).to_vec().unwrap()).unwrap();
        let found = read(&query.name, &message);
        (message, found)
    }

    #[test]
    fn an_answer_leads_to_the_address_also_by_an_alias() {
        let at = Ipv4Addr::new(127, 0, 0, 80);
        let (_, direct) = told(Habit::Address(at), RecordType::A);
        assert_eq!(direct, Some(Found { address: at, alias_of: None, seconds: TTL }));
        let (message, by_alias) = told(Habit::Alias(at), RecordType::A);
        let real = Name::from_ascii("web.a.example.").unwrap();
        assert_eq!((message.answers.len(), by_alias), (2, Some(Found { address: at, alias_of: Some(real), seconds: TTL })));
    }

    #[test]
    fn no_such_name_and_no_such_record_say_who_said_so() {
        for (habit, kind, code) in [
            (Habit::NoSuchName, RecordType::A, ResponseCode::NXDomain),
            (Habit::Address(Ipv4Addr::LOCALHOST), RecordType::AAAA, ResponseCode::NoError),
        ] {
            let (message, found) = told(habit, kind);
            assert_eq!((message.metadata.response_code, found, message.authorities.len()), (code, None, 1));
        }
    }

    #[test]
    fn a_circle_of_aliases_ends_and_an_answer_is_no_question() {
        let (question, query) = ask(RecordType::A);
        let mut message = answer(&question, &query, Habit::NoSuchName);
        assert!(asked(&message.to_vec().unwrap()).is_none());
        message.add_answer(Record::from_rdata(query.name.clone(), 1, RData::CNAME(CNAME(query.name.clone()))));
        assert_eq!(read(&query.name, &message), None);
        assert!(asked(b"hello").is_none());
    }
}
