"""Layout of C: comments and long lines, as the project's .clang-format wants them."""

from __future__ import annotations

import re
import textwrap
from typing import Iterable, Sequence

LIMIT = 120
_SHORT_FUNCTION = re.compile(r"^(static \w[^\n]*\)|\w[^\n]*\)) \{\n  ([^\n]*;)\n\}$", re.MULTILINE)
# "if (...) statement", and "head(arguments)tail".
_GUARDED = re.compile(r"( *if \(.*\)) ((?:return|cleat_define|goto|members\[\d+\]).*;)")
_CALL = re.compile(r"( *(?:if \()?!?[\w =*\[\]]*\w\()(.*)(\)+[;{ ]*)")
_ARGUMENT_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[(),]|[^"(),]+')
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
    """`head` `items` `tail` as one line, or with the items filled in columns behind the head."""
    line = head + ", ".join(items) + tail
    if indent + len(line) <= LIMIT:
        return (line,)
    if not items:
        return _assigned_below(line)
    beside = _filled(head, " " * len(head), items, tail, indent)
    if all(indent + len(line) <= LIMIT for line in beside):
        return beside
    # What is too long beside the head goes below it.
    pad = " " * (len(head) - len(head.lstrip()) + 4)
    return (head, *_filled(pad, pad, items, tail, indent))


def _assigned_below(line: str) -> tuple[str, ...]:
    """A statement that no argument helps to break: at its `=`, if it has one."""
    target, assigns, value = line.partition(" = ")
    pad = " " * (len(line) - len(line.lstrip()) + 4)
    return (f"{target} =", pad + value) if assigns else (line,)


def _filled(head: str, pad: str, items: Sequence[str], tail: str, indent: int) -> tuple[str, ...]:
    """The items behind the head, and behind `pad` on the lines after it."""
    lines = [head]
    for index, item in enumerate(items):
        piece = item + (tail if index == len(items) - 1 else ",")
        if lines[-1] in (head, pad):
            lines[-1] += piece
        elif indent + len(lines[-1]) + 1 + len(piece) <= LIMIT:
            lines[-1] += " " + piece
        else:
            lines.append(pad + piece)
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


def _wrapped(line: str) -> list[str]:
    """A statement of more than one line: a condition and what it guards, or a call."""
    indent = len(line) - len(line.lstrip())
    guarded = _GUARDED.fullmatch(line)
    if guarded:
        below = " " * (indent + 2) + guarded[2]
        condition = [guarded[1]] if len(guarded[1]) <= LIMIT else _wrapped_condition(guarded[1])
        return [*condition, *([below] if len(below) <= LIMIT else _wrapped_call(below))]
    return _wrapped_call(line)


def _wrapped_condition(line: str) -> list[str]:
    first, both, second = line.partition(" && ")
    if not both:
        return _wrapped_call(line)
    return [f"{first} &&", " " * (line.index("(") + 1) + second]


def _wrapped_call(line: str) -> list[str]:
    """A call whose arguments are filled in; any other line as it is."""
    call = _CALL.fullmatch(line)
    if not call:
        return [line]
    return list(fit(call[1], _split_arguments(call[2]) if call[2] else (), call[3]))


def _split_arguments(text: str) -> list[str]:
    """The arguments of a call, at the commas that are in no inner call and no string."""
    arguments = [""]
    depth = 0
    for part in _ARGUMENT_PART.findall(text):
        depth += (part == "(") - (part == ")")
        if part == "," and depth == 0:
            arguments.append("")
        else:
            arguments[-1] += part
    return [argument.strip() for argument in arguments]
