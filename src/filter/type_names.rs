//! Types that a field's [`Kind`](crate::wire::Kind) does not tell: how wide a number is, what only says that it is there.
//!
//! In: nothing. Out: names by type, as `tshark -G fields` (4.0) lists them. What is not here follows from its kind.

use super::types::Type;

/// Names, parted by white space, and their type.
pub static TYPES: &[(Type, &str)] = &[
    (
        Type::Bytes,
        "icmpv6.opt.linkaddr icmpv6.opt.src_linkaddr icmpv6.opt.target_linkaddr websocket.payload.continue websocket.payload.ping \
         websocket.payload.pong websocket.payload.unknown",
    ),
    (
        Type::Ether,
        "eth.addr",
    ),
    (
        Type::Float,
        "icmp.resptime icmpv6.resptime radiotap.datarate",
    ),
    (
        Type::Int(32),
        "data.len dns.extraneous.length icmp.pref_level nflog.gid nflog.uid tcp.window_size_scalefactor",
    ),
    (
        Type::Int(8),
        "radiotap.dbm_antnoise radiotap.dbm_antsignal radiotap.txpower",
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
        "json.object tcp.analysis.ack_lost_segment tcp.analysis.duplicate_ack tcp.analysis.fast_retransmission \
         tcp.analysis.keep_alive tcp.analysis.keep_alive_ack tcp.analysis.lost_segment tcp.analysis.out_of_order \
         tcp.analysis.retransmission tcp.analysis.reused_ports tcp.analysis.spurious_retransmission tcp.analysis.window_full \
         tcp.analysis.window_update tcp.analysis.zero_window tcp.analysis.zero_window_probe tcp.analysis.zero_window_probe_ack",
    ),
    (
        Type::Text,
        "eth.addr_resolved eth.dst_resolved eth.src_resolved http2.continuation.header ip.dst_host ip.host ip.src_host ipv6.dst_host ipv6.host ipv6.src_host",
    ),
    (
        Type::Time,
        "dns.rrsig.signature_expiration dns.rrsig.signature_inception dns.tsig.time_signed frame.time icmp.data_time nflog.timestamp \
         tls.handshake.random_time tls.sct.sct_timestamp",
    ),
    (
        Type::Uint(16),
        "arp.hw.type arp.opcode dns.count.add_rr dns.count.answers dns.count.auth_rr dns.count.labels dns.count.prerequisites \
         dns.count.queries dns.count.updates dns.count.zones dns.dnskey.key_id dns.flags.opcode dns.flags.rcode dns.length \
         dns.mx.preference dns.naptr.order dns.naptr.preference dns.nsec3.iterations dns.opt.client.family dns.opt.code \
         dns.opt.edns_tcp_keepalive.timeout dns.opt.ext_error.info_code dns.opt.len dns.qry.name.len dns.qry.type dns.resp.len \
         dns.resp.type dns.rr.udp_payload_size dns.rrsig.key_tag dns.rrsig.type_covered dns.srv.port dns.srv.priority \
         dns.srv.weight dns.svcb.svcparam.key dns.svcb.svcparam.mandatory.key dns.svcb.svcparam.port \
         dns.svcb.svcparam.value.length dns.svcb.svcpriority dns.tsig.error dns.tsig.fudge dns.tsig.mac_size dns.tsig.original_id \
         dns.tsig.other_len erspan.bso erspan.cos erspan.encap erspan.ft erspan.gra erspan.hw erspan.o erspan.p erspan.sgt \
         erspan.spanid erspan.truncated erspan.version erspan.vlan eth.len etherip.ver ftp.active.port ftp.eprt.port \
         ftp.epsv.port ftp.passive.port gre.flags.recursion_control gre.flags.reserved gre.flags.version gre.key.call_id \
         gre.key.payload_length gre.offset gre.routing.address_family http.proxy_connect_port http.response.code http2.pad_length \
         http2.settings.id icmp.ext.length icmp.ident icmp.ident_le icmp.lifetime icmp.mtu icmp.seq icmp.seq_le \
         icmpv6.echo.sequence_number icmpv6.mld.maximum_response_code icmpv6.mld.maximum_response_delay icmpv6.mld.nb_sources \
         icmpv6.mldr.mar.nb_sources icmpv6.mldr.nb_mcast_records icmpv6.nd.ra.router_lifetime icmpv6.opt.home_agent_lifetime \
         icmpv6.opt.home_agent_preference icmpv6.opt.pref64.scaled_lifetime ieee8021ad.dei ieee8021ad.id ieee8021ad.priority \
         ip.frag_offset ip.len ip.opt.id_number ip.opt.mtu ip.opt.ohc ip.opt.ra ip.opt.rhc ip.opt.sid ipv6.dstopts.len_oct \
         ipv6.fraghdr.offset ipv6.fraghdr.reserved_bits ipv6.hopopts.len_oct ipv6.opt.router_alert ipv6.plen ipv6.routing.len_oct \
         llc.control.n_r llc.control.n_s nflog.res_id nflog.tlv_length nflog.tlv_type ppi.field_len ppi.field_type ppi.length \
         pppoe.payload_length pweth.cw.sequence_number radiotap.db_txattenuation radiotap.length radiotap.quality \
         radiotap.txattenuation sll.halen sll.hatype sll.pkttype tcp.dstport tcp.options.mptcp.datalvllen tcp.options.mss_val \
         tcp.options.user_to_val tcp.options.wscale.multiplier tcp.port tcp.srcport tcp.urgent_pointer tcp.window_size_value \
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
         websocket.payload_length_ext_16 wlan.aid wlan.duration wlan.frag wlan.qos.priority wlan.qos.tid wlan.qos.txop_dur_req \
         wlan.seq",
    ),
    (
        Type::Uint(24),
        "eth.dst.oui eth.src.oui http2.length icmp.mpls.exp icmp.mpls.label llc.oui tcp.options.acc_ecn.eceb \
         tcp.options.acc_ecn.ee0b tcp.options.acc_ecn.ee1b tls.handshake.certificate_length tls.handshake.certificates_length \
         tls.handshake.length tls.handshake.ocsp_response_len",
    ),
    (
        Type::Uint(64),
        "http.content_length quic.ack.ack_delay quic.ack.ack_range_count quic.ack.first_ack_range quic.ack.largest_acknowledged \
         quic.cc.error_code quic.cc.frame_type quic.cc.reason_phrase.length quic.crypto.length quic.crypto.offset quic.frame_type \
         quic.length quic.packet_number quic.token_length radiotap.mactime tcp.options.mptcp.rawdataack \
         tcp.options.mptcp.rawdataseqno tcp.options.mptcp.recvkey tcp.options.mptcp.sendkey tls.quic.parameter.ack_delay_exponent \
         tls.quic.parameter.active_connection_id_limit tls.quic.parameter.initial_max_data \
         tls.quic.parameter.initial_max_stream_data_bidi_local tls.quic.parameter.initial_max_stream_data_bidi_remote \
         tls.quic.parameter.initial_max_stream_data_uni tls.quic.parameter.initial_max_streams_bidi \
         tls.quic.parameter.initial_max_streams_uni tls.quic.parameter.length tls.quic.parameter.max_ack_delay \
         tls.quic.parameter.max_datagram_frame_size tls.quic.parameter.max_idle_timeout tls.quic.parameter.max_udp_payload_size \
         tls.quic.parameter.type websocket.payload_length_ext_64 wlancap.data_rate wlancap.hosttime wlancap.mactime",
    ),
    (
        Type::Uint(8),
        "ah.length ah.next_header arp.hw.size arp.proto.size dns.caa.tag_length dns.dnskey.algorithm dns.dnskey.protocol \
         dns.ds.algorithm dns.ds.digest_type dns.hinfo.cpu_length dns.hinfo.os_length dns.loc.horizontal_precision dns.loc.size \
         dns.loc.version dns.loc.vertical_precision dns.naptr.flags_length dns.naptr.regex_length dns.naptr.replacement_length \
         dns.naptr.service_length dns.nsec3.algo dns.nsec3.flags dns.nsec3.hash_length dns.nsec3.salt_length \
         dns.opt.client.netmask dns.opt.client.scope dns.opt.dau dns.opt.dhu dns.opt.n3u dns.resp.edns0_version \
         dns.rrsig.algorithm dns.rrsig.labels dns.spf.length dns.sshfp.algorithm dns.sshfp.fingerprint.type \
         dns.svcb.svcparam.alpn.length dns.tlsa.certificate_usage dns.tlsa.matching_type dns.tlsa.selector dns.txt.length \
         eth.fcs.status ftp.eprt.af gre.checksum.status gre.routing.src_length gre.routing.sre_offset gre.wccp.alternative_bucket \
         gre.wccp.primary_bucket gre.wccp.service_id http2.headers.weight http2.type icmp.addr_entry_size icmp.checksum.status \
         icmp.code icmp.ext.checksum.status icmp.ext.class icmp.ext.ctype icmp.ext.version icmp.length \
         icmp.length.original_datagram icmp.mpls.ttl icmp.num_addrs icmp.type icmpv6.checksum.status icmpv6.code \
         icmpv6.mld.flag.qrv icmpv6.mld.flag.reserved icmpv6.mld.qqi icmpv6.mldr.mar.aux_data_len icmpv6.mldr.mar.record_type \
         icmpv6.nd.ra.cur_hop_limit icmpv6.nd.ra.flag.prf icmpv6.nd.ra.flag.rsv icmpv6.opt.length icmpv6.opt.prefix.flag.reserved \
         icmpv6.opt.prefix.length icmpv6.opt.route_info.flag.reserved icmpv6.opt.route_info.flag.route_preference icmpv6.opt.type \
         icmpv6.type ip.checksum.status ip.dsfield.dscp ip.dsfield.ecn ip.hdr_len ip.opt.len ip.opt.overflow ip.opt.ptr \
         ip.opt.qs_func ip.opt.qs_rate ip.opt.qs_ttl ip.opt.qs_unused ip.opt.type ip.opt.type.class ip.opt.type.number ip.proto \
         ip.ttl ip.version ipv6.dstopts.len ipv6.dstopts.nxt ipv6.fraghdr.nxt ipv6.hlim ipv6.hopopts.len ipv6.hopopts.nxt \
         ipv6.nxt ipv6.opt.length ipv6.opt.tel ipv6.opt.type.action ipv6.routing.len ipv6.routing.nxt ipv6.routing.segleft \
         ipv6.routing.srh.last_entry ipv6.routing.type ipv6.version llc.dsap.sap llc.ssap.sap nflog.family nflog.hook \
         nflog.version ppi.version ppp.direction pppoe.type pppoe.version quic.dcil quic.header_form quic.long.packet_type \
         quic.long.packet_type_v2 quic.long.reserved quic.packet_number_length quic.scil radiotap.data_retries \
         radiotap.db_antnoise radiotap.db_antsignal radiotap.pad radiotap.version tcp.checksum.status tcp.completeness \
         tcp.flags.ace tcp.hdr_len tcp.option_kind tcp.option_len tcp.options.ao.keyid tcp.options.ao.rnextkeyid \
         tcp.options.mptcp.addrid tcp.options.mptcp.backup.flag tcp.options.mptcp.checksumreq.flags \
         tcp.options.mptcp.dataack8.flag tcp.options.mptcp.dataackpresent.flag tcp.options.mptcp.datafin.flag \
         tcp.options.mptcp.dseqn8.flag tcp.options.mptcp.dseqnpresent.flag tcp.options.mptcp.extensibility.flag \
         tcp.options.mptcp.nomoresubflows.flag tcp.options.mptcp.sha1.flag tcp.options.mptcp.sha256.flag \
         tcp.options.mptcp.subtype tcp.options.mptcp.version tcp.options.qs.rate tcp.options.qs.ttl_diff tcp.options.sack.count \
         tcp.options.wscale.shift tls.alert_message.desc tls.alert_message.level tls.compress_certificate.algorithms_length \
         tls.extension.psk_ke_mode tls.extension.psk_ke_modes_length tls.handshake.cert_type tls.handshake.cert_types_count \
         tls.handshake.client_point_len tls.handshake.comp_method tls.handshake.comp_methods_length \
         tls.handshake.extension.heartbeat.mode tls.handshake.extensions.supported_versions_len \
         tls.handshake.extensions_alpn_str_len tls.handshake.extensions_alps_alpn_str_len \
         tls.handshake.extensions_ec_point_format tls.handshake.extensions_ec_point_formats_length \
         tls.handshake.extensions_npn_str_len tls.handshake.extensions_reneg_info_len tls.handshake.extensions_server_name_type \
         tls.handshake.extensions_srp_len tls.handshake.extensions_status_request_type tls.handshake.max_fragment_length \
         tls.handshake.server_point_len tls.handshake.session_ticket_nonce_length tls.handshake.sig_hash_hash \
         tls.handshake.sig_hash_sig tls.handshake.type tls.heartbeat_message.type tls.record.content_type tls.record.opaque_type \
         tls.record.padding_length tls.sct.sct_version udp.checksum.status websocket.opcode websocket.payload_length \
         wlan.fc.subtype wlan.fc.type wlan.fc.version wlan.fcs.status wlancap.channel",
    ),
];
