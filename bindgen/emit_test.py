"""A test in JavaScript of what the standard promises of every member: templates/test/checks.js.j2 has the promises."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Sequence, Union

import program as linked
import syntax
from check_overloads import overload_groups
from disposal import symbol_of
from hook_builder import required_count
from program import Program
from render import environment
from samples import sample, wrong

_Container = Union[linked.Interface, linked.Namespace, syntax.CallbackInterface]
_ITERABLE = {"entries": 0, "keys": 0, "values": 0, "forEach": 1}
_MAPLIKE = {**_ITERABLE, "get": 1, "has": 1}
_SETLIKE = {**_ITERABLE, "has": 1}
_LIMIT = 118


@dataclass(frozen=True)
class Section:
    """The calls that check one definition."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Page:
    sources: str
    sections: Sequence[Section]


def emit_test(program: Program, _title: str, sources: Sequence[str]) -> str:
    """The text of the test."""
    page = Page(", ".join(sources), list(_sections(program)))
    return environment().get_template("test.js.j2").render(page=page)


def _sections(program: Program) -> Iterator[Section]:
    for definition in program.definitions.values():
        if isinstance(definition, (linked.Interface, linked.Namespace)) and not linked.is_elsewhere(definition):
            if not definition.attribute("LegacyNoInterfaceObject"):
                yield _Checks(program, definition).section()
    if program.own_globals:
        yield _Checks(program, program.global_scope).section(program.own_globals)
    if program.absent:
        yield _absences(program)


def _absences(program: Program) -> Section:
    lines: List[str] = []
    for one in program.absent:
        checks = _Checks(program, one.definition)
        checks.absent(one.member)
        lines += checks.lines
    return Section("What is not exposed", lines)


