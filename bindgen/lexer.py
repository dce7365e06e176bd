"""Tokens of Web IDL, by the standard's terminal symbols, and the comments that document what follows them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict

from diagnostics import Sink
from source import SourceFile, Span

# The kind of a token is its text for the terminal symbols below, else one of these.
IDENTIFIER = "identifier"
INTEGER = "integer"
DECIMAL = "decimal"
STRING = "string"
END = "end of file"

KEYWORDS = """
    ArrayBuffer BigInt64Array BigUint64Array ByteString DOMString DataView Float16Array Float32Array Float64Array
    FrozenArray Infinity -Infinity Int16Array Int32Array Int8Array NaN ObservableArray Promise SharedArrayBuffer
    USVString Uint16Array Uint32Array Uint8Array Uint8ClampedArray any async_iterable async_sequence attribute bigint
    boolean byte callback const constructor deleter dictionary double enum false float getter includes inherit
    interface iterable long maplike mixin namespace null object octet optional or partial readonly record required
    sequence setlike setter short static stringifier symbol true typedef undefined unrestricted unsigned
""".split()
PUNCTUATION = "( ) , ... : ; < = > ? * [ ] { }".split()
TERMINALS = {text: text for text in KEYWORDS + PUNCTUATION}


class _Kinds(Dict[str, str]):
    """The kind of each text that has been met in a file, which has few texts and each many times."""

    def __missing__(self, text: str) -> str:
        kind = self[text] = _kind(text)
        return kind

_TOKEN = re.compile(
    r"""([\t\n\r ]*)
    ( [_-]?[A-Za-z][0-9A-Z_a-z-]*
    | -?(?:(?:[0-9]+\.[0-9]*|[0-9]*\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[0-9]+[Ee][+-]?[0-9]+)
    | -?(?:[1-9][0-9]*|0[Xx][0-9A-Fa-f]+|0[0-7]*)
    | //[^\n]* | /\*(?s:.*?)\*/
    | "[^"]*" | \.\.\.
    | [^\x00-\x7F]+ | [^\t\n\r 0-9A-Za-z] | \Z
    )""",
    re.VERBOSE,
)


@dataclass
class Tokens:
    """The tokens of a file as parallel lists, the last of kind END."""

    file: SourceFile
    kinds: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    # Where the comments right before a token are, by the token's index.
    comments: dict[int, list[Span]] = field(default_factory=dict)
    # The same for characters that are tokens in extended attributes only, the standard's "other".
    strays: dict[int, list[Span]] = field(default_factory=dict)


def tokenize(file: SourceFile, sink: Sink) -> Tokens:
    """The tokens of a file. What is no token anywhere is reported and left out."""
    tokens = Tokens(file)
    kinds, texts, starts = tokens.kinds, tokens.texts, tokens.starts
    known = _Kinds(TERMINALS)
    position = 0
    for space, text in _TOKEN.findall(file.text):
        position += len(space)
        kind = known[text]
        if kind:
            kinds.append(kind)
            texts.append(text)
            starts.append(position)
        elif text.startswith(("//", "/*")) and len(text) > 1:
            span = Span(file, position, position + len(text))
            tokens.comments.setdefault(len(kinds), []).append(span)
        else:
            span = Span(file, position, position + len(text))
            problem = _problem(span)
            if problem:
                sink.error("character", problem, span)
            else:
                tokens.strays.setdefault(len(kinds), []).append(span)
        position += len(text)
    return tokens


def report_strays(tokens: Tokens, sink: Sink) -> None:
    """Reports what has turned out to stand where it is no token."""
    for spans in tokens.strays.values():
        for span in spans:
            sink.error("character", f"{ascii(span.text[:20])} has no place here in Web IDL", span)


def _kind(text: str) -> str:
    """The kind of a token that is no terminal symbol; "" for comments and stray characters."""
    if not text:
        return END
    first = text[1] if text[0] in "-_" and len(text) > 1 else text[0]
    if first.isalpha() and first.isascii():
        return IDENTIFIER
    if first == '"':
        return STRING if len(text) > 1 else ""
    if first.isdigit() and first.isascii() or first == "." and len(text) > 1:
        return DECIMAL if _is_decimal(text) else INTEGER
    return ""


def _is_decimal(text: str) -> bool:
    return "." in text or (("e" in text or "E" in text) and "x" not in text and "X" not in text)


def _problem(stray: Span) -> str:
    """Why a stray character is no token anywhere; "" if it may be one."""
    text = stray.text
    if text == '"':
        return "the string that starts here has no end"
    if text == "/" and stray.file.text.startswith("*", stray.end):
        return "the comment that starts here has no end"
    return "the file is not valid UTF-8 here" if "\N{REPLACEMENT CHARACTER}" in text else ""


def documentation(tokens: Tokens, index: int) -> str:
    """The text of the comment directly above a token: one /** */, or lines of //, without a blank line between."""
    paragraphs: list[str] = []
    below = tokens.starts[index]
    for comment in reversed(tokens.comments.get(index, ())):
        text = comment.text
        between = tokens.file.text[comment.end : below]
        is_block = text.startswith("/**") and len(text) > 4
        if between.count("\n") > 1 or not _starts_line(comment) or (is_block and paragraphs):
            break
        if not (is_block or text.startswith("//")):
            break
        paragraphs.append(_block_text(text) if is_block else text.lstrip("/").strip())
        below = comment.start
        if is_block:
            break
    return "\n".join(reversed(paragraphs)).strip("\n")


def _starts_line(comment: Span) -> bool:
    """Whether nothing but white space stands before the comment on its line."""
    text = comment.file.text
    return not text[text.rfind("\n", 0, comment.start) + 1 : comment.start].strip()


def _block_text(comment: str) -> str:
    lines = (line.strip().lstrip("*").strip() for line in comment[3:-2].splitlines())
    return "\n".join(lines).strip("\n")
