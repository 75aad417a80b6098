#!/usr/bin/env python3
"""Writes what the program says of itself: the man page, and docs/reference.

    reference.py man PROGRAM [SECONDS]   the man page on standard output, dated by SECONDS since 1970
    reference.py write PROGRAM           docs/reference anew
    reference.py check PROGRAM           exit code 1 when docs/reference is not what 'write' would write
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"

ENVIRONMENT = {
    "APIGEE_PASSWORD": "Password of the management API, when no option gives one.",
    "APIGEE_TOKEN": "OAuth access token of the management API.",
    "GOOGLE_OAUTH_ACCESS_TOKEN": "Access token for 'attach'.",
    "SSL_CERT_FILE": "Certificate authorities that are trusted, instead of the system's.",
    "TMPDIR": "Where the folder of the work in progress is made, unless --work-dir is given (else /var/tmp).",
    "PATH": "Where tools are looked for.",
    "TZ": "Zone of times given without one.",
    "NO_COLOR": "No colours.",
    "BROWSER": "What 'report --open' opens the report with.",
    "SOURCE_DATE_EPOCH": "The time that is taken for now: the same input gives the same bundle.",
}
FILES = {
    "/etc/apigee-collect/config.yaml": "Site defaults of 'collect': long option names as keys.",
    "/etc/apigee-collect/playbooks.d/*.yaml": "The site's own playbooks.",
    "/etc/apigee-collect/rules.d/*.yaml": "The site's own redaction rules.",
}


def output(program, *words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


class Command:
    """A command as --experimental-dump-help tells it."""

    def __init__(self, row, above=()):
        self.words = (*above, row["commandName"])
        self.abstract = row.get("abstract", "")
        self.discussion = row.get("discussion", "")
        self.default = row.get("defaultSubcommand")
        self.arguments = [a for a in row.get("arguments", []) if a["shouldDisplay"]]
        self.children = [
            Command(child, self.words) for child in row.get("subcommands", [])
            if child["shouldDisplay"] and child["commandName"] != "help"]

    @property
    def name(self):
        return " ".join(self.words)

    def all(self):
        yield self
        for child in self.children:
            yield from child.all()

    def text_and_examples(self):
        """The discussion without its examples and exit codes, and the lines of the examples."""
        text, examples, taking = [], [], False
        for line in self.discussion.splitlines():
            if re.match(r"Examples?:\s*$", line, re.IGNORECASE):
                taking = True
            elif taking and line.startswith("  "):
                examples.append(line[2:])
            elif not taking or line.strip():
                taking = False
                text.append(line)
        return "\n".join(text).strip(), examples

    def groups(self):
        """Options by the title of their section, without those that every command has."""
        rows = {}
        for argument in self.arguments:
            if argument["kind"] != "positional" and argument["preferredName"]["name"] in ("help", "version"):
                continue
            title = "Arguments" if argument["kind"] == "positional" else argument.get("sectionTitle") or "Options"
            rows.setdefault(title, []).append(argument)
        common = rows.pop("Common", None)
        if common:
            rows["Common"] = common
        return rows

    def usage(self):
        words = list(self.words)
        if any(a["kind"] != "positional" for a in self.arguments):
            words.append("[OPTIONS]")
        for argument in self.arguments:
            if argument["kind"] == "positional":
                word = argument["valueName"].upper() + (" ..." if argument["isRepeating"] else "")
                words.append(f"[{word}]" if argument["isOptional"] else word)
        return " ".join(words)


def spelled(argument):
    """How an argument is typed: '-o, --output <path>'."""
    if argument["kind"] == "positional":
        return argument["valueName"].upper()
    names = [("-" if n["kind"] == "short" else "--") + n["name"] for n in argument["names"]]
    text = ", ".join(sorted(names, key=lambda n: (n.startswith("--"), n)))
    return text if argument["kind"] == "flag" else text + " " + argument["valueName"].upper()


def told(argument):
    text = argument.get("abstract", "")
    default = argument.get("defaultValue")
    if default and "default" not in text:
        text += f" Default: {default}."
    return text


def load(program):
    return Command(json.loads(output(program, "--experimental-dump-help"))["command"])


def exit_codes(command):
    """'Exit codes: 0 complete, 1 failed, …' of the program's own help, as pairs."""
    text = re.sub(r"\s+", " ", command.discussion.split("Exit codes:")[1]).strip().rstrip(".")
    return re.findall(r"(\d+(?:/\d+)*) (.+?)(?=, \d|; \d|$)", text)


# The man page.

def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("«", "\\(Fo").replace("»", "\\(Fc")
    text = text.replace("…", "...")
    return re.sub(r"^\.", r"\\&.", text, flags=re.MULTILINE)


