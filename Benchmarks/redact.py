#!/usr/bin/env python3
"""Measures `apigee-collect redact` beside other tools, on the same data, in one run.

  Benchmarks/redact.py PROGRAM [--megabytes 200] [--rounds 3] [--kingfisher FILE] [--detect-secrets FILE] [--sos FILE]

PROGRAM is a release build. All commands run on one core (taskset). The rounds are interleaved; the table shows medians.
Times are user and system seconds of the process and its children, so that other work on the machine counts little.
detect-secrets and sos get a part of the log, as they would take hours; what they take for next to nothing (start-up,
rules, packing) is taken off first, for Kingfisher too: their rates are those of the work alone. Each of them must find
what is planted in its file, or the run ends: a scanner that skips the file is fast. What is not installed is left out,
and said.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
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
        command = ONE_CORE + command
        os.execvp(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if stdin:
        reader.close()
    # Scanners say with their exit code that they found something.
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) in range(126, 200):
        sys.exit("failed: " + " ".join(command))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


PLANTED = {
    "github": "ghp_1a2B3c4D5e6F7g8H9i0J1k2L3m4N5o6P7q8R",
    "slack": "xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx",
    "password": 'password = "hT7zkLp2dzQ9wXv4"',
}
ADDRESS = "10.20.30.40"


def part(path, megabytes, name):
    """The log's beginning, with what each tool must find at its end."""
    target = os.path.join(os.path.dirname(path), name)
    with open(path, "rb") as source, open(target, "wb") as sink:
        sink.write(source.read(int(megabytes * 1_000_000)).rsplit(b"\n", 1)[0] + b"\n")
        sink.write(("\n".join(PLANTED.values()) + "\nhello from " + ADDRESS + "\n").encode())
    return target


def sos_archive(folder, log):
    """What `sos report` leaves, with one log in it: `sos clean` takes nothing else."""
    top = "sosreport-db01-2026-11-25-abcdefg"
    path = os.path.join(folder, os.path.basename(log) + ".d", top + ".tar.xz")
    os.mkdir(os.path.dirname(path))
    manifest = {"version": "4.5.1", "cmdline": "sos report", "start_time": "2026-11-25T10:00:00",
                "end_time": "2026-11-25T10:01:00", "components": {"report": {"plugins": {}}}}
    tree = {"version.txt": "sosreport: 4.5.1\n", "sos_reports/manifest.json": json.dumps(manifest),
            "sos_logs/sos.log": "x\n", "sos_commands/host/hostname": "db01\n", "etc/hostname": "db01\n"}
    tree_folder = os.path.join(folder, os.path.basename(log) + ".tree")
    for name, text in tree.items():
        os.makedirs(os.path.join(tree_folder, os.path.dirname(name)), exist_ok=True)
        with open(os.path.join(tree_folder, name), "w") as file:
            file.write(text)
    os.makedirs(os.path.join(tree_folder, "var/log"))
    shutil.copy(log, os.path.join(tree_folder, "var/log/system.log"))
    with tarfile.open(path, "w:xz", preset=0) as archive:
        archive.add(tree_folder, top)
    return path


