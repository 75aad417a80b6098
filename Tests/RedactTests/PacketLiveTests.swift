import Foundation
import Glibc
import Redact
import Testing

/// Handshakes and logins of real programs on loopback, captured raw and scrubbed.
@Suite(
    "Packets: live", .serialized,
    .enabled(
        if: geteuid() == 0 && ["tcpdump", "tshark", "openssl", "gnutls-serv", "curl", "python3"].allSatisfy(Tools.has)))
struct PacketLiveTests {
    /// Runs a shell script in a folder of its own while tcpdump writes what passes on its ports.
    private func capture(_ script: String) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let port = 20_000 + Int(getpid()) % 20_000
        let frame = """
            cd '\(folder)'
            port=\(port); tls=$((port + 1)); other=$((port + 2))
            timeout 40 tcpdump -q -i lo -s 0 -U --immediate-mode -w raw.pcap portrange $port-$other 2> words &
            dump=$!
            for i in $(seq 100); do grep -q listening words && break; sleep 0.1; done
            \(script)
            sleep 0.5
            kill $dump; wait $dump
            """
        // Children inherit the blocked signals of the thread that starts them; timeout and kill need them.
        let unblock =
            "import os,signal,sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp('bash', sys.argv)"
        _ = try Tools.run(["python3", "-c", unblock, "-c", frame])
        return try Tools.withFileBytes("\(folder)/raw.pcap")
    }

    @Test("OpenSSL and GnuTLS, TLS 1.2 and 1.3, IPv4 and IPv6: tshark reads the same handshakes before and after")
    func handshakes() throws {
        let raw = try capture(
            """
            openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 \\
              -subj '/O=MyCompany/CN=backend.example.com' -addext 'subjectAltName=DNS:backend.example.com' 2> /dev/null
            timeout 30 openssl s_server -accept $port -cert cert.pem -key key.pem -Verify 1 -CAfile cert.pem -www \\
              > /dev/null 2>&1 &
            server=$!
            timeout 30 gnutls-serv --quiet --port $tls --x509certfile cert.pem --x509keyfile key.pem --require-client-cert \\
              --x509cafile cert.pem --http > /dev/null 2>&1 &
            other=$!
            sleep 1
            for version in 1_2 1_3; do
              for host in 127.0.0.1 '[::1]'; do
                for address in $host:$port $host:$tls; do
                  for identity in '' '-cert cert.pem -key key.pem'; do
                    printf 'GET / HTTP/1.0\\r\\nAuthorization: Basic s3cr3t\\r\\n\\r\\n' | timeout 5 openssl s_client \\
                      -connect $address -servername backend.example.com -tls$version $identity > /dev/null 2>&1
                  done
                done
              done
            done
            kill $server $other
            """)
        let (scrubbed, summary) = scrub(raw)
        #expect(scrubbed.count == raw.count)
        #expect(summary.framesDropped == 0)
        let fields = [
            "frame.number", "frame.time_epoch", "frame.len", "tcp.seq_raw", "tcp.flags", "tls.record.version",
            "tls.record.content_type", "tls.record.length", "tls.handshake.type", "tls.handshake.length",
            "tls.handshake.version", "tls.handshake.extensions_server_name", "tls.handshake.ciphersuite",
            "tls.handshake.certificate", "tls.handshake.dnames_len", "x509sat.uTF8String", "x509ce.dNSName",
            "x509af.serialNumber", "tls.alert_message.desc",
        ]
        let before = try Tools.tshark(raw, fields: fields)
        let isSame = try Tools.tshark(scrubbed, fields: fields) == before
        #expect(isSame)
        // Sixteen clients, which all began a handshake.
        let hellos = try Tools.tshark(raw, filter: "tls.handshake.type == 1", fields: ["frame.number"])
        #expect(hellos.split(separator: "\n").count == 16)
        let data = try Tools.tshark(scrubbed, fields: ["tls.app_data", "tls.handshake.session_ticket"])
        #expect(data.allSatisfy { "0,:\t\n".contains($0) })
    }

    @Test("logins of FTP, SMTP, POP3, IMAP and HTTP clients leave no password")
    func logins() throws {
        let raw = try capture(
            """
            cat > server.py <<'END'
            import socket, sys, threading
            # Says yes to whatever a client says.
            def serve(listener):
                while True:
                    c, _ = listener.accept()
                    threading.Thread(target=talk, args=(c,), daemon=True).start()
            def talk(c):
                c.sendall(b'220 +OK ready\\r\\n* OK\\r\\n' if kind != 'http' else b'')
                data = b''
                while True:
                    try: data = c.recv(4096)
                    except OSError: return
                    if not data: return
                    if kind == 'http': c.sendall(b'HTTP/1.1 401 Unauthorized\\r\\nWWW-Authenticate: Basic realm=s3cr3t\\r\\nContent-Length: 6\\r\\n\\r\\ns3cr3t')
                    elif data.startswith(b'USER'): c.sendall(b'331 more\\r\\n')
                    elif data.startswith(b'EHLO'): c.sendall(b'250-x\\r\\n250 AUTH PLAIN LOGIN\\r\\n')
                    elif data.startswith(b'AUTH'): c.sendall(b'235 s3cr3t\\r\\n')
                    else: c.sendall(b'230 OK s3cr3t\\r\\n')
            kind = sys.argv[2]
            listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
            serve(listener)
            END
            timeout 30 python3 server.py $port login & a=$!
            timeout 30 python3 server.py $tls http & b=$!
            sleep 1
            for scheme in ftp smtp pop3; do
              timeout 3 curl -s $scheme://s3cr3t:s3cr3tpassword@127.0.0.1:$port/ --login-options AUTH=PLAIN > /dev/null 2>&1
            done
            timeout 3 bash -c 'exec 3<>/dev/tcp/127.0.0.1/'$port'; printf "a1 LOGIN me s3cr3t\\r\\n" >&3; sleep 0.3'
            timeout 3 curl -s -u s3cr3t:s3cr3tpassword "http://127.0.0.1:$tls/path?apikey=s3cr3t" > /dev/null
            timeout 3 curl -s -d '{"password":"s3cr3t"}' -H 'X-Token: s3cr3t' "http://127.0.0.1:$tls/token" > /dev/null
            kill $a $b
            """)
        #expect(contains(raw, "s3cr3t"))
        let (scrubbed, _) = scrub(raw)
        #expect(scrubbed.count == raw.count)
        #expect(!contains(scrubbed, "s3cr3t"))
        #expect(!contains(scrubbed, "USER"))
        let requests = try Tools.tshark(scrubbed, filter: "http.request", fields: ["http.request.method", "http.host"])
        #expect(requests.split(separator: "\n").count >= 2)
        #expect(contains(scrubbed, "GET /path?apikey="))
        #expect(contains(scrubbed, "HTTP/1.1 401 Unauthorized"))
    }
}
