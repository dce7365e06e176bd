"""Diagnostics: errors, warnings and notes with a place, a rule id, and a caret under the source line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable

from source import Span

ERROR = "error"
WARNING = "warning"
NOTE = "note"


@dataclass(frozen=True)
class Note:
    """A second place that explains a diagnostic, such as an earlier declaration."""

    message: str
    span: Span


@dataclass(frozen=True)
class Diagnostic:
    """One finding. `rule` names the rule that was broken, in kebab-case."""

    severity: str
    rule: str
    message: str
    span: Span
    notes: tuple[Note, ...] = ()


@dataclass
class Sink:
    """Collects diagnostics from every stage of a run."""

    diagnostics: list[Diagnostic] = field(default_factory=list)

    def error(self, rule: str, message: str, span: Span, *notes: Note) -> None:
        self.diagnostics.append(Diagnostic(ERROR, rule, message, span, notes))

    def warning(self, rule: str, message: str, span: Span, *notes: Note) -> None:
        self.diagnostics.append(Diagnostic(WARNING, rule, message, span, notes))

    def note(self, rule: str, message: str, span: Span, *notes: Note) -> None:
        self.diagnostics.append(Diagnostic(NOTE, rule, message, span, notes))

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.severity == ERROR for diagnostic in self.diagnostics)

    def sorted(self) -> list[Diagnostic]:
        """Every diagnostic once, by file, in the order in which files were first mentioned, then by place."""
        files = {d.span.file: None for d in self.diagnostics}
        order = {file: index for index, file in enumerate(files)}
        unique = dict.fromkeys(self.diagnostics)
        return sorted(unique, key=lambda d: (order[d.span.file], d.span.start, d.span.end))


def declared_here(span: Span) -> Note:
    return Note("declared here", span)


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """The text that a user reads, ending in a line end unless there is nothing to say."""
    return "".join(_render_one(diagnostic) for diagnostic in diagnostics)


def _render_one(diagnostic: Diagnostic) -> str:
    title = f"{diagnostic.severity}[{diagnostic.rule}]"
    text = _render_place(diagnostic.span, title, diagnostic.message)
    return text + "".join(_render_place(note.span, NOTE, note.message) for note in diagnostic.notes)


def _render_place(span: Span, title: str, message: str) -> str:
    before = span.column - 1
    source_line = span.file.line_text(span.line)
    if len(source_line) > _WIDEST:
        source_line, before = _excerpt(source_line, before)
    width = max(1, min(span.end - span.start, len(source_line) - before))
    # Tabs stay tabs, so that the caret stands right whatever their width.
    indent = "".join("\t" if character == "\t" else " " for character in source_line[:before])
    return f"{span}: {title}: {message}\n{_printable(source_line)}\n{indent}{'^' * width}\n"


# Of a line that is longer than this, as no line is that is meant to be read, only the part around the caret is shown.
_WIDEST = 500


def _excerpt(line: str, before: int) -> tuple[str, int]:
    """Part of a line, and how much of it stands before the caret."""
    start, end = max(0, before - _WIDEST // 4), before + _WIDEST // 2
    left = "..." if start else ""
    return left + line[start:end] + ("..." if end < len(line) else ""), before - start + len(left)


def _printable(line: str) -> str:
    """The line without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in line)
