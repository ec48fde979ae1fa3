//! The four panes with nothing and with a capture in them: what a pointer, a keyboard and a screen reader find there.
#![cfg(feature = "gui")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use eframe::egui::{self, Key, Modifiers, MouseWheelUnit, TouchPhase, Ui, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use osiscope::filter::{Every, Filter};
use osiscope::timeline::order::{By, Order};
use osiscope::view::{self, packets::Column};
use osiscope::app::{Action, ByteRef, Model, Prefs, Source, update};
use osiscope::flow::{Batch, Row, Tracker, Transport};
use osiscope::gui::panes::{bytes_ui, layers_ui, messages_ui, packets_ui, program_ui, sockets_ui};
use osiscope::gui::stage::{ladder_ui, stage_ui};
use osiscope::gui::theme;
use osiscope::lang::Lang;
use osiscope::timeline::{Capture, Scope, Sequence};
use osiscope::trace::read::Parser;
use osiscope::trace::{Frame, Record};
use osiscope::wire::Span;
use std::sync::Arc;

mod support;

type Pane = fn(&mut Ui, &Model) -> Vec<Action>;
const PANES: [Pane; 5] = [packets_ui, layers_ui, bytes_ui, messages_ui, sockets_ui];

// --- a capture made by hand

const GET: &[u8] = b"GET /users/7 HTTP/1.1\r\nHost: example.test\r\n\r\n";
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n";
const BODY: &[u8] = b"{\"name\":\"x\"}";

/// An Ethernet frame with a TCP segment; checksums are left zero.
fn segment(to_server: bool, seq: u32, ack: u32, flags: u8, data: &[u8]) -> Vec<u8> {
    let ends: [([u8; 4], u16); 2] = [([10, 0, 0, 1], 49152), ([10, 0, 0, 2], 80)];
    let [from, to] = if to_server { ends } else { [ends[1], ends[0]] };
    let mut f = vec![2, 0, 0, 0, 0, to.0[3], 2, 0, 0, 0, 0, from.0[3], 8, 0];
    f.extend([0x45, 0]);
    f.extend((40 + data.len() as u16).to_be_bytes());
    f.extend([0, 0, 0x40, 0, 64, 6, 0, 0]);
    f.extend(from.0);
    f.extend(to.0);
    f.extend(from.1.to_be_bytes());
    f.extend(to.1.to_be_bytes());
    f.extend(seq.to_be_bytes());
    f.extend(ack.to_be_bytes());
    f.extend([0x50, flags]);
    f.extend(64240_u16.to_be_bytes());
    f.extend([0; 4]);
    f.extend(data);
    f
}

/// A handshake, a request, and a response in two segments of which the second is sent twice.
fn frames() -> Vec<Vec<u8>> {
    let (c, s) = (1000, 5000);
    let (asked, head) = (c + 1 + GET.len() as u32, s + 1 + HEAD.len() as u32);
    vec![
        segment(true, c, 0, Row::SYN, b""),
        segment(false, s, c + 1, Row::SYN | Row::ACK, b""),
        segment(true, c + 1, s + 1, Row::ACK, b""),
        segment(true, c + 1, s + 1, Row::ACK | Row::PSH, GET),
        segment(false, s + 1, asked, Row::ACK, HEAD),
        segment(false, head, asked, Row::ACK | Row::PSH, BODY),
        segment(false, head, asked, Row::ACK | Row::PSH, BODY),
    ]
}

/// The frames as a pcap file, 300 ms apart; `kept` bytes of each.
fn pcap(frames: &[Vec<u8>], kept: usize) -> Vec<u8> {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0];
    for (i, frame) in frames.iter().enumerate() {
        let cap = frame.len().min(kept);
        let micros = i as u32 * 300_000;
        for n in [micros / 1_000_000, micros % 1_000_000, cap as u32, frame.len() as u32] {
            file.extend(n.to_le_bytes());
        }
        file.extend(&frame[..cap]);
    }
    file
}

fn empty(lang: Lang) -> Model {
    Model::new(Prefs { lang: Some(lang), ..Prefs::default() }, lang)
}

