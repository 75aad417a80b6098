#!/usr/bin/env python3
"""Measures the peak memory of `apigee-collect redact` on large inputs, and checks what comes out.

  Benchmarks/memory.py PROGRAM [--gigabytes 5] [--line 500] [--entry 400] [--only WORD] [--limit 64]

PROGRAM is a release build. Standard input gets plain logs of so many gigabytes and single lines of so many megabytes;
archives hold an entry of so many megabytes (a quarter of it for bzip2 and xz, which are slow), and archives in archives
six deep. Peaks are the kernel's (VmHWM, asked for all the time; ru_maxrss would count this script's own memory, too).
Exit code 1 if a peak is above the limit or an output is wrong.
"""
import argparse
import base64
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SECRET = b"h7Xq-2mP9vLs4Tz"
MARK = b"REDACTED."
MIB = 1 << 20


class Checker:
    """Looks at an output as it comes: size, lines, digest, and whether the secret is in it."""

    def __init__(self):
        self.size = self.lines = self.markers = 0
        self.leaks = False
        self.digest = hashlib.sha256()
        self.rest = b""
        self.head = b""

    def feed(self, block):
        self.size += len(block)
        self.lines += block.count(b"\n")
        self.digest.update(block)
        if len(self.head) < 200:
            self.head += block[:200]
        text = self.rest + block
        self.leaks = self.leaks or SECRET in text
        self.markers += text.count(MARK) - self.rest.count(MARK)
        self.rest = text[-64:]


def run(command, source=None, sink=None):
    """Peak MiB, seconds, exit code. `source` gives the pieces of standard input; `sink` takes those of the output."""
    pipes = dict(stdin=subprocess.PIPE if source else subprocess.DEVNULL, stdout=subprocess.PIPE)
    start = time.time()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **pipes)

    def write():
        try:
            for piece in source:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=write) if source else None
    if writer:
        writer.start()
    peak = [0]

    def watch():
        try:
            while True:
                with open("/proc/%d/status" % process.pid) as file:
                    high = [line for line in file if line.startswith("VmHWM")]
                if not high:
                    return
                peak[0] = max(peak[0], int(high[0].split()[1]))
                time.sleep(0.005)
        except OSError:
            pass

    watcher = threading.Thread(target=watch)
    watcher.start()
    while True:
        block = process.stdout.read(MIB)
        if not block:
            break
        if sink:
            sink(block)
    watcher.join()
    _, status, _ = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if writer:
        writer.join()
    return peak[0] / 1024, time.time() - start, process.returncode


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.bad = False
        self.key = os.path.join(folder, "key")
        with open(self.key, "wb") as file:
            file.write(b"k" * 64)
        os.chmod(self.key, 0o600)
        self.redact = [options.program, "redact", "--pseudonym-key-file", self.key]
        print("| input | peak MiB | s | output |")
        print("|---|---|---|---|")

    def wants(self, name):
        return not self.options.only or self.options.only in name

    def row(self, name, result, problem):
        peak, seconds, _ = result
        wrong = problem or ("" if peak <= self.options.limit else "above %d MiB" % self.options.limit)
        self.bad = self.bad or bool(wrong)
        print("| %s | %.0f | %.1f | %s |" % (name, peak, seconds, wrong or "right"), flush=True)

    def stream(self, name, source, check):
        """Standard input of the pieces that `source()` gives."""
        if not self.wants(name):
            return
        seen = Checker()
        result = run(self.redact, source(), seen.feed)
        problem = "the secret is in it" if seen.leaks else check(seen)
        self.row(name, result, problem or ("exit code %d" % result[2] if result[2] else ""))


def log_block():
    path = os.path.join(tempfile.gettempdir(), "memory-log-%d" % os.getpid())
    subprocess.run([sys.executable, os.path.join(HERE, "corpus.py"), "log", "8", path], check=True)
    with open(path, "rb") as file:
        text = file.read()
    os.remove(path)
    text = text[: text.rindex(b"\n") + 1]
    return text + b"2026-11-23 10:00:00,000 INFO db.password=" + SECRET + b" done\n"


