import Redact
import Testing

/// Secrets in the columns of tables, whose heading names them.
@Suite struct TableTests {
    static let tables: [(ContentFormat, String)] = [
        (
            .text,
            " key_alias | name | value\n-----------+------+-----------------\n kvm1      | backend.password | ‹cqlTab-Pw1›\n"
        ),
        (.text, "id,username,password,email\n1,bob,‹csv-B0b-1›,‹bob@x.example›\n2,eve,‹csv-Ev3-2›,‹eve@x.example›\n"),
        (.text, "\"user\",\"api_key\",\"created\"\n\"bob\",\"‹AGmwUQ4O1ZV1nnNGo9HAbSHQxDfUOHbK›\",\"2023-01-01\"\n"),
        (.text, "name;host;passwort\ndb;10.1.1.1;‹csv-Semi-3›\n"),
        (.text, "user\tpwd\trole\nbob\t‹t4b-Sep-Pw›\tadmin\n"),
        (.text, "| user | password | role |\n|------|----------|------|\n| bob  | ‹md-T4ble-1› | admin |\n"),
        (
            .text,
            "+----------+--------------+\n| login    | passwd       |\n+----------+--------------+\n| bob      | ‹mysql-T4b›  |\n+----------+--------------+\n"
        ),
        (.text, "-[ RECORD 1 ]----------\nusename | apigee\npasswd  | ‹md5a42415bdab740bc52e818cf0c9b0f127›\n"),
        (
            .text,
            " consumer_key                     | consumer_secret\n----------------------------------+------------------\n ‹w94jMclBty1a3DmGSgJguPFC4U4Sd6Oa› | ‹b54PWFq0oUXWCaWk›\n(1 row)\n"
        ),
        (.text, "name,client_secret\napp1,‹3Lj4xseI5UqJ4gLg›\n"),
        (.xml, "<tr><td>Password</td><td>‹htmlTd-1›</td></tr>\n"),
        (.text, " a | b | c\r\n---+---+---\r\n x | backend.password | ‹cqlTab-Pw2›\r\n"),
    ]

    @Test("what must go goes and its frame stays", arguments: tables) func secrets(format: ContentFormat, text: String)
        throws
    {
        try MarkedText(text).check(format)
    }

    static let lookAlikes: [(ContentFormat, String)] = [
        (.text, "Enter user, password\nand then, wait\n"),
        (
            .text,
            "| Parameter | Type | Notes |\n|---|---|---|\n| password | string | The password of the user |\n| token | OAuth2 | none |\n"
        ),
        (.log, "SELECT id,\n  password,\n  name\nFROM users;\n"),
        (.log, "2023-04-11 09:12:45 | INFO | token | abc12345\n2023-04-11 09:12:46 | INFO | x | abc12346\n"),
        (.text, "The request needs login, password\nand, if asked for, a code of 8 digits\n"),
        (.log, "GET /oauth/token,200,12\nGET /oauth/token,200,13\n"),
        (.text, "name,password\nbob,${DB_PASS}\neve,true\n"),
        (.xml, "<tr><td>Password</td><td>The password of the user, 8 characters</td></tr>\n"),
        (.xml, "<tr><th>User</th><th>Password</th></tr>\n"),
        (.text, "cat password | sha256sum\nls token | sort -u\n"),
    ]

    @Test("tables of other things stay", arguments: lookAlikes) func stays(format: ContentFormat, text: String) throws {
        #expect(string(try makeRedactor().text(Array(text.utf8), format)) == text)
    }

    /// A row that is a table's head has no row above it, so no row is read more than twice.
    @Test("many rows that look like heads take no time") func manyHeads() throws {
        let text = String(repeating: "alpha,token\n", count: 40_000)
        #expect(string(try makeRedactor().text(Array(text.utf8), .text)) == text)
    }
}