fn open(lang: Lang, file: Vec<u8>) -> Model {
    let mut model = empty(lang);
    let mut capture = Capture::new(Arc::new(file.clone()));
    let (mut tracker, mut parser) = (Tracker::new(), Parser::new());
    parser.feed(&file, &mut |record, bytes| {
        if let Record::Frame(meta, _) = &record {
            let link = capture.trace.link(meta);
            tracker.push(&Frame { id: capture.trace.len(), meta: *meta, link, bytes });
        }
        capture.trace.append(record);
    });
    tracker.finish();
    capture.index.apply(tracker.take());
    model.sequence = Sequence::of(Scope::All, &capture);
    model.capture = Arc::new(capture);
    model.source = Source::File("/http.pcap".into());
    model.play.put(Some(0), false);
    model
}

fn filled(lang: Lang) -> Model {
    open(lang, pcap(&frames(), usize::MAX))
}

// --- a window with one pane in it

struct Window {
    model: Model,
    pane: Pane,
    actions: Vec<Action>,
}

/// Draws the pane; what it asks for is done, and kept to be looked at.
fn window<'a>(pane: Pane, model: Model, size: Vec2) -> Harness<'a, Window> {
    let draw = |ui: &mut Ui, window: &mut Window| {
        let actions = (window.pane)(ui, &window.model);
        if !actions.iter().any(|a| matches!(a, Action::Hover(_))) {
            window.model.hover = None;
        }
        for action in actions {
            update(&mut window.model, action.clone());
            window.actions.push(action);
        }
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_context_setup(theme::apply)
        .build_ui_state(draw, Window { model, pane, actions: Vec::new() });
    harness.run_steps(3);
    harness
}

const SIZE: Vec2 = vec2(900.0, 420.0);

fn went(harness: &Harness<'_, Window>) -> Vec<u32> {
    let go = |a: &Action| if let Action::Go(frame) = a { Some(*frame) } else { None };
    harness.state().actions.iter().filter_map(go).collect()
}

fn wheel(harness: &mut Harness<'_, Window>, points: f32) {
    let event = |delta| egui::Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, delta),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Trackpad,
    };
    harness.hover_at(pos2(200.0, 150.0));
    harness.step();
    harness.event(event(points));
    // Scrolling is smooth: it takes some pictures to arrive.
    harness.run_steps(30);
}

// --- all panes

#[test]
fn every_pane_is_drawn_at_any_size_in_both_languages() {
    for lang in Lang::ALL {
        for pane in PANES {
            for size in [vec2(640.0, 220.0), vec2(1280.0, 600.0), vec2(240.0, 90.0), vec2(60.0, 30.0)] {
                window(pane, empty(lang), size);
                for at in 0..7 {
                    let mut model = filled(lang);
                    update(&mut model, Action::GoPosition(at));
                    window(pane, model, size);
                }
            }
        }
    }
}

#[test]
fn an_empty_pane_says_what_to_do() {
    for pane in PANES {
        let harness = window(pane, empty(Lang::Ja), SIZE);
        harness.get_by_label("まだ何も開いていません。");
        let harness = window(pane, empty(Lang::En), SIZE);
        harness.get_by_label("Start an exchange, or open a capture.");
    }
}

// --- packets

#[test]
fn a_click_on_a_row_goes_to_its_frame_and_the_row_is_then_the_selected_one() {
    let mut harness = window(packets_ui, filled(Lang::En), SIZE);
    harness.get_by_label_contains("frame 4: HTTP GET /users/7").click();
    harness.run_steps(2);
    assert_eq!(went(&harness), [3]);
    assert_eq!(harness.state().model.current(), Some(3));
}

#[test]
fn pointing_at_a_row_points_at_its_frame() {
    let mut harness = window(packets_ui, filled(Lang::Ja), SIZE);
    harness.get_by_label_contains("フレーム 2: TCP").hover();
    harness.run_steps(2);
    assert_eq!(harness.state().model.hover, Some(ByteRef::frame(1)));
}

#[test]
fn a_retransmission_is_said_in_words() {
    for (lang, words) in [(Lang::Ja, "再送"), (Lang::En, "etransmission")] {
        let harness = window(packets_ui, filled(lang), SIZE);
        let [new, again] = lang.pick(["フレーム 6: ", "フレーム 7: "], ["frame 6: ", "frame 7: "]);
        let says = |row| harness.get_by_label_contains(row).accesskit_node().label().unwrap().contains(words);
        assert!(says(again) && !says(new));
    }
}

