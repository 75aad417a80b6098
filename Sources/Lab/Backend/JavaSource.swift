/// The Java program that plays TLS with JSSE, Java's own TLS, which Edge uses too.
enum JavaSource {
    static let fileName = "LabTLS.java"

    /// Reads one request a line from standard input, answers one line each, and ends with its input.
    static let text = #"""
        import java.io.*;
        import java.net.*;
        import java.nio.ByteBuffer;
        import java.nio.charset.StandardCharsets;
        import java.nio.file.*;
        import java.security.*;
        import java.security.cert.*;
        import java.security.cert.Certificate;
        import java.security.spec.PKCS8EncodedKeySpec;
        import java.util.*;
        import javax.net.ssl.*;

        public class LabTLS {
            static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), false);

            public static void main(String[] args) throws Exception {
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                String line;
                while ((line = in.readLine()) != null) {
                    final String[] f = line.split("\t", -1);
                    daemon(() -> {
                        try {
                            answer(f[0].equals("serve") ? serve(f) : connect(f));
                        } catch (Throwable t) {
                            answer("error\t" + f[1] + "\t" + t.toString().replaceAll("[\t\r\n]", " "));
                        }
                    });
                }
                System.exit(0);
            }

            static synchronized void answer(String line) {
                OUT.print(line + "\n");
                OUT.flush();
            }

            static void daemon(Runnable work) {
                Thread thread = new Thread(work);
                thread.setDaemon(true);
                thread.start();
            }

            static List<Certificate> certificates(String file) throws Exception {
                try (InputStream in = new FileInputStream(file)) {
                    return new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
                }
            }

            static PrivateKey key(String file) throws Exception {
                String body = Files.readString(Path.of(file)).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
                PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
                try {
                    return KeyFactory.getInstance("RSA").generatePrivate(spec);
                } catch (GeneralSecurityException e) {
                    return KeyFactory.getInstance("EC").generatePrivate(spec);
                }
            }

            static SSLContext context(String chain, String key, String alias, String trust) throws Exception {
                KeyStore own = KeyStore.getInstance("PKCS12");
                own.load(null, null);
                char[] none = new char[0];
                if (!chain.equals("-")) {
                    own.setKeyEntry(alias, key(key), none, certificates(chain).toArray(new Certificate[0]));
                }
                KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
                keys.init(own, none);
                KeyStore trusted = KeyStore.getInstance("PKCS12");
                trusted.load(null, null);
                int number = 0;
                for (Certificate c : certificates(trust)) {
                    trusted.setCertificateEntry("ca" + number++, c);
                }
                TrustManagerFactory trusts = TrustManagerFactory.getInstance("PKIX");
                trusts.init(trusted);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
                return context;
            }

            // serve number chain key accepted protocol answer
            static String serve(String[] f) throws Exception {
                SSLContext context = context(f[2], f[3], "server", f[4]);
                SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                socket.setNeedClientAuth(true);
                socket.setEnabledProtocols(new String[] {f[5]});
                byte[] reply = Base64.getDecoder().decode(f[6]);
                daemon(() -> {
                    while (true) {
                        try {
                            Socket peer = socket.accept();
                            daemon(() -> backend((SSLSocket) peer, reply));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
                return "ok\t" + f[1] + "\t" + socket.getLocalPort();
            }

            static void backend(SSLSocket socket, byte[] reply) {
                try (socket) {
                    socket.setSoTimeout(10000);
                    socket.startHandshake();
                    readHead(socket.getInputStream());
                    socket.getOutputStream().write(reply);
                    socket.getOutputStream().flush();
                } catch (IOException e) {
                    // The client learns of it by the alert; the backend of the lab keeps no log.
                }
            }

            static String readHead(InputStream in) throws IOException {
                StringBuilder text = new StringBuilder();
                int c;
                while (text.indexOf("\r\n\r\n") < 0 && text.length() < 65536 && (c = in.read()) >= 0) {
                    text.append((char) c);
                }
                return text.toString();
            }

            // connect number host port serverName chain key alias trust request
            static String connect(String[] f) throws Exception {
                SSLContext context = context(f[5], f[6], f[7], f[8]);
                SSLEngine engine = context.createSSLEngine(f[2], Integer.parseInt(f[3]));
                engine.setUseClientMode(true);
                engine.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
                if (!f[4].equals("-")) {
                    SSLParameters parameters = engine.getSSLParameters();
                    parameters.setServerNames(List.of(new SNIHostName(f[4])));
                    engine.setSSLParameters(parameters);
                }
                long start = System.nanoTime();
                Throwable failure = null;
                String response = "";
                int localPort;
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(f[2], Integer.parseInt(f[3])), 5000);
                    socket.setSoTimeout(15000);
                    localPort = socket.getLocalPort();
                    Channel channel = new Channel(engine, socket);
                    try {
                        channel.handshake();
                        channel.write(Base64.getDecoder().decode(f[9]));
                        response = channel.readAnswer();
                    } catch (IOException e) {
                        failure = e;
                        channel.sendAlert();
                    }
                }
                long elapsed = (System.nanoTime() - start) / 1000000;
                StringBuilder frames = new StringBuilder();
                if (failure != null) {
                    for (StackTraceElement frame : failure.getStackTrace()) {
                        if (frame.getClassName().startsWith("LabTLS")) break;
                        frames.append(frame).append('\n');
                    }
                    Throwable cause = failure.getCause();
                    if (cause != null && cause != failure) frames.append("Caused by: ").append(cause).append('\n');
                }
                SSLSession session = engine.getSession();
                return String.join("\t", "ok", f[1], failure == null ? "yes" : "no", "" + localPort, "" + elapsed,
                    session.getProtocol(), session.getCipherSuite(), failure == null ? "" : failure.getClass().getName(),
                    base64(failure == null ? "" : String.valueOf(failure.getMessage())), base64(frames.toString()),
                    base64(response));
            }

            static String base64(String text) {
                return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
            }

            // TLS over a socket by the engine, as a non-blocking server does it: records that have arrived are read
            // even when nothing can be written any more, so that the peer's alert is seen.
            static class Channel {
                final SSLEngine engine;
                final Socket socket;
                final ByteBuffer incoming;
                final ByteBuffer plain;
                IOException writeFailure;

                Channel(SSLEngine engine, Socket socket) {
                    this.engine = engine;
                    this.socket = socket;
                    this.incoming = ByteBuffer.allocate(engine.getSession().getPacketBufferSize() * 4);
                    this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize() * 4);
                }

                void handshake() throws IOException {
                    engine.beginHandshake();
                    while (true) {
                        switch (engine.getHandshakeStatus()) {
                            case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
                            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap();
                            case NEED_TASK -> runTasks();
                            default -> { return; }
                        }
                    }
                }

                void runTasks() {
                    Runnable task;
                    while ((task = engine.getDelegatedTask()) != null) task.run();
                }

                void wrap(ByteBuffer data) throws IOException {
                    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
                    engine.wrap(data, record);
                    record.flip();
                    byte[] bytes = new byte[record.remaining()];
                    record.get(bytes);
                    if (writeFailure != null) return;
                    try {
                        socket.getOutputStream().write(bytes);
                    } catch (IOException e) {
                        writeFailure = e;
                    }
                }

                void unwrap() throws IOException {
                    incoming.flip();
                    SSLEngineResult result;
                    try {
                        result = engine.unwrap(incoming, plain);
                    } finally {
                        incoming.compact();
                    }
                    if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                        int count = socket.getInputStream().read(
                            incoming.array(), incoming.position(), incoming.remaining());
                        if (count < 0) {
                            if (writeFailure != null) throw writeFailure;
                            throw new EOFException("Remote host terminated the handshake");
                        }
                        incoming.position(incoming.position() + count);
                    }
                }

                void write(byte[] data) throws IOException {
                    ByteBuffer source = ByteBuffer.wrap(data);
                    while (source.hasRemaining()) wrap(source);
                }

                String readAnswer() throws IOException {
                    StringBuilder text = new StringBuilder();
                    while (!isWhole(text) && text.length() < 1 << 20) {
                        try {
                            unwrap();
                        } catch (EOFException e) {
                            if (text.length() == 0) throw e;
                            break;
                        }
                        if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) runTasks();
                        if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                            wrap(ByteBuffer.allocate(0));
                        }
                        plain.flip();
                        while (plain.hasRemaining()) text.append((char) (plain.get() & 255));
                        plain.clear();
                        if (engine.isInboundDone()) break;
                    }
                    return text.toString();
                }

                static boolean isWhole(StringBuilder text) {
                    int head = text.indexOf("\r\n\r\n");
                    if (head < 0) return false;
                    for (String line : text.substring(0, head).split("\r\n")) {
                        if (line.toLowerCase().startsWith("content-length:")) {
                            return text.length() >= head + 4 + Integer.parseInt(line.substring(15).trim());
                        }
                    }
                    return false;
                }

                void sendAlert() {
                    try {
                        engine.closeOutbound();
                        for (int i = 0; i < 4 && !engine.isOutboundDone(); i++) wrap(ByteBuffer.allocate(0));
                    } catch (IOException e) {
                        // The connection is gone: there is nobody to tell.
                    }
                }
            }
        }
        """#
}
