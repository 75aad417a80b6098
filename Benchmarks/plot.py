#!/usr/bin/env python3
"""Makes docs/performance.md and its plots (SVG) from the results of Benchmarks/bench.py: plot.py RESULTS.json DOCS."""
import json
import math
import os
import statistics
import sys

COLOURS = ["#0b6e4f", "#5aa9e6", "#c2571a", "#7d5ba6"]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560, 320, 70, 20, 40, 50


def median(rounds, key):
    return statistics.median(one[key] for one in rounds)


def size(count):
    for unit, factor in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)]:
        if count >= factor:
            return "%.3g %s" % (count / factor, unit)
    return "%d B" % count


def seconds(value):
    return "%.0f ms" % (value * 1000) if value < 1 else "%.2f s" % value if value < 100 else "%.0f s" % value


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rate(row, contest, key):
    """Bytes a second of work alone: what the tool takes to start is taken off where it was measured."""
    spent = median(row["rounds"], key)
    if row.get("starts"):
        # Where the start is nearly all, the difference would be noise.
        spent = max(spent - median(row["starts"], key), spent / 10)
    return row.get("inputBytes", contest["inputBytes"]) / max(1e-4, spent)


def table(contest):
    ours = [row for row in contest["rows"] if row["ours"]]
    best = max(rate(row, contest, "wall") for row in ours)
    lines = ["| command | input | wall | CPU | peak | MB/s | ours is |", "|---|---|---|---|---|---|---|"]
    for row in contest["rows"]:
        speed = rate(row, contest, "wall")
        name = "**%s**" % row["name"] if row["ours"] else row["name"]
        lines.append("| %s | %s | %s | %s | %.0f MiB | %s | %s |" % (
            name.replace("|", "\\|"), size(row.get("inputBytes", contest["inputBytes"])), seconds(median(row["rounds"], "wall")),
            seconds(median(row["rounds"], "cpu")), max(one["peakMiB"] for one in row["rounds"]),
            "%.3g" % (speed / 1e6), "" if row["ours"] else "%.3g x" % (best / speed)))
    return lines


def ticks(low, high):
    return [10 ** power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


class Plot:
    """A chart with two logarithmic axes, or a straight one below for counts."""

    def __init__(self, title, x_label, y_label, series, x_text, y_text):
        self.title, self.x_label, self.y_label, self.series = title, x_label, y_label, series
        self.x_text, self.y_text = x_text, y_text
        xs = [x for _, points, _ in series for x, _ in points]
        ys = [max(y, 1e-4) for _, points, _ in series for _, y in points]
        self.xs, self.ys = ticks(min(xs), max(xs)), ticks(min(ys), max(ys))
        if len(self.ys) == 1:
            self.ys.append(self.ys[0] * 10)
        if len(self.xs) == 1:
            self.xs.append(self.xs[0] * 10)

    def place(self, x, y):
        def part(value, all_ticks):
            low, high = math.log10(all_ticks[0]), math.log10(all_ticks[-1])
            return (math.log10(max(value, 1e-4)) - low) / (high - low)
        return (LEFT + part(x, self.xs) * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - part(y, self.ys) * (HEIGHT - TOP - BOTTOM))

    def svg(self):
        out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" '
               'font-family="sans-serif" font-size="11">' % (WIDTH, HEIGHT, WIDTH, HEIGHT),
               "<title>%s</title>" % escaped(self.title), '<rect width="100%" height="100%" fill="#ffffff"/>',
               '<text x="%d" y="20" font-size="14" font-weight="bold" fill="#222222">%s</text>' % (LEFT, escaped(self.title))]
        bottom = HEIGHT - BOTTOM
        for x in self.xs:
            at, _ = self.place(x, self.ys[0])
            out.append('<path d="M%.1f %dV%d" stroke="#dddddd"/>' % (at, TOP, bottom))
            out.append('<text x="%.1f" y="%d" text-anchor="middle" fill="#444444">%s</text>' % (at, bottom + 16, self.x_text(x)))
        for y in self.ys:
            _, at = self.place(self.xs[0], y)
            out.append('<path d="M%d %.1fH%d" stroke="#dddddd"/>' % (LEFT, at, WIDTH - RIGHT))
            out.append('<text x="%d" y="%.1f" text-anchor="end" fill="#444444">%s</text>' % (LEFT - 6, at + 4, self.y_text(y)))
        out.append('<text x="%d" y="%d" text-anchor="middle" fill="#222222">%s</text>' % (
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, escaped(self.x_label)))
        out.append('<text transform="translate(14 %d) rotate(-90)" text-anchor="middle" fill="#222222">%s</text>' % (
            (TOP + bottom) / 2, escaped(self.y_label)))
        for number, (name, points, ours) in enumerate(self.series):
            colour = COLOURS[number % len(COLOURS)]
            places = [self.place(x, y) for x, y in sorted(points)]
            out.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="%s"%s/>' % (
                " ".join("%.1f,%.1f" % place for place in places), colour, "2.5" if ours else "1.5",
                "" if ours else ' stroke-dasharray="5 3"'))
            out += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (x, y, colour) for x, y in places]
            out.append('<path d="M%d %dh16" stroke="%s" stroke-width="2"/><text x="%d" y="%d" fill="#222222">%s</text>' % (
                LEFT + 10, TOP + 12 + 15 * number, colour, LEFT + 32, TOP + 16 + 15 * number, escaped(name)))
        return "\n".join(out + ["</svg>"]) + "\n"


