"""Bundles to write reports of: lab cases collected for real, and hostile ones made out of them."""

import concurrent.futures
import io
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile
import time

SCENARIOS = [
    ("no-client-certificate", []),
    ("issuer-not-accepted", []),
    ("server-untrusted", []),
    ("ok", []),
    ("no-client-certificate", ["--tls", "1.3"]),
    ("issuer-not-accepted", ["--tls", "1.3"]),
    ("server-untrusted", ["--tls", "1.3"]),
    ("no-client-certificate", ["--wiring", "direct"]),
    ("issuer-not-accepted", ["--wiring", "target-server"]),
    ("issuer-not-accepted", ["--engine", "openssl"]),
]
SYMPTOMS = [
    "tls-handshake-failure", "plain-http-to-https-port", "tls-handshake-timeout", "router-certificate-error",
    "503-service-unavailable", "503-no-active-targets", "504-gateway-timeout", "502-unexpected-eof",
    "500-internal-server-error", "413-too-big-body", "404-proxy-not-identified", "policy-javascript", "policy-quota",
    "deployment-configuration-failed", "analytics-no-data", "zookeeper-connection-loss", "runtime-issues",
    "trace-session-not-created", "start-issues", "499-client-closed",
]  # fmt: skip


def lab_cases(count):
    """(name, arguments of the lab) of the first `count` cases."""
    cases = []
    for scenario, more in SCENARIOS:
        name = "-".join([scenario] + [word.strip("-") for word in more])
        cases.append((name, ["--scenario", scenario] + more))
    cases += [(s, ["--scenario", "ok", "--symptom", s]) for s in SYMPTOMS]
    return cases[:count]


def collect(bin_dir, name, lab_arguments, out, quick=False):
    """Starts a lab, collects, and returns the bundle; every wait is bounded."""
    with tempfile.TemporaryDirectory(prefix="apigee-report-lab-") as state:
        ready = pathlib.Path(state, "ready.json")
        with open(pathlib.Path(state, "lab.log"), "wb") as log:
            lab = subprocess.Popen(
                [bin_dir / "apigee-lab", "run", *lab_arguments, "--ready-file", ready, "--for", "120"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # fmt: skip
        try:
            end = time.monotonic() + 60
            while not (ready.exists() and ready.stat().st_size):
                if lab.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{name}: the lab did not start")
                time.sleep(0.1)
            facts = json.loads(ready.read_text())
            folder = out / name
            folder.mkdir()
            command = [
                bin_dir / "apigee-collect", "collect", "--root", facts["root"], "--mgmt", facts["mgmt"],
                "--user", facts["user"], "--password-file", facts["passwordFile"], "--tried", "message-id",
                "--note", "the proxy was deployed again", "--output", folder, "--quiet", "--capture", "2",
            ]  # fmt: skip
            if not quick:
                command += ["--curl-file", facts["curlFile"], "--reproduce"]
            result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
            bundles = list(folder.glob("*.tar.gz"))
            if result.returncode not in (0, 3) or len(bundles) != 1:
                raise RuntimeError(f"{name}: collect ended with {result.returncode}: {result.stderr[-600:]!r}")
            return bundles[0]
        finally:
            lab.terminate()
            try:
                lab.wait(20)
            except subprocess.TimeoutExpired:
                lab.kill()
                lab.wait(20)


def collect_all(bin_dir, count, out):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = {name: pool.submit(collect, bin_dir, name, args, out) for name, args in lab_cases(count)}
        return {name: job.result() for name, job in jobs.items()}


MARKUP = "</title></style></script><script>document.title='EVIL'</script><img src=http://evil.example/x onerror=alert(1)>"
DRAWING = "<svg onload=alert(2)><image href='http://evil.example/y'/></svg>\"'>{{name}}{{{name}}}&lt;"
TURNED = "\u202egpj.exe\u2066\u200b\u2028\u0000\u0085\ufeff\U000e0001 \u0301\u0301\u0301\u0301\u0301"
ESCAPES = "\x1b]0;title\x07\x1b[2J\x1b[31mred\x9b31m\r\n\x1bP+q\x1b\\ EVIL-LINE"


def hostile_cases(bundle, out):
    """Five bundles whose manifest and diagnosis hold what nobody wants on a page."""
    long = "n" * 1_000_000
    made = {}
    for name, change in {
        "markup": lambda text: MARKUP + text,
        "drawing": lambda text: DRAWING + text + DRAWING,
        "turned": lambda text: TURNED + text + ESCAPES,
        "long": None,
        "many": None,
    }.items():
        path = out / f"hostile-{name}.tar.gz"
        rewrite(bundle, path, name, change, long)
        made[f"hostile-{name}"] = path
    return made


# Words that a program reads; with others the manifest is none.
KEPT = {
    "state", "mode", "confidence", "role", "kind", "type", "item", "outcome", "from", "match", "level", "schema",
    "description",
}  # fmt: skip


def changed(value, change, key=""):
    if isinstance(value, dict):
        return {k: changed(v, change, k) for k, v in value.items()}
    if isinstance(value, list):
        return [changed(v, change, key) for v in value]
    if isinstance(value, str) and key not in KEPT:
        return change(value)
    return value


def rewrite(bundle, path, name, change, long):
    with tarfile.open(bundle) as source, tarfile.open(path, "w:gz", compresslevel=1) as target:
        for member in source:
            data = source.extractfile(member).read() if member.isfile() else b""
            inner = member.name.partition("/")[2]
            if inner in ("manifest.json", "log/diagnosis.json"):
                document = json.loads(data)
                if change:
                    document = changed(document, change)
                elif name == "long":
                    # One of each kind of text is a megabyte: all of them would be a bundle of a gigabyte.
                    document = lengthen(document, long)
                elif inner == "manifest.json":
                    document["items"] = document["items"] * 2_000
                    document["diagnosis"] = document["diagnosis"] * 300
                    document["tried"] = document["tried"] * 3_000
                else:
                    document["connections"] = document.get("connections", []) * 50
                    for log in document.get("logs") or []:
                        log["records"] = [9_223_372_036_854_775_807] * 5_000
                        log["errors"] = [9_223_372_036_854_775_807] * 5_000
                        log["start"] = 9_223_372_036_854_775_807
                data = json.dumps(document).encode("utf-8", "surrogatepass")
            member.size = len(data)
            target.addfile(member, io.BytesIO(data) if member.isfile() else None)


def lengthen(document, long):
    for key in ("title", "summary", "messageId", "host", "api", "subject", "issuer", "name", "cause", "text"):
        done = False

        def walk(value, at=""):
            nonlocal done
            if isinstance(value, dict):
                return {k: walk(v, k) for k, v in value.items()}
            if isinstance(value, list):
                return [walk(v, at) for v in value]
            if isinstance(value, str) and at == key and not done:
                done = True
                return long
            return value

        document = walk(document)
    return document


def write_reports(bin_dir, bundles, folder):
    """A page of each bundle, every second one in Chinese; returns their paths by name."""
    pages = {}
    for index, (name, bundle) in enumerate(bundles.items()):
        lang = "zh-CN" if index % 2 else "en"
        page = folder / f"{name}.{lang}.html"
        env = {key: value for key, value in os.environ.items() if key not in ("LC_ALL", "LANG")}
        result = subprocess.run(
            [bin_dir / "apigee-collect", "report", bundle, "-o", page, "--lang", lang],
            capture_output=True, timeout=120, env=env)  # fmt: skip
        if result.returncode != 0:
            raise RuntimeError(f"{name}: report ended with {result.returncode}: {result.stderr[-600:]!r}")
        pages[page.stem] = page
    return pages
