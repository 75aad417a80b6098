#!/usr/bin/env python3
"""Measures `redact` and `diagnose` of captures beside `tshark -Y tls.handshake -T fields`, on the same files, in one run.

  Benchmarks/packets.py PROGRAM [--megabytes 1000] [--rounds 1] [--kind bulk|handshakes] ...

PROGRAM is a release build. The captures are made of handshakes in Tests/Fixtures/tls/live, each with addresses and ports of
its own: `bulk` has a megabyte of application data after each handshake, `handshakes` has nothing else. Times are user and
system seconds of the process, so that other work on the machine counts little; the table shows medians. What is scrubbed
goes to /dev/null, since tshark writes no capture: a disk adds its own time.
"""
import argparse
import glob
import os
import statistics
import struct
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LIVE = os.path.join(HERE, "..", "Tests", "Fixtures", "tls", "live")


def handshakes():
    """Frames of the handshakes of OpenSSL over IPv4: Ethernet, one connection each."""
    for path in sorted(glob.glob(os.path.join(LIVE, "o-tls1_[23]-*-4.pcap"))):
        with open(path, "rb") as file:
            data = file.read()
        offset, frames = 24, []
        while offset < len(data):
            seconds, micros, size, length = struct.unpack_from("<IIII", data, offset)
            frames.append(bytearray(data[offset + 16 : offset + 16 + size]))
            offset += 16 + size
        yield frames


def write(path, megabytes, bulk):
    """Repeats the handshakes until the file is as long as asked for."""
    bases = list(handshakes())
    number = 0
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while file.tell() < megabytes * 1_000_000:
            frames = bases[number % len(bases)]
            client = struct.pack(">HBB", 0x0A00 | number >> 16 & 255, number >> 8 & 255, 1 + number % 250)
            port = struct.pack(">H", 1024 + number % 60_000)
            first = frames[0][34:36]
            out = bytearray()
            if bulk:
                end = next((index for index, frame in enumerate(frames) if frame[47] & 5), len(frames))
                frames = frames[:end] + data_of(frames[:end])
            for frame in frames:
                is_client = frame[34:36] == first
                frame[26 if is_client else 30 : 30 if is_client else 34] = client
                frame[34:38] = port + b"\x01\xbb" if is_client else b"\x01\xbb" + port
                out += struct.pack("<IIII", 1_700_000_000 + number // 100, number % 100 * 10_000, len(frame), len(frame))
                out += frame
                frame[34:38] = first + b"\0\0" if is_client else b"\0\0" + first
            file.write(out)
            number += 1
    return number


def data_of(frames):
    """A megabyte of application data from the server, behind what it sent in a connection that has not ended."""
    last = next(frame for frame in reversed(frames) if frame[34:36] != frames[0][34:36])
    header = 34 + (last[46] >> 4) * 4
    sequence = struct.unpack(">I", last[38:42])[0] + struct.unpack(">H", last[16:18])[0] + 14 - header
    made = []
    record = b"\x17\x03\x03" + struct.pack(">H", 1_400) + b"\xa5" * 1_400
    for index in range(700):
        frame = last[:header] + record
        frame[16:18] = struct.pack(">H", len(frame) - 14)
        frame[38:42] = struct.pack(">I", sequence + index * len(record) & 0xFFFFFFFF)
        frame[47] = 0x18
        made.append(frame)
    return made


def run(command):
    """CPU seconds and peak memory in MiB of one command."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) not in (0, 3):
        sys.exit("failed: " + " ".join(command))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--megabytes", type=float, default=1_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kind", action="append", choices=["bulk", "handshakes"])
    options = parser.parse_args()
    for kind in options.kind or ["bulk", "handshakes"]:
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
            capture = os.path.join(folder, "capture.pcap")
            count = write(capture, options.megabytes, kind == "bulk")
            size = os.path.getsize(capture)
            with open(capture, "rb") as file:
                while file.read(1 << 24):
                    pass  # into the page cache, for all alike
            commands = {
                "scrub": [options.program, "redact", "--format", "pcap", capture],
                "diagnose": [options.program, "diagnose", "--pcap", capture, "--json"],
                "tshark": ["tshark", "-n", "-r", capture, "-Y", "tls.handshake", "-T", "fields"]
                + ["-e", "frame.number", "-e", "tls.handshake.type"],
            }
            results = {name: [] for name in commands}
            for _ in range(options.rounds):
                for name, command in commands.items():
                    results[name].append(run(command))
            seconds = {name: statistics.median(s for s, _ in all) for name, all in results.items()}
            print("%s: %.0f MB, %d connections" % (kind, size / 1e6, count))
            for name, all in results.items():
                print("  %-9s %7.2f s  %6.0f MB/s  peak %4.0f MiB"
                      % (name, seconds[name], size / 1e6 / seconds[name], max(m for _, m in all)))
            print("  tshark / (scrub + diagnose): %.1f" % (seconds["tshark"] / (seconds["scrub"] + seconds["diagnose"])))


if __name__ == "__main__":
    main()