def bars(contest):
    """One bar for each command: megabytes a second, longer is better."""
    rows = [(row["name"], rate(row, contest, "wall") / 1e6, row["ours"]) for row in contest["rows"]]
    height = 50 + 26 * len(rows)
    low = min(0.01, min(value for _, value, _ in rows))
    most = max(value for _, value, _ in rows)
    span = math.log10(most / low) or 1
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" '
           'font-family="sans-serif" font-size="11">' % (WIDTH, height, WIDTH, height),
           "<title>%s</title>" % escaped(contest["title"]), '<rect width="100%" height="100%" fill="#ffffff"/>',
           '<text x="10" y="20" font-size="14" font-weight="bold" fill="#222222">%s, MB/s (logarithmic)</text>'
           % escaped(contest["title"])]
    for number, (name, value, ours) in enumerate(rows):
        y = 34 + 26 * number
        length = max(2, 230 * math.log10(value / low) / span)
        out.append('<text x="230" y="%d" text-anchor="end" fill="#222222">%s</text>' % (y + 14, escaped(name)))
        out.append('<rect x="238" y="%d" width="%.1f" height="18" fill="%s"/>' % (y, length, COLOURS[0] if ours else "#b8c4cc"))
        out.append('<text x="%.1f" y="%d" fill="#222222">%.3g</text>' % (244 + length, y + 14, value))
    return "\n".join(out + ["</svg>"]) + "\n"


def lines_of(contest, x_key):
    def points(key):
        return [(one["name"], [(point[x_key], point[key]) for point in one["points"]], one["ours"]) for one in contest["series"]]
    return points("wall"), points("peakMiB")


def main():
    results, docs = sys.argv[1:]
    with open(results, encoding="utf-8") as file:
        data = json.load(file)
    pictures = os.path.join(docs, "performance")
    os.makedirs(pictures, exist_ok=True)

    def picture(name, text):
        with open(os.path.join(pictures, name + ".svg"), "w", encoding="utf-8") as file:
            file.write(text)
        return "![%s](performance/%s.svg)" % (name, name)

    machine = data["machine"]
    out = [
        "# Performance", "",
        "Made by `scripts/bench` from one run on one machine; do not edit. Wall clock and processor time are medians of "
        "%d interleaved rounds, peaks of memory the largest. Each command read its input from a warm page cache. A ratio above "
        "1 says that apigee-collect is so many times as fast as that command, by wall clock." % data["rounds"], "",
        "- Machine: %s, %d cores, %.0f GiB, %s, Linux %s" % (
            machine["cpu"], machine["cores"], machine["memoryGiB"], machine["os"], machine["kernel"]),
        "- Load before and after: %.1f, %.1f. Threads where they can be chosen: %d" % (
            data["load"]["before"], data["load"]["after"], data["threads"]),
        "- Caution: the other tools have other aims. Kingfisher and detect-secrets find and replace nothing; `sos clean` "
        "replaces addresses and names, not secrets; gzip only packs; tshark shows far more than handshakes. Figures of another machine differ.", "",
        "| program | version |", "|---|---|"]
    out += ["| %s | %s |" % (name, text.replace("|", "\\|")) for name, text in data["versions"].items()]
    if data["missing"]:
        out += ["", "Not installed, and left out: %s." % ", ".join(data["missing"])]
    for contest in data["contests"]:
        out += ["", "## " + contest["title"], ""] + table(contest) + [""]
        if len(contest["rows"]) > 1:
            out += [picture(contest["id"], bars(contest)), ""]
        if contest.get("outputBytes"):
            out += ["Size of the result: %s." % ", ".join("%s %s" % (n, size(b)) for n, b in contest["outputBytes"].items()), ""]
        out += ["<!-- not run: scripts/bench ran them -->", "```console"]
        out += ["$ " + row["command"] for row in contest["rows"]] + ["```"]
    for contest in data["scaling"]:
        key = "nodes" if contest["x"] == "nodes" else "inputBytes"
        text = (lambda x: "%d" % x) if key == "nodes" else size
        label = "nodes" if key == "nodes" else "input"
        wall, peak = lines_of(contest, key)
        out += ["", "## %s: growing input" % contest["title"], "",
                picture(contest["id"] + "-time", Plot(contest["title"], label, "seconds", wall, text, seconds_tick).svg()),
                picture(contest["id"] + "-memory", Plot(contest["title"], label, "peak MiB", peak, text, "{:g}".format).svg()), "",
                "| %s | command | wall | peak |" % label, "|---|---|---|---|"]
        for one in contest["series"]:
            out += ["| %s | %s | %s | %.0f MiB |" % (text(p[key]), one["name"], seconds(p["wall"]), p["peakMiB"])
                    for p in one["points"]]
    with open(os.path.join(docs, "performance.md"), "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


def seconds_tick(value):
    return "%g s" % value if value >= 1 else "%g ms" % round(value * 1000, 3)


if __name__ == "__main__":
    main()
