#!/usr/bin/env python3
"""Runs the commands of the documents and compares what they print; checks the links between documents.

    run-docs.py links            every link to a file or heading leads somewhere, every command stands in a block that is run
    run-docs.py run READY.json FIXTURES
                                 runs them (scripts/check-docs prepares the machine)

A block that is run is fenced as ```console. Lines that begin with '$ ' are commands ('\\' at the end continues them, '> '
begins the next line of the same command), the others are what they print: in this order, perhaps with more in between,
and '…' stands for anything. Before the block may stand:

    <!-- not run: REASON -->     it can't be run here; what runs and what doesn't is counted
    <!-- exit: 0 3 -->           the exit codes of its commands (else 0)
    <!-- needs: FILE ... -->     files that lie in the folder: bundle, request.sh, password, token, trace.xml, backend.pcap ...
    <!-- folder: empty -->       it does not go on where the block before it ended
    <!-- order: any -->          lines come as they like: things are done at the same time

SHOW=1 prints what all commands printed.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SECONDS = 120
MARK = re.compile(r"<!-- (not run|exit|needs|folder|order): (.*?) -->")


def documents():
    yield from sorted(p for p in ROOT.glob("*.md"))
    yield from sorted(p for p in (ROOT / "docs").rglob("*.md"))
    yield from sorted(p for p in (ROOT / "deploy").rglob("*.md"))


class Block:
    def __init__(self, path, line, marks):
        self.path, self.line, self.marks, self.lines = path, line, marks, []

    @property
    def place(self):
        return f"{self.path.relative_to(ROOT)}:{self.line}"

    def commands(self):
        """Pairs of a command and the lines that it prints."""
        rows = []
        for line in self.lines:
            more = rows and rows[-1][0].endswith("\\") and not rows[-1][1]
            if line.startswith("$ "):
                rows.append([line[2:], []])
            elif line.startswith("> ") and rows and not rows[-1][1]:
                rows[-1][0] += "\n" + line[2:]
            elif more:
                rows[-1][0] += "\n" + line
            elif rows:
                rows[-1][1].append(line)
            elif line.strip():
                sys.exit(f"{self.place}: the block does not begin with a command")
        return rows


def blocks(path):
    """Fenced blocks with their language, the marks before them, and their lines."""
    marks, block, language, indent = {}, None, None, 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fence = re.match(r"\s*```\s*(\w*)\s*$", line)
        if fence and block is None:
            block, language, indent = Block(path, number, marks), fence.group(1), len(line) - len(line.lstrip())
            marks = {}
        elif fence:
            yield language, block
            block = None
        elif block is not None:
            block.lines.append(line[indent:] if not line[:indent].strip() else line)
        elif MARK.search(line):
            for kind, value in MARK.findall(line):
                marks[kind] = value
        elif line.strip():
            marks = {}
    if block is not None:
        sys.exit(f"{block.place}: the block does not end")


def without_blocks(path):
    text = re.sub(r"^\s*```.*?^\s*```\s*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path):
    """The headings as GitHub names them."""
    found = {}
    text = re.sub(r"^\s*```.*?^\s*```\s*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for title in re.findall(r"^#+ +(.*?)\s*$", text, flags=re.MULTILINE):
        name = re.sub(r"[^\w\- ]", "", re.sub(r"`|\[([^]]*)\]\([^)]*\)", r"\1", title).lower()).replace(" ", "-")
        count = found.get(name, 0)
        found[name] = count + 1
        if count:
            found[f"{name}-{count}"] = 1
    return set(found)


def check_links():
    problems, count = [], 0
    for path in documents():
        place = path.relative_to(ROOT)
        for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(path)):
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            file, _, anchor = target.partition("#")
            other = (path.parent / file).resolve() if file else path
            if not other.exists():
                problems.append(f"{place}: {target} leads nowhere")
            elif anchor and other.suffix == ".md" and anchor not in anchors(other):
                problems.append(f"{place}: {target}: there is no such heading")
        if "reference" in place.parts:
            continue
        for language, block in blocks(path):
            for line in block.lines:
                if language != "console" and re.match(r"\s*(sudo )?(apigee-collect(?! index )|scripts/\w[\w-]*)(\s|$)", line):
                    problems.append(f"{block.place}: '{line.strip()[:50]}' stands in a block that nothing runs: use ```console")
        for line in re.findall(r"^(?:    |\t)(?:sudo )?(?:apigee-collect|ansible-playbook) .*$",
                               without_blocks(path), flags=re.MULTILINE):
            problems.append(f"{place}: '{line.strip()[:50]}' is indented, not fenced: use ```console")
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)
    print(f"check-docs: {count} links lead somewhere")


class Names:
    """The documents' names for what is called otherwise in each lab."""

    def __init__(self, ready):
        self.pairs = [
            ("rrt331ea-28215-7515740-33", ready["messageId"]), ("ops@acme.example", ready["user"]),
            ("backend.acme.example:443", f"{ready['backend']['host']}:{ready['backend']['port']}"),
            ("orders-v1", ready["api"]), ("acme", ready["org"]),
        ]
        self.environment = ready["env"]

    def for_the_lab(self, text):
        for ours, theirs in self.pairs:
            text = re.sub(rf"(?<![\w.@-]){re.escape(ours)}(?![\w@])", theirs, text)
        return re.sub(r"(--env[ =])prod\b", rf"\1{self.environment}", text)

    def for_the_document(self, text):
        for ours, theirs in self.pairs:
            text = text.replace(theirs, ours)
        return text


