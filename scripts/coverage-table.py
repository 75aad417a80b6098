"""Sums the line coverage of files up to modules: coverage-table.py CODECOV.json PERCENT."""
import json
import os
import sys

FLOOR = {"Redact", "Bundle", "Packets", "Diagnose"}


def main():
    path, percent = sys.argv[1], float(sys.argv[2])
    top = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Sources") + os.sep
    with open(path, encoding="utf-8") as file:
        files = json.load(file)["data"][0]["files"]
    modules, worst = {}, []
    for one in files:
        if not one["filename"].startswith(top) or "/checkouts/" in one["filename"]:
            continue
        name = one["filename"][len(top):]
        lines = one["summary"]["lines"]
        total = modules.setdefault(name.split(os.sep)[0], [0, 0])
        total[0] += lines["covered"]
        total[1] += lines["count"]
        worst.append((lines["count"] - lines["covered"], name, lines["percent"]))
    print("| module | lines | covered |\n|---|---|---|")
    low = []
    for module, (covered, count) in sorted(modules.items()):
        share = 100 * covered / max(1, count)
        print("| %s | %d | %.1f %% |" % (module, count, share))
        if module in FLOOR and share < percent:
            low.append("%s: %.1f %%" % (module, share))
    print("\nmost lines not reached:", file=sys.stderr)
    for missing, name, share in sorted(worst, reverse=True)[:40]:
        print("%5d  %5.1f %%  %s" % (missing, share, name), file=sys.stderr)
    if low:
        sys.exit("below %g %%: %s" % (percent, ", ".join(low)))


if __name__ == "__main__":
    main()
