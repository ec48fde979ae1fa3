//! QUIC's transport parameters, which travel in a TLS extension (RFC 9000 §18, RFC 9221).
//!
//! In: the extension's body. Out: fields; each parameter with its number, its bytes and, where it is known, what they mean.

use super::fields::*;
use crate::proto::take::Take;
use crate::wire::{Field, FieldDef, Span, Value};

/// What a parameter holds.
enum Holds {
    Number(&'static FieldDef),
    Bytes(&'static FieldDef),
}

/// The name of a parameter, and what it holds (RFC 9000 §18.2).
fn known(number: u64) -> Option<(&'static str, Holds)> {
    use Holds::{Bytes, Number};
    Some(match number {
        0 => ("original_destination_connection_id", Bytes(&QP_ORIGINAL_ID)),
        1 => ("max_idle_timeout", Number(&QP_IDLE)),
        2 => ("stateless_reset_token", Bytes(&QP_RESET_TOKEN)),
        3 => ("max_udp_payload_size", Number(&QP_UDP_SIZE)),
        4 => ("initial_max_data", Number(&QP_DATA)),
        5 => ("initial_max_stream_data_bidi_local", Number(&QP_BIDI_LOCAL)),
        6 => ("initial_max_stream_data_bidi_remote", Number(&QP_BIDI_REMOTE)),
        7 => ("initial_max_stream_data_uni", Number(&QP_UNI)),
        8 => ("initial_max_streams_bidi", Number(&QP_STREAMS_BIDI)),
        9 => ("initial_max_streams_uni", Number(&QP_STREAMS_UNI)),
        10 => ("ack_delay_exponent", Number(&QP_ACK_EXPONENT)),
        11 => ("max_ack_delay", Number(&QP_ACK_DELAY)),
        14 => ("active_connection_id_limit", Number(&QP_ID_LIMIT)),
        15 => ("initial_source_connection_id", Bytes(&QP_SOURCE_ID)),
        16 => ("retry_source_connection_id", Bytes(&QP_RETRY_ID)),
        0x20 => ("max_datagram_frame_size", Number(&QP_DATAGRAM)),
        _ => return None,
    })
}

pub fn read(body: &mut Take<'_>, out: &mut Vec<Field>) -> Option<()> {
    while body.left() > 0 {
        let mut fields = Vec::new();
        let number = body.varint(&QP_TYPE, &mut fields)?;
        let len = usize::try_from(body.varint(&QP_LENGTH, &mut fields)?).ok()?;
        let mut value = body.part(len);
        let span = Span::new(value.at(), value.left());
        fields.push(Field::new(&QP_VALUE, Value::Bytes, span));
        let name = match known(number) {
            Some((name, Holds::Number(def))) => {
                value.varint(def, &mut fields);
                name
            }
            Some((name, Holds::Bytes(def))) => {
                fields.push(Field::new(def, Value::Bytes, span));
                name
            }
            // RFC 9000 §18.1: numbers that mean nothing.
            None if number % 31 == 27 => "GREASE",
            None => "Unknown",
        };
        // The number heads its parameter: the rest stands below it.
        let head = fields.remove(0);
        out.push(head.means(name).with(fields));
    }
    Some(())
}
