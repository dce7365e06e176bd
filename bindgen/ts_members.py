"""The members of interfaces in TypeScript, and the classes that they make."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Dict, Iterable, List, Optional, Sequence, Set, Tuple, Union

import program as linked
import syntax
from disposal import symbol_of
from directions import IN, OUT
from program import Program
from ts_types import UNDECLARABLE, Types, identifier
from type_relation import Typed, within

_Documented = Union[syntax.Declaration, linked.Linked]

# What declarations of iteration add to an interface, by name, in the order of the standard. {value} and {key} are what
# scripts get, {into_value} and {into_key} what they may give; {pair} is the two, {self} the interface.
_FOR_EACH = "(callback: (value: {value}, key: {key}, parent: {self}) => void, thisArg?: any): void"
_VALUES: Dict[str, str] = {
    "entries": "(): ArrayIterator<[number, {value}]>",
    "forEach": "(callback: (value: {value}, index: number, parent: {self}) => void, thisArg?: any): void",
    "keys": "(): ArrayIterator<number>",
    "values": "(): ArrayIterator<{value}>",
    "[Symbol.iterator]": "(): ArrayIterator<{value}>",
}
_PAIRS: Dict[str, str] = {
    "entries": "(): IterableIterator<[{key}, {value}]>",
    "forEach": _FOR_EACH,
    "keys": "(): IterableIterator<{key}>",
    "values": "(): IterableIterator<{value}>",
    "[Symbol.iterator]": "(): IterableIterator<[{key}, {value}]>",
}
_ASYNC_VALUES: Dict[str, str] = {
    "values": "{parameters}: AsyncIterableIterator<{value}>",
    "[Symbol.asyncIterator]": "{parameters}: AsyncIterableIterator<{value}>",
}
_ASYNC_PAIRS: Dict[str, str] = {
    "entries": "{parameters}: AsyncIterableIterator<[{key}, {value}]>",
    "keys": "{parameters}: AsyncIterableIterator<{key}>",
    "values": "{parameters}: AsyncIterableIterator<{value}>",
    "[Symbol.asyncIterator]": "{parameters}: AsyncIterableIterator<[{key}, {value}]>",
}
_MAPLIKE: Dict[str, str] = {
    "readonly size": ": number",
    "entries": "(): IterableIterator<[{key}, {value}]>",
    "forEach": _FOR_EACH,
    "get": "(key: {into_key}): {value} | undefined",
    "has": "(key: {into_key}): boolean",
    "keys": "(): IterableIterator<{key}>",
    "values": "(): IterableIterator<{value}>",
    "[Symbol.iterator]": "(): IterableIterator<[{key}, {value}]>",
}
_MAPLIKE_WRITES: Dict[str, str] = {
    "clear": "(): void",
    "delete": "(key: {into_key}): boolean",
    "set": "(key: {into_key}, value: {into_value}): this",
}
_SETLIKE: Dict[str, str] = {
    "readonly size": ": number",
    "entries": "(): IterableIterator<[{value}, {value}]>",
    "forEach": "(callback: (value: {value}, key: {value}, parent: {self}) => void, thisArg?: any): void",
    "has": "(value: {into_value}): boolean",
    "keys": "(): IterableIterator<{value}>",
    "values": "(): IterableIterator<{value}>",
    "[Symbol.iterator]": "(): IterableIterator<{value}>",
}
_SETLIKE_WRITES: Dict[str, str] = {
    "add": "(value: {into_value}): this",
    "clear": "(): void",
    "delete": "(value: {into_value}): boolean",
}


class Classes:
    """Writes interfaces. Asks `types` for every type."""

    def __init__(self, program: Program, types: Types) -> None:
        self.program = program
        self.types = types
        self.parents = {i.parent.name for i in program.interfaces.values() if i.parent}
        self.accessors = self._accessors()
        self._kept: Dict[str, List[str]] = {}
        # Whether anything has been declared that takes TypeScript's declarations of Symbol.dispose.
        self.disposes = False

    def declare(self, interface: linked.Interface) -> List[str]:
        """The class; or an interface only, where scripts see no interface object."""
        name = identifier(interface.name)
        own = [m for m in interface.members if not self._is_mixed_in(m)]
        bases = [self.types.name(mixin) for mixin in interface.mixins]
        parent = self.types.name(interface.parent.name) if interface.parent else ""
        if interface.attribute("LegacyNoInterfaceObject"):
            members = [*self._tag(interface), *self.members(_on_instances(own), name, interface)]
            ignored = [_LOOK_AWAY] * bool(self._clashes(members, interface))
            heading = f"interface {name}{_extends([parent, *bases])} {{"
            return documented(interface, [*ignored, heading, *indent(members), "}"], notes(interface))
        statics = self._statics(interface)
        members = ["#private;", *self._constructors(interface), *statics]
        on_instances = self.members(_on_instances(own), name, interface)
        members += self._told_apart(on_instances, interface)
        lines = [f"declare class {name}{_extends([parent])} {{", *indent(members), "}"]
        inherited = [line for one in interface.ancestors() for line in self._statics(one)]
        ignored = [_LOOK_AWAY] if _clashes(statics, inherited) else [_EXTENDS_ALL_THE_SAME] * self._is_closed(interface.parent)
        lines = documented(interface, [*ignored, *lines], notes(interface))
        return lines + (self._merged(interface, name, bases, on_instances) if bases else [])

    def _is_closed(self, parent: Optional[linked.Interface]) -> bool:
        """Whether the set that has an interface may say that nothing extends it: see _constructors."""
        return parent is not None and linked.is_elsewhere(parent) and not any(isinstance(m, syntax.Constructor) for m in parent.members)

    def _tag(self, interface: linked.Interface) -> List[str]:
        """What only objects of an interface have that is no class: its name, or that of one that inherits from it."""
        if interface.parent and linked.is_elsewhere(interface.parent):
            return []
        heirs = [one.name for one in self.program.interfaces.values() if interface in one.ancestors()]
        return [f"readonly [Symbol.toStringTag]: {' | '.join(json.dumps(name) for name in (interface.name, *heirs))};"]

    def _merged(self, interface: linked.Interface, name: str, bases: List[str], own: List[str]) -> List[str]:
        """The mixins of a class, which TypeScript merges it with, telling of what is in `own`, its members, again."""
        included = [m for mixin in interface.mixins for m in _on_instances(self.program.mixins[mixin].members)]
        ancestors = [m for one in interface.ancestors() for m in _on_instances(one.members)]
        lines, inherited = (self.members(members, name) for members in (included, ancestors))
        texts = {name: text for name, text in map(_named, inherited) if name}
        differ = any(texts.get(name, text) != text for name, text in map(_named, lines))
        ignored = [_LOOK_AWAY] * (differ or bool(self._clashes(own, interface)))
        return [*ignored, f"interface {name}{_extends(bases)} {{}}"]

    def _is_mixed_in(self, member: syntax.Member) -> bool:
        return isinstance(self.program.declared_in[member], syntax.Mixin)

    def _constructors(self, interface: linked.Interface) -> List[str]:
        constructors = [m for m in interface.members if isinstance(m, syntax.Constructor)]
        if not constructors:
            # Throws when scripts call it; those that inherit still have to see it.
            return ["protected constructor();" if interface.name in self.parents else "private constructor();"]
        return [
            line
            for member in constructors
            for line in documented(member, [f"constructor{self.types.parameters(member.arguments)};"], notes(member))
        ]

    def _statics(self, interface: linked.Interface) -> List[str]:
        lines: List[str] = []
        for member in sorted(interface.members, key=lambda one: not self._is_mixed_in(one)):
            if isinstance(member, syntax.Constant):
                lines += documented(member, [f"static readonly {_key(member.name)}: {self.types.literal(member)};"])
            elif isinstance(member, (syntax.Attribute, syntax.Operation)) and member.static and not self._is_mixed_in(member):
                lines += self._member(member, "static ", interface)
        return lines

    # -- members of instances ---------------------------------------------------------------------------------

    def members(
        self, members: Sequence[syntax.Member], self_name: str, interface: Optional[linked.Interface] = None
    ) -> List[str]:
        """The lines of everything that instances have. A mixin has no `interface`."""
        lines: List[str] = []
        for member in members:
            if isinstance(member, syntax.Constant):
                lines += documented(member, [f"readonly {_key(member.name)}: {self.types.literal(member)};"])
            elif isinstance(member, (syntax.Attribute, syntax.Operation)):
                lines += self._member(member, "", interface)
            else:
                lines += documented(member, self._iteration(member, members, self_name))
        if interface and interface.attribute("Dispose"):
            lines += self._disposal("Symbol.dispose", "(): void")
        return lines + self._indexed_iterator(members)

    def _disposal(self, symbol: str, signature: str) -> List[str]:
        self.disposes = self.disposes or bool(symbol)
        return [f"[{symbol}]{signature};"] if symbol else []

    def _member(
        self, member: Union[syntax.Attribute, syntax.Operation], prefix: str, interface: Optional[linked.Interface]
    ) -> List[str]:
        if isinstance(member, syntax.Attribute):
            lines = self._attribute(member, prefix, interface)
            lines += ["toString(): string;"] if member.special == "stringifier" else []
        else:
            lines = self._special(member, interface) if member.special not in ("", "static") else []
            lines += [f"{prefix}{_key(member.name)}{self._signature(member)};"] if member.name else []
            lines += self._disposal(symbol_of(self.program, [member]), self._signature(member))
            if interface and self._is_last_overload(member, interface):
                lines += self._inherited(member, prefix, interface)
        return documented(member, lines, notes(member)) if lines else []

    def _signature(self, operation: syntax.Operation) -> str:
        return f"{self.types.parameters(operation.arguments)}: {self.types.result(operation.type)}"

    def _special(self, operation: syntax.Operation, interface: Optional[linked.Interface]) -> List[str]:
        """What a getter or stringifier adds besides an operation; setters and deleters are part of the getter's."""
        if operation.special == "stringifier":
            return ["toString(): string;"]
        if operation.special != "getter" or interface is None:
            return []
        is_named = self._is_keyed_by_string(operation)
        setters = [m for m in interface.members if isinstance(m, syntax.Operation) and m.special == "setter"]
        readonly = "" if any(self._is_keyed_by_string(m) == is_named for m in setters) else "readonly "
        text = self.types.text(operation.type, OUT)
        if not is_named:
            return [f"{readonly}[index: number]: {text};"]
        # TypeScript wants every other member to be of the type of the named ones.
        text = f"{text} | undefined" if self._is_alone(interface) else "any"
        return [f"{readonly}[name: string]: {text};"]

    def _is_keyed_by_string(self, operation: syntax.Operation) -> bool:
        key = self.program.innermost(operation.arguments[0].type)
        return isinstance(key, syntax.SimpleType) and key.name in syntax.STRING_TYPES

    def _is_alone(self, interface: linked.Interface) -> bool:
        """Whether instances have nothing but named properties."""
        unnamed = ("getter", "setter", "deleter")
        others = [m for m in interface.members if not isinstance(m, syntax.Operation) or m.special not in unnamed or m.name]
        others = [m for m in others if not isinstance(m, syntax.Constructor)]
        return not others and interface.parent is None and interface.name not in self.parents

    def _indexed_iterator(self, members: Sequence[syntax.Member]) -> List[str]:
        """What makes an interface with indexed properties and `length` iterable, where nothing else does."""
        getters = [m for m in members if isinstance(m, syntax.Operation) and m.special == "getter"]
        indexed = [getter for getter in getters if not self._is_keyed_by_string(getter)]
        has_length = any(isinstance(m, syntax.Attribute) and m.name == "length" for m in members)
        if not indexed or not has_length or any(isinstance(m, syntax.Iterable) for m in members):
            return []
        return [f"[Symbol.iterator](): ArrayIterator<{self.types.text(indexed[0].type, OUT)}>;"]

    # -- what is another thing than in the interface inherited from ----------------------------------------------

    def _told_apart(self, lines: List[str], interface: linked.Interface) -> List[str]:
        """The lines of members; JavaScript lets a subclass have another thing of a name, and TypeScript has to look away."""
        clashes = self._clashes(lines, interface)
        told: List[str] = []
        for line in lines:
            told += [_LOOK_AWAY] * (_named(line)[0] in clashes) + [line]
        return told

    def _clashes(self, lines: List[str], interface: linked.Interface) -> Set[str]:
        inherited = [line for ancestor in interface.ancestors() for line in self._lines_of(ancestor)]
        return _clashes(lines, inherited) if inherited else set()

    def _lines_of(self, interface: linked.Interface) -> List[str]:
        """The lines of all that its instances have, kept for those that inherit from it."""
        if interface.name not in self._kept:
            members, name = _on_instances(interface.members), identifier(interface.name)
            lines = self.members([m for m in members if not self._is_mixed_in(m)], name, interface)
            self._kept[interface.name] = lines + self.members([m for m in members if self._is_mixed_in(m)], name)
        return self._kept[interface.name]

    # -- attributes -------------------------------------------------------------------------------------------

    def _attribute(
        self, attribute: syntax.Attribute, prefix: str, interface: Optional[linked.Interface]
    ) -> List[str]:
        name, read, write = _key(attribute.name), self.types.text(attribute.type, OUT), self._assignable(attribute)
        if self._contradicts(attribute, interface):
            read, write = "any", write and "any"
        if self._root(attribute, interface) in self.accessors or write not in ("", read):
            setter = [f"{prefix}set {name}(value: {write});"] if write else []
            return [f"{prefix}get {name}(): {read};", *setter]
        return [f"{prefix}{'' if write else 'readonly '}{name}: {read};"]

    def _contradicts(self, attribute: syntax.Attribute, interface: Optional[linked.Interface]) -> bool:
        """Whether an inherited attribute of the name is of another type, which TypeScript cannot express."""
        hidden = [
            member
            for ancestor in (interface.ancestors() if interface and not attribute.static else ())
            for member in ancestor.members
            if isinstance(member, syntax.Attribute) and member.name == attribute.name
        ]
        own = Typed(self.program, attribute.type)
        return any(not within(own, own.of(member.type)) for member in hidden)

    def _assignable(self, attribute: syntax.Attribute) -> str:
        """The type of what may be assigned; "" if nothing may be."""
        forward = attribute.attribute("PutForwards")
        if forward:
            return self._forwarded(attribute, forward.value)
        if attribute.attribute("Replaceable"):
            return "any"
        text = self.types.text(attribute.type, OUT)
        return "" if attribute.readonly else text if text == "any" else self.types.text(attribute.type, IN)

    def _forwarded(self, attribute: syntax.Attribute, name: str) -> str:
        target = self.program.denotes(self.program.innermost(attribute.type))
        members = target.members if isinstance(target, linked.Interface) else ()
        found = [m for m in members if isinstance(m, syntax.Attribute) and m.name == name]
        return self._assignable(found[0]) if found else "any"

    def _accessors(self) -> Set[Tuple[str, str]]:
        """The attributes that are accessors in one class, and so have to be in all that inherit from one another."""
        return {
            self._root(member, interface)
            for interface in self.program.interfaces.values()
            for member in interface.members
            if isinstance(member, syntax.Attribute)
            and self._assignable(member) not in ("", self.types.text(member.type, OUT))
        }

    def _root(self, attribute: syntax.Attribute, interface: Optional[linked.Interface]) -> Tuple[str, str]:
        """The most basic interface that has an attribute of the name, and the name."""
        chain = (interface, *interface.ancestors()) if interface else ()
        owners = [i.name for i in chain if any(m.name == attribute.name for m in i.members)]
        return (owners[-1] if owners else "", attribute.name)

    # -- overloads --------------------------------------------------------------------------------------------

    def _is_last_overload(self, operation: syntax.Operation, interface: linked.Interface) -> bool:
        overloads = [m for m in _operations(interface, operation) if not self._is_mixed_in(m)]
        return bool(operation.name) and overloads[-1] is operation

    def _inherited(self, operation: syntax.Operation, prefix: str, interface: linked.Interface) -> List[str]:
        """The signatures of the operation that this one hides. TypeScript wants a subclass to have them, too."""
        own = {self._signature(o) for o in _operations(interface, operation)}
        ancestors = interface.ancestors()
        hidden = [self._signature(o) for ancestor in ancestors for o in _operations(ancestor, operation)]
        return [f"{prefix}{_key(operation.name)}{text};" for text in dict.fromkeys(hidden) if text not in own]

    # -- iteration --------------------------------------------------------------------------------------------

    def _iteration(self, member: syntax.Member, members: Sequence[syntax.Member], self_name: str) -> List[str]:
        declared = {other.name for other in members}
        types = syntax.types_of(member)
        if not types:
            return []
        key, value = types[0], types[-1]
        texts = {
            "key": self.types.text(key, OUT),
            "value": self.types.text(value, OUT),
            "into_key": self.types.text(key, IN),
            "into_value": self.types.text(value, IN),
            "parameters": self.types.parameters(syntax.arguments_of(member)),
            "self": self_name,
        }
        table = _iteration_table(member)
        return [f"{name}{text.format(**texts)};" for name, text in table.items() if name not in declared]