def plain(bench, block):
    count = max(1, int(bench.options.gigabytes * 1e9) // len(block))
    lines = block.count(b"\n") * count

    def check(seen):
        if seen.lines != lines:
            return "%d lines instead of %d" % (seen.lines, lines)
        return "" if seen.markers >= count else "%d markers" % seen.markers

    name = "plain log, %.1f GB" % (count * len(block) / 1e9)
    bench.stream(name + ", standard input", lambda: (block for _ in range(count)), check)
    if not bench.wants(name + ", file"):
        return
    path = os.path.join(bench.folder, "plain.log")
    with open(path, "wb") as file:
        for _ in range(count):
            file.write(block)
    seen = Checker()
    result = run(bench.redact + [path], None, seen.feed)
    bench.row(name + ", file", result, "the secret is in it" if seen.leaks else check(seen))
    os.remove(path)


def lines(bench):
    """Single lines: what is no secret stays to the byte, what is one is gone to its end."""
    size = bench.options.line * 1_000_000
    words = (b"request response target proxy flow policy cache connection 4711 ") * 1024
    count = size // len(words)
    text = words * 3 + b"password=" + SECRET + b" "
    coded = base64.b64encode(text + b" " * (-len(text) % 3))
    solid = base64.b64encode(hashlib.sha512(b"a").digest() * 768)
    solid = solid.replace(b"=", b"A")

    def repeat(piece, before, after, total=size):
        def pieces():
            yield before
            for _ in range(total // len(piece)):
                yield piece
            yield after
        return pieces

    def keeps(piece, around):
        """All of the long part stays; a marker stands for the secret behind it."""
        def check(seen):
            expected = size // len(piece) * len(piece)
            if not expected + around - 40 <= seen.size <= expected + around + 40:
                return "%d bytes instead of about %d" % (seen.size, expected + around)
            return "" if seen.markers == 1 else "%d markers" % seen.markers
        return check

    def gone(seen):
        return "" if seen.size < 4096 and seen.markers == 1 else "%d bytes, %d markers" % (seen.size, seen.markers)

    megabytes = "%d MB" % bench.options.line
    bench.stream("one line of %s, text" % megabytes, repeat(words, b"a ", b" password=" + SECRET + b" b\n"),
                 keeps(words, 60))
    bench.stream("one JSON line with a string of %s" % megabytes,
                 repeat(words, b'{"text":"', b'","password":"' + SECRET + b'"}\n'), keeps(words, 60))
    bench.stream("XML with %s of text" % megabytes,
                 repeat(words, b"<a><text>", b"</text><Password>" + SECRET + b"</Password></a>\n"), keeps(words, 80))
    bench.stream("base64 of %s, a whole file" % megabytes, repeat(coded, b"", b"\n"),
                 lambda seen: "" if b"REDACTED" not in seen.head and seen.size > size * 0.9 else "%d bytes" % seen.size)
    bench.stream("base64 of %s, a value" % megabytes, repeat(solid, b"x payload=", b" password=" + SECRET + b"\n"),
                 keeps(solid, 60))
    bench.stream("PEM key of %s in one line" % megabytes,
                 repeat(solid, b"-----BEGIN PRIVATE KEY-----", b"-----END PRIVATE KEY-----\n"), gone)
    bench.stream("password of %s" % megabytes, repeat(solid, b"a password=", b"\n"), gone)
    bench.stream("JSON password of %s" % megabytes, repeat(solid, b'{"password":"', b'"}\n'), gone)


class Packed:
    """Archives of one large log, made by the usual tools, and the way back."""

    def __init__(self, folder, log, name):
        self.folder = folder
        self.name = name
        self.path = log

    def wrap(self, kind):
        """Puts the file at hand into one more container."""
        base = os.path.basename(self.path)
        new = os.path.join(self.folder, "w-%s.%s" % (self.name, kind))
        if os.path.exists(new):
            new = os.path.join(self.folder, "w%d-%s.%s" % (len(os.listdir(self.folder)), self.name, kind))
        compress = {"gz": "gzip -1c", "zst": "zstd -qc", "xz": "xz -1c", "bz2": "bzip2 -c"}
        if kind == "zip":
            script = 'cd "$1" && zip -q1 "$3" "$2"'
        elif kind == "tar":
            script = 'tar -C "$1" -cf "$3" "$2"'
        elif kind.startswith("tar."):
            script = 'tar -C "$1" -c "$2" | %s > "$3"' % compress[kind[4:]]
        else:
            script = '%s < "$1/$2" > "$3"' % compress[kind]
        subprocess.run(["sh", "-c", script, "sh", self.folder, base, new], check=True)
        if os.path.basename(self.path) != "big.log":
            os.remove(self.path)
        self.path = new


def unwrap(path, kinds):
    """The digest of the innermost file, unpacked by the usual tools in one pipe."""
    commands = {"gz": "gzip -dc", "zst": "zstd -dqc", "xz": "xz -dc", "bz2": "bzip2 -dc", "tar": "tar -xOf -"}
    steps = []
    for kind in reversed(kinds):
        if kind == "zip":
            steps.append("bsdtar -xOf -")
        elif kind.startswith("tar."):
            steps += [commands[kind[4:]], commands["tar"]]
        else:
            steps.append(commands[kind])
    digest = hashlib.sha256()
    process = subprocess.Popen(["bash", "-o", "pipefail", "-c", "cat \"$1\" | " + " | ".join(steps), "sh", path],
                               stdout=subprocess.PIPE)
    while True:
        block = process.stdout.read(MIB)
        if not block:
            break
        digest.update(block)
    return digest.hexdigest() if process.wait() == 0 else "broken"


def archives(bench, block):
    kinds = [["gz"], ["zst"], ["xz"], ["bz2"], ["tar"], ["tar.gz"], ["tar.zst"], ["tar.xz"], ["tar.bz2"], ["zip"],
             ["tar.gz"] * 4, ["zip"] * 6, ["tar"] * 6, ["zip", "tar.gz", "zip", "tar.zst"], ["tar.zst"] * 4,
             ["tar.xz"] * 4, ["tar.bz2"] * 4, ["gz", "zip", "tar", "zip", "tar", "zip"]]
    digests = {}
    for layers in kinds:
        slow = any("xz" in kind or "bz2" in kind for kind in layers)
        size = bench.options.entry // (4 if slow else 1)
        name = "%s, entry of %d MB" % (" in ".join(layers), size)
        if not bench.wants(name):
            continue
        log = os.path.join(bench.folder, "big.log")
        with open(log, "wb") as file:
            for _ in range(size * 1_000_000 // len(block) + 1):
                file.write(block)
        if size not in digests:
            seen = Checker()
            run(bench.redact + [log], None, seen.feed)
            digests[size] = "leak" if seen.leaks else seen.digest.hexdigest()
        packed = Packed(bench.folder, log, "a")
        for kind in layers:
            packed.wrap(kind)
        target = os.path.join(bench.folder, "out")
        # Each input from a file (read twice) and from standard input.
        for way in ["file", "standard input"]:
            with open(target, "wb") as out, open(packed.path, "rb") as source:
                if way == "file":
                    result = run(bench.redact + [packed.path], None, out.write)
                else:
                    result = run(bench.redact, iter(lambda: source.read(MIB), b""), out.write)
            same = unwrap(target, layers) == digests[size]
            bench.row(name + ", " + way, result, "" if same and result[2] == 0 else "wrong (exit code %d)" % result[2])
        os.remove(packed.path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--gigabytes", type=float, default=5)
    parser.add_argument("--line", type=int, default=500)
    parser.add_argument("--entry", type=int, default=400)
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=float, default=64)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        bench = Bench(options, folder)
        block = log_block()
        plain(bench, block)
        lines(bench)
        archives(bench, block)
    return 1 if bench.bad else 0


sys.exit(main())
