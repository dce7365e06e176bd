"""Where the part of a list ends that a token stands in, whatever is in brackets inside it."""

from __future__ import annotations

from typing import Sequence

_CLOSE = {"(": ")", "[": "]", "{": "}"}
_OPEN = {close: open for open, close in _CLOSE.items()}


def ends_of_parts(kinds: Sequence[str]) -> list[int]:
    """For each token the first one from there on that is a comma, or closes what the token stands in, or is the last of all."""
    closing = _closing(kinds)
    last = len(kinds) - 1
    ends = [last] * len(kinds)
    for index in range(last - 1, -1, -1):
        kind = kinds[index]
        if kind == "," or kind in _OPEN:
            ends[index] = index
        elif kind in _CLOSE:
            ends[index] = ends[closing[index] + 1] if index in closing else last
        else:
            ends[index] = ends[index + 1]
    return ends


def _closing(kinds: Sequence[str]) -> dict[int, int]:
    """What closes each bracket that is closed, with all brackets in it."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for index, kind in enumerate(kinds):
        if kind in _CLOSE:
            opened.append(index)
        elif kind in _OPEN:
            if opened and kinds[opened[-1]] == _OPEN[kind]:
                closing[opened.pop()] = index
            else:
                opened.clear()
    return closing
