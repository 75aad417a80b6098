/// Secrets in variables and setters, in quoted parts of words, in rows of databases, and what validation says of them.
enum WrittenSettings {
    static let texts: [String] = [
        #"<Set name="private.kvm.value" value="‹Chang3M3#6377›" success="true"/>"#,
        #"{"Get":{"name":"private.x1","value":"‹willow-timber-quartz›"}}"#,
        #"<Get name="password"><VariableSet value="‹UUHO8XgCIbrC›"/></Get>"#, "private.backend.user = ‹joe›\n",
        "curl -u joe:'‹Qwerty#961›' https://a.example/", "curl -u 'joe':'‹Qwerty#961›' https://a.example/",
        "curl --cert c.pem:'‹Qwerty#961›' https://a.example/",
        "curl -F 'password=‹E;<hK%33Yq{A?LGU›' https://a.example/",
        "keytool -storepasswd -new ‹Kw9sQm2Z!› -keystore x\n", "etcdctl --user joe:‹Kw9sQm2Z!› get x\n",
        "CONNECT joe/‹Kw9sQm2Z›@ORCL\n", #"ds.setPasswd("‹Prod@65515›");"#,
        #"ds.setUserPassword("‹pepper-willow-walnut›");"#,
        #"keyStore.load(in, "‹Kw9sQm2Z!›".toCharArray());"#, " passwd | ‹axZdV0#4LMz!F^hmR4amMG›\n",
        "-[ RECORD 1 ]---+-----\nlogin | joe\nkey_store_password | ‹orbit-velvet-granite›\nrole | admin\n",
        "datadogapikey=‹0soaH8mX5unHSUeo›\n", #"{"symmetrickey":"‹ca907dfb-8dfa-4e71-b9ea-1be11452a95e›"}"#,
        "<secret>‹{AQAAABAAAAAg2KwV0etOzUNNCNwnT2kl3fE5XnLS3Q52xgPk8yF4kjVSiLeAPi5LjxzeNjaXbsN9}›</secret>",
        #"{"password":"‹sunshine›"}"#, #"{"user":"joe","bindPassword":"‹cmymbnkqq›","host":"x"}"#,
        #"{"client_secret":"‹sunshine›"}"#, "{'password':'‹sunshine›'}", #"{\"password\":\"‹sunshine›\"}"#,
        "DB_PASSWORD=‹wer(tyu)iop9›\n", "userPassword: ‹p0(JJ~]Q^5]YH$6›\n", "INFO - password is: ‹Kw9sQm2Z›\n",
        "INFO - apikey ‹aB3dE5fG7hJ9kL1maB3dE5fG7hJ9kL1m› is valid\n", "db.password = ‹correct horse battery staple›\n",
        "CREATE USER joe WITH PASSWORD '‹it''s2024!›';",
        #"<void property="password"><string>‹Kw9sQm2Z!›</string></void>"#,
        "https://a.example/hook?x=‹4297269070%3AAAbnY0pSU4IefqEhRMr1Eicby1SUSVyhhqm›&y=2\n",
        "‹Ym9iOjVhNzA3dkZpR01mbFA=›", "‹eyJrIjoiUmJUUUZmVzVDZmx5QjF4RUw5azJ4Q0JDbkFUQmRHVWYiLCJuIjoiY2kiLCJpZCI6MX0=›",
        "privateKey=‹MC4CAQAwBQYDK2VwBCIEILxZJnpzJFmrcZkseTJfuH3IAkPW5TFmQA7sWOeGJNd/›\nid=77\nserver.port=8080\n",
    ]

    static let evidence: [String] = [
        #""PATCH /v1/users/7/password HTTP/1.1" 204 0"#, "Enter keystore password: (attempt 64)",
        #"{"errors":{"password":["must not be blank"],"n":2}}"#,
        #"{"password":"is too short (minimum is 55 characters)"}"#, #"{"client_secret":"may not be empty"}"#,
        "secret: unable to resolve variable violet41", "Failed to load secret: access denied",
        "ERROR Could not decrypt password: bad padding", "string password = 71; // protobuf", "password-hash==5.40.71",
        "session timeout=9731", "session count=12", "Authorization: header missing (77)",
        "credentialsId: quartz-deploy-40",
        "--- PASS: TestLogin (0.02s)", "pass rate=98%", "First pass: 12 rules", "password=***REMOVED***",
        "password=%(password)s", #"curl -H "Authorization: Bearer $(cat /tmp/token)" https://a.example"#,
        "signature=sha256WithRSAEncryption", "jsonwebtoken: ^9.0.2", "ls: private.pem, private.key",
        "ALTER ROLE joe PASSWORD :'pw';",
    ]
}
