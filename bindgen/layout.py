"""Layout of C: comments and long lines, as the project's .clang-format wants them."""

from __future__ import annotations

import re
import textwrap
from typing import Iterable, Iterator, Sequence

LIMIT = 120
_SHORT_FUNCTION = re.compile(r"^(static \w[^\n]*\)|\w[^\n]*\)) \{\n  ([^\n]*;)\n\}$", re.MULTILINE)
# What a line of C consists of: strings, comments, brackets, and all else.
_PIECE = re.compile(r"""
    "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | //.* | /\*.*?\*/ | [()\[\]{}] | [^"'()\[\]{}/]+ | .
""", re.VERBOSE)
_ASSIGNMENT = re.compile(" = ")
_OPERATOR = re.compile(r" (?:&&|\|\|) ")
_COMMA = re.compile(",")
_STRING_OR_COMMENT = re.compile(r'"[^"]*"|/\*.*?\*/|//[^\n]*', re.DOTALL)


def comment(*paragraphs: str, indent: int = 0) -> tuple[str, ...]:
    """The lines of a comment; paragraphs are parted by an empty line, empty ones left out."""
    lines: list[str] = []
    for paragraph in paragraphs:
        if not paragraph.strip():
            continue
        if lines:
            lines.append("//")
        for line in paragraph.split("\n"):
            lines += _comment_line(line, indent)
    return tuple(lines)


def _comment_line(line: str, indent: int) -> list[str]:
    line = "".join(c if c.isprintable() else " " for c in line).rstrip()
    # A backslash at the end would continue the comment on the next line.
    line = line + " ." if line.endswith("\\") else line
    wrapped = textwrap.wrap(line, LIMIT - indent - 3, break_long_words=False, break_on_hyphens=False)
    return ["// " + part for part in wrapped] or ["//"]


def one_line(text: str) -> str:
    """IDL as one line, without the comments in it."""
    text = _STRING_OR_COMMENT.sub(lambda match: match[0] if match[0][0] == '"' else " ", text)
    return " ".join(text.split())


def fit(head: str, items: Sequence[str], tail: str, indent: int = 0) -> tuple[str, ...]:
    """`head` `items` `tail` as one line, or with the items filled in columns behind the head or below it.

    What no item helps to break is as it was.
    """
    line = head + ", ".join(items) + tail
    if indent + len(line) <= LIMIT:
        return (line,)
    pad = " " * (len(head) - len(head.lstrip()) + 4)
    target, *values = _split(head, _ASSIGNMENT)
    below = fit(pad + "".join(values), items, tail, indent) if values else ()
    if len(below) == 1:
        return (target.rstrip(), *below)
    words = [f"{item}," for item in items[:-1]] + [f"{item}{tail}" for item in items[-1:]]
    beside = _filled(head, " " * len(head), words, indent)
    if items and all(indent + len(line) <= LIMIT for line in beside):
        return beside
    if below and indent + len(head) > LIMIT:
        return (target.rstrip(), *below)
    return (head, *_filled(pad, pad, words, indent)) if items else (line,)


def _filled(head: str, pad: str, words: Sequence[str], indent: int = 0) -> tuple[str, ...]:
    """The words behind the head, and behind `pad` on the lines after it."""
    lines = [head]
    for word in words:
        if lines[-1] in (head, pad):
            lines[-1] += word
        elif indent + len(lines[-1]) + 1 + len(word) <= LIMIT:
            lines[-1] += " " + word
        else:
            lines.append(pad + word)
    return tuple(lines)


def rows(pairs: Iterable[tuple[str, str]], indent: int = 2) -> tuple[str, ...]:
    """Lines of code with a comment each: behind them in a column where all fit, otherwise above."""
    lines: list[str] = []
    run: list[tuple[str, str]] = []
    for code, text in pairs:
        if text:
            run.append((code, text))
            continue
        # A line without a comment ends the column.
        lines += [*_column(run, indent), code]
        run = []
    return (*lines, *_column(run, indent))


def _column(run: list[tuple[str, str]], indent: int) -> list[str]:
    width = max((len(code) for code, _ in run), default=0) + 2
    if all(indent + width + 3 + len(text) <= LIMIT for _, text in run):
        return [f"{code.ljust(width)}// {text}" for code, text in run]
    return [line for code, text in run for line in (*comment(text, indent=indent), code)]


def tidy(text: str) -> str:
    """C with functions of one statement on one line, where they fit, and with long statements wrapped."""

    def folded(match: re.Match[str]) -> str:
        line = f"{match[1]} {{ {match[2]} }}"
        return line if len(line) <= LIMIT else match[0]

    lines: list[str] = []
    for line in _SHORT_FUNCTION.sub(folded, text).split("\n"):
        lines += [line] if len(line) <= LIMIT else _wrapped(line)
    return "\n".join(lines)


def _wrapped(line: str) -> Sequence[str]:
    """A statement in several lines, where there is a place to break it; any other line as it is."""
    if line.lstrip().startswith("#") or any(piece.startswith(("//", "/*")) for piece in _PIECE.findall(line)):
        return [line]
    indent = len(line) - len(line.lstrip())
    if not line.startswith("if (", indent):
        return _wrapped_call(line)
    end = _closing(line, indent + 3)
    if end < 0:  # it has been broken already
        return [line]
    guarded = line[end + 1 :].strip()
    if guarded in ("", "{"):
        return _wrapped_condition(line, end)
    condition = [line[: end + 1]] if end < LIMIT else _wrapped_condition(line[: end + 1], end)
    below = " " * (indent + 2) + guarded
    return [*condition, *([below] if len(below) <= LIMIT else _wrapped(below))]


def _wrapped_condition(line: str, end: int) -> Sequence[str]:
    """Tests filled in columns, each with the operator behind it; one alone is a call."""
    start = line.index("(") + 1
    tests = [test.strip() for test in _split(line[start:end], _OPERATOR)]
    if len(tests) == 1:
        return _wrapped_call(line)
    return _filled(line[:start], " " * start, [*tests[:-1], tests[-1] + line[end:]])


def _wrapped_call(line: str) -> Sequence[str]:
    """The call that a statement ends with, its arguments filled in columns."""
    for start in _calls(line):
        end = _closing(line, start)
        if end >= 0 and not line[end:].strip(");{ "):
            items = [item.strip().rstrip(",") for item in _split(line[start + 1 : end], _COMMA)]
            return fit(line[: start + 1], [item for item in items if item], line[end:])
    return fit(line, (), "")


def _calls(line: str) -> Iterator[int]:
    """Where the arguments of calls begin."""
    for piece in _PIECE.finditer(line):
        if piece[0] == "(" and re.match(r"[\w)]", line[piece.start() - 1 : piece.start()]):
            yield piece.start()


def _closing(text: str, start: int) -> int:
    """Where the bracket at `start` is closed; -1 where it is not."""
    depth = 0
    for piece in _PIECE.finditer(text, start):
        depth += (piece[0] in "([{") - (piece[0] in ")]}")
        if depth == 0:
            return piece.start()
    return -1


def _split(text: str, separator: re.Pattern[str]) -> list[str]:
    """The parts of a text, each with the separator behind it: those in no brackets and in no string."""
    parts: list[str] = []
    begin = depth = 0
    for piece in _PIECE.finditer(text):
        depth += (piece[0] in "([{") - (piece[0] in ")]}")
        for found in separator.finditer(text, *piece.span()) if depth == 0 and piece[0][0] not in "\"'" else ():
            parts.append(text[begin : found.end()])
            begin = found.end()
    return [*parts, text[begin:]]
