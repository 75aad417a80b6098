#!/usr/bin/env python3
"""Writes the list of what a package carries (SPDX 2.3, JSON) and copies the licence texts of all of it.

    sbom.py --program FILE --version V --libraries DIR --swift DIR --licences DIR --sbom FILE --epoch SECONDS < "NAME PATH" lines

Standard input names each library in DIR and the file of this system that it was copied from. What is linked into the
program stands in the link's own list of objects; versions of Swift packages come from Package.resolved.
"""

import argparse
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

COMMON = pathlib.Path("/usr/share/common-licenses")


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def sums(path):
    data = path.read_bytes()
    return hashlib.sha1(data).hexdigest(), hashlib.sha256(data).hexdigest()


def identifier(text):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", text)


class Document:
    def __init__(self, name, epoch, seed):
        self.packages, self.files, self.relations, self.licences = [], [], [], []
        self.head = {
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
            "documentNamespace": f"https://apigee-collect.invalid/spdx/{name}-{seed}",
            "creationInfo": {
                "created": datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "creators": ["Tool: apigee-collect-sbom"],
            },
        }

    def relate(self, one, kind, other):
        self.relations.append({"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other})

    def package(self, name, version, location="NOASSERTION", licence="NOASSERTION", purl=None, files=None, source=None):
        row = {
            "SPDXID": identifier(name), "name": name, "versionInfo": version, "downloadLocation": location,
            "filesAnalyzed": files is not None, "licenseConcluded": "NOASSERTION", "licenseDeclared": licence,
            "copyrightText": "NOASSERTION",
        }
        if source:
            row["sourceInfo"] = source
        if purl:
            row["externalRefs"] = [
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]
        if files is not None:
            row["licenseInfoFromFiles"] = ["NOASSERTION"]
            both = "".join(sorted(sums(path)[0] for _, path in files))
            row["packageVerificationCode"] = {"packageVerificationCodeValue": hashlib.sha1(both.encode()).hexdigest()}
        self.packages.append(row)
        for inside, path in files or []:
            sha1, sha256 = sums(path)
            file = identifier("file-" + inside)
            self.files.append({
                "SPDXID": file, "fileName": "./" + inside, "fileTypes": ["BINARY"], "licenseConcluded": "NOASSERTION",
                "licenseInfoInFiles": ["NOASSERTION"], "copyrightText": "NOASSERTION",
                "checksums": [
                    {"algorithm": "SHA1", "checksumValue": sha1}, {"algorithm": "SHA256", "checksumValue": sha256}],
            })
            self.relate(row["SPDXID"], "CONTAINS", file)
        return row["SPDXID"]

    def write(self, path):
        for rows in (self.packages, self.files, self.licences):
            rows.sort(key=lambda row: row.get("SPDXID") or row["licenseId"])
        self.relations.sort(key=lambda row: tuple(row.values()))
        whole = self.head | {
            "packages": self.packages, "files": self.files, "hasExtractedLicensingInfos": self.licences,
            "relationships": self.relations}
        path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def linked_packages(objects):
    """The Swift packages of which the linker was given objects."""
    modules = set(re.findall(r"/([A-Za-z0-9_]+)\.build/", objects.read_text()))
    for pin in json.load(open("Package.resolved", encoding="utf-8"))["pins"]:
        checkout = pathlib.Path(".build/checkouts") / os.path.basename(pin["location"]).removesuffix(".git")
        own = {path.name for folder in checkout.glob("*") for path in ([folder] + list(folder.glob("*"))) if path.is_dir()}
        if own & modules:
            yield pin, checkout


def debian_owner(path):
    real = os.path.realpath(path)
    for name in (path, real, real.removeprefix("/usr"), "/usr" + path):
        found = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    sys.exit(f"sbom.py: no package of this system owns {path}")


def common_licences(text):
    for name in re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.-]*[A-Za-z0-9])", text):
        if (COMMON / name).exists():
            yield name


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "version", "libraries", "swift", "licences", "sbom", "epoch", "objects"):
        parser.add_argument("--" + name, required=True)
    options = parser.parse_args()
    libraries, licences = pathlib.Path(options.libraries), pathlib.Path(options.licences)
    program = pathlib.Path(options.program)
    licences.mkdir(parents=True, exist_ok=True)

    document = Document(f"apigee-collect-{options.version}", int(options.epoch), sums(program)[1][:16])
    root = document.package(
        "apigee-collect", options.version, licence="Apache-2.0", files=[("libexec/apigee-collect", program)])
    document.relate("SPDXRef-DOCUMENT", "DESCRIBES", root)
    shutil.copy("LICENSE", licences / "apigee-collect.txt")

    # What the compiler links in: standard library, concurrency, FoundationEssentials, dispatch.
    version = re.search(r"Swift version (\S+)", run("swift", "--version")).group(1)
    runtime = document.package(
        "swift-runtime", version, "https://github.com/swiftlang/swift", "Apache-2.0 WITH Swift-exception")
    document.relate(root, "STATIC_LINK", runtime)
    shutil.copy(pathlib.Path(options.swift) / "usr/share/swift/LICENSE.txt", licences / "swift-runtime.txt")

    for pin, checkout in linked_packages(pathlib.Path(options.objects)):
        version = pin["state"]["version"]
        place = pin["location"].removesuffix(".git")
        part = document.package(
            pin["identity"], version, "git+" + pin["location"] + "@" + version, "Apache-2.0",
            "pkg:swift/" + place.removeprefix("https://") + "@" + version)
        document.relate(root, "STATIC_LINK", part)
        texts = [path for kind in ("LICENSE*", "NOTICE*") for path in sorted(checkout.glob(kind))]
        if not texts:
            sys.exit(f"sbom.py: {checkout} has no licence text")
        (licences / (pin["identity"] + ".txt")).write_text(
            "\n\n".join(path.read_text(encoding="utf-8") for path in texts), encoding="utf-8")

    by_package = {}
    for line in sys.stdin:
        name, path = line.split()
        by_package.setdefault(debian_owner(path), []).append(name)
    needed = set()
    for name, files in sorted(by_package.items()):
        version, source, source_version = run(
            "dpkg-query", "-W", "-f", "${Version} ${source:Package} ${source:Version}\n", name).splitlines()[0].split()
        text = pathlib.Path(f"/usr/share/doc/{name}/copyright").read_text(encoding="utf-8")
        licence = "LicenseRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)
        document.licences.append({"licenseId": licence, "extractedText": text, "name": f"copyright file of {name}"})
        (licences / f"{name}.copyright").write_text(text, encoding="utf-8")
        needed |= set(common_licences(text))
        part = document.package(
            name, version, licence=licence, purl=f"pkg:deb/debian/{name}@{version.replace(':', '%3A').replace('+', '%2B')}",
            files=[("lib/" + file, libraries / file) for file in sorted(files)],
            source=f"built from the source package {source} {source_version}")
        document.relate(root, "DYNAMIC_LINK", part)
    for name in sorted(needed):
        shutil.copy(COMMON / name, licences / name)
    document.write(pathlib.Path(options.sbom))


if __name__ == "__main__":
    main()
