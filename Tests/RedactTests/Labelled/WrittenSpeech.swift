/// What people write, in sentences and in their languages, and what programs print around a value.
enum WrittenSpeech {
    static let texts: [String] = [
        "the pw is ‹mailPw-77›, ok?", "changed the LDAP password from ‹0ld-Ldap-1› to ‹N3w-Ldap-2› today",
        "Password for user apigee: ‹pr0mpt-Pg1›", "Das Passwort lautet ‹Geh3im-1x›.", "Kennwort ist ‹Geh3im-2x›",
        "le mot de passe est ‹S3cret-fr›", "mot de passe : ‹S3cret-fr›", "db.motdepasse=‹S3cretfr›",
        "mot_de_passe=‹S3cretfr›",
        "contraseña: ‹S3cret-es›", "{\"contraseña\":\"‹S3cret-es›\",\"n\":1}", "DB_CONTRASENA=‹S3cretes›",
        "clave=‹S3cretes›",
        "senha: ‹S3cret-pt›", "parola=‹S3cret-it›", "wachtwoord: ‹S3cret-nl›", "hasło: ‹S3cret-pl›",
        "heslo=‹S3cret-cs›",
        "lösenord: ‹S3cret-sv›", "<salasana>‹S3cret-fi›</salasana>", "пароль: ‹S3cret-ru›", "Пароль=‹S3cret-ru›",
        "パスワード：‹S3cret-ja›", "密码：‹S3cret-zh›", "密码: ‹S3cret-zh›", "비밀번호: ‹S3cret-ko›",
        "- **Password:** `‹mdB0ld-1›`", "password: `‹mdC0de-1›` for now", "**Password:** ‹mdB0ld-2›",
        "LoginRequest{user=Optional[joe], password=Optional[‹optPw-11›]}",
        "Config { password: Some(‹optPw-12›), n: 1 }",
        "password: Some(\"‹optPw-13›\")",
        "# password for the test is\npassword: ‹apple› pie and more", "db.password = ‹tiger› # as always",
    ]

    /// No secrets, although a secret's name stands before them.
    static let evidence: [String] = [
        "OLDPWD=/root", "PWD=/opt/apigee", "password_encryption = scram-sha-256", "password_encryption = md5",
        "Unable to read password file /opt/apigee/conf/jmxremote.password: permission denied",
        "Authorization: header not found in request", "unix_chkpwd[8821]: password check failed for user (bob)",
        "first pass: 12.3 s, second pass: 4.5 s", "pass: 12 fail: 0", "pass=12 fail=0", "passwords: 3 checked",
        "password:  12 bytes", "token:  842 bytes", "existingSecret: edge-creds", "existingSecretPasswordKey: password",
        "passwordKey: admin-password", "Secret: created by helm", "Secret: created",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:edge/prod-AbCdEf", "password = var.db_password",
        "password = random_password.db.result", "password = sys.argv[2]", "def login(username, password=None):",
        "secrets: inherit", "password: \"{{ lookup('env','PW') }}\"", "password: {{ .Values.db.password }}",
        "signature=(Ljava/lang/String;)V", "Passwort vergessen?", "printf 'password=%s' \"$pw\"",
        "password=Optional.empty",
        "password: None", "enclave: nitro-1", "la clave primaria de la tabla es id_17", "Optional[empty] password=null",
        "Password authentication for user: jdoe1234", "password reset for user: jdoe1234 done",
        "Accepted password for jroe from host-a1b2c3d4 port 22 ssh2",
        "the password for user jdoe was changed from the console to comply with policy",
    ]
}

/// Commands of Apigee's own tools, and of those that stand beside them on a node.
enum WrittenTools {
    static let texts: [String] = [
        "acurl -u admin@corp.example:‹zsh-hist-pw› http://10.0.0.1:8080/v1/o",
        "acurl https://api.example/v1/o -u admin:‹acurlPw1› -s", "get_token -u jdoe:‹gettok-pw1›",
        "acurl -p ‹acurl-Pw2› x",
        "apigeetool deployproxy -u jdoe -p ‹aptool-Pw8› -o acme -e prod -n orders -d .",
        "apigee-service apigee-cassandra enable_cassandra_authentication -e y -u cassandra -p ‹cassPw-1›",
        "apigee-service edge-management-server change_sysadmin_password -o ‹0ldPw-9› -n ‹N3wPw-9›",
        "/opt/apigee/apigee-service/bin/apigee-service edge-ui configure -p ‹uiPw-12›",
        "apigee-service apigee-postgresql change_apigee_password ‹pgPw-12›",
        "- cmd: \"apigee-service apigee-provision -p ‹ansT4sk›\"",
        "edgemicro start -o acme -e prod -k ‹2b7e151628aed2a6abf7158809cf4f3c› -s ‹76b8e0ada0f13d90405d6ae55386bd28›",
        "qpid-config -b admin/‹qpidC0nf›@localhost:5672 queues", "qpid-stat -q -b guest/‹qpidSt4t›@10.1.1.2",
        "export EDGEMICRO_KEY=‹b6f857f9015138e8c3582e89d9c8d1512aec04d053d6b3ef›",
        "addauth digest super:‹zkAdd-pw›", "[zk: localhost:2181(CONNECTED) 0] addauth digest super:‹zkAdd-pw›",
        "setAcl /x digest:admin:‹xQJmxLMiHGwaqBvst5y6rkB6HQs=›:cdrwa",
        "'digest,'apigee:‹xQJmxLMiHGwaqBvst5y6rkB6HQs=›\n: cdrwa",
        "slappasswd -h {SSHA} -s ‹slapPw-1›", "echo ‹saslPw-1› | saslpasswd2 -p -c -u QPID admin",
        "expdp system/‹0raPw-1› schemas=a", "vault login ‹s.1234567890abcdefABCDEF12›",
        "user = \"admin:‹rcPw-12›\"", "proxy-user = p:‹rcPw-13›",
    ]

    static let evidence: [String] = [
        "qpid-config -b localhost:5672 queues", "qpid-stat -q", "acurl -u admin https://api.example/v1/o",
        "edgemicro stop",
        "apigee-service edge-ui configure -f /tmp/config.txt", "digest:sha256:e3b0c44298fc1c149afbf4c8996fb924",
        "user = \"admin\"", "user = joe", "apigeetool listdeployments -u joe -o acme", "get_token --help",
        "the vault login page", "rman target /",
        "Please paste the key between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----",
        "The file must not contain -----BEGIN RSA PRIVATE KEY-----",
    ]
}
