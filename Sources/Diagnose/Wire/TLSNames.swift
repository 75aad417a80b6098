/// The words of the TLS specifications for numbers on the wire.
enum TLSNames {
    /// `TLS 1.2` for 0x0303.
    static func version(_ code: UInt16) -> String {
        switch code {
        case 0x0002: "SSL 2.0"
        case 0x0300: "SSL 3.0"
        case 0x0301: "TLS 1.0"
        case 0x0302: "TLS 1.1"
        case 0x0303: "TLS 1.2"
        case 0x0304: "TLS 1.3"
        case 0x7F00...0x7FFF: "TLS 1.3 (draft \(code & 0xFF))"
        default: "0x" + String(code, radix: 16)
        }
    }

    /// GREASE values (RFC 8701) are offered to test servers and mean nothing.
    static func isGrease(_ code: UInt16) -> Bool { code & 0x0F0F == 0x0A0A && code >> 8 == code & 0xFF }

    /// AlertDescription of RFC 8446 section 6 and RFC 5246 section 7.2.
    static func alert(_ code: UInt8) -> String {
        switch code {
        case 0: "close_notify"
        case 10: "unexpected_message"
        case 20: "bad_record_mac"
        case 21: "decryption_failed"
        case 22: "record_overflow"
        case 30: "decompression_failure"
        case 40: "handshake_failure"
        case 41: "no_certificate"
        case 42: "bad_certificate"
        case 43: "unsupported_certificate"
        case 44: "certificate_revoked"
        case 45: "certificate_expired"
        case 46: "certificate_unknown"
        case 47: "illegal_parameter"
        case 48: "unknown_ca"
        case 49: "access_denied"
        case 50: "decode_error"
        case 51: "decrypt_error"
        case 60: "export_restriction"
        case 70: "protocol_version"
        case 71: "insufficient_security"
        case 80: "internal_error"
        case 86: "inappropriate_fallback"
        case 90: "user_canceled"
        case 100: "no_renegotiation"
        case 109: "missing_extension"
        case 110: "unsupported_extension"
        case 111: "certificate_unobtainable"
        case 112: "unrecognized_name"
        case 113: "bad_certificate_status_response"
        case 114: "bad_certificate_hash_value"
        case 115: "unknown_psk_identity"
        case 116: "certificate_required"
        case 120: "no_application_protocol"
        case 121: "ech_required"
        default: "unknown_alert_\(code)"
        }
    }

    static func level(_ code: UInt8) -> String {
        switch code {
        case 1: "warning"
        case 2: "fatal"
        default: "unknown"
        }
    }

    /// Whether a handshake message of this type may be in clear.
    static func isHandshake(_ code: UInt8) -> Bool {
        switch code {
        case 0...6, 8, 11...16, 20...25, 67: true
        default: false
        }
    }

    /// HandshakeType of RFC 8446 section 4 and RFC 5246 section 7.4.
    static func handshake(_ code: UInt8) -> String {
        switch code {
        case 0: "hello_request"
        case 1: "client_hello"
        case 2: "server_hello"
        case 3: "hello_verify_request"
        case 4: "new_session_ticket"
        case 5: "end_of_early_data"
        case 6: "hello_retry_request"
        case 8: "encrypted_extensions"
        case 11: "certificate"
        case 12: "server_key_exchange"
        case 13: "certificate_request"
        case 14: "server_hello_done"
        case 15: "certificate_verify"
        case 16: "client_key_exchange"
        case 20: "finished"
        case 21: "certificate_url"
        case 22: "certificate_status"
        case 23: "supplemental_data"
        case 24: "key_update"
        case 25: "compressed_certificate"
        default: "handshake_\(code)"
        }
    }
}