def man_text(text, lines):
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip():
            if not lines[-1].startswith(".SH"):
                lines.append(".PP")
            lines += [roff(re.sub(r"\s+", " ", paragraph.strip()))]


def man_examples(examples, lines):
    if examples:
        lines += [*([] if lines[-1].startswith(".SH") else [".sp"]), ".nf", ".RS 4", *[roff(line) for line in examples], ".RE", ".fi"]


def man_command(command, lines):
    lines += [f".SS {roff(command.name)}", roff(command.abstract), ".PP", ".B " + roff(command.usage())]
    text, examples = command.text_and_examples()
    man_text(text, lines)
    for title, arguments in command.groups().items():
        if title == "Common":
            continue
        lines += [".PP", f".I {roff(title)}"]
        for argument in arguments:
            lines += [".TP", ".B " + roff(spelled(argument)), roff(told(argument))]
    man_examples(examples, lines)


def man(program, seconds):
    root = load(program)
    date = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d")
    version = output(program, "--version").strip()
    text, examples = root.text_and_examples()
    lines = [
        f'.TH APIGEE\\-COLLECT 1 "{date}" "apigee\\-collect {version}"', ".SH NAME",
        "apigee\\-collect \\- " + roff(root.abstract[0].lower() + root.abstract[1:].rstrip(".")), ".SH SYNOPSIS",
        ".B apigee\\-collect", ".RI [ COMMAND ]", ".RI [ OPTIONS ]", ".SH DESCRIPTION"]
    man_text(text.split("Exit codes:")[0], lines)
    lines += [
        ".PP", "Results go to standard output, all else to standard error.",
        "Every command knows", ".BR \\-\\-help ,", ".BR \\-\\-version ,", ".BR \\-\\-quiet ,", ".B \\-\\-verbose", "and",
        ".BR \\-\\-no\\-color .", ".SH COMMANDS"]
    for command in root.all():
        if command is not root and not command.children:
            man_command(command, lines)
    lines.append(".SH EXIT STATUS")
    for code, meaning in exit_codes(root):
        lines += [".TP", f".B {code}", roff(meaning)]
    lines.append(".SH ENVIRONMENT")
    for name, meaning in ENVIRONMENT.items():
        lines += [".TP", f".B {name}", roff(meaning)]
    lines.append(".SH FILES")
    for name, meaning in FILES.items():
        lines += [".TP", f".I {roff(name)}", roff(meaning)]
    lines.append(".SH EXAMPLES")
    man_examples(examples, lines)
    lines += [".SH SEE ALSO", ".BR tcpdump (8),", ".BR openssl (1),", ".BR age (1)", ".PP",
              "The documents in /usr/share/doc/apigee\\-collect/docs."]
    return "\n".join(lines) + "\n"


# docs/reference.

HEAD = "<!-- Written by scripts/reference.py from the program itself. Change the program, not this file. -->\n\n"


def cell(text):
    return re.sub(r"\s+", " ", text).replace("|", "\\|").replace("<", "\\<").strip()


def commands_page(root):
    text = HEAD + "# Commands and options\n\n| command | what it does |\n|---|---|\n"
    leaves = [c for c in root.all() if c is not root and not c.children]
    for command in leaves:
        text += f"| [`{command.name}`](#{command.name.replace(' ', '-')}) | {cell(command.abstract)} |\n"
    text += (
        f"\nWithout a command, `{root.default}` is meant. Every command also takes `--help`, `--version`, and, unless it says"
        " otherwise, `--quiet`, `--verbose` and `--no-color`.\n")
    for command in leaves:
        told_text, examples = command.text_and_examples()
        text += f"\n## {command.name}\n\n{command.abstract}\n\n```\n{command.usage()}\n```\n"
        if told_text:
            text += f"\n{told_text.replace('<', chr(92) + '<')}\n"
        for title, arguments in command.groups().items():
            if title == "Common":
                continue
            text += f"\n| {title} | |\n|---|---|\n"
            for argument in arguments:
                text += f"| `{spelled(argument).replace('|', chr(92) + '|')}` | {cell(told(argument))} |\n"
        if examples:
            text += "\nExamples:\n\n```\n" + "\n".join(examples) + "\n```\n"
    return text


def exit_page(root):
    text = HEAD + "# Exit codes\n\n| code | meaning |\n|---|---|\n"
    for code, meaning in exit_codes(root):
        text += f"| {code} | {cell(meaning)} |\n"
    text += "\nCommands that say more of theirs:\n\n"
    for command in root.all():
        said = re.search(r"Exit codes?:(.*?)(?:\n\s*\n|$)", command.discussion, re.DOTALL)
        if said and command is not root:
            text += f"- `{command.name}`: {cell(said.group(1)).rstrip('.')}.\n"
    return text


