#!/usr/bin/env python3
"""Measures apigee-collect beside other tools on one machine, and writes what was measured as JSON (scripts/bench).

Each contest has one input and several commands, ours and others', which run in turn, round by round; a row keeps every
round. What another tool is not able to do in reasonable time, it does on a part of the input, and its row says how long that
is. Peaks of memory are the kernel's (ru_maxrss of a process of its own), times are wall clock, and user and system time.
"""
import argparse
import datetime
import glob
import itertools
import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import packets  # noqa: E402  (the captures of packets.py)

SCHEMA = 1


def measure(command, stdin=None, stdout=None):
    """Wall seconds, CPU seconds and peak MiB of one command, which must not fail.

    GNU time starts it: a process that Python starts would have Python's own memory in its peak.
    """
    with tempfile.NamedTemporaryFile() as told:
        start = time.monotonic()
        pid = os.fork()
        if pid == 0:
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(os.open(stdin, os.O_RDONLY) if stdin else null, 0)
            os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) if stdout else null, 1)
            os.dup2(null, 2)
            try:
                os.execv("/usr/bin/time", ["time", "-q", "-f", "%M", "-o", told.name] + command)
            finally:
                os._exit(127)
        _, status, usage = os.wait4(pid, 0)
        wall = time.monotonic() - start
        code = os.waitstatus_to_exitcode(status)
        # Scanners say with their exit code that they found something; 126 and above mean that nothing was run.
        if code < 0 or code in range(126, 200):
            sys.exit("failed with %s: %s" % (code, " ".join(command)))
        peak = int(told.read().split()[-1])
    return {"wall": round(wall, 4), "cpu": round(usage.ru_utime + usage.ru_stime, 4), "peakMiB": round(peak / 1024, 1)}


def folded(words):
    """The words of a command, with many files of one folder as one pattern."""
    result = []
    for folder, group in itertools.groupby(words, lambda word: os.path.dirname(word) if word.startswith("…/") else None):
        group = list(group)
        result += [folder + "/*"] if folder and len(group) > 4 else group
    return result


