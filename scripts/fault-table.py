"""Writes the table of docs/reliability.md: fault-table.py RESULTS DOCUMENT."""
import sys

STAGES = ["discover", "collect", "redact", "diagnose", "pack", "verify", "attach"]
BEGIN, END = "<!-- matrix -->", "<!-- end of matrix -->"


def main():
    results, document = sys.argv[1:]
    promised, senseless, seen, order = {}, {}, {}, []
    with open(results, encoding="utf-8") as file:
        for line in file:
            kind, fault, stage, text = line.rstrip("\n").split("\t")
            if kind == "seen":
                seen.setdefault((fault, stage), set()).add(int(text))
            else:
                (promised if kind == "promised" else senseless)[fault, stage] = text
                if fault not in order:
                    order.append(fault)
    rows = ["| fault | %s |" % " | ".join(STAGES), "|---" * (len(STAGES) + 1) + "|"]
    missing, reasons = [], {}
    for fault in order:
        cells = []
        for stage in STAGES:
            key = fault, stage
            if key in senseless:
                cells.append("–")
                reasons.setdefault((fault, senseless[key]), []).append(stage)
            else:
                if key not in seen:
                    missing.append("%s, %s" % key)
                cells.append("%s → %s" % (promised[key], ", ".join(str(code) for code in sorted(seen.get(key, [])))))
        rows.append("| %s | %s |" % (fault, " | ".join(cells)))
    rows += ["", "Cells that make no sense (–):", ""]
    rows += ["- %s, in %s: %s." % (fault, ", ".join(stages), why) for (fault, why), stages in reasons.items()]
    with open(document, encoding="utf-8") as file:
        text = file.read()
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    with open(document, "w", encoding="utf-8") as file:
        file.write(head + BEGIN + "\n" + "\n".join(rows) + "\n" + END + tail)
    if missing:
        sys.exit("not seen: " + "; ".join(missing))


if __name__ == "__main__":
    main()
