#!/usr/bin/env python3
"""Checks every playbook with the real program against labs (called by check-playbooks).

For each playbook a lab plays its symptom. Without being told the playbook's name, `collect` must choose it, in private mode
(log, answer) and in public mode (answer, trace, what the user saved), or collect what it asks for with one that shows the
same; and the manifest must say `complete: true`, but for the lists below. Playbooks that only a person can name are named.
"""
import concurrent.futures
import glob
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

# Failures that share all that can be seen with another playbook; `why` names both, and both lists are collected.
ALIKE = {
    "tls-handshake-failure": "tls-bad-certificate",
    "404-same-host-alias": "404-proxy-not-identified",
}

# The guide is collected when nothing fits better; its symptom in the lab has a code that other playbooks know.
NAMED = {"runtime-issues"}

# What can't be complete in public mode, item by item, and why. A playbook that is complete after all is an error too.
INCOMPLETE_IN_PUBLIC = {}

BINARIES = sys.argv[1]
COLLECT = os.path.join(BINARIES, "apigee-collect")
LAB = os.path.join(BINARIES, "apigee-lab")
PCAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests/Fixtures/jsse/tls12-no-client-cert.pcap")
# Seconds for one run, which has the lowest priority: on a busy machine it takes long.
LIMIT = 300


def lines(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


class Lab:
    """A lab that plays a symptom, until it is closed."""

    def __init__(self, symptom, is_request, wants_java):
        command = [LAB, "run", "--engine", "openssl", "--wiring", "target-server", "--for", "600"]
        if wants_java:
            command += ["--kernel"]
        if symptom:
            command += ["--symptom", symptom]
        if symptom and not is_request:
            # Its request must not fail: that would be another playbook's.
            command += ["--scenario", "ok"]
        self.symptom = symptom
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the lab did not start")
        self.info = json.loads(line)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def collect(lab, mode, named, is_request, pcap):
    """One run; its manifest, or None, and what it printed. A private run leaves its capture in `pcap`."""
    info = lab.info
    with open(info["errorFile"]) as file:
        saved = file.read()
    if mode == "public" and not is_request and not saved.strip():
        # Who is no part of the platform sees nothing of it: support names the playbook.
        named = named or lab.symptom
    out = tempfile.mkdtemp(prefix="check-playbooks-")
    try:
        command = [COLLECT, "collect"] + ([named] if named else []) + [
            "--mode", mode, "--root", info["root"], "--mgmt", info["mgmt"], "--user", info["user"],
            "--password-file", info["passwordFile"], "--curl-file", info["curlFile"], "--reproduce",
            "--tried", "restart", "--output", out, "--work-dir", out, "--time-limit", "30s",
        ]
        if saved.strip() and not is_request:
            # What no request shows, a person has seen and saved.
            command += ["--error", info["errorFile"]]
        if mode == "public" or not is_request:
            command += ["--org", info["org"], "--env", info["env"], "--api", info["api"], "--revision", info["revision"]]
        for documented, real in info["componentPorts"].items():
            command += ["--component-port", f"{documented}={real}"]
        if mode == "public":
            # The backend's team captures there: what the private run has seen, or another failing handshake.
            command += ["--pcap", pcap if os.path.exists(pcap) else PCAP, "--capture", "0"]
        else:
            command += ["--capture", "8"]
        environment = dict(os.environ, PATH=info["tools"] + ":/usr/sbin:/usr/bin:/sbin:/bin")
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT)
        bundles = glob.glob(out + "/*.tar.gz")
        if not bundles:
            return None, f"exit {ended.returncode}: {ended.stderr[-600:]}"
        with tarfile.open(bundles[0]) as bundle:
            name = next(name for name in bundle.getnames() if name.endswith("/manifest.json"))
            manifest = json.load(bundle.extractfile(name))
            for name in bundle.getnames():
                if mode == "private" and name.endswith("/packet-capture/capture.pcap"):
                    with open(pcap, "wb") as file:
                        shutil.copyfileobj(bundle.extractfile(name), file)
        if ended.returncode != (0 if manifest["complete"] else 3):
            return None, f"exit {ended.returncode} with complete: {manifest['complete']}"
        return manifest, ""
    finally:
        shutil.rmtree(out, ignore_errors=True)


