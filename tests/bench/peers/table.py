"""Reads FOLDER/NAME.ROUND files of "path<TAB>nanoseconds", and bench's JSON as ours.ROUND, and prints one table."""

from __future__ import annotations

import collections
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
    "string out, 16 B": "string out, one-byte, 16 B",
    "dictionary of 8 in": "dictionary of 8 in",
    "sequence of 100 doubles in": "sequence of 100 doubles in",
    "method": "method",
    "attribute get": "attribute get",
    "new and finalize": "new and finalize",
    "callback from C": "callback from C",
    "exception thrown and caught": "exception thrown and caught",
}
PEERS = {"lua": "Lua 5.4", "luajit": "LuaJIT FFI", "napi": "Node-API", "koffi": "koffi", "deno": "Deno FFI"}
# At least how many times faster than whom.
_CALL = {"napi": 5.0, "koffi": 6.0, "lua": 4.0, "deno": 0.8}
_STRING = {"napi": 2.0, "lua": 1.0}
AIMS = {
    **dict.fromkeys(("no argument", "1 double", "2 doubles", "6 doubles"), _CALL),
    **dict.fromkeys(("string in, 16 B", "string out, 16 B"), _STRING),
}

Times = dict[str, list[float]]


def read(path: Path) -> dict[str, float]:
    if path.name.startswith("ours."):
        rows = {row["name"]: row["ours"] for row in json.loads(path.read_text())["rows"]}
        return {name: rows[row] for name, row in OURS.items() if row in rows}
    return {name: float(time) for name, time in (line.split("\t") for line in path.read_text().splitlines())}


def main(folder: str) -> None:
    times: dict[str, Times] = collections.defaultdict(lambda: collections.defaultdict(list))
    for path in Path(folder).glob("*.[0-9]"):
        for name, time in read(path).items():
            times[path.stem][name].append(time)
    there = [peer for peer in PEERS if peer in times]
    print("Nanoseconds, and in brackets how many times ours; medians of rounds in turns. An aim that is missed has a '!'.\n")
    print(f"{'path':<30}{'Cleat':>9}" + "".join(f"{PEERS[peer]:>18}" for peer in there))
    for name in OURS:
        if name not in times["ours"]:
            continue
        ours = statistics.median(times["ours"][name])
        line = f"{name:<30}{ours:>9.1f}"
        for peer in there:
            if name not in times[peer]:
                line += f"{'-':>18}"
                continue
            theirs = statistics.median(times[peer][name])
            least = AIMS.get(name, {"napi": 1.0}).get(peer, 0)
            line += f"{theirs:>9.1f} ({theirs / ours:.1f} x)".rjust(17) + ("!" if theirs / ours < least else " ")
        print(line.rstrip())


main(sys.argv[1])
