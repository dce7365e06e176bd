"""Source text: files, and the places in them that every node and diagnostic points at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Optional


class Imported(NamedTuple):
    """Another set of bindings, by its name and the prefix of its names in C."""

    name: str
    prefix: str = ""


@dataclass(frozen=True, eq=False)
class SourceFile:
    """The text of one IDL file, under the path it was asked for by."""

    path: str
    text: str
    # A file of definitions that Cleat itself provides to every program.
    is_prelude: bool = False
    # The set of bindings that has the file, where it is another than the one at hand.
    imported: Optional[Imported] = None

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset at which each line starts."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return tuple(starts)

    def line_text(self, line: int) -> str:
        """The text of a line, counted from 1, without its line end."""
        start = self.line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")


class Span(NamedTuple):
    """The part of a file from the offset `start` up to, but not including, `end`."""

    file: SourceFile
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line of the start, counted from 1."""
        return bisect_right(self.file.line_starts, self.start)

    @property
    def column(self) -> int:
        """The column of the start in characters, counted from 1."""
        return self.start - self.file.line_starts[self.line - 1] + 1

    @property
    def text(self) -> str:
        """The text as it was written."""
        return self.file.text[self.start : self.end]

    def __str__(self) -> str:
        return f"{self.file.path}:{self.line}:{self.column}"


def load(path: str, is_prelude: bool = False, imported: Optional[Imported] = None) -> SourceFile:
    """Reads a file; bytes that are not UTF-8 become U+FFFD, which no rule of the grammar accepts."""
    with open(path, "rb") as stream:
        text = stream.read().decode("utf-8-sig", errors="replace")
    return SourceFile(path, text, is_prelude, imported)