#[test]
fn a_field_of_the_layers_can_be_filtered_by() {
    let mut harness = window(layers_ui, filled(Lang::En), vec2(900.0, 900.0));
    harness.get_by_label_contains("(tcp.dstport)").click_secondary();
    harness.run_steps(3);
    harness.get_by_label("Filter by this").click();
    harness.run_steps(3);
    harness.get_by_label("Show all but these").click();
    harness.run_steps(3);
    let filter = |a: &Action| if let Action::Filter(text) = a { Some(text.clone()) } else { None };
    let said: Vec<String> = harness.state().actions.iter().filter_map(filter).collect();
    assert_eq!(said, ["not tcp.dstport == 80"]);
    assert_eq!(harness.state().model.filter.applied, "not tcp.dstport == 80");
}

#[test]
fn the_menu_begins_with_the_cell_that_was_pointed_at() {
    let first = |column| view::filters::of_row(&filled(Lang::En), 3, column).first().map(|o| o.filter.clone());
    assert_eq!(first(Some(Column::Source)).as_deref(), Some("ip.src == 10.0.0.1"));
    assert_eq!(first(Some(Column::Destination)).as_deref(), Some("ip.dst == 10.0.0.2"));
    assert_eq!(first(Some(Column::Info)).as_deref(), Some("http.request.method == \"GET\""));
    assert_eq!(first(Some(Column::Number)).as_deref(), Some("frame.number == 4"));
    let model = filled(Lang::En);
    for column in Column::ALL {
        let offers = view::filters::of_row(&model, 3, Some(column));
        assert!(offers.len() <= 6 && offers.iter().any(|o| o.filter == "tcp.stream == 0"), "{offers:?}");
        assert!(offers.iter().all(|o| Filter::parse(&o.filter, &Every).is_ok()), "{offers:?}");
    }
    let mut harness = window(packets_ui, filled(Lang::En), SIZE);
    let row = harness.get_by_label_contains("frame 4: ").rect();
    let protocol = harness.get_by_label("Protocol").rect();
    let at = pos2(protocol.center().x, row.center().y);
    harness.hover_at(at);
    harness.step();
    for pressed in [true, false] {
        let button = egui::PointerButton::Secondary;
        harness.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
        harness.step();
    }
    harness.run_steps(3);
    let cell = harness.get_by_label_contains("Protocol: http").rect();
    assert!(cell.top() < harness.get_by_label_contains("Source address: ip.src").rect().top());
}

#[test]
fn a_click_on_a_head_orders_the_rows_and_the_cursor_keeps_its_frame() {
    let mut harness = window(packets_ui, filled(Lang::En), SIZE);
    for _ in 0..2 {
        harness.get_by_label("#").click();
        harness.run_steps(3);
    }
    let model = &mut harness.state_mut().model;
    assert_eq!(model.sorting.by, Some((By::Number, true)));
    let order = Order::of(&model.capture, &model.sequence, By::Number, true, &mut |_| true).unwrap();
    // Two clicks, two questions: the second is answered.
    update(model, Action::Sorted { serial: 2, order: Arc::new(order) });
    harness.run_steps(3);
    let top = |label: &str| harness.get_by_label_contains(label).rect().top();
    assert!(top("frame 4: ") < top("frame 3: "));
    assert_eq!(harness.state().model.current(), Some(0));
}

#[test]
fn messages_follow_the_filter_and_the_pane_says_so() {
    let mut model = filled(Lang::En);
    let all = model.capture.index.messages.len();
    let pass = update(&mut model, Action::Filter("http.request".into()));
    assert!(!pass.is_empty());
    let generation = model.filter.generation;
    update(&mut model, Action::FilterFound { generation, frames: vec![3], upto: 7, done: true });
    let harness = window(messages_ui, model, SIZE);
    harness.get_by_label_contains("client: Request GET");
    assert!(harness.query_by_label_contains("server: Response").is_none());
    harness.get_by_label_contains(&format!("1 of {all} messages"));
}

#[test]
fn the_menu_copies_the_line_and_shows_one_conversation() {
    let mut harness = window(packets_ui, filled(Lang::En), SIZE);
    harness.get_by_label_contains("frame 4: ").click_secondary();
    harness.run_steps(3);
    harness.get_by_label("Copy this line").click();
    harness.run_steps(3);
    assert!(harness.state().actions.iter().any(|a| matches!(a, Action::Copy(line) if line.contains("10.0.0.1:49152\t10.0.0.2:80\tHTTP"))));
    harness.get_by_label_contains("frame 4: ").click_secondary();
    harness.run_steps(3);
    harness.get_by_label("Show only this conversation").click();
    harness.run_steps(3);
    assert_eq!(harness.state().model.scope(), Scope::Flow(0));
    harness.get_by_label("Show all").click();
    harness.run_steps(3);
    assert_eq!(harness.state().model.scope(), Scope::All);
}

