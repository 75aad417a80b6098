/// A connection as `diagnose --json` prints it: the same names as the type's `Codable` form.
extension TLSConnection {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("client") { client.write(to: &$0) }
            json.member("server") { server.write(to: &$0) }
            json.member("firstFrame", firstFrame)
            json.member("startedAt", startedAt)
            json.member("tls", tls)
            if let sni { json.member("sni", sni) }
            json.member("offeredVersions", offeredVersions)
            if let version { json.member("version", version) }
            if let cipher { json.member("cipher", cipher) }
            json.member("offeredCiphers", offeredCiphers)
            json.member("offeredProtocols", offeredProtocols)
            if let alpn { json.member("alpn", alpn) }
            json.member("resumed", resumed)
            json.member("renegotiated", renegotiated)
            json.member("helloRetryRequest", helloRetryRequest)
            json.member("serverCertificates") { Certificate.write(serverCertificates, to: &$0) }
            if let certificateRequest {
                json.member("certificateRequest") { json in
                    json.object {
                        $0.member("frame", certificateRequest.frame)
                        $0.member("authorities", certificateRequest.authorities)
                    }
                }
            }
            if let clientCertificate {
                json.member("clientCertificate") { json in
                    json.object {
                        $0.member("frame", clientCertificate.frame)
                        $0.member("count", clientCertificate.count)
                        $0.member("certificates") { Certificate.write(clientCertificate.certificates, to: &$0) }
                    }
                }
            }
            json.member("alerts") { json in
                json.array { list in for alert in alerts { list.element { alert.write(to: &$0) } } }
            }
            json.member("messages") { json in
                json.array { list in for message in messages { list.element { message.write(to: &$0) } } }
            }
            json.member("outcome", outcome.rawValue)
            if let closed {
                json.member("closed") { json in
                    json.object {
                        $0.member("frame", closed.frame)
                        $0.member("from", closed.from.rawValue)
                        $0.member("reset", closed.reset)
                    }
                }
            }
            if let handshake { json.literal("handshake", Seconds.number(handshake)) }
            json.member("warnings", warnings)
        }
    }
}

extension TLSConnection.Endpoint {
    fileprivate func write(to json: inout JSONText) {
        json.object {
            $0.member("ip", ip)
            $0.member("port", port)
        }
    }
}

extension TLSConnection.Certificate {
    fileprivate static func write(_ chain: [TLSConnection.Certificate], to json: inout JSONText) {
        json.array { list in for certificate in chain { list.element { certificate.write(to: &$0) } } }
    }

    private func write(to json: inout JSONText) {
        json.object {
            $0.member("subject", subject)
            $0.member("issuer", issuer)
            $0.member("serial", serial)
            $0.member("notBefore", notBefore)
            $0.member("notAfter", notAfter)
            $0.member("subjectAltNames", subjectAltNames)
            $0.member("sha256", sha256)
            $0.member("key", key)
            $0.member("signatureAlgorithm", signatureAlgorithm)
            $0.member("keyUsage", keyUsage)
            $0.member("extendedKeyUsage", extendedKeyUsage)
            $0.member("isAuthority", isAuthority)
        }
    }
}

extension TLSConnection.Alert {
    fileprivate func write(to json: inout JSONText) {
        json.object {
            $0.member("frame", frame)
            $0.member("from", from.rawValue)
            $0.member("level", level)
            if let code { $0.member("code", code) } else { $0.null("code") }
            $0.member("description", description)
            $0.member("encrypted", encrypted)
        }
    }
}

extension TLSConnection.Message {
    fileprivate func write(to json: inout JSONText) {
        json.object {
            $0.member("frame", frame)
            $0.member("time", time)
            $0.member("from", from.rawValue)
            $0.member("type", type)
            $0.member("length", length)
        }
    }
}
