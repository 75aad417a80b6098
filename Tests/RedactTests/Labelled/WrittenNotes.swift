/// Secrets in colours, bold type and sentences, in values with marks in them, and beside names of all kinds.
enum WrittenNotes {
    static let texts: [String] = [
        "\u{1B}[36mapigee.password\u{1B}[0m=\u{1B}[33m\"‹OOu9zQhrMHb1NL›\"\u{1B}[0m\n",
        "\u{1B}[1;36maesKey\u{1B}[0m=\u{1B}[33m‹ea940169fe80›\u{1B}[0m\n",
        "- **auth.token**: ‹Fj!wX_4peoXTVabKYFRQ2v›\n- **host**: a.example\n", "The `authKey` is `‹P@ssw0rd99›`.\n",
        "using HCP_CLIENT_SECRET ‹PV1TgYfTbmvYRQEgr› for a.example\n",
        "login failed, signingKey [‹acdf4681aa›] not accepted\n",
        "http.proxyPassword changed from ‹iloveyou2› to ‹iloveyou29›\n",
        "Hi, the db pass for a.example is: ‹Kaffee+Kuchen7›\n",
        "A temporary password is generated for root@localhost: ‹Kx93j#Lq2pW›\n",
        "use the following password to proceed to installation:\n\n‹88b597a7748bafcee37ed195d3a76a43›\n",
        "connecting as user joe with password ‹1zDCWxOeCG1N70xb› to mp1\n",
        "[\"password\"]=>\n  string(12) \"‹I270zYmbil1x›\"\n", "s:8:\"password\";s:12:\"‹I270zYmbil1x›\";",
        "password = \"\"\"\n‹22HVc9NbWS5d›\"\"\"\n", "db.password=‹aB3(xYz91kQ›\n",
        "APIGEE_ADMINPW=‹AAoB7#NUiDQa=yOFl7CO›\n",
        "ldap.bind.password=‹G3Z3Wrc<Ckq3lUrDV›\n", "agent --svc-password ‹l2q9;jL0x3885jfJa› -v\n",
        "Setting variable name=db.password, value=‹643enQozTc›\n", "using credentials joe:‹6rp5IDE4Q5up› now\n",
        "name,value\nhost,a.example\ndb.password,‹lIViZL5jIEGSAcnb›\n",
        "  http-request set-header X-Auth-Token ‹tFFsiTn8pqI2›\n", "set $db_password \"‹Z1J3z-6TQUThzz›\";\n",
        "echo ‹yDQS+Q09Yckv› | kinit joe\n", "zip -r -P ‹Apigee123x› out.zip dir\n",
        "htpasswd -cbB .htpasswd joe ‹w3NgDbMjvii4›\n", "expect \"Password:\"\nsend \"‹q9YlTSJxP4EFl6q›\\r\"\n",
        "S: 334 UGFzc3dvcmQ6\nC: ‹cnNadUdxSTJYVGtw›\nS: 235 ok\n", "x: ‹amRvZUBhY21lLmNvbTpNdWVuY2hlbiQ3Mg==›\n",
        "user app on >‹K2XlX1woGLVcyyjJ› ~* +@all\n", "monitorRole ‹b17e5c1bf6f7390b94›\n",
        "2026 INFO - Private-Lines: 1\n2026 INFO - ‹LMWFteiUyPI9RZ0d0seHSxsd8+j+ywY6+YDOSPF5iC14Vg5=›\n2026 INFO - x\n",
        "refreshToken: \"‹uqvlmazkbkc›\", apikey: \"‹hfIywZWpTe›\"\n", "IBAN: ‹DE89 3704 0044 0532 0130 00›\n",
    ]

    static let evidence: [String] = [
        "token is 36 characters long\n", "using token endpoint v2 for x\n", "the api_key was rotated 3 times\n",
        "access_token is valid until 2026-11-30\n", "private_key is RSA2048\n", "secretKey was null\n",
        "client_secret is required (400)\n", "using key store /opt/apigee/keystore.jks\n",
        #"{"passwordLastSet":"2026-08-26T11:38:21.129485Z"}"#,
        "curl -u admin:$(cat /run/secrets/pw) https://a.example/",
        "update kms.app set secret = $1 where id = $2", "password=__PASSWORD__", #""password":"<%= password %>""#,
        "password = (sensitive value)", "password=[secure]", "Authorization: Basic\n",
        "keytool -list -storepass:env KS_PW -v", "ii  libsecret-1-0:amd64  0.20.5-3",
        "<SshKey>ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsABgH5C9okWi0dh2l9</SshKey>",
        "checksum/secret: 997ca9cfb33404024c508baffe347c5f995f31822a6f1fe83988bc48771d7e02\n",
        "echo x\u{1B}[36mpassword\u{1B}[0m", "**password** must be set", "DB_PASSWORD=\"var.db_password\"",
        "at com.acme.Zip.login(Zip.java:12)", "<p>password=$x</p>",
        "cookie VXNlclByb2ZpbGVJZDEyMzQ1 kept\n",
    ]
}
