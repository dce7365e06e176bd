"""Random programs in Web IDL: right by the grammar, and by most of the rules, with everything that the language has.

What a rule forbids after all, such as overloads that cannot be told apart, is taken out again, a line at a time: so each
member is a line of its own, and no line needs another.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, Sequence, Set, Tuple

import check
import diagnostics
import idl_parser
import link
import program
import source

NUMBERS = ("byte", "octet", "short", "unsigned short", "long", "unsigned long", "long long", "unsigned long long")
FLOATS = ("float", "unrestricted float", "double", "unrestricted double")
STRINGS = ("DOMString", "USVString", "ByteString", "[CString] DOMString", "[CString=utf16] DOMString", "[CString=latin1] DOMString")
BUFFERS = (
    "ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array "
    "Float16Array Float32Array Float64Array BigInt64Array BigUint64Array ArrayBufferView BufferSource AllowSharedBufferSource"
).split()
# Names of members and arguments: with all that is hard to write in C, and what glue might call something of its own.
NAMES = (
    "value count x Y URL isHTMLElement margin-top _long _interface new int register errno main env self call frame input "
    "result promise object index key name2 item4x data length2 size_t NULL cleat_arg js_x class finalize members props "
    "pairs collection iterator aliases factories observable namespace job getX arguments output value_ input_ receiver thrower "
    "toLong members-of dictionary of-x eventHandler changed entry at named a b c d"
).split()


class Maker:
    """One program; `stem` begins the name of all that it defines, so that programs can stand beside each other."""

    def __init__(self, chance: random.Random, stem: str) -> None:
        self.chance = chance
        self.stem = stem
        self.blocks: List[List[str]] = []
        self.names: Dict[str, List[str]] = {kind: [] for kind in ("enum", "dictionary", "callback", "object", "union", "alias")}
        # The values of enumerations, and the interfaces that others may inherit from.
        self.values: Dict[str, List[str]] = {}
        self.bases: List[str] = []

    # -- chance --------------------------------------------------------------------------------------------------

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def pick(self, items: Sequence[str]) -> str:
        return self.chance.choice(items)

    def name(self) -> str:
        return self.pick(NAMES)

    def argument_names(self, count: int) -> List[str]:
        return self.chance.sample(NAMES, count)

    def fresh(self, kind: str) -> str:
        noun = self.pick(("Shape", "HTMLThing", "Sequence", "Long", "URL2", "Members", "To", "x", "Promise", "Optional", "A", "Or"))
        made = f"{self.stem}{noun}{kind.title()}{sum(map(len, self.names.values()))}"
        self.names[kind].append(made)
        return made

    def attributes(self, shares: Dict[str, float]) -> str:
        chosen = [name for name, share in shares.items() if self.maybe(share)]
        return f"[{', '.join(chosen)}] " if chosen else ""

    # -- types ---------------------------------------------------------------------------------------------------

    def simple(self) -> str:
        roll = self.chance.random()
        if roll < 0.3:
            prefix = self.pick(("", "", "", "[Clamp] ", "[EnforceRange] "))
            return prefix + self.pick(NUMBERS)
        if roll < 0.4:
            return self.pick(FLOATS)
        if roll < 0.6:
            return "[LegacyNullToEmptyString] " + self.pick(STRINGS[:2]) if self.maybe(0.1) else self.pick(STRINGS)
        if roll < 0.75:
            prefix = self.pick(("", "", "[AllowShared] ", "[AllowResizable] ", "[AllowShared, AllowResizable] "))
            buffer = self.pick(BUFFERS)
            return buffer if "ArrayBuffer" in buffer or "Source" in buffer else prefix + buffer
        return self.pick(("boolean", "bigint", "object", "symbol", "any", "Function", "VoidFunction"))

    def named(self) -> str:
        names = [name for names in self.names.values() for name in names]
        return self.pick(names) if names else self.simple()

    def type(self, depth: int = 0) -> str:
        roll = self.chance.random()
        if depth > 2 or roll < 0.45:
            return self.simple()
        if roll < 0.65:
            return self.named()
        inner = self.type(depth + 1)
        if roll < 0.75:
            return f"{inner}?"
        if roll < 0.85:
            return f"sequence<{inner}>"
        if roll < 0.9:
            return f"record<{self.pick(STRINGS[:3])}, {inner}>"
        if roll < 0.93:
            return f"async_sequence<{inner}>"
        if roll < 0.95:
            return f"Promise<{unannotated(inner)}>"
        return self.union(depth)

    def union(self, depth: int = 0) -> str:
        """Members of different kinds, so that most unions can be told apart."""
        kinds: List[Callable[[], str]] = [
            lambda: self.pick((*NUMBERS, *FLOATS)),
            lambda: self.pick(STRINGS[:3]),
            lambda: "boolean",
            lambda: "bigint",
            lambda: f"sequence<{self.type(depth + 1)}>",
            lambda: f"record<DOMString, {self.type(depth + 1)}>",
            lambda: self.pick(self.names["dictionary"] or ["double"]),
            lambda: self.pick(self.names["object"] or ["symbol"]),
            lambda: self.pick(self.names["callback"] or ["Function"]),
            lambda: self.pick(self.names["enum"] or ["DOMString"]),
            lambda: self.pick(BUFFERS),
            lambda: "undefined",
        ]
        chosen = self.chance.sample(kinds, self.chance.randint(2, 4))
        members = [make() for make in chosen]
        if self.maybe(0.2):
            members[0] += "?"
        return f"({' or '.join(members)})"

    def result(self) -> str:
        roll = self.chance.random()
        if roll < 0.25:
            return "undefined"
        if roll < 0.4:
            return f"Promise<{'undefined' if self.maybe(0.3) else unannotated(self.type(1))}>"
        type = self.type()
        return type if type.startswith("[CString") else unannotated(type)

    def literal(self, type: str) -> str:
        """A default value of a type, or ""."""
        bare = type.rpartition("] ")[2]
        if bare in NUMBERS:
            return self.pick(("0", "1", "0x7F", "100"))
        if bare in FLOATS:
            return self.pick(("0", "-1.5", "1e3")) if not bare.startswith("un") else self.pick(("NaN", "-Infinity", ".5"))
        if bare in STRINGS[:3]:
            return self.pick(('""', '"a?/b"', '"x\\y"'))
        if bare in self.values:
            return f'"{self.pick(self.values[bare])}"'
        fixed = {"boolean": "true", "bigint": self.pick(("-5", "0", "123456789012345678901234567890")), "any": self.pick(("null", "undefined", "[]", "{}", "1"))}
        if bare in fixed:
            return fixed[bare]
        if bare.endswith("?"):
            return "null"
        if bare.startswith("sequence<"):
            return "[]"
        if bare.startswith("record<") or bare in self.names["dictionary"]:
            return "{}"
        return ""

    def arguments(self, most: int = 3) -> str:
        texts: List[str] = []
        names = self.argument_names(self.chance.randint(0, most))
        is_optional = False
        for index, name in enumerate(names):
            type = self.type()
            if index == len(names) - 1 and self.maybe(0.15):
                texts.append(f"{type}... {name}")
                continue
            is_optional = is_optional or self.maybe(0.3) or type in self.names["dictionary"]
            default = self.literal(type) if is_optional and (self.maybe(0.6) or type in self.names["dictionary"]) else ""
            texts.append(f"{'optional ' * is_optional}{type} {name}{f' = {default}' if default else ''}")
        return ", ".join(texts)

    # -- definitions ---------------------------------------------------------------------------------------------

    def block(self, head: str, members: Sequence[str], tail: str = "};") -> None:
        self.blocks.append([head, *members, tail])

    def enum(self) -> None:
        values = self.chance.sample(("", "a", "b-c", "1x", "Two Words", "int", "é", "?\\?/", "A_B", "new", "x" * 40), self.chance.randint(1, 5))
        name = self.fresh("enum")
        self.values[name] = values
        self.blocks.append([f"enum {name} {{ {', '.join(f'{chr(34)}{value}{chr(34)}' for value in values)} }};"])

    def dictionary(self) -> None:
        parents = self.names["dictionary"]
        parent = f" : {self.pick(parents)}" if parents and self.maybe(0.4) else ""
        members = [self.dictionary_member(name) for name in self.argument_names(self.chance.randint(0, 6))]
        name = self.fresh("dictionary")
        self.block(f"dictionary {name}{parent} {{", members)
        if self.maybe(0.2):
            self.block(f"partial dictionary {name} {{", [self.dictionary_member("later")])

    def dictionary_member(self, name: str) -> str:
        type = self.type()
        if self.maybe(0.2):
            return f"  required {type} {name};"
        default = self.literal(type) if self.maybe(0.5) else ""
        return f"  {type} {name}{f' = {default}' if default else ''};"

    def callback(self) -> None:
        attributes = self.attributes({"LegacyTreatNonObjectAsNull": 0.1})
        result, arguments = self.result(), self.arguments()
        self.blocks.append([f"{attributes}callback {self.fresh('callback')} = {result} ({arguments});"])

    def callback_interface(self) -> None:
        members = [f"  {self.result()} {self.name()}({self.arguments()});"]
        members += [f"  {self.constant(f'C{index}')}" for index in range(self.chance.choice((0, 0, 2)))]
        name = self.fresh("callback")
        self.block(f"callback interface {name} {{", members)

    def typedef(self) -> None:
        if self.maybe(0.6):
            union = self.union()
            self.blocks.append([f"typedef {union} {self.fresh('union')};"])
        else:
            type = self.type()
            self.blocks.append([f"typedef {type} {self.fresh('alias')};"])

    def constant(self, name: str) -> str:
        type, value = self.chance.choice(
            (
                ("boolean", "true"),
                ("octet", "255"),
                ("long", "-2147483648"),
                ("unsigned long", "4294967295"),
                ("long long", "-9223372036854775808"),
                ("unsigned long long", "18446744073709551615"),
                ("double", "-1.5"),
                ("unrestricted float", "-Infinity"),
                ("unrestricted double", "NaN"),
                ("bigint", "-123456789012345678901234567890"),
            )
        )
        return f"const {type} {name} = {value};"

    def operation(self, is_static: bool = False, is_namespace: bool = False) -> str:
        result = self.result()
        shares = {self.pick(("Throws", "CallWith=Env")): 0.3, "NoFastCall": 0.05, "Capability=power": 0.05, "Header=\"<stdlib.h>\"": 0.02}
        if result.startswith("Promise<"):
            shares[self.pick(("Blocking", "Blocking, Throws"))] = 0.3
            shares = {name: share for name, share in shares.items() if share != 0.3 or "Blocking" in name}
        if result in STRINGS or result in ("ArrayBuffer", "Uint8Array", "BufferSource", "sequence<long>", "[CString] DOMString"):
            shares["Release=free"] = 0.3
        if not is_static and not is_namespace:
            shares.update({"LegacyUnforgeable": 0.05, "Unscopable": 0.05})
        if result in self.names["object"]:
            shares["NewObject"] = 0.3
        return f"{self.attributes(shares)}{'static ' * is_static}{result} {self.name()}({self.arguments()});"

    def attribute(self, is_static: bool = False, is_namespace: bool = False) -> str:
        type = self.type()
        shares = {self.pick(("Throws", "CallWith=Env")): 0.25, "Capability=power": 0.05}
        if self.maybe(0.1):
            type = f"FrozenArray<{self.type(1)}>"
        elif self.maybe(0.1) and not is_static and not is_namespace:
            type = f"ObservableArray<{self.type(1)}>"
        is_promise = type.startswith("Promise<")
        readonly = is_namespace or is_promise or self.maybe(0.4)
        if not is_static and not is_namespace:
            shares.update({"LegacyUnforgeable": 0.05, "Unscopable": 0.05, "LegacyLenientThis": 0.0 if is_promise else 0.05})
            if readonly and not is_promise:
                shares.update({self.pick(("LegacyLenientSetter", "Replaceable")): 0.15})
        if readonly and type in ("object", *self.names["object"]):
            shares["SameObject"] = 0.4
        return f"{self.attributes(shares)}{'static ' * is_static}{'readonly ' * readonly}attribute {type} {self.name()};"

    def member(self) -> str:
        roll = self.chance.random()
        if roll < 0.5:
            return "  " + self.operation(is_static=self.maybe(0.15))
        if roll < 0.9:
            return "  " + self.attribute(is_static=self.maybe(0.1))
        return "  " + self.constant(self.pick(("MAX", "E", "NULL", "LONG_MAX", "C")))

    def special(self) -> List[str]:
        """At most one of what makes interfaces iterable or gives them properties."""
        roll = self.chance.random()
        type = self.type(1)
        throws = self.pick(("", "", "[Throws] ", "[CallWith=Env] "))
        if roll < 0.06:
            return [f"  {self.pick(('', '[Throws] '))}iterable<{self.type(1)}, {type}>;"]
        if roll < 0.12:
            attributes = self.attributes({"Throws": 0.2, "ReturnMethod": 0.5})
            return [f"  {attributes}async_iterable<{self.pick(('', f'{self.type(1)}, '))}{type}>;"]
        if roll < 0.18:
            return [f"  {'readonly ' * self.maybe(0.5)}maplike<{self.type(1)}, {type}>;"]
        if roll < 0.24:
            return [f"  {'readonly ' * self.maybe(0.5)}setlike<{type}>;"]
        lines: List[str] = []
        if roll < 0.34:
            lines.append(f"  {throws}getter {type} {self.pick(('', 'item'))}(unsigned long index);")
            lines += [f"  setter undefined {self.pick(('', 'put'))}(unsigned long index, {type} value);"] * self.maybe(0.4)
            lines += [f"  iterable<{type}>;"] * self.maybe(0.4)
            lines.append("  readonly attribute unsigned long length;")
        if roll > 0.94 or 0.3 < roll < 0.34:
            lines.append(f"  {throws}getter {type} {self.pick(('', 'namedItem'))}(DOMString name);")
            lines += [f"  {throws}setter undefined (DOMString name, {type} value);"] * self.maybe(0.4)
            lines += [f"  {throws}deleter {self.pick(('undefined', 'boolean'))} (DOMString name);"] * self.maybe(0.4)
        return lines

    def interface(self) -> None:
        parents = [*self.bases, "EventTarget"]
        parent = self.pick(parents) if self.maybe(0.35) else ""
        members = [self.member() for _ in range(self.chance.randint(0, 7))]
        is_hidden = self.maybe(0.05)
        if not is_hidden and self.maybe(0.6):
            members += [f"  {self.attributes({'Throws': 0.3})}constructor({self.arguments()});" for _ in range(self.chance.choice((1, 1, 2)))]
        if self.maybe(0.1):
            members.append("  stringifier;" if self.maybe(0.5) else f"  stringifier attribute {self.pick(STRINGS[:2])} text;")
        if self.maybe(0.1):
            members.append("  [Default] object toJSON();")
        if parent == "EventTarget":
            members.append(f"  {self.attributes({'LegacyLenientThis': 0.2})}attribute EventHandler onchange;")
        members += self.special()
        shares = {
            "Exposed=*": 0.1,
            "Capability=power": 0.05,
            "Dispose": 0.1,
            "ExternalMemory": 0.1,
            "LegacyNoInterfaceObject": float(is_hidden),
            "LegacyOverrideBuiltIns": 0.03,
            "NoFastCall": 0.05,
        }
        name = self.fresh("object")
        if not is_hidden:
            shares[f"LegacyFactoryFunction={name}Factory({self.arguments()})"] = 0.1
            shares[f"LegacyWindowAlias={name}Alias"] = 0.05
        shares[self.pick(("Release=free", f"ImplementedAs={name}_t"))] = 0.05
        self.block(f"{self.attributes(shares)}interface {name}{f' : {parent}' if parent else ''} {{", members)
        self.bases.append(name)
        if self.maybe(0.15):
            self.block(f"partial interface {name} {{", [self.member()])
        if self.maybe(0.15):
            self.block(f"interface mixin {name}Mixin {{", [self.member(), self.member()])
            self.blocks.append([f"{name} includes {name}Mixin;"])

    def namespace(self) -> None:
        members = [f"  {self.operation(is_namespace=True)}" for _ in range(self.chance.randint(1, 4))]
        members += [f"  {self.attribute(is_namespace=True)}"] * self.maybe(0.4)
        members += [f"  {self.constant('MAX')}"] * self.maybe(0.4)
        self.block(f"namespace {self.stem.lower()}Space{len(self.blocks)} {{", members)

    def globals(self) -> None:
        members = []
        for index in range(self.chance.randint(1, 4)):
            text = self.operation() if self.maybe(0.6) else self.attribute()
            # Names that other programs do not have.
            members.append("  " + re.sub(r"[\w-]+(?=(\(.*\))?;$)", f"{self.stem.lower()}Global{index}", text, count=1))
        self.block("partial interface CleatGlobalScope {", members)

    def make(self) -> None:
        kinds = (
            (self.enum, 2),
            (self.dictionary, 4),
            (self.callback, 3),
            (self.callback_interface, 1),
            (self.typedef, 3),
            (self.interface, 6),
            (self.namespace, 1),
            (self.globals, 1),
        )
        makers, weights = zip(*kinds)
        for make in self.chance.choices(makers, weights, k=self.chance.randint(3, 9)):
            make()


def unannotated(type: str) -> str:
    """A type that stands where nothing is converted to it."""
    return re.sub(r"\[[^\]]*\] ", "", type)


@dataclass(frozen=True)
class Made:
    """A program without findings: its text, and the lines that had to go, each behind the rule that it broke."""

    text: str
    dropped: Tuple[str, ...]


Refusals = Callable[[program.Program], Sequence[diagnostics.Diagnostic]]


def random_program(chance: random.Random, stem: str, refusals: Refusals) -> Made:
    """A program without the lines that the check, or `refusals`, finds something wrong with."""
    maker = Maker(chance, stem)
    maker.make()
    blocks, dropped = maker.blocks, []
    while True:
        text = "\n".join(line for block in blocks for line in block)
        file = source.SourceFile(f"{stem}.idl", text)
        wrong: Set[int] = set()
        for one in _errors(file, refusals):
            wrong.add(one.span.line)
            dropped.append(f"{one.rule}: {one.message}: {file.line_text(one.span.line)}")
        if not wrong:
            return Made(text, tuple(dropped))
        blocks = list(_without(blocks, wrong))


def _errors(file: source.SourceFile, refusals: Refusals) -> List[diagnostics.Diagnostic]:
    sink = diagnostics.Sink()
    linked = link.link([idl_parser.read(file, sink)], sink)
    check.check(linked, sink)
    found = [one for one in sink.sorted() if one.severity == diagnostics.ERROR] or list(refusals(linked))
    assert all(one.span.file is file for one in found), diagnostics.render(found)
    return found


def _without(blocks: Sequence[List[str]], wrong: Set[int]) -> Iterator[List[str]]:
    """The blocks without the members on those lines, and without the blocks that begin there."""
    start = 1
    for block in blocks:
        if start not in wrong:
            yield [line for number, line in enumerate(block, start) if number not in wrong]
        start += len(block)