class _Checks:
    """The calls for one interface or namespace, or for the global object."""

    def __init__(self, program: Program, definition: _Container) -> None:
        self.program = program
        self.definition = definition
        is_global = definition is program.global_scope
        self.path = "" if is_global else _path(definition)
        constructors = [m for m in definition.members if isinstance(m, syntax.Constructor)]
        self.constructors = constructors
        # The number of arguments without which no object can be made; None where there is no constructor.
        self.makes = min((required_count(m.arguments) for m in constructors), default=None)
        self.lines: List[str] = []

    def section(self, members: Sequence[syntax.Member] = ()) -> Section:
        if isinstance(self.definition, linked.Namespace):
            self._call("namespaceObject", [self.path], {"capability": self._inside()})
            title = f"namespace {self.definition.name}"
        elif self.path and isinstance(self.definition, linked.Interface):
            self._interface(self.definition)
            title = f"interface {self.definition.name}"
        else:
            title = "The global object"
        for member in members or self.definition.members:
            if not isinstance(member, (syntax.Operation, syntax.Constructor)):
                self._member(member)
        for group in overload_groups(members or self.definition.members):
            if isinstance(group[0], syntax.Operation):
                self._operation(group)
        if any(m for m in self.definition.members if isinstance(m, syntax.Operation) and _is_short_stringifier(m)):
            own = {"own": self._is_global()}
            self._call("operation", [self.path, "toString", 0], {**self._options(), **own})
        return Section(title, self.lines)

    def _interface(self, interface: linked.Interface) -> None:
        namespace = interface.attribute("LegacyNamespace")
        options = {
            "owner": namespace.value if namespace else "",
            "parent": _path(interface.parent) if interface.parent else "",
            # The standard's "create an interface prototype object".
            "error": interface.name == "DOMException",
            "length": self.makes or 0,
            "constructs": self.makes is not None,
            "refused": self._refused(self.constructors),
            "capability": self._inside(),
        }
        self._call("interfaceObject", [self.path], {name: v for name, v in options.items() if v or name == "length"})
        if interface.attribute("Dispose"):
            self._call("disposable", [self.path], self._options(makes=False))
        inside = {"capability": self._inside()}
        for factory in linked.factories(interface):
            length, refused = required_count(factory.arguments), self._refused([factory])
            self._call("factory", [self.path, factory.value, length], {"refused": refused, **inside})
        for alias in linked.aliases(interface):
            self._call("alias", [self.path, alias], inside)

    # -- members ----------------------------------------------------------------------------------------------

    def _member(self, member: syntax.Member) -> None:
        if isinstance(member, syntax.Constant):
            value = _Raw(_constant(self.program, member))
            self._call("constant", [self.path, member.name, value], self._options(member, makes=False))
        elif isinstance(member, syntax.Attribute):
            self._attribute(member)
        elif isinstance(member, syntax.Iterable):
            self._iterable(member)
        elif isinstance(member, syntax.AsyncIterable):
            functions = {"entries": 0, "keys": 0, "values": 0} if member.key else {"values": 0}
            iterator = "entries" if member.key else "values"
            symbol = _Raw("Symbol.asyncIterator")
            options = {**self._iteration_options(), "iterator": iterator, "symbol": symbol}
            self._call("iteration", [self.path, functions], options)
        elif isinstance(member, (syntax.Maplike, syntax.Setlike)):
            self._collection(member)

    def _attribute(self, member: syntax.Attribute) -> None:
        forwards = member.attribute("PutForwards") or member.attribute("Replaceable")
        readonly = member.readonly and not forwards and not member.attribute("LegacyLenientSetter")
        options: Dict[str, Any] = {
            "static": member.static,
            "readonly": readonly,
            "promise": self._is_promise(member.type),
            "lenient": member.attribute("LegacyLenientThis") is not None,
            "unforgeable": self._is_unforgeable(member),
            "own": not member.static and self._is_global(),
        }
        refused = None if member.readonly else self._wrong_value(member.type)
        if refused:
            options["refused"] = _Raw(f"() => ({refused})" if refused.startswith("{") else f"() => {refused}")
        self._call("attribute", [self.path, member.name], {**self._options(member), **options})
        if member.special == "stringifier":
            self._call("operation", [self.path, "toString", 0], {**self._options(), "own": self._is_global()})

    def _wrong_value(self, type: syntax.Type) -> Optional[str]:
        # A wrong string is ignored, by a rule for attributes only.
        is_enum = isinstance(self.program.denotes(self.program.innermost(type)), syntax.Enum)
        return None if is_enum else wrong(self.program, type)

    def _operation(self, group: Sequence[Any]) -> None:
        first = group[0]
        length = min(required_count(overload.arguments) for overload in group)
        options = {
            "static": first.static,
            "promise": self._is_promise(first.type),
            "unforgeable": self._is_unforgeable(first),
            "own": not first.static and self._is_global(),
            "refused": self._refused(group),
        }
        self._call("operation", [self.path, first.name, length], {**self._options(first), **options})
        symbol = symbol_of(self.program, group)
        if symbol:
            self._call("disposal", [self.path, first.name, _Raw(symbol)], self._options(first, makes=False))

    def _iterable(self, member: syntax.Iterable) -> None:
        options = self._iteration_options()
        if member.key is None:
            self._call("iteration", [self.path, _ITERABLE], {**options, "iterator": "values", "array": True})
        else:
            self._call("iteration", [self.path, _ITERABLE], {**options, "iterator": "entries"})

    def _collection(self, member: Union[syntax.Maplike, syntax.Setlike]) -> None:
        is_map = isinstance(member, syntax.Maplike)
        functions = dict(_MAPLIKE if is_map else _SETLIKE)
        own = {m.name for m in self.definition.members if isinstance(m, syntax.Operation)}
        if not member.readonly:
            functions.update({"set": 2} if is_map else {"add": 1})
            functions.update({"delete": 1, "clear": 0})
        functions = {name: length for name, length in functions.items() if name not in own}
        iterator = "entries" if is_map else "values"
        self._call("iteration", [self.path, functions], {**self._iteration_options(), "iterator": iterator, "size": True})

    def absent(self, member: Optional[syntax.Member]) -> None:
        """Checks that the definition, or a member of it, is not there."""
        namespace = self.definition.attribute("LegacyNamespace")
        if member is None:
            self._call("absent", [namespace.value if namespace else "", self.definition.name], {})
        elif not self.definition.attribute("LegacyNoInterfaceObject"):
            is_static = getattr(member, "static", False) or isinstance(member, syntax.Constant)
            on_prototype = isinstance(self.definition, linked.Interface) and bool(self.path) and not is_static
            self._call("absent", [self.path, member.name], {"onPrototype": on_prototype, "inside": self._inside()})

    # -- what is known of them -----------------------------------------------------------------------------------

    def _refused(self, group: Sequence[Any]) -> Dict[str, Any]:
        """Lists of arguments of which the last cannot be converted, by its name. Overloads have many ways out."""
        if len(group) != 1:
            return {}
        found: Dict[str, Any] = {}
        before: List[str] = []
        arguments: Sequence[syntax.Argument] = group[0].arguments
        for index, argument in enumerate(arguments):
            bad = wrong(self.program, argument.type)
            if bad:
                # As many as are wanted: what is behind is never looked at.
                behind = ["undefined"] * (required_count(arguments) - index - 1)
                found[argument.name] = _Raw(f"() => [{', '.join([*before, bad, *behind])}]")
            good = sample(self.program, argument.type)
            if good is None:
                break
            before.append(good)
        return found

    def _is_promise(self, type: syntax.Type) -> bool:
        resolved = self.program.resolve(type)
        return isinstance(resolved, syntax.GenericType) and resolved.name == "Promise"

    def _is_global(self) -> bool:
        """Whether members are on each instance: [Global]."""
        return bool(self.path) and self.definition.attribute("Global") is not None

    def _is_unforgeable(self, member: syntax.Member) -> bool:
        return self.program.member_attribute(member, "LegacyUnforgeable") is not None

    def _inside(self) -> str:
        capability = self.definition.attribute("Capability")
        return capability.value if capability else ""

    def _options(self, member: Optional[syntax.Member] = None, makes: bool = True) -> Dict[str, Any]:
        capability = self.program.member_attribute(member, "Capability") if member else None
        options: Dict[str, Any] = {"capability": capability.value if capability else "", "inside": self._inside()}
        if makes and self.makes is not None and self.path:
            options["makes"] = self.makes
        return options

    def _iteration_options(self) -> Dict[str, Any]:
        return {**self._options(), "own": self._is_global()}

    def _call(self, function: str, arguments: Sequence[Any], options: Dict[str, Any]) -> None:
        kept = {name: value for name, value in options.items() if value or (value == 0 and value is not False)}
        texts = [_text(argument) for argument in arguments]
        if kept:
            texts.append(_text(kept))
        line = f"{function}({', '.join(texts)});"
        if len(line) <= _LIMIT or not kept:
            self.lines.append(line)
            return
        self.lines.append(f"{function}({', '.join(texts[:-1])}, {{")
        for name, value in kept.items():
            self.lines += _property(name, value)
        self.lines.append("});")