def _iteration_table(member: syntax.Member) -> Dict[str, str]:
    if isinstance(member, syntax.Iterable):
        return _PAIRS if member.key else _VALUES
    if isinstance(member, syntax.AsyncIterable):
        return _ASYNC_PAIRS if member.key else _ASYNC_VALUES
    if isinstance(member, syntax.Maplike):
        return _MAPLIKE if member.readonly else {**_MAPLIKE, **_MAPLIKE_WRITES}
    assert isinstance(member, syntax.Setlike)
    return _SETLIKE if member.readonly else {**_SETLIKE, **_SETLIKE_WRITES}


def _operations(interface: linked.Interface, like: syntax.Operation) -> List[syntax.Operation]:
    """The operations of the interface that have the name of another, static ones for a static one."""
    operations = (m for m in interface.members if isinstance(m, syntax.Operation))
    return [o for o in operations if o.name == like.name and o.static == like.static]


# What begins the line of a member, before what it is.
_CONSTANT = re.compile(r": (?:-?\d|true|false)")
_NAMED = re.compile(r"(?:static |readonly |get |set )*(\"[^\"]+\"|[\w$]+|\[Symbol\.\w+\])([:(<].*)")
_LOOK_AWAY = "// @ts-ignore: it is another thing than what is inherited"
_EXTENDS_ALL_THE_SAME = "// @ts-ignore: scripts cannot extend what this does"