def unmatched(wanted, printed, ordered):
    """The first wanted line that does not follow in what was printed, or nothing."""
    rest = iter(printed)
    for line in wanted:
        if not line.strip() or line.strip() == "…":
            continue
        pattern = re.compile(r"\s*" + re.sub(r"(\\ |\s)+", r"\\s+", r".*".join(
            re.escape(part) for part in line.strip().split("…"))) + r"\s*$")
        if not any(pattern.match(other) for other in (rest if ordered else printed)):
            return line
    return None


def run(ready, fixtures):
    names = Names(json.loads(pathlib.Path(ready).read_text(encoding="utf-8")))
    fixtures = pathlib.Path(fixtures)
    done = skipped = failed = 0
    for path in documents():
        if "reference" in path.relative_to(ROOT).parts:
            continue
        folder = pathlib.Path("/srv/docs") / path.relative_to(ROOT).with_suffix("")
        for language, block in blocks(path):
            if language != "console":
                continue
            rows = block.commands()
            if "not run" in block.marks:
                skipped += len(rows)
                print(f"  {block.place}: {len(rows)} not run: {block.marks['not run']}")
                continue
            if "folder" in block.marks:
                shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
            for name in block.marks.get("needs", "").split():
                for found in fixtures.glob("apigee-support-*" if name == "bundle" else name):
                    shutil.copy(found, folder)
            for index, (command, wanted) in enumerate(rows):
                code = int(dict(enumerate(block.marks.get("exit", "").split())).get(index, 0))
                result = subprocess.run(
                    ["timeout", "-k", "5", str(SECONDS), "bash", "-c", names.for_the_lab(command)], cwd=folder, text=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
                printed = names.for_the_document(result.stdout).splitlines()
                absent = unmatched(wanted, printed, "order" not in block.marks)
                done += 1
                if os.environ.get("SHOW"):
                    print(f"== {block.place}: $ {command}\n" + "\n".join("  | " + line for line in printed))
                if result.returncode != code or absent is not None:
                    failed += 1
                    print(f"{block.place}: $ {command}")
                    if result.returncode != code:
                        print(f"  exit code {result.returncode}, not {code}")
                    if absent is not None:
                        print(f"  not printed (in this order): {absent}")
                    print("\n".join("  | " + line for line in printed[-40:]))
    print(f"check-docs: {done} commands were run, {skipped} were not, {failed} did other than their document says")
    sys.exit(1 if failed or not done else 0)


if __name__ == "__main__":
    if sys.argv[1] == "links":
        check_links()
    else:
        run(*sys.argv[2:4])