#[test]
fn arrows_and_page_keys_move_in_a_focused_table_only() {
    let mut harness = window(packets_ui, filled(Lang::En), SIZE);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    assert_eq!(harness.state().model.play.at, Some(0));
    harness.get_by_label("Packets").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    assert_eq!(harness.state().model.play.at, Some(2));
}

/// A capture of many frames, of which the file holds but one.
fn long(count: usize) -> Model {
    let mut model = filled(Lang::En);
    let (meta, row) = (model.capture.trace.frames.get(0).unwrap(), model.capture.index.rows.get(0).unwrap());
    let capture = Arc::make_mut(&mut model.capture);
    capture.trace.frames = vec![meta; count].into_iter().collect();
    capture.index.rows.clear();
    let row = Row { flow: u32::MAX, transport: Transport::Other, ..row };
    capture.index.apply(Batch { rows: vec![row; count], ..Batch::default() });
    model.sequence = Sequence::of(Scope::All, &model.capture);
    model
}

#[test]
fn a_table_of_ten_million_rows_scrolls_by_single_rows_at_its_end() {
    let mut model = long(10_000_000);
    update(&mut model, Action::GoPosition(9_999_990));
    let mut harness = window(packets_ui, model, SIZE);
    let y = |h: &Harness<'_, Window>| h.get_by_label_contains("frame 9999991:").rect().top();
    let before = y(&harness);
    wheel(&mut harness, 7.0);
    assert!((y(&harness) - before - 7.0).abs() < 0.6, "moved by {}", y(&harness) - before);
}

#[test]
fn only_rows_in_sight_are_made_and_the_cursor_is_followed() {
    let mut harness = window(packets_ui, long(100_000), SIZE);
    assert!(harness.query_by_label_contains("frame 1:").is_some());
    let rows = harness.query_all_by_label_contains("frame ").count();
    assert!(rows < 30, "{rows} rows");
    update(&mut harness.state_mut().model, Action::GoPosition(77_776));
    harness.run_steps(2);
    assert!(harness.query_by_label_contains("frame 77777:").is_some());
    assert!(harness.query_by_label_contains("frame 1:").is_none());
}

#[test]
fn the_bar_is_dragged_to_the_end() {
    let mut harness = window(packets_ui, long(100_000), SIZE);
    let bar = harness.get_by_label("Scroll bar").rect();
    harness.drag_at(pos2(bar.center().x, bar.top() + 5.0));
    harness.step();
    harness.hover_at(pos2(bar.center().x, bar.bottom() + 40.0));
    harness.run_steps(2);
    harness.drop_at(pos2(bar.center().x, bar.bottom() + 40.0));
    harness.run_steps(2);
    assert!(harness.query_by_label_contains("frame 100000:").is_some());
}

// --- layers

fn at(lang: Lang, position: usize) -> Model {
    let mut model = filled(lang);
    update(&mut model, Action::GoPosition(position));
    model
}

#[test]
fn the_transport_header_is_open_and_the_link_header_opens_by_a_click() {
    let mut harness = window(layers_ui, at(Lang::En, 1), vec2(600.0, 900.0));
    assert!(harness.query_by_label_contains("(tcp.ack_raw)").is_some());
    assert!(harness.query_by_label_contains("(eth.type)").is_none());
    harness.get_by_label_contains("L2 Ethernet").click();
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("(eth.type)").is_some());
}

#[test]
fn a_field_is_pointed_at_pinned_and_let_go() {
    let mut harness = window(layers_ui, at(Lang::Ja, 1), vec2(600.0, 900.0));
    harness.get_by_label_contains("(tcp.window_size_value)").hover();
    harness.run_steps(2);
    let window_field = ByteRef { frame: 1, buffer: 0, span: Span::new(48, 2), layer: Some(3) };
    assert_eq!(harness.state().model.hover, Some(window_field));
    harness.get_by_label_contains("(tcp.window_size_value)").click();
    harness.run_steps(2);
    assert_eq!(harness.state().model.pinned, Some(window_field));
    harness.remove_cursor();
    harness.run_steps(2);
    assert_eq!(harness.state().model.hover, None, "a click must not leave the light on");
    harness.get_by_label_contains("(tcp.window_size_value)").click();
    harness.run_steps(2);
    assert_eq!(harness.state().model.pinned, None);
}

