/// Names that tell nothing about a site, and so stay.
enum KnownNames {
    /// Domains of the product, of standards (schema names) and of public certificate authorities.
    private static let domains = words(
        """
        apigee.net apigee.com googleapis.com google.com w3.org xmlsoap.org oasis-open.org ietf.org iana.org apache.org \
        springframework.org github.com kernel.org redhat.com gnu.org oracle.com sun.com java.net openssl.org nginx.org nginx.com mozilla.org curl.se haxx.se \
        openid.net json-schema.org wireshark.org digicert.com letsencrypt.org lencr.org globalsign.com sectigo.com \
        usertrust.com entrust.net verisign.com symantec.com geotrust.com thawte.com godaddy.com amazontrust.com pki.goog
        """)

    private static let hosts = words(
        "localhost localhost4 localhost6 ip6-localhost ip6-loopback localdomain broadcasthost gateway.internal metadata"
    )

    /// Accounts that every installation has.
    private static let users = words(
        """
        root apigee nobody daemon bin sys sync adm lp mail news uucp man proxy www-data nginx apache postgres qpidd \
        zookeeper cassandra ldap openldap mysql redis sshd ntp chrony dbus polkitd messagebus syslog systemd-network \
        systemd-resolve systemd-timesync ec2-user centos ubuntu debian admin administrator anonymous guest system user \
        users username login null none nil unknown undefined true false yes no default self any all everyone public \
        string name password test tomcat java git nologin
        """)

    /// Words that may be someone's name or a host's, but stand in logs for other reasons. What is one of them is replaced
    /// in its own place only.
    private static let technical = words(
        """
        sha1 sha256 sha384 sha512 md5 utf8 utf16 ipv4 ipv6 http2 http11 oauth2 saml2 tls1 tls12 tls13 sslv3 x509 base64 \
        log4j log4j2 logback rc4 aes128 aes256 des3 rsa2048 ed25519 x86 x86_64 amd64 i386 jdk8 jdk11 java8 java11 p12 \
        pkcs1 pkcs8 pkcs12 eth0 eth1 ens3 ens5 h2 s3 ec2 v1 v2 v3 v4 el7 el8 soap11 soap12 latin1 iso8859 win32 win64 \
        admin system service services server client router proxy target backend default message messages trace error \
        errors debug info warn warning fatal test tests test1 test2 user1 prod production stage staging devel develop \
        public private internal external build deploy deployment monitor monitoring support operator operations oper \
        jenkins ansible docker kube release update upgrade config configuration policy request response header headers \
        content body query host hosts port path file files data date time name names value values type types code status \
        state start stop open close closed read write send sent receive received connect connected connection session \
        sessions thread threads pool worker timer flow step keystore truststore alias certificate issuer subject serial \
        alert handshake failed failure success unknown none null true false edge apigee analytics gateway central orders \
        order payment payments customer customers account accounts partner partners catalog mark will grant bill page \
        price rose long king green brown black white baker cook hunter mason frank pace chase drew rich faith hope grace \
        dean carol april june august from with this that have been were they then when what which while where your into \
        over after before does must should would could cannot must exists there here only also was are has not and the for \
        but can may had did its our his her who how why all any new old get set put add use out off see too one two via per \
        http https curl bash java node javascript main home root opt local group
        """)

    /// Top-level domains that may be shown, and by which a name in running text is known for a host's.
    private static let generic = words(
        """
        com net org edu gov mil info biz cloud internal intranet local lan corp localdomain localnet private domain io \
        dev app arpa bank example test
        """)

    /// Top-level domains of countries and unions that are no ending of a file and no last word of a variable.
    private static let countries = words(
        """
        at au be br ca ch cl cn co cz de dk ee es eu fi fr gr hk hr hu ie il it jp kr li lt lu lv mx nl no nz pl pt ro ru \
        se sg si sk th tr tw ua uk us za ar ae
        """)

    private static let seconds = words("co com org net gov ac edu or ne go")

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    /// True for `api.enterprise.apigee.com`: a name below a public domain of the kinds above. Lower case.
    static func keeps(host: String, labels: [Substring]) -> Bool {
        if hosts.contains(host) { return true }
        return labels.count >= 2 && domains.contains(labels.suffix(2).joined(separator: "."))
    }

    static func keeps(user: String) -> Bool { users.contains(user) }