@dataclass(frozen=True)
class _Raw:
    """JavaScript, as it is."""

    text: str


def _property(name: str, value: Any) -> Iterator[str]:
    """A property of an object that is written over several lines."""
    line = f"  {name}: {_text(value)},"
    if len(line) <= _LIMIT or not isinstance(value, dict):
        yield line
        return
    yield f"  {name}: {{"
    for inner, part in value.items():
        yield f"    {_key(inner)}: {_text(part)},"
    yield "  },"


def _text(value: Any) -> str:
    """A value in JavaScript."""
    if isinstance(value, _Raw):
        return value.text
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)}: {_text(part)}" for name, part in value.items()) + " }"
    return json.dumps(value)


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else json.dumps(name)


def _path(definition: _Container) -> str:
    """Where scripts find it."""
    namespace = definition.attribute("LegacyNamespace")
    return f"{namespace.value}.{definition.name}" if namespace else definition.name


def _constant(program: linked.Program, constant: syntax.Constant) -> str:
    value = constant.value.value
    type = program.resolve(constant.type)
    assert isinstance(type, syntax.SimpleType)
    if type.name == "bigint":
        return f"{value}n"
    if "float" in type.name and isinstance(value, (int, float)) and math.isfinite(value):
        return f"Math.fround({value!r})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(repr(value), repr(value))
    return str(value)


def _is_short_stringifier(member: syntax.Operation) -> bool:
    return member.special == "stringifier" and not member.name
