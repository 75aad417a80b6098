#!/usr/bin/env python3
"""Writes test data for the benchmarks: corpus.py KIND MEGABYTES [FILE].

KIND:
  log      ordinary logs: system.log records, router access lines, stack traces, JSON lines, parts of a trace; one secret
           in about 87 kB
  config   secret-dense configuration: properties, YAML, JSON, XML and shell, about one secret in every third line
  few      the lines of `log`, one secret in 2 kB, from a hundred distinct ones
  many     the same, every secret another one

The same kind and size give the same bytes. Nothing in it is real.
"""
import random
import string
import sys

WORDS = """request response target proxy flow policy cache connection channel timeout retry handler endpoint message
content header variable condition step session client server thread pool queue buffer state event context route
service node cluster replica region bucket entry resource virtual host port path verb query revision deployment
bundle environment organization developer product app quota spike arrest transform assign extract verify raise fault
javascript callout script jar class loader registry monitor metric counter histogram latency throughput""".split()
LOGGERS = ["HTTP.CLIENT", "HTTP.SERVER", "ADAPTORS.HTTP.FLOW", "MESSAGING.RUNTIME", "MESSAGING.CONFIGURATION",
           "DISTRIBUTION", "REST", "ZOOKEEPER", "KERNEL", "KERNEL.DEPLOYMENT", "c.a.p.h.d.DNSCachedAddress"]
CLASSES = ["com.apigee.nio.channels.SSLClientChannel", "com.apigee.protocol.http.HTTPClient",
           "com.apigee.messaging.runtime.MessageRouter", "com.apigee.kernel.service.BaseService",
           "com.apigee.adaptors.http.flow.FlowHandler", "java.util.concurrent.ThreadPoolExecutor",
           "sun.security.ssl.SSLEngineImpl", "sun.security.ssl.HandshakeStateMachine",
           "com.apigee.cache.CacheProvider", "com.apigee.threadpool.NIOThread"]
