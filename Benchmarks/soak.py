#!/usr/bin/env python3
"""Collects again and again from one lab and looks for growth: soak.py PROGRAM LAB [--runs 200].

After each run there must be one bundle more and nothing else: no file in the work folder, in TMPDIR, HOME or /dev/shm, no
process, no descriptor of the lab. Peak memory and time of the last fifth are compared with those of the first.
Exit code 1 if anything is left or grows.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def descriptors(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def session(pid):
    """Processes that carry our mark in their environment, but the lab."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            with open("/proc/%s/environ" % name, "rb") as file:
                if b"APIGEE_SOAK=%d\0" % pid in file.read():
                    found.append(int(name))
        except OSError:
            pass
    return found


def listing(folder):
    return sorted(os.path.relpath(os.path.join(top, name), folder) for top, folders, files in os.walk(folder)
                  for name in folders + files)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("lab")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--verify-every", type=int, default=20)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="soak-", dir="/var/tmp")
    problems = []
    places = {name: os.path.join(folder, name) for name in ("out", "work", "tmp", "home")}
    for path in places.values():
        os.mkdir(path, 0o700)
    ready = os.path.join(folder, "ready.json")
    lab = subprocess.Popen([options.lab, "run", "--engine", "openssl", "--ready-file", ready, "--for", "7200"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if os.path.exists(ready) and os.path.getsize(ready):
                break
            time.sleep(0.1)
        with open(ready, encoding="utf-8") as file:
            info = json.load(file)
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": places["home"], "TMPDIR": places["tmp"],
                       "APIGEE_SOAK": str(os.getpid())}
        rows = []
        for number in range(options.runs):
            command = [options.program, "collect", "tls-bad-certificate", "--root", info["root"], "--mgmt", info["mgmt"],
                       "--user", info["user"], "--password-file", info["passwordFile"], "--curl-file", info["curlFile"],
                       "--reproduce", "--capture", "3", "--output", places["out"], "--work-dir", places["work"], "--quiet"]
            start = time.monotonic()
            process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            peak = 0
            while process.poll() is None:
                try:
                    with open("/proc/%d/status" % process.pid, encoding="ascii") as file:
                        peak = max([peak] + [int(line.split()[1]) for line in file if line.startswith("VmHWM")])
                except OSError:
                    pass
                time.sleep(0.02)
            seconds = time.monotonic() - start
            bundles = os.listdir(places["out"])
            if process.returncode not in (0, 3):
                problems.append("run %d: exit code %d" % (number, process.returncode))
            if len(bundles) != 1 or not bundles[0].endswith(".tar.gz"):
                problems.append("run %d: output holds %s" % (number, bundles))
            for name in ("work", "tmp", "home"):
                if listing(places[name]):
                    problems.append("run %d: left in %s: %s" % (number, name, listing(places[name])[:5]))
            if any("apigee-collect" in name for name in os.listdir("/dev/shm")):
                problems.append("run %d: left in /dev/shm" % number)
            if session(os.getpid()):
                problems.append("run %d: processes are left: %s" % (number, session(os.getpid())))
            size = sum(os.path.getsize(os.path.join(places["out"], name)) for name in bundles)
            if number % options.verify_every == 0 and bundles:
                check = subprocess.run([options.program, "verify", os.path.join(places["out"], bundles[0]), "--quiet"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
                if check.returncode not in (0, 6):
                    problems.append("run %d: verify says %d" % (number, check.returncode))
            for name in bundles:
                os.unlink(os.path.join(places["out"], name))
            rows.append((seconds, peak / 1024, descriptors(lab.pid), size))
            if number % 20 == 19:
                print("%4d runs: %.1f s, %.1f MiB, %d descriptors of the lab, bundle of %d bytes" % ((number + 1,) + rows[-1]),
                      flush=True)
            if len(problems) > 5:
                break
        part = max(1, len(rows) // 5)
        first, last = rows[:part], rows[-part:]
        for name, index, limit in [("seconds", 0, 1.5), ("peak MiB", 1, 1.1), ("descriptors of the lab", 2, 1.1)]:
            before = statistics.median(row[index] for row in first)
            after = statistics.median(row[index] for row in last)
            print("%s: %.1f in the first fifth, %.1f in the last, most %.1f" % (
                name, before, after, max(row[index] for row in rows)))
            if after > before * limit + 2:
                problems.append("%s grow from %.1f to %.1f" % (name, before, after))
        print("%d runs, %d problems" % (len(rows), len(problems)))
    finally:
        lab.terminate()
        lab.wait()
        shutil.rmtree(folder, ignore_errors=True)
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
