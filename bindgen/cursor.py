"""A place in the tokens of a file, with what every parsing function needs: look, take, expect, give up."""

from __future__ import annotations

from typing import NoReturn

import lexer
from brackets import ends_of_parts
from diagnostics import Sink
from source import Span

# Makes spans, of which there are many, in half the time that Span() takes.
_new = tuple.__new__

# Deeper nesting of types and extended attributes than this is refused, before Python's stack is in danger.
MAX_DEPTH = 40


class ParseError(Exception):
    """Gives up the construct at hand; its diagnostic has been reported."""


class Cursor:
    """Walks over the tokens of one file. `kind` is the kind of the token at hand."""

    def __init__(self, tokens: lexer.Tokens, sink: Sink) -> None:
        self.tokens = tokens
        self.file = tokens.file
        self.sink = sink
        self.kinds = tokens.kinds
        self.texts = tokens.texts
        self.starts = tokens.starts
        self.index = 0
        self.depth = 0
        self.kind = self.kinds[0]
        self._ends: list[int] = []

    @property
    def text(self) -> str:
        return self.texts[self.index]

    @property
    def start(self) -> int:
        """Where the token at hand starts."""
        return self.starts[self.index]

    def peek(self) -> str:
        """The kind of the token after the one at hand."""
        return self.kinds[min(self.index + 1, len(self.kinds) - 1)]

    def next(self) -> str:
        """Takes the token at hand, whatever it is; returns its text. The end of the file is never passed."""
        text = self.texts[self.index]
        if self.kind != lexer.END:
            self.index += 1
            self.kind = self.kinds[self.index]
        return text

    def take(self, kind: str) -> bool:
        """Takes the token at hand if it is of that kind."""
        if self.kind != kind:
            return False
        self.index += 1
        self.kind = self.kinds[self.index]
        return True

    def move(self, index: int) -> None:
        """Goes to another token, back or forth."""
        self.index = index
        self.kind = self.kinds[index]

    def end_of_part(self) -> int:
        """The token that ends the part of a list that begins at the token at hand."""
        self._ends = self._ends or ends_of_parts(self.kinds)
        return self._ends[self.index]

    def expect(self, kind: str, where: str) -> None:
        """Takes a token of that kind, or gives up. `where` completes "expected ';' ..."."""
        if self.take(kind):
            return
        if kind == ";" and self.index > 0:
            self._fail_at_end_of_line(where)
        self.fail(f"expected '{kind}' {where}")

    def identifier(self, what: str, keywords: frozenset[str] = frozenset()) -> tuple[str, Span]:
        """Takes an identifier, or one of the keywords that are allowed as one here; gives it unescaped."""
        if self.kind != lexer.IDENTIFIER and self.kind not in keywords:
            self._fail_identifier(what)
        text, start = self.texts[self.index], self.starts[self.index]
        self.index += 1
        self.kind = self.kinds[self.index]
        return (text[1:] if text[0] == "_" else text), _new(Span, (self.file, start, start + len(text)))

    def here(self) -> Span:
        """The span of the token at hand."""
        return self.span_of(self.index)

    def span_of(self, index: int) -> Span:
        start = self.starts[index]
        return _new(Span, (self.file, start, start + len(self.texts[index])))

    def since(self, start: int) -> Span:
        """The span from a start up to the end of the last token taken."""
        last = self.index - 1 if self.index else 0
        end = self.starts[last] + len(self.texts[last])
        return _new(Span, (self.file, start, end if end > start else start))

    def doc(self, index: int) -> str:
        return lexer.documentation(self.tokens, index) if index in self.tokens.comments else ""

    def fail(self, message: str, rule: str = "syntax") -> NoReturn:
        """Reports an error at the token at hand and gives up."""
        found = "the file ends" if self.kind == lexer.END else f"found {self._describe()}"
        self.sink.error(rule, f"{message}, but {found}", self.here())
        raise ParseError

    def _fail_at_end_of_line(self, where: str) -> None:
        """Gives up at the end of the token before the one at hand, where that ends its line."""
        end = self.since(0).end
        if "\n" in self.file.text[end : self.start]:
            self.sink.error("syntax", f"expected ';' {where}", Span(self.file, end, end))
            raise ParseError

    def enter(self) -> None:
        """Goes one level deeper; every call has its `leave`, except on the way out of a ParseError."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.sink.error("nesting", f"more than {MAX_DEPTH} levels of nesting", self.here())
            raise ParseError

    def leave(self) -> None:
        self.depth -= 1

    def _describe(self) -> str:
        text = self.text if len(self.text) <= 40 else self.text[:40] + "..."
        return text if self.kind == lexer.STRING else f"'{text}'"

    def _fail_identifier(self, what: str) -> NoReturn:
        if self.text[:1].isalpha():
            self.sink.error(
                "syntax", f"expected {what}, but '{self.text}' is a keyword; write '_{self.text}'", self.here()
            )
            raise ParseError
        self.fail(f"expected {what}")