#[test]
fn a_bit_of_the_diagram_points_at_its_byte() {
    let mut harness = window(layers_ui, at(Lang::En, 1), vec2(600.0, 900.0));
    harness.get_by_label_contains("tcp.flags.syn ").hover();
    harness.run_steps(2);
    assert_eq!(harness.state().model.hover.map(|h| h.span), Some(Span::new(47, 1)));
}

#[test]
fn pointing_at_bytes_opens_the_layer_they_are_of() {
    let mut model = at(Lang::En, 1);
    model.pinned = Some(ByteRef { frame: 1, buffer: 0, span: Span::new(22, 1), layer: None });
    let harness = window(layers_ui, model, vec2(600.0, 900.0));
    assert!(harness.query_by_label_contains("(ip.ttl)").is_some());
}

#[test]
fn a_frame_that_is_cut_says_where_reading_ended() {
    for (lang, words) in [(Lang::Ja, "途切れています"), (Lang::En, "cut off")] {
        let harness = window(layers_ui, open(lang, pcap(&frames(), 40)), vec2(600.0, 900.0));
        assert!(harness.query_all_by_label_contains(words).count() > 0);
    }
}

// --- bytes

#[test]
fn a_byte_points_at_its_field() {
    let mut harness = window(bytes_ui, at(Lang::En, 1), vec2(700.0, 300.0));
    let row = harness.get_by_label_contains("0010  ").rect();
    // Byte 0x16 is the time to live: seventh of its row, in the first half.
    let digit = 7.8;
    let left = row.left() + 8.0 + 4.0 * digit + 14.0;
    harness.hover_at(pos2(left + 6.0 * 3.0 * digit + digit, row.center().y));
    harness.run_steps(2);
    let ttl = ByteRef { frame: 1, buffer: 0, span: Span::new(22, 1), layer: Some(2) };
    assert_eq!(harness.state().model.hover, Some(ttl));
}

#[test]
fn a_drag_over_bytes_pins_the_range() {
    let mut harness = window(bytes_ui, at(Lang::En, 1), vec2(700.0, 300.0));
    let row = harness.get_by_label_contains("0000  ").rect();
    let x = |byte: f32| row.left() + 8.0 + 4.0 * 7.8 + 14.0 + byte * 3.0 * 7.8 + 7.8;
    harness.hover_at(pos2(x(1.0), row.center().y));
    harness.step();
    harness.drag_at(pos2(x(1.0), row.center().y));
    harness.step();
    harness.hover_at(pos2(x(3.0), row.center().y + row.height()));
    harness.run_steps(2);
    harness.drop_at(pos2(x(3.0), row.center().y + row.height()));
    harness.run_steps(2);
    let pinned = harness.state().model.pinned.unwrap();
    assert_eq!((pinned.span, pinned.layer), (Span::new(1, 19), None));
}

#[test]
fn a_field_of_a_message_shows_the_message_and_a_byte_of_the_frame_stays_in_the_frame() {
    let mut model = at(Lang::En, 5);
    assert!(model.explain(5).unwrap().dissected.buffers.len() > 1, "the response came in two segments");
    model.pinned = Some(ByteRef { frame: 5, buffer: 1, span: Span::new(0, 8), layer: None });
    let harness = window(bytes_ui, model, vec2(700.0, 300.0));
    assert!(harness.query_by_label_contains("HTTP/1.1 200 OK.").is_some(), "the message begins with its status line");
    let mut model = at(Lang::En, 5);
    model.pinned = Some(ByteRef { frame: 5, buffer: 0, span: Span::new(0, 6), layer: None });
    let harness = window(bytes_ui, model, vec2(700.0, 300.0));
    assert!(harness.query_by_label_contains("HTTP/1.1 200 OK.").is_none());
}

#[test]
fn bytes_that_were_not_kept_are_said_to_be_missing() {
    let harness = window(bytes_ui, open(Lang::En, pcap(&frames(), 40)), vec2(700.0, 300.0));
    harness.get_by_label("Only 40 of 54 B were captured");
    let harness = window(bytes_ui, filled(Lang::En), vec2(700.0, 300.0));
    assert!(harness.query_by_label_contains("were captured").is_none());
}

// --- messages

