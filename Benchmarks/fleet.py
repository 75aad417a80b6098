#!/usr/bin/env python3
"""Measures `apigee-collect merge` over growing numbers of nodes: wall clock, peak memory, and a straight line through it.

  Benchmarks/fleet.py PROGRAM LAB [--nodes 25,50,100,200] [--megabytes 4] [--threads 2] [--keep DIR]

PROGRAM and LAB are release builds. Each node's bundle is a real one: collected from the root of a lab whose Message
Processor has a log of so many megabytes, one node in fifty fails. Peaks are the kernel's (VmHWM). Exit code 1 if a peak is
above 64 MiB, or a merged bundle is not valid.
"""
import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

LIMIT = 64
WORDS = "channel pool handler event flow proxy target request response cache session thread main timer update".split()


def make_log(path, megabytes, until):
    """Records of two hours, in the form of a Message Processor's."""
    wanted = megabytes << 20
    count = wanted // 150
    with open(path, "w", encoding="ascii") as file:
        for number in range(count):
            moment = until - 7200 + 7200 * number / count
            stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment))
            word = WORDS[number % len(WORDS)]
            file.write(
                f"{stamp},{number % 1000:03d} org:acme env:prod api:orders rev:7 messageid:rrt01-{number}-{number * 7919 % 99991}-1 "
                f"NIOThread@{number % 8} INFO HTTP.CLIENT - {word}.{WORDS[number % 7]}() : {number * 31 % 65536} of {word}\n"
            )


def peak(process):
    """Follows a process to its end; its peak in MiB."""
    most = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        most = max(most, int(line.split()[1]))
        except OSError:
            pass
        time.sleep(0.01)
    return most / 1024


class Fleet:
    def __init__(self, options, work):
        self.options = options
        self.work = work
        self.key = os.path.join(work, "key")
        with os.fdopen(os.open(self.key, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(os.urandom(32))

    def make_roots(self):
        ready = os.path.join(self.work, "ready.json")
        lab = subprocess.Popen(
            [self.options.lab, "run", "--root", os.path.join(self.work, "lab"), "--ready-file", ready, "--engine",
             "openssl", "--for", "600"], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        while not os.path.exists(ready):
            if lab.poll() is not None:
                sys.exit("the lab did not start")
            time.sleep(0.1)
        with open(ready, encoding="ascii") as file:
            self.message = json.load(file)["messageId"]
        lab.terminate()
        lab.wait()
        helper = os.path.join(os.path.dirname(__file__), "../scripts/fleet-nodes.py")
        subprocess.run([sys.executable, helper, "roots", os.path.join(self.work, "lab"), self.message,
                        os.path.join(self.work, "roots")], check=True)
        log = os.path.join(self.work, "log")
        make_log(log, self.options.megabytes, time.time())
        for name in ("rmp1", "rmp2"):
            own = os.path.join(self.work, "roots", name, "opt/apigee/var/log/edge-message-processor/logs/system.log")
            with open(own, encoding="utf-8", errors="surrogateescape") as file:
                tail = file.read()
            shutil.copy(log, own)
            with open(own, "a", encoding="utf-8", errors="surrogateescape") as file:
                file.write(tail)

    def collect(self, number):
        root = "rmp2" if number % 50 == 7 else "rmp1"
        path = os.path.join(self.work, "bundles", f"n{number:05d}.tar.gz")
        run = subprocess.run(
            [self.options.program, "collect", "tls-bad-certificate", "--root", os.path.join(self.work, "roots", root),
             "--message-id", self.message, "--since", "3h", "--capture", "0", "--no-probe", "--pseudonym-key-file", self.key,
             "--also", "router-log", "-o", path, "--quiet", "--threads", "1"], capture_output=True, check=False)
        if run.returncode not in (0, 3):
            sys.exit(f"collect failed: {run.stderr.decode()}")

    def merge(self, count):
        nodes = [{"name": f"n{number:05d}", "bundle": f"bundles/n{number:05d}.tar.gz", "clockOffsetMs": number * 37 % 5000}
                 for number in range(count)]
        listed = os.path.join(self.work, "nodes.json")
        with open(listed, "w", encoding="ascii") as file:
            json.dump({"schema": 1, "nodes": nodes}, file)
        output = os.path.join(self.work, "case.tar.gz")
        if os.path.exists(output):
            os.unlink(output)
        started = time.monotonic()
        process = subprocess.Popen(
            [self.options.program, "merge", "--nodes", listed, "--message-id", self.message, "--pseudonym-key-file",
             self.key, "-o", output, "--quiet", "--threads", str(self.options.threads)], stdout=subprocess.DEVNULL)
        memory = peak(process)
        seconds = time.monotonic() - started
        if process.returncode not in (0, 3):
            sys.exit("merge failed")
        packed = sum(os.path.getsize(os.path.join(self.work, node["bundle"])) for node in nodes)
        return seconds, memory, packed, os.path.getsize(output), output


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("lab")
    parser.add_argument("--nodes", default="25,50,100,200")
    parser.add_argument("--megabytes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep")
    options = parser.parse_args()
    counts = sorted(int(count) for count in options.nodes.split(","))
    work = options.keep or tempfile.mkdtemp(prefix="fleet-", dir="/var/tmp")
    os.makedirs(work, exist_ok=True)
    try:
        fleet = Fleet(options, work)
        fleet.make_roots()
        os.makedirs(os.path.join(work, "bundles"), exist_ok=True)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(fleet.collect, range(counts[-1])))
        print(f"load {os.getloadavg()[0]:.1f}, {options.megabytes} MiB of log a node, {options.threads} threads\n")
        print("| nodes | bundles, MB | case bundle, MB | seconds | peak, MiB |\n|---|---|---|---|---|")
        rows = []
        for count in counts:
            seconds, memory, packed, size, output = fleet.merge(count)
            rows.append((count, seconds, memory))
            print(f"| {count} | {packed / 1e6:.1f} | {size / 1e6:.1f} | {seconds:.1f} | {memory:.1f} |", flush=True)
        verdict = subprocess.run([options.program, "verify", output, "--quiet"], check=False).returncode
        if len(rows) > 1:
            (first, t1, m1), (last, t2, m2) = rows[0], rows[-1]
            slope, memory = (t2 - t1) / (last - first), (m2 - m1) / (last - first)
            print(f"\na node takes {slope * 1000:.0f} ms and {memory * 1024:.0f} KiB; 2,000 nodes, by this line: "
                  f"{t2 + slope * (2000 - last):.0f} s and {m2 + memory * (2000 - last):.0f} MiB")
        if verdict not in (0, 6):
            sys.exit("the merged bundle is not valid")
        if max(row[2] for row in rows if row[0] <= 200) > LIMIT:
            sys.exit(f"above {LIMIT} MiB")
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
