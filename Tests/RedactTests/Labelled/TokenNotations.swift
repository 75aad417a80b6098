/// Where a value stands without a name that tells what it is.
enum TokenNotations {
    static let all: [Notation] = [
        .init("prose", "2026-11-23 10:00:00,123 INFO X.Y - sent %V to the backend", .plain(without: "")),
        .init("prose-end", "The value is %V.", .plain(without: "")), .init("prose-comma", "got %V, retrying", .plain(without: "")), .init("alone", "%V", .plain(without: "")),
        .init("line", "first\n%V\nlast\n", .plain(without: "")), .init("brackets", "values [%V] seen", .plain(without: "")), .init("parentheses", "call(%V)", .plain(without: "")),
        .init("quotes", "value \"%V\" refused", .plain(without: "\"")), .init("single-quotes", "value '%V' refused", .plain(without: "'")), .init("backticks", "use `%V` here", .plain(without: "`")),
        .init("json-value", "{\"data\":\"%V\",\"n\":1}", .json(1)), .init("json-array", "[\"a\", \"%V\"]", .json(1)), .init("json-escaped", "{\"m\":\"{\\\"data\\\":\\\"%V\\\"}\"}", .plain(without: "\"\\/")),
        .init("xml-text", "<Item>%V</Item>", .xml), .init("xml-attribute", "<item data=\"%V\"/>", .xml), .init("xml-cdata", "<i><![CDATA[%V]]></i>", .plain(without: "")), .init("xml-entities", "&lt;i&gt;%V&lt;/i&gt;", .plain(without: "&<>\"")),
        .init("trace-set", "<Set name=\"flow.x\" success=\"true\" value=\"%V\"/>", .xml), .init("header", "X-Custom: %V\r\nAccept: */*\r\n", .plain(without: "")), .init("assignment", "x1=%V\n", .plain(without: " ")),
        .init("yaml", "data: %V\n", .plain(without: "")), .init("csv", "7,joe,%V,ok", .plain(without: ",")), .init("tsv", "7\tjoe\t%V\tok", .plain(without: "")), .init("semicolons", "7;%V;ok", .plain(without: ";")), .init("pipes", "7|%V|ok", .plain(without: "|")),
        .init("argument", "/opt/x/run.sh --in %V --fast", .plain(without: "")), .init("path", "GET /v1/items/%V/parts HTTP/1.1", .plain(without: "/:$=+{}() @")), .init("query", "GET /v1?x=%V&y=2 HTTP/1.1", .plain(without: " +&?{}()")),
        .init("java-map", "{a=1, x=%V, b=2}", .plain(without: "=,")), .init("escaped-newline", "a\\n%V\\nb", .plain(without: "")), .init("error", "java.lang.IllegalStateException: rejected: %V", .plain(without: "")), .init("comment", "# %V", .plain(without: "")),
    ]
}
