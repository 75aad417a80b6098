#!/usr/bin/env python3
"""Called by impact.sh: what a collection costs a process that computes, and one that reads and writes, on the same node."""
import ctypes
import glob
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

BINARIES, ROUNDS = sys.argv[1], int(sys.argv[2])
SECONDS = 6.0


def computing(end, _):
    """Blocks hashed until `end`."""
    done, block = 0, b"x" * (1 << 16)
    while time.monotonic() < end:
        hashlib.sha256(block).digest()
        done += 1
    return done


def disk(end, folder):
    """Blocks written, brought to the disk, and read again until `end`."""
    done, block = 0, os.urandom(1 << 16)
    path = os.path.join(folder, "load")
    with open(path, "wb+", buffering=0) as file:
        while time.monotonic() < end:
            file.seek(0)
            for _ in range(16):
                file.write(block)
            os.fdatasync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            file.seek(0)
            while file.read(1 << 16):
                pass
            done += 1
    os.unlink(path)
    return done


def measure(load, folder):
    """Work done in the time, by a process of its own."""
    inner, outer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(outer, str(load(time.monotonic() + SECONDS, folder)).encode())
        os._exit(0)
    os.close(outer)
    with os.fdopen(inner) as answer:
        done = int(answer.read())
    os.waitpid(child, 0)
    return done


def descendants(root):
    """The process and all that it started; a look at every process of the machine would cost more than a collection."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for path in glob.glob(f"/proc/{pid}/task/*/children"):
            try:
                with open(path) as file:
                    waiting += [int(word) for word in file.read().split()]
            except OSError:
                pass
    return found


class Priorities(threading.Thread):
    """Nice value and I/O class of all threads of a run, looked at again and again."""

    CLASSES = {0: "none", 1: "real-time", 2: "best-effort", 3: "idle"}

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.seen, self.over = pid, {}, False

    def run(self):
        libc = ctypes.CDLL(None, use_errno=True)
        begun = time.monotonic()
        while not self.over:
            # Before it has read its command line the program has the priority of whoever started it.
            if time.monotonic() - begun > 1:
                for pid in descendants(self.pid):
                    for task in glob.glob(f"/proc/{pid}/task/*"):
                        self.look(int(os.path.basename(task)), libc)
            time.sleep(0.5)

    def look(self, task, libc):
        try:
            with open(f"/proc/{task}/stat") as file:
                text = file.read()
            nice = int(text.rsplit(")", 1)[1].split()[16])
        except (OSError, IndexError):
            return
        io = libc.syscall(252, 1, task)  # ioprio_get(IOPRIO_WHO_PROCESS, task), x86-64
        if io >= 0:
            key = (nice, self.CLASSES.get(io >> 13, "?"))
            self.seen[key] = self.seen.get(key, 0) + 1


def collect(info, stop, priorities):
    """Collections one after the other until `stop` is set."""
    environment = dict(os.environ, PATH=info["tools"] + ":/usr/sbin:/usr/bin:/sbin:/bin")
    runs = 0
    with tempfile.TemporaryDirectory() as out:
        while not stop.is_set():
            command = [
                os.path.join(BINARIES, "apigee-collect"), "collect", "tls-bad-certificate", "--root", info["root"], "--mgmt",
                info["mgmt"], "--user", info["user"], "--password-file", info["passwordFile"], "--curl-file",
                info["curlFile"], "--reproduce", "--tried", "x", "--output", out, "--work-dir", out, "--also", "node",
            ]
            for documented, real in info["componentPorts"].items():
                command += ["--component-port", f"{documented}={real}"]
            child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            watch = Priorities(child.pid)
            watch.start()
            child.wait()
            watch.over = True
            watch.join()
            for key, count in watch.seen.items():
                priorities[key] = priorities.get(key, 0) + count
            runs += 1
            for bundle in glob.glob(out + "/*.tar.gz"):
                os.unlink(bundle)
    return runs


def fill(root):
    """A log that is worth reading: 300 MB of earlier records before those of the lab."""
    path = glob.glob(root + "/opt/apigee/var/log/edge-message-processor/**/system.log", recursive=True)[0]
    with open(path, "rb") as file:
        own = file.read()
    line = "2026-01-01 00:00:00,%03d org:acme env:prod api:orders rev:7 messageid:rrt-1-%d-1 NIOThread@1 INFO HTTP.CLIENT - ok\n"
    with open(path, "wb") as file:
        for block in range(300):
            file.write("".join(line % (n % 1000, block * 10_000 + n) for n in range(10_000)).encode())
        file.write(own)


def main():
    lab = subprocess.Popen(
        [os.path.join(BINARIES, "apigee-lab"), "run", "--engine", "openssl", "--for", "3000"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    info = json.loads(lab.stdout.readline())
    priorities = {}
    try:
        fill(info["root"])
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
            for name, load in (("computes", computing), ("reads and writes a disk", disk)):
                alone, beside, costs, runs = [], [], [], 0
                for _ in range(ROUNDS):
                    alone.append(measure(load, folder))
                    stop = threading.Event()
                    counted = []
                    collector = threading.Thread(target=lambda: counted.append(collect(info, stop, priorities)))
                    collector.start()
                    time.sleep(0.5)
                    beside.append(measure(load, folder))
                    stop.set()
                    collector.join()
                    runs += counted[0]
                    costs.append(1 - beside[-1] / alone[-1])
                cost = 1 - statistics.median(beside) / statistics.median(alone)
                print(
                    f"a process that {name}: {statistics.median(alone) / SECONDS:.1f} rounds/s alone, "
                    f"{statistics.median(beside) / SECONDS:.1f} beside {runs} collections: {cost * 100:+.1f} % "
                    f"(single rounds {min(costs) * 100:+.1f} to {max(costs) * 100:+.1f} %)", flush=True)
    finally:
        lab.stdin.close()
        lab.wait(20)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {ROUNDS} rounds of {SECONDS:.0f} s")
    total = sum(priorities.values())
    for (nice, io), count in sorted(priorities.items(), key=lambda row: -row[1]):
        print(f"threads at nice {nice}, I/O class {io}: {count * 100 / total:.1f} %")


main()
