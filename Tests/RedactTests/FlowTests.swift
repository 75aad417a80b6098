import Redact
import Testing

/// Secrets in the structures of YAML, JSON and XML: in braces, below their names, beside them.
@Suite struct FlowTests {
    static let flows: [(ContentFormat, String)] = [
        (.yaml, "db: {user: edge, password: ‹flow-Pw1›, host: db}\n"),
        (.yaml, "db: {host: db, password: ‹flowLast-1›}\n"),
        (.yaml, "- [bob, {token: ‹sjkmsNepTGj0k26zK7LA1XxGz7rvGb›, ttl: 30}]\n"),
        (.yaml, "x: {a: {secret: ‹flowNest-2›}, b: 1}\n"),
        (.yaml, "db: {user: edge,password: ‹nospFl1›,host: db}\n"),
        (.yaml, "db: {\n  user: edge,\n  password: ‹mlFlow-1›,\n  host: db\n}\n"),
        (.yaml, "x: [ {name: API_KEY, value: ‹abc12abc›}, {name: B, value: c} ]\n"),
        (.yaml, "x: [ {value: ‹abc12abd›, name: API_KEY}, {name: B, value: c} ]\n"),
        (
            .yaml,
            "db: {password: ${DB_PASS}, host: a}\ndb2: {password: *pw, host: a}\ndb3: {password: !vault x, host: a}\na: {password: '‹q, uoted›', b: 1}\n"
        ),
    ]

    static let structures: [(ContentFormat, String)] = [
        (.yaml, "password: ‹with, comma} and brace›\nuser: x\n"),
        (.yaml, "database:\n  password:\n    ‹nextline-Yaml›\n  host: db\n"),
        (.yaml, "password: # the prod one\n  ‹nxtCmt-Yaml›\nuser: x\n"),
        (.yaml, "password: '‹it''s-Rep1›'\nb: 'x'\n"),
        (.yaml, "secret: '‹x''y''zzzz›'\npassword: ''\nuser: 'a'\n"),
        (.yaml, "password: ‹first part\n  second part›\nuser: x\n"),
        (.yaml, "passwords:\n  - ‹lstPw-Aa1›\n  - '‹lst''Pw-Aa2›'\nuser: x\n"),
        (.yaml, "passwords:\n- ‹lstPw-Aa3›\nuser:\n- x\n"),
        (.yaml, "command: [\"mysqld\"]\nargs:\n  - --user\n  - root\n  - --password\n  - ‹argsL-1st›\n  - --verbose\n"),
        (.yaml, "db_password:\n  value: ‹x12›\n  type: string\n"),
        (.json, "{\"dbPassword\":{\"value\":\"‹x34›\",\"type\":\"string\"}}\n"),
        (.json, "{\"secret\":{\"value\":\"‹x35›\"}}\n"),
        (.json, "{\"properties\": {\"DB_PASSWORD\":{\"origin\":\"env\",\"value\":\"‹act-Env-1›\"}}}\n"),
        (.yaml, "db_password: {type: string, value: ‹xFl36›}\n- secret: {secretName: tls}\n"),
        (
            .xml,
            "<property><name>ldap.password</name>\n<description>bind password</description>\n<value>‹propN-L1›</value></property>\n"
        ),
        (.xml, "<property><name>ldap.password</name><final>true</final>\n<value>‹propN-L2›</value></property>\n"),
        (
            .xml,
            "<env-entry><env-entry-name>db/password</env-entry-name><env-entry-type>java.lang.String</env-entry-type><env-entry-value>‹envx-12›</env-entry-value></env-entry>\n"
        ),
        (
            .xml,
            "<e><stringProp name=\"Argument.name\">password</stringProp><stringProp name=\"Argument.value\">‹jm-Pw1›</stringProp><stringProp name=\"Argument.metadata\">=</stringProp></e>\n"
        ),
        (.xml, "<user password\n   = \"‹attr-N3wline›\"\n   b=\"c\"/>\n"),
        (.json, "{\n \"client_secret\"\n  : \"‹nl-Json-Col›\"\n}\n"),
        (.text, "variable \"admin_password\" {\n  type = string\n  default = \"‹tfDefault-2›\"\n}\n"),
        (.yaml, "api_key: &k ‹Ab12Cd34›\npassword: !!str ‹8473›\npw: &a !!str \"‹Zz12›\"\n"),
        (
            .properties,
            "url=jdbc:mysql://db/edge?user=root&password=‹my-Jdbc-q›&useSSL=false\nurl2=jdbc:mysql://db/edge?user=root&password=‹my-Jdbc-r›&sslmode=require&user=apigee\nurl3=jdbc:sqlserver://db;password=‹my-Jdbc-s›;encrypt=true\ndb.password=‹my pass word & = x›\n#db.password=‹my old word›\n"
        ),
        (.log, "req {b'authorization': b'Bearer ‹abcdef123456›'} x\n"),
    ]

    @Test("what must go goes and its frame stays", arguments: flows + structures) func secrets(
        format: ContentFormat, text: String
    ) throws {
        try MarkedText(text).check(format)
    }

    static let lookAlikes: [(ContentFormat, String)] = [
        (.yaml, "secret:\n  name: edge-creds\n  create: false\npassword:\n  minLength: 8\ntoken:\n  ttl: 3600\n"),
        (.yaml, "secrets:\n  - db_password\n  - db-pass-1\n"),
        (.yaml, "- secret: {secretName: tls}\n"),
        (.yaml, "db: {password: ${DB_PASS}, host: a}\ndb2: {password: *pw, host: a}\n"),
        (.json, "{\"password\":{\"type\":\"string\",\"description\":\"the password\"}}\n"),
        (.log, "Invalid token:\n\tat com.acme.Filter.run(Filter.java:12)\n"),
        (.xml, "<property><name>ldap.password</name><description>bind password</description></property>\n"),
        (.yaml, "password: # set by the vault\nuser: bob\n"),
        (.yaml, "command:\n  - --password-file\n  - /etc/pw\n"),
    ]

    @Test("structures without a secret stay", arguments: lookAlikes) func stays(
        format: ContentFormat, text: String
    ) throws {
        #expect(string(try makeRedactor().text(Array(text.utf8), format)) == text)
    }
}
