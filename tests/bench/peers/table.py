"""Reads FOLDER/NAME.ROUND files of "path<TAB>nanoseconds<TAB>sum", and bench's JSON as ours.ROUND, and prints one table.

The sum is what a hundred turns of the path's loop came to: it is an error where two did not compute the same.
"""

from __future__ import annotations

import collections
import dataclasses
import json
import statistics
import sys
from pathlib import Path

# The path of the table, and the row of out/release/bench.
OURS = {
    "no argument": "fast call: no argument",
    "1 double": "fast call: 1 double",
    "2 doubles": "fast call: 2 doubles",
    "6 doubles": "fast call: 6 doubles",
    "string in, 16 B": "string in, one-byte, 16 B",
    "string out, 16 B": "string out, one-byte, 16 B, always the same",
    "string out, 16 B, never the same": "string out, one-byte, 16 B, never the same",
    "BigInt in and out": "BigInt in and out",
    "dictionary of 8 in": "dictionary of 8 in",
    "dictionary of 2 out": "dictionary of 2 out",
    "sequence of 100 doubles in": "sequence of 100 doubles in",
    "sequence of 100 doubles out": "sequence of 100 doubles out",
    "Float64Array of 100 in": "Float64Array of 100 in",
    "Float64Array of 100 out": "Float64Array of 100 out",
    "method": "method",
    "attribute get": "attribute get",
    "attribute set": "attribute set",
    "static method": "static method",
    "new and finalize": "new and finalize",
    "callback from C": "callback from C",
    "exception thrown and caught": "exception thrown and caught",
}
PEERS = {
    "lua": "Lua 5.4",
    "luajit": "LuaJIT FFI",
    "napi": "Node-API",
    "napi_other": "Node-API, other V8",
    "koffi": "koffi",
    "deno": "Deno FFI",
}
# At least how many times as long as ours who is to take; for what is not here, Node-API is to be slower.
_CALL = {"napi": 5.0, "koffi": 6.0, "lua": 4.0, "deno": 0.8}
_STRING = {"napi": 2.0, "lua": 1.0}
AIMS = {
    **dict.fromkeys(("no argument", "1 double", "2 doubles", "6 doubles"), _CALL),
    **dict.fromkeys(("string in, 16 B", "string out, 16 B"), _STRING),
}


@dataclasses.dataclass(frozen=True)
class Measured:
    nanoseconds: float
    sum: float
    by_hand: float = 0.0


def read(path: Path) -> dict[str, Measured]:
    if path.name.startswith("ours."):
        rows = {row["name"]: Measured(row["ours"], row["sum"], row["hand"]) for row in json.loads(path.read_text())["rows"]}
        return {name: rows[row] for name, row in OURS.items() if row in rows}
    lines = (line.split("\t") for line in path.read_text().splitlines())
    return {name: Measured(float(time), float(total)) for name, time, total in lines}


def check_sum(name: str, who: str, total: float, sums: dict[str, tuple[str, float]]) -> None:
    other, expected = sums.setdefault(name, (who, total))
    if total != expected:
        sys.exit(f"tests/bench/peers.sh: {name}: {who} came to {total}, {other} to {expected}")


def mark_of(theirs: float, ours: Measured, least: float) -> str:
    """What follows a figure: "!" where the aim is missed, "*" where it is missed by hand, too."""
    if theirs / ours.nanoseconds >= least:
        return " "
    return "*" if ours.by_hand and theirs / ours.by_hand < least else "!"


def cell(theirs: float, ours: float, least: float) -> str:
    aim = "" if least == 0 else f" >= {least:g}"
    return f"{theirs:.1f} ({theirs / ours:.1f} x{aim})".rjust(23)


def main(folder: str) -> None:
    times: dict[str, dict[str, list[float]]] = collections.defaultdict(lambda: collections.defaultdict(list))
    sums: dict[str, tuple[str, float]] = {}
    for path in sorted(Path(folder).glob("*.[0-9]")):
        for name, measured in read(path).items():
            check_sum(name, path.stem, measured.sum, sums)
            times[path.stem][name].append(measured.nanoseconds)
            if measured.by_hand:
                times["by hand"][name].append(measured.by_hand)
    there = [peer for peer in PEERS if peer in times]
    print("Nanoseconds, and in brackets how many times ours that is, with the aim; medians of rounds in turns. An aim that is")
    print("missed has a '!'; where it is missed by what is done by hand in C++ too, this V8 makes it impossible: '*'.\n")
    print(f"{'path':<33}{'Cleat':>9}{'by hand':>9} " + "".join(f"{PEERS[peer]:>23} " for peer in there).rstrip())
    marks: collections.Counter[str] = collections.Counter()
    for name in (name for name in OURS if name in times["ours"]):
        ours = Measured(statistics.median(times["ours"][name]), 0.0, statistics.median(times["by hand"][name]))
        line = ""
        for peer in there:
            least = AIMS.get(name, {"napi": 1.0}).get(peer, 0)
            if name not in times[peer]:
                line += f"{'-':>23} "
                continue
            theirs = statistics.median(times[peer][name])
            mark = mark_of(theirs, ours, least)
            marks[mark] += 1
            line += cell(theirs, ours.nanoseconds, least) + mark
        print(f"{name:<33}{ours.nanoseconds:>9.1f}{ours.by_hand:>9.1f} {line}".rstrip())
    print(f"\n{marks['!']} of the aims above are missed; {marks['*']} more are beyond V8's limit.")


main(sys.argv[1])