def _named(line: str) -> Tuple[str, str]:
    """The name of the member that a line declares, and what it is; "" of lines that declare none."""
    match = _NAMED.match(line)
    return (match[1], match[2]) if match else ("", "")


def variable(line: str) -> str:
    """The variable of the global object that a member of it is."""
    name, text = _named(line)
    if name in UNDECLARABLE:
        return f"// {name} is a property only: TypeScript has no variables of such a name."
    if text.startswith(":"):
        return f"declare var {name}{text}"
    return f"declare function {name}{text}".replace("): this;", "): typeof globalThis;")


def _clashes(lines: Sequence[str], inherited: Sequence[str]) -> Set[str]:
    """The names of the members that TypeScript does not take for what they are inherited as."""
    texts: Tuple[Dict[str, Set[str]], Dict[str, Set[str]]] = (defaultdict(set), defaultdict(set))
    for found, those in zip(texts, (lines, inherited)):
        for name, text in map(_named, those):
            found[name].add(text)
    return {name for name in texts[0] if name and _clash(texts[0][name], texts[1].get(name, set()))}


def _clash(own: Set[str], inherited: Set[str]) -> bool:
    """Whether one is a method and the other is not, the inherited methods are not among one's own, or constants differ."""
    methods = [{text for text in texts if not text.startswith(":")} for texts in (own, inherited)]
    if methods[0] and methods[1]:
        return not methods[1] <= methods[0]
    is_constant = any(_CONSTANT.match(text) for text in own | inherited)
    return bool(own and inherited) and (bool(methods[0]) != bool(methods[1]) or (is_constant and own != inherited))