def problems_of(playbook, mode, named, manifest):
    """What is wrong with a run."""
    chosen, why = manifest["playbook"]["id"], manifest["playbook"]["why"]
    fits = chosen == playbook or ALIKE.get(playbook) == chosen or (mode == "public" and playbook in why.replace(",", " ").split())
    if not fits:
        yield f"chose {chosen}: {why}"
    elif chosen != playbook and playbook not in why:
        yield f"chose {chosen} and does not name it: {why}"
    open_items = sorted(
        row["item"] for row in manifest["mustCollect"] if row["required"] and row["state"] not in ("collected", "skipped"))
    expected = sorted(INCOMPLETE_IN_PUBLIC.get(playbook, {})) if mode == "public" else []
    if open_items != expected:
        for row in manifest["mustCollect"]:
            if row["item"] in open_items and row["item"] not in expected:
                yield f"{row['item']} {row['state']}: {row.get('reason')}"
        for item in set(expected) - set(open_items):
            yield f"{item} is collected: take it off the list"
    if manifest["complete"] != (not expected):
        yield f"complete: {manifest['complete']}"


def check(row, symptoms, requests):
    playbook = row["id"]
    sources = {source for rows in row["mustCollect"].values() for item in rows for source in item["from"]}
    begun = time.monotonic()
    named = None if playbook in symptoms - NAMED else playbook
    pcap = os.path.join(tempfile.gettempdir(), f"check-playbooks-{os.getpid()}-{playbook}.pcap")
    found = []
    lab = None
    try:
        lab = Lab(playbook if playbook in symptoms else None, playbook in requests, bool(sources & {"threads", "heap"}))
        for mode in ("private", "public"):
            manifest, told = collect(lab, mode, named, playbook in requests or named is not None, pcap)
            if manifest is None:
                found.append(f"{mode}: no bundle, {told}")
            else:
                found += [f"{mode}: {problem}" for problem in problems_of(playbook, mode, named, manifest)]
    except Exception as error:  # A lab that fails is a failure of this playbook, not of the others.
        found.append(f"{type(error).__name__}: {error}")
    finally:
        if lab:
            lab.close()
        if os.path.exists(pcap):
            os.unlink(pcap)
    return playbook, found, time.monotonic() - begun


def main():
    if os.geteuid() != 0:
        sys.exit("error: packets are captured here, which needs root: sudo scripts/check-playbooks")
    listed = json.loads("\n".join(lines(COLLECT, "playbooks", "list", "--json")))
    ids = [playbook["id"] for playbook in listed["playbooks"]]
    only = os.environ.get("ONLY", "").split()
    told = dict(line.split(": ", 1) for line in lines(LAB, "list"))
    symptoms, requests = set(told["symptoms"].split()), set(told["of them of requests"].split())
    strangers = (symptoms | NAMED | set(ALIKE) | set(INCOMPLETE_IN_PUBLIC)) - set(ids)
    if strangers:
        sys.exit(f"error: no playbooks: {', '.join(sorted(strangers))}")
    failed = 0
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max(1, min(4, os.cpu_count() or 1))) as pool:
        jobs = [
            pool.submit(check, row, symptoms, requests) for row in listed["playbooks"] if not only or row["id"] in only
        ]
        for job in concurrent.futures.as_completed(jobs):
            playbook, found, seconds = job.result()
            failed += bool(found)
            print(f"{'FAILED' if found else 'ok':6} {playbook} ({seconds:.1f} s)", flush=True)
            for problem in found:
                print(f"       {problem}", flush=True)
    print(f"{len(jobs) - failed} of {len(jobs)} playbooks are recognised and complete, {time.monotonic() - begun:.0f} s")
    for playbook, items in sorted(INCOMPLETE_IN_PUBLIC.items()):
        for item, why in items.items():
            print(f"not in public mode: {playbook}, {item}: {why}")
    sys.exit(1 if failed else 0)


main()
