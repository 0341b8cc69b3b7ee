"""Medians, spreads and ratios of what several rounds measured. None stands for a round that gave nothing."""

from __future__ import annotations

import dataclasses
import statistics

Values = list[float | None]


@dataclasses.dataclass(frozen=True)
class Spread:
    median: float
    least: float
    most: float


def spread(values: Values) -> Spread | None:
    """Of the rounds that gave something; None when none did."""
    known = [value for value in values if value is not None]
    return Spread(statistics.median(known), min(known), max(known)) if known else None


def better(values: list[float | None], more_is_better: bool) -> float | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return max(known) if more_is_better else min(known)


def ratios(ours: Values, rivals: list[Values], more_is_better: bool) -> Values:
    """Ours by the better rival's of the same round. What is below zero has no ratio, nor has a rival at zero: noise
    can do that to what is a difference."""
    result: Values = []
    for number, value in enumerate(ours):
        rival = better([values[number] for values in rivals if number < len(values)], more_is_better)
        result.append(value / rival if value is not None and value >= 0 and rival is not None and rival > 0 else None)
    return result


def differences(values: Values, base: Values) -> Values:
    """What is added to the base of the same round."""
    return [value - below if value is not None and below is not None else None
            for value, below in zip(values, base)]


def quotients(values: Values, base: Values) -> Values:
    return [value / below if value is not None and below else None for value, below in zip(values, base)]


def rotated(items: list, turn: int) -> list:
    """The order of one round: each goes first in its turn, so that none always runs after the same other."""
    turn %= max(1, len(items))
    return items[turn:] + items[:turn]