class Row:
    def __init__(self, name, command, ours=False, stdin=None, stdout=None, size=None, start=None, proof=None):
        self.name, self.command, self.ours, self.stdin, self.stdout = name, command, ours, stdin, stdout
        self.size, self.start, self.proof = size, start, proof
        self.rounds, self.starts = [], []

    def run(self):
        self.rounds.append(measure(self.command, self.stdin, self.stdout))
        # What it takes for next to nothing, such as reading its rules, is taken off later.
        if self.start:
            self.starts.append(measure(self.start))

    def json(self, folder):
        # Programs by their names; what lies in our folder, as …
        shown = [os.path.basename(word) if word.startswith("/") and folder not in word else word.replace(folder, "…")
                 for word in self.command]
        row = {"name": self.name, "ours": self.ours, "command": " ".join(shlex.quote(word) if " " in word else word for word in folded(shown)),
               "rounds": self.rounds}
        if self.size is not None:
            row["inputBytes"] = self.size
        if self.starts:
            row["starts"] = self.starts
        if self.stdout and os.path.exists(self.stdout):
            row["outputBytes"] = os.path.getsize(self.stdout)
        return row


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.contests, self.scaling, self.missing = [], [], []

    def has(self, name):
        path = getattr(self.options, name.replace("-", "_"), None) or shutil.which(name)
        if not path and name not in self.missing:
            self.missing.append(name)
        return path

    def wants(self, name):
        return not self.options.only or any(word in name for word in self.options.only.split(","))

    def path(self, name):
        return os.path.join(self.folder, name)

    def contest(self, name, title, size, rows, rounds=None):
        print("== %s: %s" % (name, title), flush=True)
        for _ in range(rounds or self.options.rounds):
            for row in rows:
                row.run()
        for row in rows:
            if row.proof and not row.proof():
                sys.exit("%s did not do its work" % row.name)
        self.contests.append({"id": name, "title": title, "inputBytes": size, "rows": [row.json(self.folder) for row in rows]})

    def corpus(self, kind, megabytes):
        path = self.path("%s-%g.txt" % (kind, megabytes))
        if not os.path.exists(path):
            subprocess.run([sys.executable, os.path.join(HERE, "corpus.py"), kind, str(megabytes), path], check=True)
        warm(path)
        return path

    def big_log(self, megabytes):
        """A Message Processor's log of one size; its last second."""
        path = self.path("system-%g.log" % megabytes)
        with open(path, "wb") as sink:
            made = subprocess.run([self.options.log_bench, "make", str(max(1, int(megabytes))), "1795000000"], stdout=sink,
                                  stderr=subprocess.PIPE, check=True)
        warm(path)
        return path, int(made.stderr.split()[0])

    # Contests

    def redact(self):
        size = self.options.megabytes
        program = self.options.program
        for kind in ["log", "config", "few", "many"]:
            file = self.corpus(kind, size)
            rows = [Row("apigee-collect redact", [program, "redact"], True, file, self.path("redacted"))]
            if kind in ("log", "config"):
                rows.append(Row("gzip -1", ["gzip", "-1", "-c"], False, file, self.path("gz")))
            if kind == "log":
                rows += self.scanners(file)
            self.contest("redact-" + kind, "Redacting %s" % {
                "log": "ordinary logs", "config": "configuration full of secrets", "few": "logs, a hundred secrets often",
                "many": "logs, every secret another one"}[kind], os.path.getsize(file), rows)

    def scanners(self, log):
        import redact as rivals
        rows = []

        def pieces(name, megabytes=self.options.part):
            return [rivals.part(log, size, "%s-%d.log" % (name, index)) for index, size in enumerate([megabytes, 0.001])]

        kingfisher = self.has("kingfisher")
        if kingfisher:
            large, small = pieces("kingfisher", self.options.megabytes)
            command = lambda path: [kingfisher, "scan", "--no-validate", "--no-update-check", "--max-file-size", "0", "--jobs", "1",
                                    "--confidence", "low", path]
            rows.append(Row("kingfisher (only finds)", command(large), size=os.path.getsize(large), start=command(small),
                            stdout=self.path("kingfisher.txt"),
                            proof=lambda: rivals.PLANTED["github"] in open(self.path("kingfisher.txt"), encoding="utf-8").read()))
        detect = self.has("detect-secrets")
        if detect:
            large, small = pieces("detect")
            command = lambda path: ["sh", "-c", 'cd "$1" && exec "$2" scan --all-files --no-verify "$3"', "sh", self.folder,
                                    os.path.abspath(detect), os.path.basename(path)]
            rows.append(Row("detect-secrets (only finds)", command(large), size=os.path.getsize(large), start=command(small),
                            stdout=self.path("detect.json"),
                            proof=lambda: '"type": "' in open(self.path("detect.json"), encoding="utf-8").read()))
        sos = self.has("sos")
        if sos and os.geteuid() == 0:
            large, small = pieces("sos")
            made = [rivals.sos_archive(self.folder, path) for path in (large, small)]
            out = self.path("sos-out")
            os.makedirs(out, exist_ok=True)
            rivals.SOS_FOLDER = out
            command = lambda path: ["sh", "-c", 'rm -rf "$1"/* && exec "$2" clean --batch $3 -j 1 --tmp-dir "$1" "$4"', "sh", out,
                                    sos, "--no-update" if "--no-update" in help_of([sos, "clean", "--help"]) else "", path]
            rows.append(Row("sos clean (addresses, names; not secrets)", command(made[0]), size=os.path.getsize(large),
                            start=command(made[1]), proof=lambda: rivals.sos_proof("")))
        return rows

    def pack(self):
        log = self.corpus("log", self.options.megabytes)
        threads, bench = str(self.options.threads), self.options.bundle_bench
        out = self.path("b.tar.gz")
        rows = [
            Row("tar czf", ["tar", "-C", self.folder, "-czf", self.path("tar.gz"), os.path.basename(log)]),
            Row("pack, search, checksums", [bench, "pack", "6", threads, self.folder, out, log], True),
            Row("redact, seal, search, pack, verify", [bench, "chain", "6", threads, self.folder, self.path("c.tar.gz"), log], True),
        ]
        if self.has("pigz"):
            rows.insert(1, Row("tar | pigz -p " + threads, [
                "sh", "-c", 'tar -C "$1" -cf - "$2" | pigz -p "$3" > "$4"', "sh", self.folder, os.path.basename(log), threads,
                self.path("pigz.gz")]))
        def clean():
            for name in ("b.tar.gz", "c.tar.gz"):
                if os.path.exists(self.path(name)):
                    os.remove(self.path(name))
        for row in rows:
            run = row.run
            row.run = lambda run=run: (clean(), run())
        self.contest("pack", "Packing logs, %s threads" % threads, os.path.getsize(log), rows)
        sizes = {}
        for name, file in [("tar czf", "tar.gz"), ("pigz", "pigz.gz")]:
            if os.path.exists(self.path(file)):
                sizes[name] = os.path.getsize(self.path(file))
        subprocess.run([bench, "pack", "6", threads, self.folder, out, log], check=True, stdout=subprocess.DEVNULL)
        sizes["pack"] = os.path.getsize(out)
        self.contests[-1]["outputBytes"] = sizes
        rows = [
            Row("apigee-collect verify", [self.options.program, "verify", out, "--quiet"], True),
            Row("gzip -t (reads alone)", ["gzip", "-t", out]),
        ]
        self.contest("verify", "Verifying a bundle: all sums, leak scan", os.path.getsize(log), rows)
        names = subprocess.run(["tar", "tzf", out], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        last = next(name for name in reversed(names) if name.endswith("SHA256SUMS"))
        self.contest("show", "Printing one entry of a bundle", os.path.getsize(out), [
            Row("apigee-collect show", [self.options.program, "show", out, "SHA256SUMS"], True),
            Row("tar xzOf", ["tar", "xzOf", out, last])])

    def logs(self):
        log, last = self.big_log(self.options.log_megabytes)
        middle = (1795000000 + last) // 2
        stamp = lambda second, form: datetime.datetime.fromtimestamp(second, datetime.timezone.utc).strftime(form)
        first, until = stamp(middle, "%Y-%m-%dT%H:%M:%SZ"), stamp(middle + 59, "%Y-%m-%dT%H:%M:%S.999Z")
        with open(log, "rb") as file:
            file.seek(-min(5_000_000, os.path.getsize(log)), os.SEEK_END)
            found = re.findall(rb"rrt331ea-28215-[0-9]*-33", file.read())
        if not found:
            sys.exit("the log has no message id")
        word = found[0].decode()
        bench, size = self.options.log_bench, os.path.getsize(log)
        rows = [Row("apigee-collect (bisects)", [bench, "slice", first, until, log], True, stdout=self.path("slice"))]
        script = '/^[0-9]/ { inside = $0 >= from && $0 <= to } inside'
        rows.append(Row("awk", ["awk", "-v", "from=" + stamp(middle, "%Y-%m-%d %H:%M:%S"), "-v",
                                "to=" + stamp(middle + 59, "%Y-%m-%d %H:%M:%S") + "~", script, log], stdout=self.path("awk"),
                        proof=lambda: open(self.path("slice"), "rb").read() == open(self.path("awk"), "rb").read()))
        self.contest("log-minute", "One minute out of a log", size, rows)
        rows = [Row("apigee-collect", [bench, "id", word, log], True)]
        if self.has("rg"):
            rows.append(Row("rg -F", ["rg", "--no-mmap", "-aF", word, log]))
        rows.append(Row("grep -F", ["env", "LC_ALL=C", "grep", "-aF", word, log]))
        self.contest("log-id", "The records of one message id in a log", size, rows)
        old = self.path("old")
        os.makedirs(old)
        part = min(size, self.options.packed_megabytes * 1_000_000)
        subprocess.run(["sh", "-c", 'head -c "$1" "$2" | split -b "$3" -d - "$4/system.log."', "sh", str(part), log,
                        str(max(1_000_000, part // 20)), old], check=True)
        os.remove(log)
        subprocess.run(["gzip", "-1", "-r", old], check=True)
        files = sorted(glob.glob(old + "/*.gz"))
        word = subprocess.run("zcat '%s' | grep -ao 'rrt331ea-28215-[0-9]*-33' | tail -n 1" % files[len(files) // 2], shell=True,
                              stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        rows = [Row("apigee-collect", [bench, "id", word] + files, True), Row("zgrep -F", ["zgrep", "-aF", word] + files)]
        if self.has("rg"):
            rows.append(Row("rg -z -F", ["rg", "-z", "-aF", word] + files))
        self.contest("log-gz", "The records of one message id in %d rotated .gz" % len(files), part, rows)
        shutil.rmtree(old)

    def packets(self):
        for kind in ["bulk", "handshakes"]:
            capture = self.path(kind + ".pcap")
            packets.write(capture, self.options.megabytes, kind == "bulk")
            warm(capture)
            program = self.options.program
            rows = [Row("apigee-collect redact", [program, "redact", "--format", "pcap", capture], True),
                    Row("apigee-collect diagnose", [program, "diagnose", "--pcap", capture, "--json"], True)]
            if self.has("tshark"):
                rows.append(Row("tshark -Y tls.handshake", [
                    "tshark", "-n", "-r", capture, "-Y", "tls.handshake", "-T", "fields", "-e", "frame.number", "-e",
                    "tls.handshake.type"]))
            self.contest("packets-" + kind, "A capture of %s" % (
                "handshakes with bulk data" if kind == "bulk" else "handshakes alone"), os.path.getsize(capture), rows,
                rounds=min(3, self.options.rounds))
            os.remove(capture)

    def fleet(self):
        import fleet
        options = argparse.Namespace(program=self.options.program, lab=self.options.lab, megabytes=4,
                                     threads=self.options.threads)
        work = self.path("fleet")
        os.makedirs(os.path.join(work, "bundles"))
        print("== merge: case bundles of many nodes", flush=True)
        crowd = fleet.Fleet(options, work)
        crowd.make_roots()
        counts = sorted(int(count) for count in self.options.nodes.split(","))
        for number in range(counts[-1]):
            crowd.collect(number)
        points = []
        for count in counts:
            seconds, memory, packed, size, _ = crowd.merge(count)
            points.append({"nodes": count, "inputBytes": packed, "outputBytes": size, "wall": round(seconds, 3),
                           "peakMiB": round(memory, 1)})
        self.scaling.append({"id": "merge", "title": "Merging the bundles of many nodes", "x": "nodes",
                             "series": [{"name": "apigee-collect merge", "ours": True, "points": points}]})
        shutil.rmtree(work)

    # Scaling

    def sizes(self):
        size, all_sizes = 10, []
        while size <= self.options.largest:
            all_sizes.append(size)
            size *= 10
        if all_sizes and all_sizes[-1] < self.options.largest:
            all_sizes.append(self.options.largest)
        return all_sizes

    def grow(self):
        """Time and memory of growing inputs; one run each, since the long ones tell most."""
        series = {name: [] for name in ["redact", "gzip", "search", "rg", "minute", "pack", "diagnose", "tshark"]}
        threads = str(self.options.threads)

        def note(name, size, command, stdin=None):
            point = measure(command, stdin)
            point["inputBytes"] = size
            series[name].append(point)

        for megabytes in self.sizes():
            print("== growing: %g MB" % megabytes, flush=True)
            log, last = self.big_log(megabytes)
            size, program, bench = os.path.getsize(log), self.options.program, self.options.log_bench
            middle = (1795000000 + last) // 2
            stamp = lambda second: datetime.datetime.fromtimestamp(second, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            note("redact", size, [program, "redact"], log)
            note("gzip", size, ["gzip", "-1", "-c"], log)
            note("search", size, [bench, "id", "rrt331ea-no-such-id-1", log])
            if self.has("rg"):
                note("rg", size, ["rg", "--no-mmap", "-aF", "rrt331ea-no-such-id-1", log])
            note("minute", size, [bench, "slice", stamp(middle), stamp(middle + 59), log])
            note("pack", size, [self.options.bundle_bench, "chain", "6", threads, self.folder, self.path("g.tar.gz"), log])
            os.remove(self.path("g.tar.gz"))
            os.remove(log)
            capture = self.path("grow.pcap")
            packets.write(capture, megabytes, True)
            warm(capture)
            note("diagnose", os.path.getsize(capture), [program, "diagnose", "--pcap", capture, "--json"])
            # tshark keeps what it has seen of each connection: it is stopped from filling the machine.
            if self.has("tshark") and megabytes <= self.options.tshark_megabytes:
                note("tshark", os.path.getsize(capture), ["tshark", "-n", "-r", capture, "-Y", "tls.handshake", "-T", "fields",
                                                          "-e", "frame.number"])
            os.remove(capture)
        for name, title, rows in [
            ("grow-redact", "Redacting", [("apigee-collect redact", "redact", True), ("gzip -1", "gzip", False)]),
            ("grow-logs", "Searching a log", [("a message id", "search", True), ("a minute", "minute", True),
                                              ("rg -F, a message id", "rg", False)]),
            ("grow-pack", "Redacting, packing and verifying a bundle", [("apigee-collect", "pack", True)]),
            ("grow-packets", "Diagnosing a capture", [("apigee-collect diagnose", "diagnose", True),
                                                      ("tshark -Y tls.handshake", "tshark", False)]),
        ]:
            self.scaling.append({"id": name, "title": title, "x": "bytes", "series": [
                {"name": label, "ours": ours, "points": series[key]} for label, key, ours in rows if series[key]]})

    # Where

    def result(self, load):
        return {"schema": SCHEMA, "machine": machine(), "load": {"before": load, "after": round(os.getloadavg()[0], 2)},
                "rounds": self.options.rounds, "threads": self.options.threads, "versions": versions(self.options),
                "missing": self.missing, "contests": self.contests, "scaling": self.scaling}


def warm(path):
    """Into the page cache, for all alike."""
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass


def help_of(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout


def machine():
    def line(path, key):
        with open(path, encoding="ascii", errors="replace") as file:
            return next((row.split(":", 1)[1].strip() for row in file if row.startswith(key)), "")
    name = ""
    if os.path.exists("/etc/os-release"):
        with open("/etc/os-release", encoding="utf-8") as file:
            name = next((row.split("=", 1)[1].strip().strip('"') for row in file if row.startswith("PRETTY_NAME=")), "")
    return {"cpu": line("/proc/cpuinfo", "model name"), "cores": os.cpu_count(),
            "memoryGiB": round(int(line("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20), 1),
            "kernel": os.uname().release, "os": name}


def versions(options):
    commands = {"apigee-collect": [options.program, "--version"], "gzip": ["gzip", "--version"], "tar": ["tar", "--version"],
                "pigz": ["pigz", "--version"], "rg": ["rg", "--version"], "grep": ["grep", "--version"],
                "zgrep": ["zgrep", "--version"], "awk": ["awk", "-W", "version"], "tshark": ["tshark", "--version"],
                "kingfisher": [options.kingfisher or "kingfisher", "--version"],
                "detect-secrets": [options.detect_secrets or "detect-secrets", "--version"],
                "sos": [options.sos or "sos", "--help"]}
    found = {}
    for name, command in commands.items():
        if not shutil.which(command[0]):
            continue
        text = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              check=False).stdout.strip().splitlines()
        found[name] = text[0] if text else ""
        if name == "sos":
            told = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "sosreport"], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True, check=False).stdout
            found[name] = "sos " + told if told else "sos"
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--lab", required=True)
    parser.add_argument("--bundle-bench", required=True)
    parser.add_argument("--log-bench", required=True)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=max(1, os.cpu_count() or 1))
    parser.add_argument("--megabytes", type=float, default=200, help="of most inputs")
    parser.add_argument("--part", type=float, default=2, help="megabytes for scanners that take hours")
    parser.add_argument("--log-megabytes", type=float, default=10_000, help="of the log that is searched")
    parser.add_argument("--packed-megabytes", type=int, default=1000, help="of it, rotated and packed")
    parser.add_argument("--largest", type=float, default=10_000, help="megabytes of the largest growing input")
    parser.add_argument("--tshark-megabytes", type=float, default=1000, help="largest growing capture for tshark")
    parser.add_argument("--nodes", default="25,50,100,200")
    parser.add_argument("--only", help="contests whose names hold one of these words: redact,pack,logs,packets,fleet,grow")
    parser.add_argument("--kingfisher")
    parser.add_argument("--detect-secrets")
    parser.add_argument("--sos")
    options = parser.parse_args()
    load = round(os.getloadavg()[0], 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp"), prefix="bench-") as folder:
        bench = Bench(options, folder)
        for name in ["redact", "pack", "logs", "packets", "fleet", "grow"]:
            if bench.wants(name):
                getattr(bench, name)()
        result = bench.result(load)
    with open(options.output, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1, ensure_ascii=False)
        file.write("\n")
    print("written to " + options.output)


if __name__ == "__main__":
    main()