METHODS = ["run", "process", "onRead", "handshake", "decode", "dispatch", "execute", "invoke", "select", "access$300"]
HEADERS = ["Accept", "Accept-Encoding", "User-Agent", "Content-Type", "X-Forwarded-For", "X-Forwarded-Proto", "Host",
           "X-Apigee.proxy", "X-Apigee.environment", "Cache-Control", "Content-Length", "Date"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.clock = 1_700_000_000_000
        self.number = 0

    def pick(self, items):
        return items[int(self.r.random() * len(items))]

    def number_below(self, limit):
        return int(self.r.random() * limit)

    def hex(self, n):
        return "%0*x" % (n, self.r.getrandbits(4 * n))

    def token(self, n=20):
        return "".join(self.pick(string.ascii_letters + string.digits) for _ in range(n))

    def words(self, n):
        return " ".join(self.pick(WORDS) for _ in range(n))

    def stamp(self):
        self.clock += self.number_below(30)
        ms = self.clock
        s = ms // 1000
        return "2026-11-%02d %02d:%02d:%02d,%03d" % (1 + s // 86400 % 28, s // 3600 % 24, s // 60 % 60, s % 60, ms % 1000)

    def message_id(self):
        return "rrt%03d-%d-%d-%d" % (self.number_below(999), 10000 + self.number_below(30000), self.number_below(10 ** 7),
                                     self.number_below(99))

    def ip(self):
        return "10.%d.%d.%d" % (self.number_below(256), self.number_below(256), self.number_below(256))

    def head(self):
        return "%s  org:acme env:prod api:%s rev:%d messageid:%s  NIOThread@%d" % (
            self.stamp(), self.pick(["orders", "payments-v2", "catalog", "weather", "24Solver"]), self.number_below(40),
            self.message_id(), self.number_below(16))

    def record(self):
        return "%s %s %s - %s.%s() : %s ClientChannel[Connected: Remote:%s:443 Local:%s:%d]@%d useCount=%d bytesRead=%d age=%dms\n" % (
            self.head(), self.pick(["INFO ", "WARN ", "ERROR", "DEBUG"]), self.pick(LOGGERS),
            self.pick(CLASSES).split(".")[-1], self.pick(METHODS), self.words(6), self.ip(), self.ip(),
            32768 + self.number_below(28000), self.number_below(9999), self.number_below(9), self.number_below(9999),
            self.number_below(60000))

    def trace_back(self):
        lines = ["%s ERROR %s - %s.%s() : SSLClientChannel[C:%s:%d Remote host:%s:%d]@%d Message: %s\n" % (
            self.head(), self.pick(LOGGERS), "HTTPClient$Context", "onException", self.ip(), 443, self.ip(),
            40000 + self.number_below(9999), self.number_below(9999), self.words(4)),
            "javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure\n"]
        for _ in range(8 + self.number_below(12)):
            lines.append("\tat %s.%s(%s.java:%d) ~[gateway-%d.%d.jar:na]\n" % (
                self.pick(CLASSES), self.pick(METHODS), self.pick(CLASSES).split(".")[-1], self.number_below(2000),
                self.number_below(9), self.number_below(9)))
        lines.append("\t... %d common frames omitted\n" % self.number_below(40))
        return "".join(lines)

    def access(self):
        return "2026-11-%02dT%02d:%02d:%02d+00:00\t%s:%d\tapi.acme.example:443\t%s:8998\t0.%03d\t-\t-\t%d\t%d\t%d\t%d\t%s /v1/%s/%d?page=%d&limit=20 HTTP/1.1\t%s\tMozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\trmp%02d-%d-%d\t-\t-\t-\n" % (
            1 + self.number_below(28), self.number_below(24), self.number_below(60), self.number_below(60), self.ip(),
            self.number_below(65535), self.ip(), self.number_below(999), 200, 200, self.number_below(9999),
            self.number_below(99999), self.pick(["GET", "POST", "PUT"]), self.pick(WORDS), self.number_below(99999),
            self.number_below(50), self.message_id(), self.number_below(20), self.number_below(9999), self.number_below(999))

    def json_line(self):
        return '{"timestamp":"2026-11-%02dT%02d:%02d:%02d.%03dZ","level":"INFO","logger":"%s","thread":"NIOThread@%d","mdc":{"org":"acme","env":"prod","api":"orders","rev":"%d","messageid":"%s"},"message":"%s","traceId":"%s","spanId":"%s"}\n' % (
            1 + self.number_below(28), self.number_below(24), self.number_below(60), self.number_below(60),
            self.number_below(999), self.pick(LOGGERS), self.number_below(16), self.number_below(40), self.message_id(),
            self.words(8), self.hex(32), self.hex(16))

    def trace_point(self):
        lines = ['    <Point id="StateChange">\n        <DebugInfo>\n            <Timestamp>30-04-16 04:06:00:%03d</Timestamp>\n            <Properties>\n                <Property name="To">%s</Property>\n                <Property name="From">REQ_START</Property>\n            </Properties>\n        </DebugInfo>\n        <RequestMessage>\n            <Headers>\n' % (
            self.number_below(999), self.pick(["REQ_HEADERS_PARSED", "PROXY_REQ_FLOW", "TARGET_REQ_FLOW", "RESP_SENT"]))]
        for name in self.r.sample(HEADERS, 6):
            lines.append('                <Header name="%s">%s</Header>\n' % (name, self.words(2)))
        lines.append('            </Headers>\n            <URI>/%s/%d?numbers=%d%%2C%d</URI>\n            <Verb>GET</Verb>\n        </RequestMessage>\n    </Point>\n' % (
            self.pick(WORDS), self.number_below(999), self.number_below(99), self.number_below(99)))
        return "".join(lines)

    def log_piece(self):
        x = self.r.random()
        if x < 0.5:
            return self.record()
        if x < 0.72:
            return self.access()
        if x < 0.9:
            return self.json_line()
        if x < 0.96:
            return self.trace_back()
        return self.trace_point()

    def secret_line(self, value):
        self.number += 1
        head = "%s INFO  HTTP.CLIENT - HTTPClient.send() : " % self.head()
        return head + ["Authorization: Bearer %s", "login user=joe, password=%s, host=db01", '{"client_secret":"%s"}',
                       "X-Api-Key: %s"][self.number % 4] % value + "\n"

    def config_piece(self):
        x = self.number_below(8)
        if x == 0:
            return "conf_%s_%s_password=%s\nconf_%s_port=%d\nconf_%s_host=%s.acme.example\n" % (
                self.pick(WORDS), self.pick(WORDS), self.token(16), self.pick(WORDS), self.number_below(65535), self.pick(WORDS),
                self.pick(WORDS))
        if x == 1:
            return "  %s:\n    url: jdbc:postgresql://%s:5432/%s\n    username: app\n    password: %s\n    timeout: %d\n" % (
                self.pick(WORDS), self.ip(), self.pick(WORDS), self.token(14), self.number_below(3000))
        if x == 2:
            return '{"name":"%s","consumerKey":"%s","consumerSecret":"%s","status":"approved","expiresAt":-1,"issuedAt":%d}\n' % (
                self.pick(WORDS), self.token(32), self.token(16), 10 ** 12 + self.number_below(10 ** 11))
        if x == 3:
            return '<Property name="%s.%s">%s</Property>\n<Property name="%s.secret">%s</Property>\n<Timeout>%d</Timeout>\n' % (
                self.pick(WORDS), self.pick(WORDS), self.words(2), self.pick(WORDS), self.token(24), self.number_below(999))
        if x == 4:
            return "export %s_TOKEN_URL=https://%s.acme.example/oauth\nexport %s_API_KEY=%s\nexport %s_REGION=eu-west-1\n" % (
                self.pick(WORDS).upper(), self.pick(WORDS), self.pick(WORDS).upper(), self.token(32), self.pick(WORDS).upper())
        if x == 5:
            return "# %s\nspring.datasource.%s.password = %s\nspring.datasource.%s.maximum-pool-size = %d\n" % (
                self.words(9), self.pick(WORDS), self.token(12), self.pick(WORDS), self.number_below(64))
        if x == 6:
            return "curl -u %s:%s -H 'Content-Type: application/json' https://%s.acme.example/v1/%s\n# %s\n" % (
                self.pick(WORDS), self.token(12), self.pick(WORDS), self.pick(WORDS), self.words(8))
        return "%s.%s.enabled=true\n%s.url=https://svc:%s@%s.acme.example:8443/%s\n%s.retries=%d\n" % (
            self.pick(WORDS), self.pick(WORDS), self.pick(WORDS), self.token(12), self.pick(WORDS), self.pick(WORDS),
            self.pick(WORDS), self.number_below(9))


def pieces(kind, size):
    maker = Maker(20261125)
    every = {"log": 87_000, "few": 2_000, "many": 2_000}.get(kind)
    values = [maker.token() for _ in range(100)]
    total = 0
    due = every
    while total < size:
        if every is None:
            piece = maker.config_piece()
        elif total >= due:
            due += every
            piece = maker.secret_line(maker.pick(values) if kind == "few" else maker.token())
        else:
            piece = maker.log_piece()
        total += len(piece)
        yield piece


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("log", "config", "few", "many"):
        sys.exit(__doc__)
    size = int(float(sys.argv[2]) * 1_000_000)
    out = open(sys.argv[3], "w", encoding="ascii") if len(sys.argv) > 3 else sys.stdout
    with out:
        for piece in pieces(sys.argv[1], size):
            out.write(piece)


main()
