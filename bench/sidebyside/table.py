"""The results as one table, for a terminal and for a Markdown page."""

from __future__ import annotations

import math

from .names import TARGETS, TITLES

GREEN, RED, BOLD, DIM, PLAIN = "\033[32m", "\033[31m", "\033[1m", "\033[2m", "\033[0m"
# Within this of 1 two proxies are alike.
ALIKE = 0.02


def number(value: float) -> str:
    """Three digits that count."""
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size >= 3:
        return f"{round(value, -max(0, size - 2)):,.0f}" if size < 6 else f"{value / 1e6:.2f} M"
    return f"{value:.{max(0, 2 - size)}f}" if size >= -3 else f"{value:.1e}"


def cell(found: dict | None) -> str:
    """Median and, in brackets, least and most."""
    if found is None:
        return "–"
    return f"{number(found['median'])} [{number(found['min'])} {number(found['max'])}]"


def ratio(found: dict | None) -> str:
    if found is None:
        return "–"
    return f"{found['median']:.2f} [{found['min']:.2f} {found['max']:.2f}]"


def verdict(metric: dict) -> int:
    """1 where we are better than the better rival, -1 where worse, 0 where alike or not compared."""
    found = metric["ratio_to_better_rival"]
    if found is None or abs(found["median"] - 1) <= ALIKE:
        return 0
    return 1 if (found["median"] > 1) == (metric["better"] == "more") else -1


def rows(results: dict) -> list[tuple[str, list[tuple[list[str], int]]]]:
    """By measure: its title, and the cells of each metric with the verdict."""
    return [(measure["title"],
             [([f"{metric['title']}, {metric['unit']}", *(cell(metric["targets"][name]) for name in TARGETS),
                ratio(metric["ratio_to_better_rival"])], verdict(metric)) for metric in measure["metrics"]])
            for measure in results["measures"]]


def heads() -> list[str]:
    return ["", *(TITLES[name] for name in TARGETS), "Sallyport by better rival"]


def footer(results: dict) -> list[str]:
    settings, described = results["settings"], results["machine"]
    return [
        f"Median [least most] of {settings['rounds']} interleaved rounds (idle, cidrs, clusters, flood: 3 at most) of "
        f"{settings['seconds']:g} s; the ratio is the median of each round's.",
        f"{described['cpu']}, {described['cores']} cores, Linux {described['kernel']}; {described['haproxy']}; "
        f"{described['nginx']}; {described['sallyport']}; {results['date']}.",
        *(["A quick run: its numbers show that it works, and nothing else."] if settings["quick"] else []),
        *(f"FAILED: {failure}" for failure in results["failures"]),
    ]


def terminal(results: dict, colours: bool) -> str:
    def paint(text: str, *codes: str) -> str:
        return "".join(codes) + text + PLAIN if colours and codes else text

    groups = rows(results)
    groups = [(title, [(["  " + cells[0], *cells[1:]], how) for cells, how in metrics]) for title, metrics in groups]
    everything = [heads(), *(cells for _, metrics in groups for cells, _ in metrics)]
    widths = [max(len(cells[column]) for cells in everything) for column in range(len(heads()))]

    def line(cells: list[str]) -> list[str]:
        return [cells[0].ljust(widths[0]), *(text.rjust(width) for text, width in zip(cells[1:], widths[1:]))]

    out = [paint("  ".join(line(heads())), BOLD)]
    for title, metrics in groups:
        out.append(paint(title, BOLD))
        for cells, how in metrics:
            padded = line(cells)
            padded[-1] = paint(padded[-1], *({1: [GREEN], -1: [RED], 0: []}[how]))
            out.append("  ".join(padded))
    out.append("")
    out += [paint(text, RED if text.startswith("FAILED") else DIM) for text in footer(results)]
    return "\n".join(out)


def markdown(results: dict) -> str:
    out = []
    for title, metrics in rows(results):
        out += [f"**{title}**", "", "| " + " | ".join(heads()) + " |", "|---|" + "---:|" * (len(heads()) - 1)]
        for cells, how in metrics:
            marked = [*cells[:-1], f"**{cells[-1]}**" if how == 1 else cells[-1]]
            out.append("| " + " | ".join(marked) + " |")
        out.append("")
    return "\n".join(out + footer(results))