def environment_page():
    sources = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "Sources").rglob("*.swift"))
    for name in ENVIRONMENT:
        if f'"{name}"' not in sources:
            sys.exit(f"reference.py: nothing in Sources reads {name} any more")
    text = HEAD + "# Environment and files\n\n| variable | meaning |\n|---|---|\n"
    text += "".join(f"| `{name}` | {cell(meaning)} |\n" for name, meaning in ENVIRONMENT.items())
    text += "\n| file | meaning |\n|---|---|\n"
    text += "".join(f"| `{name}` | {cell(meaning)} |\n" for name, meaning in FILES.items())
    return text + (
        "\nThese files must belong to root or to whoever runs the program, and nobody else may write them. Proxies of libcurl"
        " (`https_proxy` and so on) count for the management API; the tools that the program starts get an environment of"
        " their own.\n")


def rules_page(program):
    rules = json.loads(output(program, "rules", "list", "--json"))["rules"]
    text = HEAD + (
        f"# Redaction rules\n\nThe {len(rules)} rules of the program, by the file that holds them. The id stands in the"
        " marker, `REDACTED.<id>.<fingerprint>`. How to write your own: [redaction-rules.md](../redaction-rules.md).\n")
    files = {}
    for rule in rules:
        files.setdefault(rule["file"], []).append(rule)
    for file, rows in files.items():
        text += f"\n## {file}\n\n| id | removes | kind | severity |\n|---|---|---|---|\n"
        for rule in rows:
            text += f"| `{rule['id']}` | {cell(rule['title'])} | {rule['kind']} | {rule['severity']} |\n"
    return text


def playbooks_page(program):
    books = json.loads(output(program, "playbooks", "list", "--json"))
    rows = books["playbooks"] if isinstance(books, dict) else books
    text = HEAD + (
        f"# Playbooks\n\nThe {len(rows)} playbooks of the program. What each collects, and what the collectors run, stands in the"
        " tables of [playbooks.md](../playbooks.md#what-each-collects), which come from the program as well.\n\n"
        "| id | title |\n|---|---|\n")
    return text + "".join(f"| `{row['id']}` | {cell(row['title'])} |\n" for row in rows)


def kind(schema):
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    types = schema.get("type", "any")
    text = " or ".join(types) if isinstance(types, list) else types
    return text + (f", {schema['format']}" if "format" in schema else "")


def manifest_rows(schema, definitions, path="", required=True, seen=()):
    while "$ref" in schema:
        name = schema["$ref"].split("/")[-1]
        if name in seen:
            return
        seen = (*seen, name)
        schema = definitions[name] | {k: v for k, v in schema.items() if k != "$ref"}
    if path:
        yield path, kind(schema), required, schema.get("description", "")
    for name, inner in schema.get("properties", {}).items():
        yield from manifest_rows(
            inner, definitions, f"{path}.{name}" if path else name, name in schema.get("required", []), seen)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from manifest_rows(schema["additionalProperties"], definitions, path + ".*", True, seen)
    if isinstance(schema.get("items"), dict):
        yield from manifest_rows(schema["items"], definitions, path + "[]", True, seen)


def manifest_page():
    schema = json.loads((ROOT / "templates/bundle/manifest.schema.json").read_text(encoding="utf-8"))
    text = HEAD + (
        "# manifest.json\n\nFrom its [JSON Schema](../../templates/bundle/manifest.schema.json) (2020-12), which `verify` holds each"
        " bundle against. Members that are not named here may be added; those here keep name and meaning as long as `schema`"
        " is 1. Around it: [bundle-format.md](../bundle-format.md).\n\n| member | type | always there | |\n|---|---|---|---|\n")
    for path, what, required, description in manifest_rows(schema, schema.get("$defs", {})):
        text += f"| `{path}` | {cell(what)} | {'yes' if required else ''} | {cell(description)} |\n"
    return text


def pages(program):
    root = load(program)
    return {
        "commands.md": commands_page(root), "exit-codes.md": exit_page(root), "environment.md": environment_page(),
        "rules.md": rules_page(program), "playbooks.md": playbooks_page(program), "manifest.md": manifest_page(),
    }


def main():
    what, program = sys.argv[1:3]
    if what == "man":
        sys.stdout.write(man(program, int(sys.argv[3]) if len(sys.argv) > 3 else 0))
        return
    stale = []
    for name, text in pages(program).items():
        path = FOLDER / name
        if what == "write":
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
    if stale:
        sys.exit("error: not what the program says any more: " + ", ".join(stale) + "; run scripts/reference.py write PROGRAM")


if __name__ == "__main__":
    main()
