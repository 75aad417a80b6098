/// Secrets in lists of arguments, in rows of dumps, and beside a name that says too little alone.
enum WrittenLists {
    static let texts: [String] = [
        #"execve("/usr/bin/mysql", ["mysql", "-uroot", "-p‹strcMy-1›"], 0x7ffd) = 0"#,
        #""command": ["curl", "-u", "bob:‹pw-92931›", "http://a.example"]"#,
        "{\n \"Cmd\": [\n  \"curl\",\n  \"-u\",\n  \"bob:‹pw-92931›\",\n  \"http://a.example\"\n ]\n}",
        #"argc=4 a0="curl" a1="-u" a2="admin:‹aud1t-Pw›" a3="http://a.example""#,
        "a001 LOGIN bob ‹im4p-Pw9›\r\n",
        "INSERT INTO kms.app_credentials (key, column1, value) VALUES ('x','consumer_secret','‹qn0Hc3qxGQOhH04F›');",
        "COPY public.users (id, name, password) FROM stdin;\n1\tbob\t‹qn0Hc3qxGQ›\n2\teve\t‹qn0Hc3qxGR›\n3\tjoe\t\\N\n\\.\n",
        "PASSWORDS=( \"‹arr-Sh-1›\" '‹arr-Sh-2›' )",
        #"{"key":"‹ad0f11cfddd27f5f68ae294981311d00aacf7›","secret":"‹bd0f11cfddd27f5f68ae294981311d00aacf7ab76›"}"#,
        "  authUri: https://a.example\n  key: ‹ad0f11cfddd27f5f68ae294981311d00aacf7›\n  secret: ‹bd0f11cfddd27f5f68ae29›\n",
        "token - ‹oRKTbT5dNQpdcF0BYa2pUnDuLR8XcsY7EOJuInTS›",
        "La contraseña es ‹Clave.de.Rio9›\nLa password è ‹Pr1mavera-it›\nA senha é ‹Pt-Pr1nt99›\n",
        "log in as 'edge' with '‹quotePw-9›' as password, then use ‹hunter2x!› as the password\n",
    ]

    static let evidence: [String] = [
        #"["curl", "-s", "http://a.example"]"#, #"["mysql", "--version"]"#,
        #"a0="ls" a1="-p" a2="/tmp""#, "a001 LOGIN failed", "CREATE LOGIN edge FROM WINDOWS;",
        "ALTER USER apigee WITH PASSWORD :'pw';", "token - the access token", "password - must be 8 characters",
        "La contraseña es obligatoria", "same as password", "imported as password-less PKCS12 store",
        "key: orders-cache\n secret: true\n", "COPY public.users (id, password) FROM stdin;\n1\t\\N\n\\.\n",
        "PASSWORDS=( \"$A\" \"${B}\" )",
    ]
}
