#!/usr/bin/env python3
"""Measures `apigee-collect redact` beside other tools, on the same data, in one run.

  Benchmarks/redact.py PROGRAM [--megabytes 200] [--rounds 3] [--kingfisher FILE] [--detect-secrets FILE]

PROGRAM is a release build. The rounds of all commands are interleaved; the table shows medians. Times are user and system
seconds of the process and its children, so that other work on the machine counts little. detect-secrets and sos get a part
of the log, as they would take hours; their rate is what is compared. What is not installed is left out, and said.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def run(command, stdin=None):
    """CPU seconds and peak memory in MiB of one command."""
    reader = open(stdin, "rb") if stdin else subprocess.DEVNULL
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        if stdin:
            os.dup2(reader.fileno(), 0)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if stdin:
        reader.close()
    # Scanners say with their exit code that they found something.
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) > 127:
        sys.exit("failed: " + " ".join(command))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def part(path, megabytes):
    target = path + ".part"
    with open(path, "rb") as source, open(target, "wb") as sink:
        sink.write(source.read(int(megabytes * 1_000_000)).rsplit(b"\n", 1)[0] + b"\n")
    return target


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kingfisher", default=shutil.which("kingfisher"))
    parser.add_argument("--detect-secrets", dest="detect", default=shutil.which("detect-secrets"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for kind in ["log", "config", "few", "many"]:
            files[kind] = os.path.join(folder, kind + ".txt")
            subprocess.run([sys.executable, os.path.join(HERE, "corpus.py"), kind, str(options.megabytes), files[kind]],
                           check=True)
        rows = []
        for kind in ["log", "config", "few", "many"]:
            rows.append(("redact, " + kind, [options.program, "redact"], files[kind], files[kind]))
        rows.append(("gzip -1, log", ["gzip", "-1", "-c"], files["log"], files["log"]))
        rows.append(("gzip -1, config", ["gzip", "-1", "-c"], files["config"], files["config"]))
        if options.kingfisher:
            rows.append(("kingfisher, log", [options.kingfisher, "scan", "--no-validate", "--no-update-check", "--jobs",
                                             "1", "--confidence", "low", files["log"]], None, files["log"]))
        if options.detect:
            small = part(files["log"], 2)
            rows.append(("detect-secrets, log", [options.detect, "scan", "--no-verify", small], None, small))
        results = {row[0]: [] for row in rows}
        for _ in range(options.rounds):
            for name, command, stdin, _ in rows:
                results[name].append(run(command, stdin))
        base = None
        print("| command | CPU s | MB/s | peak MiB | of `redact, log` |")
        print("|---|---|---|---|---|")
        for name, _, _, data in rows:
            seconds = statistics.median(result[0] for result in results[name])
            rate = os.path.getsize(data) / 1e6 / seconds
            base = base or rate
            peak = max(result[1] for result in results[name])
            print("| %s | %.2f | %.1f | %.0f | 1/%.1f |" % (name, seconds, rate, peak, base / rate))
        for name, tool in [("kingfisher", options.kingfisher), ("detect-secrets", options.detect)]:
            if not tool:
                print("\n%s is not installed and was left out." % name)


main()
