/// Where names and values stand.
enum NamedNotations {
    private static let inLine = " \"'&<>\\;,`()[]{}|"
    private static let toEnd = "\\\r\n"

    @Sendable static func isElement(_ name: String) -> Bool {
        !name.contains(".") && !name.contains(":") && name.first?.isLetter == true || name.hasPrefix("_")
    }
    @Sendable static func isVariable(_ name: String) -> Bool {
        name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
    @Sendable static func isHeader(_ name: String) -> Bool { !name.contains(":") && !name.contains(".") }

    static let all: [Notation] = documents + configurations + traffic + programs + logs

    static let documents: [Notation] = [
        .init("json", "{\"%N\":\"%V\"}", .json(1)),
        .init("json-more", "{\"user\":\"joe\",\"%N\":\"%V\",\"port\":8080}", .json(1)),
        .init("json-pretty", "{\n  \"host\": \"a.example\",\n  \"%N\": \"%V\",\n  \"n\": [1, 2]\n}", .json(1)),
        .init("json-space", "{ \"%N\" : \"%V\" }", .json(1)),
        .init("json-escaped", "body=\"{\\\"id\\\":7,\\\"%N\\\":\\\"%V\\\"}\"", .json(2)),
        .init("json-escaped-2", "{\"m\":\"{\\\"a\\\":\\\"{\\\\\\\"%N\\\\\\\":\\\\\\\"%V\\\\\\\"}\\\"}\"}", .json(3)),
        .init(
            "json-escaped-3",
            "{\"x\":\"{\\\"m\\\":\\\"{\\\\\\\"a\\\\\\\":\\\\\\\"{\\\\\\\\\\\\\\\"%N\\\\\\\\\\\\\\\":\\\\\\\\\\\\\\\"%V\\\\\\\\\\\\\\\"}\\\\\\\"}\\\"}\"}",
            .json(4)),
        .init("json-pair", "{\"name\":\"%N\",\"value\":\"%V\"}", .json(1)),
        .init("json-pair-back", "[{\"value\":\"%V\",\"name\":\"%N\"}]", .json(1)),
        .init("json-key-pair", "{\"key\": \"%N\", \"encrypted\": false, \"value\": \"%V\"}", .json(1)),
        .init("xml-element", "<config>\n  <%N>%V</%N>\n</config>", .xml, names: isElement),
        .init("xml-attribute", "<ds user=\"joe\" %N=\"%V\" max=\"5\"/>", .xml, names: isElement),
        .init("xml-single", "<ds %N='%V' max='5'/>", .xml, names: isElement),
        .init("xml-cdata", "<%N><![CDATA[%V]]></%N>", .plain(without: "]"), names: isElement),
        .init("xml-entities", "<body>&lt;%N&gt;%V&lt;/%N&gt;</body>", .plain(without: "&<>\""), names: isElement),
        .init("xml-namespace", "<ns1:%N xsi:type=\"xsd:string\">%V</ns1:%N>", .xml, names: isElement),
        .init("xml-property", "<property name=\"%N\" value=\"%V\"/>", .xml),
        .init("xml-property-back", "<param value=\"%V\" name=\"%N\"/>", .xml),
        .init("xml-entry", "<entry key=\"%N\">%V</entry>", .xml),
        .init(
            "xml-name-value", "<init-param><param-name>%N</param-name>\n<param-value>%V</param-value></init-param>",
            .xml),
        .init("hadoop-site", "<property>\n <name>%N</name>\n <value>%V</value>\n</property>", .xml),
        .init("trace-header", "<Header name=\"%N\">%V</Header>", .xml, names: isHeader),
        .init("trace-get", "<Get name=\"request.header.%N\" value=\"%V\"/>", .xml),
        .init("trace-set", "<Set name=\"flow.%N\" success=\"true\" value=\"%V\"/>", .xml),
        .init("trace-property", "<Property name=\"target_info.header.%N\">%V</Property>", .xml),
        .init("trace-get-back", "<Get value=\"%V\" name=\"request.formparam.%N\"/>", .xml),
        .init(
            "trace-json", "{\"accessList\":[{\"Set\":{\"name\":\"flow.%N\",\"value\":\"%V\",\"success\":true}}]}",
            .json(1)),
        .init("plist", "<key>%N</key>\n<string>%V</string>", .xml),
        .init(
            "har", "{\"headers\":[{\"name\":\"Host\",\"value\":\"a.example\"},{\"name\":\"%N\",\"value\":\"%V\"}]}",
            .json(1)),
    ]

    static let configurations: [Notation] = [
        .init("properties", "# settings\nhost=a.example\n%N=%V\nport=1\n", .plain(without: "\\ ")),
        .init("properties-space", "host = a.example\n%N = %V\nport = 1\n", .plain(without: "\\ ")),
        .init("properties-colon", "host: a.example\n%N: %V\n", .plain(without: "\\# &*!|>%@`\"'{}[],")),
        .init("yaml", "db:\n  user: joe\n  %N: %V\n  port: 1\n", .plain(without: "\\# &*!|>%@`\"'{}[],:?-")),
        .init("yaml-double", "db:\n  %N: \"%V\"\n", .json(1)), .init("yaml-single", "db:\n  %N: '%V'\n", .shellSingle),
        .init("yaml-list", "env:\n  - name: %N\n    value: \"%V\"\n", .json(1)),
        .init(
            "yaml-list-bare", "env:\n- name: %N\n  value: %V\n- name: x\n  value: y\n",
            .plain(without: "\\# &*!|>%@`\"'{}[],:?-")),
        .init("yaml-flow", "db: {user: joe, %N: %V}\n", .plain(without: inLine + "#:%@*!?&-")),
        .init("yaml-block", "db:\n  %N: |\n    %V\n  port: 1\n", .plain(without: "\\\"'<")),
        .init("ini", "[db]\nuser = joe\n%N = %V\n", .plain(without: "\\ ;#\"'")),
        .init("toml", "[db]\n%N = \"%V\"\nport = 1\n", .json(1)),
        .init("env", "%N=%V\n", .plain(without: inLine + "$#!~*?"), names: isVariable),
        .init("env-export", "export %N='%V'\n", .shellSingle, names: isVariable),
        .init("env-double", "export %N=\"%V\"\n", .plain(without: "\"\\$`!"), names: isVariable),
        .init("dockerfile", "FROM x\nENV %N=%V\n", .plain(without: inLine + "$#"), names: isVariable),
        .init("dockerfile-old", "ENV %N %V\n", .plain(without: inLine + "$#"), names: isVariable),
        .init("compose", "environment:\n  - %N=%V\n", .plain(without: inLine + "$#:")),
        .init("systemd", "[Service]\nEnvironment=\"%N=%V\"\n", .plain(without: "\"\\%$")),
        .init("hocon", "db {\n  %N = \"%V\"\n}\n", .json(1)),
        .init("nginx", "proxy_set_header %N \"%V\";", .plain(without: "\"\\$;"), names: isHeader),
        .init("tomcat", "<Connector port=\"8443\" %N=\"%V\" />", .xml, names: isElement),
        .init("terraform", "resource \"x\" \"y\" {\n  %N = \"%V\"\n}\n", .json(1), names: isVariable),
        .init("ansible", "- hosts: all\n  vars:\n    %N: \"%V\"\n", .json(1)),
        .init("ini-colon", "%N:%V\n", .plain(without: inLine + "#:@%=?")),
        .init("crontab", "5 * * * * %N=%V /opt/x/run.sh\n", .plain(without: inLine + "$#%"), names: isVariable),
    ]

    static let traffic: [Notation] = [
        .init(
            "header", "GET /v1 HTTP/1.1\r\nHost: a.example\r\n%N: %V\r\nAccept: */*\r\n\r\n",
            .plain(without: "\r\n\\\"'"), names: isHeader),
        .init("query", "GET /v1/orders?id=7&%N=%V&limit=5 HTTP/1.1", .percent),
        .init("query-first", "https://a.example/v1?%N=%V", .percent),
        .init("query-xml", "<a href=\"https://a.example/v1?x=1&amp;%N=%V&amp;y=2\"/>", .percent),
        .init(
            "form", "POST /token HTTP/1.1\r\nHost: a\r\n\r\ngrant_type=client_credentials&%N=%V&scope=read", .percent),
        .init("form-first", "%N=%V&grant_type=client_credentials", .percent),
        .init("cookie-like", "Set-Cookie: %N=%V; Path=/; HttpOnly", .plain(without: inLine), names: isHeader),
        .init(
            "multipart", "--b1\r\nContent-Disposition: form-data; name=\"%N\"\r\n\r\n%V\r\n--b1--\r\n",
            .plain(without: "\r\n\\")),
        .init("curl-header", "curl -H '%N: %V' https://a.example/v1", .shellSingle, names: isHeader),
        .init(
            "curl-header-double", "curl -s --header \"%N: %V\" https://a.example/v1", .plain(without: "\"\\$`"),
            names: isHeader),
        .init("curl-data", "curl -X POST -d '%N=%V' https://a.example/v1", .percent),
        .init("curl-data-many", "curl --data \"user=joe&%N=%V\" https://a.example/v1", .percent),
        .init(
            "curl-json", "curl -H 'Content-Type: application/json' -d '{\"%N\":\"%V\"}' https://a.example/v1",
            .plain(without: "'\"\\")),
        .init("curl-form", "curl -F '%N=%V' -F file=@x.bin https://a.example/v1", .plain(without: "'\"\\;")),
        .init("curl-urlencode", "curl --data-urlencode '%N=%V' https://a.example/v1", .plain(without: "'\"\\")),
        .init("log-url", "2026-11-23 10:00:00 INFO calling https://a.example:8443/v1?%N=%V took 5 ms", .percent),
        .init("json-url", "{\"url\":\"https://a.example/v1?a=b&%N=%V\",\"n\":1}", .percent),
        .init(
            "encoded-url", "next=https%3A%2F%2Fa.example%2Fv1%3F%N%3D%V%26x%3D1",
            .plain(without: inLine + "%=:?/+!#@~^*$"), names: isVariable),
        .init("encoded-json", "payload=%7B%22%N%22%3A%22%V%22%7D", .plain(without: inLine + "%=:?/+!#@~^*$")),
        .init("unicode-json", "{\\u0022%N\\u0022:\\u0022%V\\u0022}", .plain(without: "\\\"")),
        .init(
            "jdbc", "jdbc:mysql://db.example:3306/app?user=joe&%N=%V&useSSL=true", .percent,
            names: { $0.lowercased().hasSuffix("password") }),
        .init(
            "jdbc-sqlserver", "jdbc:sqlserver://db.example:1433;databaseName=x;user=joe;%N=%V;encrypt=true",
            .plain(without: inLine + "="), names: { $0.lowercased().hasSuffix("password") }),
        .init(
            "odbc", "Driver={ODBC};Server=db;Uid=joe;%N=%V;Database=x", .plain(without: inLine + "="),
            names: { ["pwd", "password"].contains($0.lowercased()) }),
    ]

    static let programs: [Notation] = [
        .init("java", "String %N = \"%V\";", .json(1), names: isVariable),
        .init("java-final", "private static final String %N = \"%V\"; // x", .json(1), names: isVariable),
        .init("python", "%N = '%V'\n", .plain(without: "'\\"), names: isVariable),
        .init("python-dict", "{'user': 'joe', '%N': '%V'}", .plain(without: "'\\")),
        .init("python-argument", "connect(host=\"a\", %N=\"%V\", port=5)", .plain(without: "\"\\"), names: isVariable),
        .init("javascript", "const %N = '%V';", .plain(without: "'\\"), names: isVariable),
        .init("javascript-object", "const c = { %N: '%V', n: 1 };", .plain(without: "'\\"), names: isVariable),
        .init("typescript", "%N: string = \"%V\";", .json(1), names: isVariable),
        .init("go", "%N := \"%V\"", .json(1), names: isVariable),
        .init("ruby", "config[:%N] = '%V'", .plain(without: "'\\"), names: isVariable),
        .init("ruby-hash", ":%N => \"%V\",", .plain(without: "\"\\"), names: isVariable),
        .init("php", "$%N = '%V';", .plain(without: "'\\"), names: isVariable),
        .init("php-define", "define('%N', '%V');", .plain(without: "'\\")),
        .init("perl", "my $%N = \"%V\";", .plain(without: "\"\\$@"), names: isVariable),
        .init("c", "char *%N = \"%V\";", .json(1), names: isVariable),
        .init("csharp", "public string %N { get; set; } = \"%V\";", .json(1), names: isVariable),
        .init("set-property", "props.setProperty(\"%N\", \"%V\");", .json(1)),
        .init("put", "map.put(\"%N\", \"%V\");", .json(1)), .init("setter", "env['%N'] = '%V'", .plain(without: "'\\")),
        .init("sql-update", "UPDATE users SET %N = '%V' WHERE id = 7;", .sql, names: isVariable),
        .init("argument", "java -jar a.jar --%N %V --port 8080", .plain(without: inLine + "$#!~*?-")),
        .init("argument-equals", "a.sh --%N=%V --port=8080", .plain(without: inLine + "$#!~*?")),
        .init("argument-quoted", "tool --%N \"%V\" --verbose", .plain(without: "\"\\$`!")),
        .init("argument-single-dash", "tool -%N %V -x", .plain(without: inLine + "$#!~*?-"), names: { $0.count > 3 }),
        .init("system-property", "java -Xmx1g -D%N=%V -jar a.jar", .plain(without: inLine + "$#!~*?")),
        .init(
            "ps", "apigee 123 1 0 10:00 ? 00:00:01 /usr/bin/java -D%N=%V com.acme.Main",
            .plain(without: inLine + "$#!~*?")),
        .init("make", "%N ?= %V\n", .plain(without: inLine + "$#"), names: isVariable),
        .init("powershell", "$env:%N = \"%V\"", .plain(without: "\"\\$`"), names: isVariable),
        .init("batch", "set %N=%V\r\n", .plain(without: inLine + "%^!$#"), names: isVariable),
        .init("fish", "set -gx %N %V\n", .plain(without: inLine + "$#"), names: isVariable),
        .init("kubectl", "kubectl create secret generic x --from-literal=%N=%V", .plain(without: inLine + "$#!~*?")),
        .init("docker-run", "docker run -e %N=%V image", .plain(without: inLine + "$#!~*?"), names: isVariable),
        .init("helm", "helm install x --set auth.%N=%V", .plain(without: inLine + "$#!~*?")),
    ]

    static let logs: [Notation] = [
        .init(
            "log-equals", "2026-11-23 10:00:00,123 org:acme env:prod  NIOThread@3 INFO  X.Y - login user=joe %N=%V ok",
            .plain(without: inLine)),
        .init("log-colon", "2026-11-23 10:00:00,123 INFO user: joe, %N: %V, host: a", .plain(without: inLine)),
        .init("log-quoted", "INFO set %N='%V' for joe", .plain(without: "'\\")),
        .init("log-brackets", "INFO request [%N=%V] done", .plain(without: inLine)),
        .init("java-map", "params: {user=joe, %N=%V, n=1}", .plain(without: inLine + "=")),
        .init("java-map-last", "Headers{Accept=*/*, %N=%V}", .plain(without: inLine + "=")),
        .init("java-record", "Config[user=joe, %N=%V]", .plain(without: inLine + "=")),
        .init("java-list-map", "headers={Host=[a], %N=[%V]}", .plain(without: inLine + "=")),
        .init("logfmt", "level=info msg=\"x y\" %N=%V n=1", .plain(without: inLine)),
        .init("logfmt-quoted", "level=info %N=\"%V\" n=1", .plain(without: "\"\\")),
        .init("log-json", "2026-11-23T10:00:00Z INFO body={\"user\":\"joe\",\"%N\":\"%V\"} 200", .json(1)),
        .init("log-arrow", "[debug] %N => %V", .plain(without: inLine)),
        .init("log-parenthesis", "connect(joe, %N=%V) failed", .plain(without: inLine)),
        .init("python-repr", "DEBUG {'Host': 'a', '%N': '%V'}", .plain(without: "'\\")),
        .init("javascript-log", "{ host: 'a', %N: '%V' }", .plain(without: "'\\")),
        .init("ruby-log", "Parameters: {\"user\"=>\"joe\", \"%N\"=>\"%V\"}", .plain(without: "\"\\")),
        .init("csv-pair", "joe;%N=%V;x", .plain(without: inLine)),
        .init("syslog", "Nov 23 10:00:00 host app[12]: %N=%V", .plain(without: inLine)),
        .init("xml-in-log", "INFO sent <a><%N>%V</%N></a>", .xml, names: isElement),
        .init("struct-go", "{User:joe %N:%V Port:5}", .plain(without: inLine + ":"), names: isVariable),
        .init("hash-debug", "-> %N: %V", .plain(without: inLine)),
    ]
}
