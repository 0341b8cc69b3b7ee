"""A picture of the results: for each measure, the throughput or cost of each proxy as a share of the best of them.

SVG by hand: text and rectangles, in colours that follow the reader's light or dark scheme.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from .names import OURS, RIVALS, TITLES
from .table import number

SHOWN = (*RIVALS, OURS)
PICTURED = {"rate", "process_cpu", "p50", "flood_p99", "resident", "connects_2048", "connects_100000"}
WIDTH, LABEL, BAR, GAP, TEXT = 900, 370, 15, 14, 230
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 16px }
  .small { font-size: 11px; fill: #59636e }
  .haproxy { fill: #8b949e } .nginx { fill: #b6bfc8 } .sallyport { fill: #0969da }
  .ground { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 }
    .haproxy { fill: #6e7681 } .nginx { fill: #484f58 } .sallyport { fill: #4493f8 }
    .ground { fill: #0d1117 }
  }
"""


def bars(metric: dict) -> list[tuple[str, float, float]]:
    """Name, median and length (0 to 1) of each proxy that has a result."""
    medians = {name: metric["targets"][name]["median"] for name in SHOWN if metric["targets"][name]}
    longest = max([0.0, *medians.values()])
    return [(name, value, max(0.0, value / longest) if longest > 0 else 0.0) for name, value in medians.items()]


def charted(results: dict) -> list[tuple[str, dict]]:
    """The metrics that a picture is good for."""
    return [(measure["title"], metric) for measure in results["measures"] for metric in measure["metrics"]
            if metric["key"] in PICTURED and any(metric["targets"][name] for name in SHOWN)]


def row(title: str, metric: dict, y: float) -> tuple[list[str], float]:
    wanted = "more is better" if metric["better"] == "more" else "less is better"
    what = f"{metric['title']}, {metric['unit']}; {wanted}"
    out = [f'<text x="16" y="{y + 12}">{escape(title)}</text>',
           f'<text x="16" y="{y + 28}" class="small">{escape(what)}</text>']
    room = WIDTH - LABEL - TEXT
    bottom = y
    for name, value, length in bars(metric):
        spoken = f"{TITLES[name]} {number(value)}"
        if name == OURS and metric["ratio_to_better_rival"]:
            spoken += f" ({metric['ratio_to_better_rival']['median']:.2f} × better rival)"
        end = LABEL + length * room
        out.append(f'<rect class="{name}" x="{LABEL}" y="{bottom}" width="{end - LABEL:.1f}" height="{BAR - 3}" rx="2"/>')
        out.append(f'<text class="small" x="{end + 6:.1f}" y="{bottom + 10}">{escape(spoken)}</text>')
        bottom += BAR
    return out, max(bottom, y + 30) + GAP


def svg(results: dict) -> str:
    body: list[str] = []
    y: float = 56
    for title, metric in charted(results):
        drawn, y = row(title, metric, y)
        body += drawn
    described, settings = results["machine"], results["settings"]
    caption = (f"Medians of {settings['rounds']} interleaved rounds; loopback, {described['cores']} cores shared by "
               f"load, origin and proxy; {described['cpu']}; {results['date']}")
    height = y + 16
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img" aria-label="Sallyport beside HAProxy and nginx">',
        f"<style>{STYLE}</style>", f'<rect class="ground" width="{WIDTH}" height="{height:.0f}"/>',
        '<text x="16" y="24" class="title">Sallyport beside HAProxy and nginx</text>',
        f'<text x="16" y="42" class="small">{escape(caption)}</text>', *body, "</svg>", ""])
