"""TypeScript for each type of Web IDL: what scripts may give, and what they get.

The two differ. An argument of type sequence<long> takes everything that can be iterated over, a result of that type is
an array; so each row of the tables has a text for IN and one for OUT. A dictionary or a typedef that is used
both ways is declared once, with the text for BOTH, which is sound as a result and good enough as an argument.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Dict, Iterable, List, Sequence, Set

import program as linked
import syntax
from directions import BOTH, IN, OUT, directions
from program import Program

@dataclass(frozen=True)
class Row:
    """The TypeScript of one type by direction; {0} is the element, {1} the element made fit for `[]` behind it.

    "||" is between the members of a union.
    """

    into: str
    out: str
    both: str

    def text(self, direction: str) -> str:
        if direction == BOTH:
            return self.both
        return self.into if direction == IN else self.out


def _same(text: str) -> Row:
    return Row(text, text, text)


_SIMPLE: Dict[str, Row] = {
    **{name: _same("number") for name in syntax.NUMERIC_TYPES},
    **{name: _same("string") for name in syntax.STRING_TYPES},
    **{name: _same(name) for name in ("any", "bigint", "boolean", "symbol", "undefined")},
    **{name: _same(name) for name in ("ArrayBuffer", "SharedArrayBuffer")},
    "object": Row("object", "any", "object"),
}

_GENERIC: Dict[str, Row] = {
    "sequence": Row("Iterable<{0}>", "{1}[]", "{1}[]"),
    "FrozenArray": Row("Iterable<{0}>", "readonly {1}[]", "readonly {1}[]"),
    "ObservableArray": Row("Iterable<{0}>", "{1}[]", "{1}[]"),
    "async_sequence": Row(
        "AsyncIterable<{0}> || Iterable<{1} | PromiseLike<{0}>>", "AsyncIterable<{0}>", "AsyncIterable<{0}>"
    ),
    "Promise": Row("{0} || PromiseLike<{0}>", "Promise<{0}>", "Promise<{0}>"),
}

# A name that TypeScript's own library declares too, and as the same thing.
_VIEWS = syntax.BUFFER_VIEW_TYPES | {"ArrayBufferView"}
# Names of TypeScript's own library that no declaration may have again. They are written out, as the prelude's are,
# which no file declares, so that the declarations of several sets of bindings go together.
_BUILT_IN = frozenset(("ArrayBufferView", "Function"))


class Types:
    """Writes types of a program. `mentioned` collects the names that were written."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.directions = directions(program)
        self.mentioned: Set[str] = set()

    def text(self, type: syntax.Type, direction: str) -> str:
        """The type as it stands alone."""
        alternatives = self._alternatives(type, direction)
        if len(alternatives) == 1:
            return alternatives[0]
        return " | ".join(f"({text})" if " & " in text or "=>" in text else text for text in alternatives)

    def result(self, type: syntax.Type, direction: str = OUT) -> str:
        """The type of what a function returns."""
        text = self.text(type, direction)
        return "void" if text == "undefined" else text

    def literal(self, constant: syntax.Constant) -> str:
        """The type of a constant: the value itself where TypeScript can say it."""
        value, type = constant.value.value, self.program.resolve(constant.type)
        assert isinstance(type, syntax.SimpleType)
        if isinstance(value, bool):
            return "true" if value else "false"
        if type.name == "bigint":
            return f"{value}n"
        # A float may be another number than what is written.
        if "float" in type.name or isinstance(value, float) and not math.isfinite(value):
            return "number"
        text = constant.value.span.text
        return text.lower() if "x" in text.lower() else repr(value)

    def direction(self, name: str) -> str:
        """The direction in which a dictionary or typedef is declared."""
        return self.directions.get(name, BOTH)

    def name(self, name: str) -> str:
        """The name of a definition as TypeScript refers to it from anywhere."""
        self.mentioned.add(name)
        definition = self.program.interfaces.get(name)
        namespace = definition.attribute("LegacyNamespace") if definition else None
        return identifier(f"{namespace.value}.{name}" if namespace else name)

    def _alternatives(self, type: syntax.Type, direction: str) -> List[str]:
        """The members of the union that the type is, each once; one, if it is none."""
        if isinstance(type, syntax.NullableType):
            return _unique([*self._alternatives(_carried(self.program, type), direction), "null"])
        if isinstance(type, syntax.UnionType):
            members = self.program.resolve(type)
            return _unique(a for part in syntax.parts(members) for a in self._alternatives(part, direction))
        if isinstance(type, syntax.RecordType):
            return [f"Record<string, {self.text(type.value, direction)}>"]
        if isinstance(type, syntax.GenericType):
            return self._generic(type, direction)
        if isinstance(type, syntax.IdentifierType):
            return self._identifier(type, direction)
        assert isinstance(type, syntax.SimpleType)
        return self._simple(type, direction)

    def _simple(self, type: syntax.SimpleType, direction: str) -> List[str]:
        if type.name in _VIEWS:
            return [self._view(type.name, type)]
        text = _SIMPLE[type.name].text(direction)
        if type.attribute("LegacyNullToEmptyString") and direction != OUT:
            return [text, "null"]
        return [text]

    def _view(self, name: str, type: syntax.Type) -> str:
        """A view of memory that is not shared, unless that is allowed."""
        self.mentioned.add(name)
        return name if type.attribute("AllowShared") else f"{name}<ArrayBuffer>"

    def _generic(self, type: syntax.GenericType, direction: str) -> List[str]:
        element = self.result(type.element, direction) if type.name == "Promise" else self.text(type.element, direction)
        alternatives = _GENERIC[type.name].text(direction).split(" || ")
        texts = [alternative.format(element, _one(element)) for alternative in alternatives]
        if direction == IN and texts[0].startswith("Iterable<") and self._may_be_string(type.element):
            return [f"{texts[0]} & object"]  # a string can be iterated over, but is no sequence
        return texts

    def _may_be_string(self, type: syntax.Type) -> bool:
        inner = self.program.innermost(type)
        if isinstance(inner, syntax.UnionType):
            return any(self._may_be_string(part) for part in inner.members)
        is_enum = isinstance(self.program.denotes(inner), syntax.Enum)
        return is_enum or isinstance(inner, syntax.SimpleType) and inner.name in syntax.STRING_TYPES | {"any"}

    def _identifier(self, type: syntax.IdentifierType, direction: str) -> List[str]:
        definition = self.program.definitions.get(type.name)
        if type.name == "ArrayBufferView":
            return [self._view(type.name, type)]
        if type.name == linked.GLOBAL_SCOPE:
            return ["typeof globalThis"]
        if isinstance(definition, syntax.CallbackFunction) and not is_declared(definition):
            return [self.callback(definition)]
        if isinstance(definition, syntax.Typedef) and (type.attributes or not is_declared(definition)):
            annotated = syntax.annotated(definition.type, type.attributes)
            return self._alternatives(annotated, direction)
        return [self.name(type.name)]

    def callback(self, callback: syntax.CallbackFunction) -> str:
        """The type of a function that a script gives."""
        return f"{self.parameters(callback.arguments, OUT)} => {self.result(callback.type, IN)}"

    def parameters(self, arguments: Sequence[syntax.Argument], direction: str = IN) -> str:
        """The list in parentheses. Optional is what no argument that must be given follows."""
        texts: List[str] = []
        may_end = True
        for argument in reversed(arguments):
            may_end = may_end and (argument.optional or argument.variadic)
            texts.insert(0, self._parameter(argument, direction, may_end))
        return f"({', '.join(texts)})"

    def _parameter(self, argument: syntax.Argument, direction: str, may_end: bool) -> str:
        text = self.text(argument.type, direction)
        name = parameter_name(argument.name)
        # A class is strict code, which has no parameters of these names; the types of functions may have them.
        name = f"_{name}" if direction == IN and name in _STRICT else name
        if argument.variadic:
            return f"...{name}: {_one(text)}[]"
        if argument.optional and not may_end:
            return f"{name}: {text} | undefined"
        return f"{name}{'?' if argument.optional else ''}: {text}"


