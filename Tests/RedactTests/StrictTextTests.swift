import Redact
import Testing

/// A text, what of it must go, and what must stay.
struct StrictCase: Sendable, CustomTestStringConvertible {
    let text: String
    let gone: [String]
    let stays: [String]

    init(_ text: String, gone: [String] = [], stays: [String] = []) {
        self.text = text
        self.gone = gone
        self.stays = stays
    }

    var testDescription: String { String(text.prefix(60)) }
}

@Suite("Level strict: addresses and names in text")
struct StrictTextTests {
    private func strict(_ text: String) throws -> String {
        string(try makeStrictRedactor().text(Array(text.utf8), .text))
    }

    static let addresses = [
        StrictCase(
            "10.11.2p_10.1.2.3.pcap 10.1.2.9_10.1.2.3", gone: ["10.1.2.3", "10.1.2.9"], stays: ["10.11.2p_ip-10."]),
        StrictCase(
            "from 10.1.2.3 to 203.0.113.7:8443.", gone: ["10.1.2.3", "203.0.113.7"], stays: ["ip-10.", ":8443."]),
        StrictCase("Remote:/10.1.2.3:8443 Local:10.1.2.4", gone: ["10.1.2.3", "10.1.2.4"], stays: ["Remote:/ip-10."]),
        StrictCase("mp01.acme.com/192.168.7.9:443", gone: ["192.168.7.9", "mp01.acme"], stays: ["/ip-192.168."]),
        StrictCase("range 10.1.2.3-10.1.2.9, 10.1.2.3_8080", gone: ["10.1.2.3", "10.1.2.9"], stays: ["-ip-10."]),
        StrictCase(
            "tcpdump_10.1.2.3.pcap system-192.168.3.4.log", gone: ["10.1.2.3", "192.168.3.4"], stays: [".pcap", ".log"]),
        StrictCase(
            "allow 10.20.0.0/16; 203.0.113.0/24", gone: ["10.20.0.0", "203.0.113.0"], stays: [".0.0/16", ".0/24"]),
        StrictCase("[2001:db8::17]:443 and 2001:DB8:0:1::9", gone: ["2001:db8::17", "DB8:0:1::9"], stays: ["]:443"]),
        StrictCase("fe80::a00:27ff:fe4e:66a1%eth0", gone: ["27ff:fe4e:66a1"], stays: ["ip-fe80::", "%eth0"]),
        StrictCase("::ffff:10.1.2.3 x", gone: ["10.1.2.3"], stays: ["ip-::ffff:10."]),
        StrictCase(
            "ether 08:00:27:4e:66:a1 08-00-27-4E-66-A1 0800.274e.66a1", gone: ["27:4e:66", "27-4E", "274e"],
            stays: ["mac-"]),
        StrictCase(#"{"ip":"10.1.2.3","a":"x\n10.1.2.4\t10.1.2.5"}"#, gone: ["10.1.2.3", "10.1.2.4", "10.1.2.5"]),
        StrictCase("u=http%3A%2F%2F10.1.2.3%3A80%2F&v=%5B2001%3Adb8%3A%3A17%5D", gone: ["10.1.2.3", "db8%3A%3A17"]),
        StrictCase("a=%252F10.1.2.3%252F", gone: ["10.1.2.3"], stays: ["%252F"]),
        StrictCase("<a>10.1.2.3</a> &quot;10.1.2.4&quot;", gone: ["10.1.2.3", "10.1.2.4"], stays: ["&quot;ip-"]),
        StrictCase("X-Info: " + base64("client=10.1.2.3;name=x1234"), gone: [base64("client=10.1.2.3;name=x1234")]),
    ]

    static let hosts = [
        StrictCase(
            #"url=http\://mp01.acme.bank\:8080/x"#, gone: ["mp01", "acme"], stays: [#"http\://mp-"#, #"\:8080/x"#]),
        StrictCase(#"{"u":"https:\u002f\u002fapi.acme.bank\u002fx"}"#, gone: ["acme"], stays: [#"\u002f\u002fapi-"#]),
        StrictCase(
            "https://mp01.dc1.acme.bank:8443/v1?x=1", gone: ["mp01", "acme"], stays: ["https://mp-", ":8443/v1?x=1"]),
        StrictCase("http://mp01:8080/ then on mp01 again", gone: ["mp01"], stays: [":8080/", "again"]),
        StrictCase(
            "Host: backend.acme.example\nX: backend.acme.example", gone: ["acme.example"], stays: ["Host: backend-"]),
        StrictCase(#"{"hostName":"mp-7","server":"a.acme.com"}"#, gone: ["mp-7", "acme"], stays: ["hostName"]),
        StrictCase(
            "<Host>orders.acme.bank</Host><Header name=\"Host\">x1.acme.bank</Header>", gone: ["acme", "orders"],
            stays: ["<Host>", "</Host>"]),
        StrictCase(
            "jdbc:postgresql://pg3.acme.internal:5432/apigee", gone: ["pg3", "acme"],
            stays: ["jdbc:postgresql://pg-", ":5432/apigee"]),
        StrictCase("mongodb://u1@db1.acme.com:27017,db2.acme.com:27017/x", gone: ["u1@", "db1", "db2", "acme"]),
        StrictCase(
            "Nov 23 10:00:01 mp01 sshd[123]: Accepted password for jroe from 10.1.2.3 port 22",
            gone: ["mp01", "jroe", "10.1.2.3"], stays: ["sshd[123]: Accepted password for user-"]),
        StrictCase("Linux mp01 5.10.0-23-amd64 #1 SMP", gone: ["mp01"], stays: ["Linux mp-", "5.10.0-23-amd64"]),
        StrictCase("10.1.2.3 mp01.acme.com mp01\n", gone: ["mp01", "acme"], stays: ["ip-10."]),
        StrictCase("ssh jroe@mp01:/tmp", gone: ["jroe", "mp01"], stays: ["user-", ":/tmp"]),
        StrictCase("db_host=pg3\nHOSTNAME=ms1.acme.com", gone: ["pg3", "ms1", "acme"], stays: ["HOSTNAME="]),
        StrictCase("u=https%3A%2F%2Fapi.acme.bank%2Fx", gone: ["acme"], stays: ["%2Fx"]),
        StrictCase(#"{"url":"https:\/\/api.acme.bank\/x"}"#, gone: ["acme"], stays: [#"\/x"#]),
        StrictCase(#""{\"host\":\"mp01.acme.com\"}""#, gone: ["mp01", "acme"], stays: [#"\"}"#]),
        StrictCase("ip-10-1-2-3.eu-west-1.compute.internal ip-10-1-2-4", gone: ["10-1-2-3", "10-1-2-4", "eu-west"]),
        StrictCase(
            "IP mp01.acme.com.51234 > 10.1.2.3.8443: Flags [S]", gone: ["mp01", "10.1.2.3"],
            stays: [".51234 > ip-10.", ".8443: Flags [S]"]),
        StrictCase(
            "java.net.UnknownHostException: mpbackend", gone: ["mpbackend"],
            stays: ["java.net.UnknownHostException: host-"]),
        StrictCase("No name matching api7 found", gone: ["api7"], stays: [" found"]),
        StrictCase(
            "ZK_HOSTS=\"mp01 mp02:2181,mp03 10.1.2.3\"", gone: ["mp01", "mp02", "mp03", "10.1.2.3"],
            stays: [":2181,mp-"]),
        StrictCase(
            "server_name orders.acme.com *.acme.com; Domain=.acme.com", gone: ["acme"], stays: ["*.dom-", "=.dom-"]),
        StrictCase("nameserver 10.1.2.53", gone: ["10.1.2.53"]),
        StrictCase("mp01.acme.com.pem and old.ACME.COM", gone: ["mp01", "acme", "ACME"], stays: [".pem"]),
    ]

    static let users = [
        StrictCase("user=jroe uid=1001(jroe) login: jroe", gone: ["jroe"], stays: ["uid=1001", "user=user-"]),
        StrictCase(
            "/home/jroe/.ssh/known_hosts /home/apigee/x", gone: ["jroe"],
            stays: ["/.ssh/known_hosts", "/home/apigee/x"]),
        StrictCase(
            "sudo:    jroe : TTY=pts/0 ; PWD=/home/jroe ; USER=root ; COMMAND=/bin/ls", gone: ["jroe"],
            stays: ["USER=root", "COMMAND=/bin/ls"]),
        StrictCase(
            "10.1.2.3 - jroe [23/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200", gone: ["jroe", "10.1.2.3"],
            stays: [" [23/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200"]),
        StrictCase(
            "UID        PID  PPID\njroe      1234     1 java\nroot         1     0 init\n", gone: ["jroe"],
            stays: ["1234     1 java", "root         1"]),
        StrictCase(
            "-rw-r--r-- 1 jroe jroe 120 Nov 23 x.log", gone: ["jroe"],
            stays: ["-rw-r--r-- 1 user-", "120 Nov 23 x.log"]),
        StrictCase(#"{"userName":"jroe","createdBy":"Jane Roe"}"#, gone: ["jroe", "Jane"], stays: ["createdBy"]),
        StrictCase(#"domain user: ACME\jroe"#, gone: ["jroe"]),
        StrictCase(
            "jroe:x:1000:1000:Jane Roe:/home/jroe:/bin/bash\nntp:x:101:102::/nonexistent:/usr/sbin/nologin",
            gone: ["jroe", "Jane"], stays: [":x:1000:1000:user-", "ntp:x:101:102::/nonexistent:/usr/sbin/nologin"]),
        StrictCase(#"subject=CN="Roe, Jane",O="Acme, Inc.""#, gone: ["Jane"], stays: [#",O="Acme, Inc.""#]),
        StrictCase("curl --user jroe --host mp01 https://x.test/", gone: ["jroe", "mp01"], stays: ["--user user-"]),
        StrictCase("session opened for user jroe by (uid=0)", gone: ["jroe"], stays: ["by (uid=0)"]),
        StrictCase("<UserName>jroe</UserName>", gone: ["jroe"], stays: ["<UserName>user-", "</UserName>"]),
        StrictCase("ldap uid=jroe,ou=people,dc=acme,dc=com", gone: ["jroe"], stays: ["ou=people,dc=acme,dc=com"]),
    ]

    @Test("goes", arguments: addresses + hosts + users)
    func goes(item: StrictCase) throws {
        let result = try strict(item.text)
        for part in item.gone { #expect(!result.contains(part), "\(result)") }
        for part in item.stays { #expect(result.contains(part), "\(result)") }
        #expect(try strict(result) == result)
        // A run of another key leaves the pseudonyms of this one.
        let other = try makeStrictRedactor(key: [UInt8](repeating: 9, count: 32))
        #expect(string(try other.text(Array(result.utf8), .text)) == result)
    }

    /// Evidence, and what only looks like an address or a name.
    static let untouched = [
        "2026-11-23 10:00:00,123 org:acme env:prod api:orders rev:3 messageid:rrt-0a1b2c3d4e5f6-c-ea-1234-5678-1 NIOThread@1 ERROR HTTP.CLIENT",
        "at com.apigee.adaptors.http.flow.RequestWriteListener.onException(RequestWriteListener.java:96)",
        "javax.net.ssl.SSLException: Received fatal alert: bad_certificate",
        "SSLInfo: KeyStore:java.security.KeyStore@52de60d9 KeyAlias:client1 TrustStore:null",
        "messaging.adaptors.http.flow.ServiceUnavailable java.net.SocketException: Broken pipe",
        "Chrome/119.0.0.0 Safari/537.36 curl/7.88.1 jdk-11.0.2.9 Edge 4.52.1.0 version 4.50.0.1",
        "1.2.840.113549.1.1.11 2.5.29.15 2.5.4.3 1.3.6.1.5.5.7.3.2",
        "serialNumber: 00:fb:1c:2d:3e:4f sha256 fingerprint 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9",
        "127.0.0.1 ::1 0.0.0.0:8080 :::8443 255.255.255.0 169.254.169.254 224.0.0.1",
        "https://api.enterprise.apigee.com/v1/organizations/acme https://acme-prod.apigee.net/orders http://localhost:8080/v1",
        #"<a xmlns="http://www.w3.org/2001/XMLSchema-instance" x="ref://my-keystore-ref"/>"#,
        "proxy.client.ip request.header.host target.url message.id system.time apiproxy.name {request.header.host}",
        #"{"fault":{"faultstring":"The Service is temporarily unavailable","detail":{"errorcode":"messaging.adaptors.http.flow.ServiceUnavailable"}}}"#,
        "LBServer.incrementFailureCount() : Max failure count(10) reached for server : ts1{Environment=acme__prod,Application=orders__1,Target=default}",
        "CN=Acme Issuing CA 2, OU=PKI, O=Acme Inc, C=US",
        "user: unable to log in; the user is not known; Server: nginx/1.20.1; host: not found",
        "a99f92ae-c96e-c99e-0d4e-42fcb3f149fb 3f786850e387550fdab836ed7e6dc881de23001b",
        "dedup: std::string deadbeef face::add 12:30:45 30-04-16 04:06:00:875",
        "log.info(x) main.rs README.md libc.so.6 node.js foo.py conf_http_HTTPClient.use.proxy=true",
        "openapi://pets.json for user in list; do one key for pseudonyms: Linux version 6.1.0-18-amd64 (gcc 12) 12:30:: 1000:1000::/x abc::def",
        #"{"uUID":"2d8eb4e5-1111-2222-3333-444455556666","uid":"1001","user_id":"0123456789abcdef0123456789abcdef"}"#,
        "jdk-11.0.2.9.tar.gz edge-router-4.19.6.21.noarch.rpm apigee-4.51.0.1_build",
        "USER=apigee uid=0(root) user=root username=admin",
    ]

    @Test("stays", arguments: untouched)
    func stays(text: String) throws {
        #expect(try strict(text) == text)
    }

    @Test("a person's name and a host in a distinguished name have one pseudonym in all notations")
    func distinguishedNames() throws {
        let texts = [
            "/C=US/O=Acme Inc/OU=IT/CN=Jane Roe/emailAddress=jane.roe@acme.com",
            "C = US, O = Acme Inc, OU = IT, CN = Jane Roe, emailAddress = jane.roe@acme.com",
            "CN=Jane Roe,OU=IT,O=Acme Inc,C=US,EMAILADDRESS=jane.roe@acme.com",
            "EMAILADDRESS=Jane.Roe@acme.com, CN=Jane Roe, OU=IT, O=Acme Inc, C=US",
        ]
        let person = try Pseudonymizer(key: testKey).text(user: "Jane Roe")
        let mail = try Pseudonymizer(key: testKey).text(email: "jane.roe@acme.com")
        for text in texts {
            let result = try strict(text)
            #expect(result.contains(person) && result.contains(mail), "\(result)")
            #expect(result.contains("Acme Inc") && result.contains("IT") && result.contains("US"), "\(result)")
        }
        let host = try strict("subject=CN=mp01.acme.com,O=Acme Inc issuer=CN=Acme Issuing CA,O=Acme Inc")
        #expect(host.contains("CN=mp-") && host.contains(",O=Acme Inc issuer=CN=Acme Issuing CA,O=Acme Inc"), "\(host)")
    }
}

func base64(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bytes = Array(text.utf8)
    var result = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let value = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
        for index in 0..<4 {
            result.append(index <= group.count ? alphabet[Int(value >> UInt32(18 - 6 * index) & 63)] : "=")
        }
    }
    return result
}