    /// True for a word that is looked for nowhere but where it was found. Lower case.
    static func isWord(_ name: String) -> Bool { technical.contains(name) || users.contains(name) }

    /// Endings by which a dotted name in running text is taken for a host's; other top-level domains are too often the
    /// last word of a variable or a file name.
    private static let telling = words("com net org edu gov mil internal intranet local lan corp localdomain example")

    /// First words of Java packages, which end like hosts at times.
    private static let packages = words("com org net edu gov io java javax jdk sun scala kotlin jakarta")

    /// Endings of files that are named after a host.
    static let fileEndings = words(
        "pem crt cer key csr jks p12 pfx log txt pcap pcapng conf cfg xml json har yaml yml zip tar gz tgz out html")

    /// Whether a dotted name in running text, lower case, is one of a host.
    static func isHost(_ labels: [Substring]) -> Bool {
        guard labels.count >= 2, let last = labels.last, let first = labels.first else { return false }
        if packages.contains(String(first)) { return false }
        if telling.contains(String(last)) { return true }
        return labels.count >= 3 && (countries.contains(String(last)) || last == "test")
            && labels.allSatisfy { $0.utf8.count >= 2 }
    }

    static func isTopLevel(_ label: some StringProtocol) -> Bool {
        generic.contains(String(label)) || countries.contains(String(label))
    }

    /// How many last labels make the domain that someone registered: `acme.com`, `acme.co.uk`.
    static func registeredLabels(_ labels: [Substring]) -> Int {
        guard labels.count >= 3, labels[labels.count - 1].utf8.count == 2,
            seconds.contains(String(labels[labels.count - 2]))
        else { return min(2, labels.count) }
        return 3
    }

    /// Words of a host name that say what it does.
    private static let roles = words(
        """
        mp rmp rt router ms mgmt ui zk cs cass cassandra ds qpid qs pg postgres ps ldap sso api apis app web www db lb \
        proxy gw gateway backend be fe frontend idp auth oauth mail smtp ns dns vm node host srv server edge apigee kafka \
        redis cache portal devportal mtls mgw micro emg svc service client target partner log monitor jump bastion
        """)

    /// The readable part of a pseudonym: the words that a name starts with and that say what the host does.
    static func role(_ label: some StringProtocol) -> String {
        let parts = label.split { !$0.isASCII || !$0.isLetter }
        var known = parts.prefix { roles.contains(String($0)) }.prefix(2)
        // The whole of a name is not shown.
        if known.count == 2, label.utf8.count == known[0].utf8.count + known[1].utf8.count + 1 { known.removeLast() }
        return known.isEmpty || label.first?.isLetter != true ? "host" : known.joined(separator: "-")
    }

    /// A short name that can only be a machine's: a known role and a number.
    static func isMachine(_ name: String) -> Bool {
        guard name.utf8.contains(where: \.isDigit), !isWord(name) else { return false }
        return role(name) != "host"
    }

    /// Words of common names that no person has.
    private static let corporate = words(
        """
        ca root issuing authority certificate certificates certification server intermediate class trust services service \
        inc ltd llc gmbh ag sa plc bank test demo client api sha2 sha256 tls ssl rsa ecc ec ev dv ov global public primary \
        secondary sub policy signing encryption code email domain validation network solutions secure security corp \
        corporation company group systems technologies software cloud gateway proxy router message processor apigee edge \
        internal external production prod staging development partner backend application app web portal team department \
        user users admin device entity organization unit registration validated internet online digital identity of and \
        the for bad good self signed expired other unknown new old dummy sample example local first second third root1 \
        wildcard assured level high extended standard premium basic enterprise data center centre platform node host \
        acceptable accepted trusted untrusted wrong right valid invalid leaf chain issuer subject key store keystore
        """)

    /// `Jane Roe`, `Roe, Jane`, `J. P. Müller`: two to four words with capitals, none of which an authority has.
    static func isPerson(_ name: String) -> Bool {
        let parts = name.split { $0 == " " || $0 == "," }
        guard (2...4).contains(parts.count) else { return false }
        return parts.allSatisfy { part in
            guard let first = part.first, first.isUppercase, !corporate.contains(part.lowercased()) else {
                return false
            }
            let isName = part.allSatisfy { $0.isLetter || $0 == "." || $0 == "-" || $0 == "'" }
            return isName && (part.count <= 2 || part.contains { $0.isLowercase })
        }
    }
}
