//! Types that a field's [`Kind`](crate::wire::Kind) does not tell: how wide a number is, what only says that it is there.
//!
//! In: nothing. Out: names by type, as `tshark -G fields` (4.0) lists them. What is not here follows from its kind.

use super::types::Type;

/// Names, parted by white space, and their type.
pub static TYPES: &[(Type, &str)] = &[
    (
        Type::Bool,
        "http.request http.response",
    ),
    (
        Type::Bytes,
        "icmpv6.opt.linkaddr websocket.payload.continue websocket.payload.ping websocket.payload.pong websocket.payload.unknown",
    ),
    (
        Type::Ether,
        "eth.addr",
    ),
    (
        Type::Int(32),
        "data.len dns.extraneous.length",
    ),
    (
        Type::Ipv4,
        "ip.addr",
    ),
    (
        Type::Ipv6,
        "ipv6.addr",
    ),
    (
        Type::Label,
        "dns.opt ipv6.opt.pad1 json.object tcp.analysis.ack_lost_segment tcp.analysis.duplicate_ack \
         tcp.analysis.fast_retransmission tcp.analysis.keep_alive tcp.analysis.keep_alive_ack tcp.analysis.lost_segment \
         tcp.analysis.out_of_order tcp.analysis.retransmission tcp.analysis.reused_ports tcp.analysis.spurious_retransmission \
         tcp.analysis.window_full tcp.analysis.window_update tcp.analysis.zero_window tcp.analysis.zero_window_probe \
         tcp.analysis.zero_window_probe_ack websocket.masked_payload",
    ),
    (
        Type::Text,
        "ip.dst_host ip.host ip.src_host ipv6.dst_host ipv6.host ipv6.src_host",
    ),
    (
        Type::Time,
        "dns.rrsig.signature_expiration dns.rrsig.signature_inception dns.tsig.time_signed tls.handshake.random_time \
         tls.sct.sct_timestamp",
    ),
    (
        Type::Uint(16),
        "arp.hw.type arp.opcode dns.count.add_rr dns.count.answers dns.count.auth_rr dns.count.labels dns.count.prerequisites \
         dns.count.queries dns.count.updates dns.count.zones dns.dnskey.key_id dns.flags.opcode dns.flags.rcode dns.length \
         dns.mx.preference dns.naptr.order dns.naptr.preference dns.nsec3.iterations dns.opt.client.family dns.opt.code \
         dns.opt.edns_tcp_keepalive.timeout dns.opt.ext_error.info_code dns.opt.len dns.qry.name.len dns.qry.type dns.resp.len \
         dns.resp.type dns.rrsig.key_tag dns.rrsig.type_covered dns.srv.port dns.srv.priority dns.srv.weight \
         dns.svcb.svcparam.key dns.svcb.svcparam.mandatory.key dns.svcb.svcparam.port dns.svcb.svcparam.value.length \
         dns.svcb.svcpriority dns.tsig.error dns.tsig.fudge dns.tsig.mac_size dns.tsig.original_id dns.tsig.other_len eth.len \
         http.response.code icmp.ident icmp.mtu icmp.seq icmpv6.echo.sequence_number icmpv6.mld.maximum_response_delay \
         icmpv6.mldr.nb_mcast_records icmpv6.nd.ra.router_lifetime ip.frag_offset ip.len ip.opt.ra ipv6.fraghdr.offset \
         ipv6.fraghdr.reserved_bits ipv6.opt.router_alert ipv6.plen sll.halen sll.hatype sll.pkttype tcp.dstport \
         tcp.options.mss_val tcp.options.wscale.multiplier tcp.port tcp.srcport tcp.urgent_pointer tcp.window_size_value \
         tls.compress_certificate.algorithm tls.handshake.challenge_length tls.handshake.cipher_spec_len \
         tls.handshake.cipher_suites_length tls.handshake.client_cert_vrfy.sig_len tls.handshake.dname_len \
         tls.handshake.dnames_len tls.handshake.epms_len tls.handshake.extension.len tls.handshake.extension.type \
         tls.handshake.extensions.cookie_len tls.handshake.extensions.psk.binders_len \
         tls.handshake.extensions.psk.identities.length tls.handshake.extensions.psk.identity.identity_length \
         tls.handshake.extensions.psk.identity.selected tls.handshake.extensions_alpn_len tls.handshake.extensions_alps_len \
         tls.handshake.extensions_key_share_client_length tls.handshake.extensions_key_share_group \
         tls.handshake.extensions_key_share_key_exchange_length tls.handshake.extensions_key_share_selected_group \
         tls.handshake.extensions_length tls.handshake.extensions_server_name_len tls.handshake.extensions_server_name_list_len \
         tls.handshake.extensions_status_request_exts_len tls.handshake.extensions_status_request_len \
         tls.handshake.extensions_status_request_list_len tls.handshake.extensions_status_request_responder_ids_len \
         tls.handshake.extensions_supported_groups_length tls.handshake.g_len tls.handshake.hint_len tls.handshake.identity_len \
         tls.handshake.p_len tls.handshake.session_id_length tls.handshake.session_ticket_length tls.handshake.sig_hash_alg_len \
         tls.handshake.sig_len tls.handshake.yc_len tls.handshake.ys_len tls.heartbeat_message.payload_length tls.record.length \
         tls.record_size_limit tls.sct.sct_extensions_length tls.sct.sct_length tls.sct.sct_signature_length tls.sct.scts_length \
         udp.dstport udp.length udp.port udp.srcport vlan.id vlan.len vlan.priority websocket.payload.close.status_code \
         websocket.payload_length_ext_16",
    ),
    (
        Type::Uint(24),
        "tls.handshake.certificate_length tls.handshake.certificates_length tls.handshake.length tls.handshake.ocsp_response_len",
    ),
    (
        Type::Uint(64),
        "http.content_length websocket.payload_length_ext_64",
    ),
    (
        Type::Uint(8),
        "arp.hw.size arp.proto.size dns.caa.tag_length dns.dnskey.algorithm dns.dnskey.protocol dns.ds.algorithm \
         dns.ds.digest_type dns.hinfo.cpu_length dns.hinfo.os_length dns.loc.horizontal_precision dns.loc.size dns.loc.version \
         dns.loc.vertical_precision dns.naptr.flags_length dns.naptr.regex_length dns.naptr.replacement_length \
         dns.naptr.service_length dns.nsec3.algo dns.nsec3.flags dns.nsec3.hash_length dns.nsec3.salt_length \
         dns.opt.client.netmask dns.opt.client.scope dns.opt.dau dns.opt.dhu dns.opt.n3u dns.resp.edns0_version \
         dns.rrsig.algorithm dns.rrsig.labels dns.spf.length dns.sshfp.algorithm dns.sshfp.fingerprint.type \
         dns.svcb.svcparam.alpn.length dns.tlsa.certificate_usage dns.tlsa.matching_type dns.tlsa.selector dns.txt.length \
         icmp.checksum.status icmp.code icmp.type icmpv6.checksum.status icmpv6.code icmpv6.nd.ra.cur_hop_limit \
         icmpv6.nd.ra.flag.rsv icmpv6.opt.length icmpv6.opt.prefix.length icmpv6.opt.type icmpv6.type ip.checksum.status \
         ip.dsfield.dscp ip.dsfield.ecn ip.hdr_len ip.opt.len ip.opt.ptr ip.opt.type ip.proto ip.ttl ip.version ipv6.dstopts.len \
         ipv6.dstopts.nxt ipv6.fraghdr.nxt ipv6.hlim ipv6.hopopts.len ipv6.hopopts.nxt ipv6.nxt ipv6.opt.length ipv6.routing.len \
         ipv6.routing.nxt ipv6.routing.segleft ipv6.routing.type ipv6.version tcp.checksum.status tcp.hdr_len tcp.option_kind \
         tcp.option_len tcp.options.sack.count tcp.options.wscale.shift tls.alert_message.desc tls.alert_message.level \
         tls.compress_certificate.algorithms_length tls.extension.psk_ke_mode tls.extension.psk_ke_modes_length \
         tls.handshake.cert_type tls.handshake.cert_types_count tls.handshake.client_point_len tls.handshake.comp_method \
         tls.handshake.comp_methods_length tls.handshake.extension.heartbeat.mode tls.handshake.extensions.supported_versions_len \
         tls.handshake.extensions_alpn_str_len tls.handshake.extensions_alps_alpn_str_len \
         tls.handshake.extensions_ec_point_format tls.handshake.extensions_ec_point_formats_length \
         tls.handshake.extensions_npn_str_len tls.handshake.extensions_reneg_info_len tls.handshake.extensions_server_name_type \
         tls.handshake.extensions_srp_len tls.handshake.extensions_status_request_type tls.handshake.max_fragment_length \
         tls.handshake.server_point_len tls.handshake.session_ticket_nonce_length tls.handshake.sig_hash_hash \
         tls.handshake.sig_hash_sig tls.handshake.type tls.heartbeat_message.type tls.record.content_type tls.record.opaque_type \
         tls.record.padding_length tls.sct.sct_version udp.checksum.status websocket.opcode websocket.payload_length",
    ),
];