def is_declared(definition: linked.Named) -> bool:
    """Whether a definition is declared by name, rather than written out wherever it is mentioned."""
    return definition.name not in _BUILT_IN and not linked.is_elsewhere(definition)


def _carried(program: Program, type: syntax.NullableType) -> syntax.Type:
    """The type inside a nullable one, with the extended attributes of the outer."""
    resolved = program.resolve(type)
    assert isinstance(resolved, syntax.NullableType)
    return resolved.inner


def _one(text: str) -> str:
    """The text in parentheses if it is more than one word and its arguments."""
    return f"({text})" if any(mark in text for mark in (" | ", " & ", "=>", "readonly ", "typeof ")) else text


def _unique(texts: Iterable[str]) -> List[str]:
    return list(dict.fromkeys(texts))


# ---------------------------------------------------------------------------
# Names

# What means something else in all code, and in strict code.
RESERVED = frozenset(
    """
    await break case catch class const continue debugger default delete do else enum export extends false finally for
    function if implements import in instanceof interface let new null package private protected public return static
    super switch this throw true try typeof var void while with yield
    """.split()
)

_STRICT = frozenset(("arguments", "eval"))
# The names that no variable can have.
UNDECLARABLE = RESERVED | _STRICT


def identifier(name: str) -> str:
    """The name without the hyphens that only Web IDL allows."""
    return name.replace("-", "_")


def parameter_name(name: str) -> str:
    return f"_{name}" if name in RESERVED else identifier(name)