#[test]
fn messages_are_told_by_who_speaks_and_what_is_said() {
    let harness = window(messages_ui, filled(Lang::Ja), SIZE);
    harness.get_by_label_contains("クライアント: リクエスト GET /users/7 HTTP/1.1");
    harness.get_by_label_contains("サーバ: レスポンス");
}

#[test]
fn a_link_of_a_message_goes_to_the_frame_that_carried_a_part_of_it() {
    let mut harness = window(messages_ui, filled(Lang::En), SIZE);
    // The response stands in frames 5 and 6; 7 brought nothing new but carried its bytes again.
    harness.get_by_label("Go to frame 6").click();
    harness.run_steps(2);
    assert_eq!(went(&harness), [5]);
    harness.get_by_label_contains("client: Request").click();
    harness.run_steps(2);
    assert_eq!(went(&harness), [5, 3]);
}

#[test]
fn a_capture_without_data_has_no_messages_and_says_so() {
    let harness = window(messages_ui, open(Lang::En, pcap(&frames()[..3], usize::MAX)), SIZE);
    harness.get_by_label("No application message yet.");
}

// --- programs

/// A recorded run with its calls, at a frame by its number.
fn talk(lang: Lang, number: u32) -> Model {
    let mut model = support::sample(lang, "tcp-echo.pcapng");
    model.prefs.language = osiscope::timeline::Language::Python;
    update(&mut model, Action::Go(number - 1));
    model
}

#[test]
fn the_line_that_sent_the_frame_is_lit_and_so_is_the_one_that_it_woke() {
    // The first data goes from the client's write to the server's read.
    let harness = window(program_ui, talk(Lang::En, 4), vec2(700.0, 900.0));
    let sent = harness.get_by_label_contains("conn.sendall(line)  write(16 B) = 16  sent #4");
    let woke = harness.get_by_label_contains("data = conn.recv(65536)  read() = 16  returned by #4");
    for line in [sent, woke] {
        let said = format!("{:?}", line.accesskit_node().toggled());
        assert_eq!(said, "Some(True)", "a screen reader is told that it is the one");
    }
}

#[test]
fn a_click_on_a_line_goes_to_its_next_frame_and_one_without_a_packet_stays() {
    let mut harness = window(program_ui, talk(Lang::En, 1), vec2(700.0, 1000.0));
    harness.get_by_label_contains("conn.sendall(data)").click();
    harness.run_steps(2);
    assert_eq!(went(&harness), [5], "the echo of the first line");
    harness.get_by_label_contains("listener.listen()").click();
    harness.run_steps(2);
    assert_eq!(went(&harness).len(), 1, "listen sends nothing");
}

#[test]
fn another_language_shows_another_text_and_is_remembered() {
    let mut harness = window(program_ui, talk(Lang::Ja, 4), SIZE);
    harness.get_by_label("C").click();
    harness.run_steps(3);
    assert_eq!(harness.state().model.prefs.language, osiscope::timeline::Language::C);
    harness.get_by_label_contains("tcp-echo-server.c を保存");
}

// --- calls

/// A recorded run that comes with the program, at this frame.
fn recorded(lang: Lang, name: &str, number: u32) -> Model {
    let bytes = osiscope::engine::samples::by_name(name).expect("a sample").bytes;
    let mut intake = osiscope::timeline::Intake::new();
    intake.feed(bytes);
    intake.finish();
    let (records, batch) = intake.take();
    let mut model = empty(lang);
    let mut capture = Capture::new(Arc::new(bytes.to_vec()));
    records.into_iter().for_each(|r| capture.trace.append(r));
    capture.index.apply(batch);
    model.sequence = Sequence::of(Scope::All, &capture);
    model.capture = Arc::new(capture);
    model.joins.grow(&model.capture);
    update(&mut model, Action::Go(number - 1));
    model.play.progress = 1.0;
    model
}

#[test]
fn a_call_in_the_lanes_goes_to_the_frame_it_sent_and_a_narrow_ladder_folds_them() {
    let mut harness = window(ladder_ui, recorded(Lang::En, "http.pcapng", 1), vec2(420.0, 600.0));
    let connect = |h: &Harness<'_, Window>| h.query_all_by_label_contains("client connect").count();
    assert_eq!(connect(&harness), 1);
    harness.get_all_by_label_contains("client write").next().unwrap().click();
    harness.run_steps(3);
    let model = &harness.state().model;
    let now = model.current().unwrap();
    let sent = model.joins.of_frame(&model.capture, now).unwrap().sent_by;
    assert!(sent.iter().any(|id| model.capture.trace.calls.get(*id).unwrap().what.name() == "write"), "frame {now}: {sent:?}");
    let harness = window(ladder_ui, recorded(Lang::En, "http.pcapng", 1), vec2(300.0, 600.0));
    assert_eq!(connect(&harness), 0);
    harness.get_by_label("calls are folded");
}

