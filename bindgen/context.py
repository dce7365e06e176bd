"""What every check is given: the program, where to report to, and what the user chose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, FrozenSet, Hashable, Tuple

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
    _identities: Dict[syntax.Type, int] = field(default_factory=dict, repr=False)
    _numbers: Dict[Tuple[Hashable, ...], int] = field(default_factory=dict, repr=False)

    def is_dictionary(self, type: syntax.Type) -> bool:
        return isinstance(self.program.denotes(type), Dictionary)

    def same_type(self, one: syntax.Type, other: syntax.Type) -> bool:
        """Whether two types are the same after typedefs, with the same extended attributes."""
        return self._identity(one) == self._identity(other)

    def _identity(self, type: syntax.Type, depth: int = 0) -> int:
        """A number that types have in common if they are the same, down to a reasonable depth."""
        type = self.program.resolve(type)
        found = self._identities.get(type)
        if found is None:
            found = self._identities[type] = self._numbers.setdefault(self._shape(type, depth), len(self._numbers))
        return found

    def _shape(self, type: syntax.Type, depth: int) -> Tuple[Hashable, ...]:
        """What tells a resolved type from others."""
        names = tuple(sorted(attribute.name for attribute in type.attributes))
        if depth > _DEPTH:
            return names, written(type)
        if isinstance(type, (syntax.SimpleType, syntax.IdentifierType)):
            return names, type.name
        if isinstance(type, syntax.UnionType):
            parts, nullable = self.program.flattened_members(type), self.program.nullable_members(type)
            return names, syntax.UnionType, nullable, *(self._identity(part, depth + 1) for part in parts)
        kind: Hashable = type.name if isinstance(type, syntax.GenericType) else type.__class__
        return names, kind, *(self._identity(part, depth + 1) for part in syntax.parts(type))


_DEPTH = 100


def written(type: syntax.Type) -> str:
    """The type as the user wrote it, on one line."""
    return " ".join(type.span.text.split())
