/// Values full of marks, and what looks like a value but is a blank, a mask or the name of something.
enum WrittenMarks {
    static let texts = settings + quotes + pairs + keys + phrases + sentences

    /// Settings fill the rest of their line.
    private static let settings = [
        "password=‹R~{<@^*Tk17>.2qK›\nnext=1\n",
        "spring.datasource.password: ‹XYZ,|!!NUSj›\nx: 1\n",
        "  ssl.keystore.password: ‹F;\"(\\{aa6K1akb/Z)F#›\n  pool: 5\n",
        " db.user=svc\n+ansible_ssh_pass=‹G=3huf?_=@Ay›\n db.pool=77\n",
        "password=‹abcX1›,user=joe\n", "password=‹abcX1›;Server=tcp:x\n", "password=‹x1y2z3›&a=b\n",
        "  password=‹hunter2›;\n", "f(\n  password=‹hunter2›)\n", "password=‹hunter2›</p>\n",
        "userPassword: ‹maple lantern staple›\nmail.port: 587\n",
        "machine h7\nlogin svc\npassword ‹Y{b|)jB49`;Y}<!v=/›\nmachine o\n",
        "h7.acme.example:5432:ord:svc_x:‹lantern dishwasher staple›\n",
    ]

    private static let quotes = [
        "curl -H 'password-confirmation: ‹lhuQO]h})Y]+uB›' https://a.example\n",
        #"- "DB_PASSWORD=‹ab,c;dX1›""# + "\n",
        #"{"pass":"‹X4WK\\KV^C\u003e#e+KPZ\"›","z":1}"# + "\n",
        "Client.builder()\n    .postgresPassword(\"‹tigger›\")\n    .withPassword(\"‹tigger›\")\n",
        "username=svc_f&password=‹i%28W%25%40%7CMX%24›&submit=x\n",
    ]

    private static let pairs = [
        #"{"headers":[["host","a.example"],["bindpw","‹ferrari›"],["accept","x"]]}"# + "\n",
        "---> USER svc_z\n---> PASS ‹Rainbow7›\n<--- 230 Login ok\n",
        "127.0.0.1:6379> AUTH ‹shadow›\nOK\n", "a1 LOGIN svc_z ‹940673›\na1 OK\n",
        "EXEC sp_addlogin 'svc_q', '‹Jordan23›';\n",
        "kubectl create secret generic c --from-literal=user=svc_k --from-literal=storepass=‹A107D476›\n",
        "AUTH_BASIC=‹YmF0Y2gwMTpwcmluY2Vzcw==›\n",
        #"{"a":"‹REJfUEFTUz1YeXoxMjM0NQ›"}"# + "\n",
        "<user>joe</user><password>‹hunt2›",
    ]

    private static let keys = [
        "kept\n‹OTg1MzA5OTY3MTE5NTk2NDIw.Gthy70.1HmTgMO3qH-gNAYC-Rtm-HXr43f6hxOc8Z9P5i›\n",
        #"KEY="PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n‹k+5yPNGwNVF3WR/giXnLPOmUtIkoS2+s8UqA›\nPrivate-MAC: e6b"#
            + "\"\nPORT=8081\n",
        #"    "Private-Lines: 2\n" +"# + "\n" + #"    "‹k+5yPNGwNVF3WR/giXnLPOmUtIkoS2+s8UqAzHHhsQ›\n" +"# + "\n"
            + #"    "‹k+5yPNGwNVF3WR/giXnL==›\n" +"# + "\n" + #"    "Private-MAC: 99199ba0";"# + "\n",
    ]

    /// Passphrases of several words.
    private static let phrases = [
        "Default-Password: ‹blanket harbor puzzle bamboo falcon›\nX: 1\n",
        "Server=db01;Database=Orders;Password=‹copper lantern orbit velvet›;Encrypt=True;\n",
        "      - \"DB_PASSWORD=‹copper lantern orbit velvet›\"\n", "a:\n  password: ‹copper lantern orbit velvet›\n",
        "curl -H 'Default-Password: ‹blanket harbor puzzle bamboo falcon›' https://a.example\n",
    ]

    private static let sentences = [
        "| vpn password | ‹4988b90d-d267-4a0a-9143-ec1c5207aa1c› |\n",
        "| user | db password | port |\n|------|------|------|\n| jdoe | ‹hT7rKq92LmZx› | 5432 |\n",
        "INFO Setup - root password is set to '‹qwwbW9uU0I/yHG5h›' for user appuser\n",
        "password set to ‹hT7rKq92LmZx›\n",
        "INFO Setup - session secret is set to '‹R0ckst4r!9748›' for user x\n",
        "<c><param name=\"password\">‹hT7rKq92LmZx›</param></c>\n", "password = ‹passwordX9›\n",
        "<user username=\"v\" password=\"‹Summer9\\›\" roles=\"m\"/>\n",
        "- \"NOTE=‹access_token$$production$$6nkp1pa7jcrooun1$$39f1a5c9bf1ac7ddf83a0ad594713ad7›\"\n",
    ]

    static let evidence = [
        "password = \"${data.vault_generic_secret.db.data[\"password\"]}\"\n", "token = \"${var.tokens[\"prod\"]}\"\n",
        "CREATE TABLE t (\n  username VARCHAR(64) NOT NULL,\n  reset_token VARCHAR(64)\n);\n  api_key CHAR(40),\n",
        "self._secret = secret\nself._api_secret = api_secret\ncfg.Token = *tokenFlag\ncfg.Secret = secretFlag\n",
        "let password = passwordField.text ?? \"\"\nvar secret = secretBox.Text;\n",
        "; password: see vault path secret/data/orders\n", "error.passwort=Das Passwort ist falsch\n",
        "password=<password>\nnext=1\n", #"{"m":"APIGEE_ADMINPW=<your-password>","level":"x"}"# + "\n",
        "usage: x <password>\n\nNext paragraph\n", "login --pw <password> --host h7\n",
        "usage: curl -u <user:password> URL\n", "socks5h://<username>:<password>@proxy-host\n",
        "2024-06-17 15:22:32,795 ERROR Login - Password is incorrect\n",
        #""secrets:scan": "gitleaks detect","# + "\n", #"{"password":["can't be blank"]}"# + "\n",
        "    --secret-key  SECRET_KEY   AWS secret key [required]\n",
        "apikey=XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX\n", "# password: set through the environment\n",
        "kind: Secret\ndata:\n  tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURhekNDQWxPZ0F3SUJBZ0lVZlFkWUFobz0KLS0tLQ==\n",
        #"{"seq":905,"message":"password: (hidden)","level":"INFO"}"# + "\n", "250 AUTH LOGIN PLAIN\n",
        "2026-01-01 LOGIN page shown\n", "x.decryptPassword(\"tigger\")\n",
        #"{"required":["password","username"],"x":[["a"],["b"]]}"# + "\n", "auth_basic \"Restricted area\";\n",
        "db_password: must not be empty\n",
    ]
}