class Rival:
    """Another tool: its command on a file, and whether it did its work there."""

    def __init__(self, name, log, command, proof):
        self.name, self.log, self.command, self.proof = name, log, command, proof

    def measure(self):
        if self.name == "sos clean":
            for left in os.listdir(SOS_FOLDER):
                os.remove(os.path.join(SOS_FOLDER, left))
        return run(self.command)

    def check(self):
        """Runs it once more and ends the benchmark unless it found what is planted."""
        output = subprocess.run(ONE_CORE + self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        if not self.proof(output.decode("utf-8", "replace")):
            sys.exit("%s did not find what is planted in its file" % self.name)


SOS_FOLDER = ""
ONE_CORE = ["taskset", "-c", "0"] if shutil.which("taskset") else []


def sos_proof(_):
    done = [name for name in os.listdir(SOS_FOLDER) if name.endswith("obfuscated.tar.xz")]
    if not done:
        return False
    with tarfile.open(os.path.join(SOS_FOLDER, done[0])) as archive:
        for member in archive:
            if member.name.endswith("var/log/system.log"):
                text = archive.extractfile(member).read().decode("utf-8", "replace")
                print("sos clean: address replaced: %s, password left in: %s" % (
                    ADDRESS not in text, PLANTED["password"] in text), file=sys.stderr)
                return ADDRESS not in text
    return False


def rivals(options, files, folder):
    """Pairs of the same tool: on its part of the log, and on next to nothing."""
    global SOS_FOLDER
    pairs = []

    def pair(name, megabytes, command, proof):
        logs = [part(files["log"], size, "%s-%d.log" % (name.replace(" ", "-"), index))
                for index, size in enumerate([megabytes, 0.001])]
        pairs.append([Rival(name, log, command(log), proof) for log in logs])

    def finds(*names):
        return lambda output: all(PLANTED[name] in output for name in names)

    if options.kingfisher:
        pair("kingfisher", options.megabytes, lambda log: [
            options.kingfisher, "scan", "--no-validate", "--no-update-check", "--max-file-size", "0", "--jobs", "1",
            "--confidence", "low", log], finds("github"))
    if options.detect:
        pair("detect-secrets", 2, lambda log: [
            # It passes over what does not lie below the folder it runs in.
            "sh", "-c", 'cd "$1" && exec "$2" scan --all-files --no-verify "$3"', "sh", folder,
            os.path.abspath(options.detect), os.path.basename(log)],
             lambda output: bool(re.search(r'"type": "(GitHub|Secret Keyword)', output)))
    if options.sos:
        SOS_FOLDER = os.path.join(folder, "sos")
        os.mkdir(SOS_FOLDER)
        pair("sos clean", 2, lambda log: [
            options.sos, "clean", "--batch", "--no-update", "-j", "1", "--tmp-dir", SOS_FOLDER,
            sos_archive(folder, log)], sos_proof)
    return pairs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kingfisher", default=shutil.which("kingfisher"))
    parser.add_argument("--detect-secrets", dest="detect", default=shutil.which("detect-secrets"))
    parser.add_argument("--sos", default=shutil.which("sos") if os.geteuid() == 0 else None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        files = {}
        for kind in ["log", "config", "few", "many"]:
            files[kind] = os.path.join(folder, kind + ".txt")
            subprocess.run([sys.executable, os.path.join(HERE, "corpus.py"), kind, str(options.megabytes), files[kind]],
                           check=True)
        rows = []
        for kind in ["log", "config", "few", "many"]:
            rows.append(("redact, " + kind, [options.program, "redact"], files[kind]))
        rows.append(("gzip -1, log", ["gzip", "-1", "-c"], files["log"]))
        rows.append(("gzip -1, config", ["gzip", "-1", "-c"], files["config"]))
        pairs = rivals(options, files, folder)
        for large, _ in pairs:
            large.check()
        results = {name: [] for name, _, _ in rows}
        rival_results = {large.name: ([], []) for large, _ in pairs}
        for _ in range(options.rounds):
            for name, command, data in rows:
                results[name].append(run(command, data))
            for large, small in pairs:
                rival_results[large.name][0].append(large.measure())
                rival_results[large.name][1].append(small.measure())
        table = []
        for name, _, data in rows:
            table.append((name, data, statistics.median(seconds for seconds, _ in results[name]), 0.0,
                          max(peak for _, peak in results[name])))
        for large, _ in pairs:
            runs, starts = rival_results[large.name]
            table.append((large.name + ", log", large.log, statistics.median(seconds for seconds, _ in runs),
                          statistics.median(seconds for seconds, _ in starts), max(peak for _, peak in runs)))
        base = os.path.getsize(files["log"]) / 1e6 / table[0][2]
        print("| command | MB | CPU s | of it start-up | MB/s | peak MiB | `redact, log` is |")
        print("|---|---|---|---|---|---|---|")
        for name, data, seconds, start, peak in table:
            megabytes = os.path.getsize(data) / 1e6
            rate = megabytes / max(0.001, seconds - start)
            print("| %s | %.0f | %.2f | %.2f | %.2f | %.0f | %.1f x |" % (
                name, megabytes, seconds, start, rate, peak, base / rate))
        for name, tool in [("kingfisher", options.kingfisher), ("detect-secrets", options.detect),
                           ("sos", options.sos)]:
            if not tool:
                print("\n%s is not installed (or needs root) and was left out." % name)


if __name__ == "__main__":
    main()