def _on_instances(members: Iterable[syntax.Member]) -> List[syntax.Member]:
    return [m for m in members if not isinstance(m, syntax.Constructor) and not getattr(m, "static", False)]


def _extends(names: Iterable[str]) -> str:
    present = [name for name in names if name]
    return f" extends {', '.join(present)}" if present else ""


def _key(name: str) -> str:
    return f'"{name}"' if "-" in name else name


# ---------------------------------------------------------------------------
# Lines


def indent(lines: Iterable[str]) -> List[str]:
    return [f"  {line}" if line else line for line in lines]


def documented(declaration: _Documented, lines: List[str], notes: Sequence[str] = ()) -> List[str]:
    """The lines under the comment of the declaration, and notes in JSDoc's words."""
    text = [*declaration.doc.split("\n"), *notes] if declaration.doc else list(notes)
    text = [line.replace("*/", "*\\/") for line in text]
    if not text:
        return lines
    if len(text) == 1:
        return [f"/** {text[0]} */", *lines]
    return ["/**", *(f" * {line}".rstrip() for line in text), " */", *lines]


def notes(declaration: _Documented) -> List[str]:
    """What is worth telling besides the type: default values of arguments, and when a thing is there at all."""
    arguments = syntax.arguments_of(declaration) if isinstance(declaration, syntax.Declaration) else ()
    told = [(a.name, a.default) for a in arguments if a.default and a.default.kind != syntax.EMPTY_DICTIONARY]
    capability = declaration.attribute("Capability")
    return [
        *(f"@param {name} Default: {default.span.text}." for name, default in told),
        *([f"@remarks Present where the capability `{capability.value}` was granted."] if capability else []),
    ]