#[test]
fn every_call_of_a_run_stands_in_the_lanes_once_and_scrolling_reaches_them_all() {
    for name in ["tcp-echo.pcapng", "http.pcapng", "websocket.pcapng", "udp-echo.pcapng"] {
        let model = recorded(Lang::Ja, name, 1);
        let scene = view::ladder::scene(&model, 420.0, 20_000.0);
        for id in model.capture.trace.calls.ids() {
            let start = format!("call {}: ", u64::from(id) + 1);
            assert_eq!(scene.hits.iter().filter(|h| h.name.starts_with(&start)).count(), 1, "{name} {start}");
        }
        let mut model = model;
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..400 {
            let scene = view::ladder::scene(&model, 420.0, 300.0);
            seen.extend(scene.hits.into_iter().filter(|h| h.name.starts_with("call ")).map(|h| h.name));
            let top = view::ladder::scrolled(&model, 420.0, 300.0, 20.0);
            update(&mut model, Action::ScrollLadder(top));
        }
        assert_eq!(seen.len(), model.capture.trace.calls.len(), "{name}");
    }
}

#[test]
fn the_layers_pane_says_which_call_sent_the_frame_or_why_the_kernel_did() {
    let says = |number| {
        let harness = window(layers_ui, recorded(Lang::En, "tcp-echo.pcapng", number), SIZE);
        harness.get_by_label_contains("Calls  ").accesskit_node().label().unwrap()
    };
    assert!(says(1).contains("sent by client connect"), "{}", says(1));
    assert!(says(2).contains("the kernel answered for the listening socket"));
    assert!(says(4).contains("sent by client write") && says(4).contains("woke server read"), "{}", says(4));
    assert!(window(layers_ui, filled(Lang::En), SIZE).query_by_label_contains("Calls  ").is_none(), "nothing is recorded there");
}

#[test]
fn the_strip_lights_nothing_it_does_not_know_and_names_every_call_once() {
    for number in 1..=12 {
        let harness = window(stage_ui, recorded(Lang::En, "http.pcapng", number), vec2(900.0, 420.0));
        assert!(harness.query_all_by_label_contains("call ").count() > 1, "frame {number}");
    }
}

#[test]
fn the_way_through_the_states_takes_edges_of_the_rfc_and_ends_where_the_capture_says() {
    use osiscope::trace::Host;
    for name in ["tcp-echo.pcapng", "http.pcapng", "websocket.pcapng"] {
        let mut model = recorded(Lang::En, name, 1);
        for frame in 0..model.capture.trace.len() {
            update(&mut model, Action::Go(frame));
            let here = view::sockets::here(&model).unwrap();
            let row = model.capture.index.row(frame).unwrap();
            for host in Host::BOTH {
                let path = view::states::path(&model, &here, host);
                assert_eq!(path.last(), Some(&row.states[host.index()]), "{name} {frame} {host:?}");
                assert!(path.windows(2).all(|p| view::states::is_edge(p[0], p[1])), "{name} {frame} {host:?}: {path:?}");
            }
        }
    }
}

#[test]
fn each_step_of_a_life_is_done_in_its_order_and_all_are_done_in_the_end() {
    use osiscope::trace::Host;
    use view::lifecycle::{Status, steps};
    let mut model = recorded(Lang::En, "http.pcapng", 1);
    for frame in 0..model.capture.trace.len() {
        update(&mut model, Action::Go(frame));
        let here = view::sockets::here(&model).unwrap();
        for host in Host::BOTH {
            let (steps, recorded) = steps(&model, &here, host);
            assert!(recorded);
            let future = steps.iter().position(|s| s.status == Status::Future).unwrap_or(steps.len());
            assert!(steps.iter().skip(future).all(|s| s.status == Status::Future), "frame {frame} {host:?} {steps:?}");
            assert!(frame + 1 < model.capture.trace.len() || future == steps.len(), "{steps:?}");
        }
    }
}
