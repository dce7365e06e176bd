"""What every check is given: the program, where to report to, and what the user chose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import FrozenSet

import syntax
from diagnostics import ERROR, Sink
from program import Dictionary, Program


@dataclass(frozen=True)
class Options:
    """The choices of a run that concern the rules."""

    # The severity of an extended attribute that nobody knows.
    unknown_attributes: str = ERROR
    # The names that [Exposed] may mention besides *; any name, if there are none here.
    global_names: FrozenSet[str] = frozenset()
    # The names that the global object has in [Exposed], besides that of CleatGlobalScope.
    exposed_names: FrozenSet[str] = frozenset()


@dataclass(frozen=True)
class Context:
    program: Program
    sink: Sink
    options: Options = field(default_factory=Options)

    def is_dictionary(self, type: syntax.Type) -> bool:
        return isinstance(self.program.denotes(type), Dictionary)

    def same_type(self, one: syntax.Type, other: syntax.Type) -> bool:
        """Whether two types are the same after typedefs, with the same extended attributes."""
        return self.spelling(one) == self.spelling(other)

    def spelling(self, type: syntax.Type, depth: int = 0) -> str:
        """The type written out in one way only, with typedefs replaced down to a reasonable depth."""
        if depth > _SPELLED_DEPTH:
            return written(type)
        type = self.program.resolve(type)
        names = "".join(sorted(f"[{attribute.name}]" for attribute in type.attributes))
        if isinstance(type, (syntax.SimpleType, syntax.IdentifierType)):
            return names + type.name
        inner = ",".join(self.spelling(part, depth + 1) for part in syntax.parts(type))
        kind = type.name if isinstance(type, syntax.GenericType) else type.__class__.__name__
        return f"{names}{kind}<{inner}>"


_SPELLED_DEPTH = 100


def written(type: syntax.Type) -> str:
    """The type as the user wrote it, on one line."""
    return " ".join(type.span.text.split())
