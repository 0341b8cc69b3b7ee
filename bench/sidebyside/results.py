"""What was measured, by measure, metric, target and round, and what is made of it: plain data for every output."""

from __future__ import annotations

import dataclasses

from . import medians
from .names import OURS, RIVALS, TARGETS


@dataclasses.dataclass(frozen=True)
class Metric:
    key: str
    title: str
    unit: str
    more_is_better: bool
    over_direct: bool = False       # what a target adds to direct's of the same round
    base: str = ""                  # or: its share of another metric of the same target and round, by key
    is_compared: bool = True        # whether a ratio to the rivals says anything


class Rounds:
    """The samples of one measure: a dictionary of metric → value for each target and round."""

    def __init__(self, count: int):
        self._samples: dict[str, list[dict[str, float]]] = {name: [{} for _ in range(count)] for name in TARGETS}

    def put(self, target: str, turn: int, sample: dict[str, float]) -> None:
        self._samples[target][turn] |= sample

    def values(self, target: str, metric: Metric) -> medians.Values:
        own = [sample.get(metric.key) for sample in self._samples[target]]
        if metric.over_direct:
            if target == "direct":
                return [None] * len(own)
            return medians.differences(own, [sample.get(metric.key) for sample in self._samples["direct"]])
        if metric.base:
            source, base = metric.base.split("/")
            return medians.quotients([sample.get(source) for sample in self._samples[target]],
                                     [sample.get(base) for sample in self._samples[target]])
        return own


def as_spread(values: medians.Values) -> dict | None:
    found = medians.spread(values)
    return None if found is None else {"median": found.median, "min": found.least, "max": found.most, "rounds": values}


def metric_result(rounds: Rounds, metric: Metric) -> dict:
    values = {target: rounds.values(target, metric) for target in TARGETS}
    ratio = medians.ratios(values[OURS], [values[name] for name in RIVALS], metric.more_is_better)
    return {
        "key": metric.key, "title": metric.title, "unit": metric.unit,
        "better": "more" if metric.more_is_better else "less",
        "targets": {target: as_spread(values[target]) for target in TARGETS},
        "ratio_to_better_rival": as_spread(ratio) if metric.is_compared else None,
    }


def measure_result(key: str, title: str, metrics: list[Metric], rounds: Rounds, notes: dict) -> dict:
    return {"key": key, "title": title, "metrics": [metric_result(rounds, metric) for metric in metrics], **notes}
