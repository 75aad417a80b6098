#!/usr/bin/env python3
"""Makes the roots of several nodes out of the one root of a lab, and looks for secrets (see check-fleet).

    fleet-nodes.py roots LAB-ROOT MESSAGE-ID TARGET   routers r1 r2 r4, routers with Message Processors rmp1 to rmp3, ms1
    fleet-nodes.py search SECRETS.json PLACE ...      prints where a planted secret stands; exit code 1 if one does
"""

import gzip
import json
import os
import re
import shutil
import sys

LOGS = "opt/apigee/var/log"
MP = LOGS + "/edge-message-processor"


def remove(root, *names):
    for name in names:
        path = os.path.join(root, name)
        shutil.rmtree(path, ignore_errors=True)
        if os.path.isfile(path):
            os.unlink(path)


def without_failures(root, message_id):
    """A Message Processor on which all is well, and which never saw the request."""
    folder = os.path.join(root, MP, "logs")
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if not name.startswith("system"):
            continue
        if name != "system.log":
            os.unlink(path)
            continue
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            records = re.split(r"(?m)^(?=\d{4}-\d\d-\d\d )", file.read())
        words = (message_id, "handshake", "SSL", "alert", "certificate")
        kept = [record for record in records if not any(word in record for word in words)]
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("".join(kept))


def without_request(root, message_id):
    """A router that never saw the request."""
    folder = os.path.join(root, LOGS, "edge-router/nginx")
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            lines = file.readlines()
        with open(path, "wb") as file:
            file.writelines(line for line in lines if message_id.encode() not in line)


def roots(lab, message_id, target):
    for name in ("r1", "r2", "r4", "rmp1", "rmp2", "rmp3", "ms1"):
        root = os.path.join(target, name)
        shutil.copytree(lab, root, symlinks=True)
        with open(os.path.join(root, "etc/hostname"), "w", encoding="ascii") as file:
            file.write(name + "\n")
        if not name.startswith("rmp"):
            remove(root, MP, "opt/apigee/edge-message-processor")
        if name != "ms1":
            remove(root, LOGS + "/edge-management-server")
        else:
            remove(root, LOGS + "/edge-router")
        if name in ("rmp1", "rmp3"):
            without_failures(root, message_id)
        if name.startswith("r") and name != "r2":
            without_request(root, message_id)
    # One Message Processor is set otherwise.
    path = os.path.join(target, "rmp2/opt/apigee/customer/application/message-processor.properties")
    with open(path, "a", encoding="utf-8") as file:
        file.write("conf_http_HTTPClient.connect.timeout.millis=5\n")


def files(place):
    if os.path.isfile(place):
        yield place
    for folder, _, names in os.walk(place):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def search(secrets, places):
    with open(secrets, encoding="utf-8") as file:
        values = [(row["name"], row["value"].encode()) for row in json.load(file) if len(row["value"]) >= 8]
    found = 0
    for place in places:
        for path in files(place):
            with open(path, "rb") as file:
                data = file.read()
            if data[:2] == b"\x1f\x8b":
                data += gzip.decompress(data)
            for name, value in values:
                if value in data:
                    print(f"{path}: {name}")
                    found += 1
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1] == "roots":
        roots(*sys.argv[2:5])
    else:
        sys.exit(search(sys.argv[2], sys.argv[3:]))
