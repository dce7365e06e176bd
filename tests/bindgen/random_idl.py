"""Random programs in Web IDL: right by the grammar, and by most of the rules, with everything that the language has.

What a rule forbids after all, such as overloads that cannot be told apart, is taken out again, a line at a time: so each
member is a line of its own, and no line needs another.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Callable, Iterator, List, Optional, Sequence, Set, Tuple

import check
import diagnostics
import idl_parser
import link
import program
import source
import syntax
from random_types import BUFFERS, STRINGS, Types, merged, unannotated


class Maker(Types):
    """One program."""

    def __init__(self, chance: random.Random, stem: str) -> None:
        super().__init__(chance, stem)
        self.blocks: List[List[str]] = []
        # The interfaces that others may inherit from, those with attributes to forward assignments to, and the namespaces.
        self.bases: List[str] = []
        self.forwarding: List[str] = []
        self.namespaces: List[str] = []
        self.mixins: List[str] = []

    def use(self, definition: syntax.Definition) -> None:
        """Takes a definition of another set for one to use as if it were its own."""
        name = definition.name
        if isinstance(definition, syntax.Enum):
            self.names["enum"].append(name)
            self.values[name] = [value.name for value in definition.values]
        elif isinstance(definition, (syntax.CallbackFunction, syntax.CallbackInterface)):
            self.names["callback"].append(name)
        elif isinstance(definition, syntax.Typedef):
            self.names["union" if isinstance(definition.type, syntax.UnionType) else "alias"].append(name)
        elif isinstance(definition, (syntax.Dictionary, syntax.Interface, syntax.Namespace, syntax.Mixin)) and not definition.partial:
            kinds = {syntax.Dictionary: self.names["dictionary"], syntax.Namespace: self.namespaces, syntax.Mixin: self.mixins}
            kinds.get(type(definition), self.bases).append(name)
            self.names["object"] += [name] * isinstance(definition, syntax.Interface)

    def block(self, head: str, members: Sequence[str], tail: str = "};") -> None:
        self.blocks.append([head, *members, tail])

    # -- definitions ---------------------------------------------------------------------------------------------

    def enum(self) -> None:
        values = ["", "a", "b-c", "1x", "Two Words", "int", "é", "?\\?/", "A_B", "new", "x" * 40, self.long_name()]
        values = self.chance.sample(values, self.chance.randint(1, 5))
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
        result, arguments = self.result(self.maybe(0.2)), self.arguments()
        self.blocks.append([f"{attributes}callback {self.fresh('callback')} = {unannotated(result)} ({arguments});"])

    def callback_interface(self) -> None:
        members = [f"  {merged('', '', self.result(self.maybe(0.2)))} {self.name()}({self.arguments()});"]
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

    # -- members -------------------------------------------------------------------------------------------------

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

    def release(self, type: str) -> dict[str, float]:
        """[Release], where a result has memory to free."""
        owns = type in (*STRINGS, *BUFFERS) or type.startswith(("sequence<", "record<"))
        return {"Release=free": 0.2} if owns else {}

    def operation(self, name: str = "", is_static: bool = False, is_namespace: bool = False, result: str = "") -> str:
        result = result or self.result(self.maybe(0.2))
        shares = {"NoFastCall": 0.05, "Capability=power": 0.05, 'Header="<stdlib.h>"': 0.02, **self.release(result)}
        if result.startswith("Promise<") and self.maybe(0.3):
            shares[self.pick(("Blocking", "Blocking, Throws"))] = 1
        else:
            shares[self.pick(("Throws", "CallWith=Env"))] = 0.3
        if not is_static and not is_namespace:
            shares.update({"LegacyUnforgeable": 0.05, "Unscopable": 0.05, "Dispose": 0.02})
        if result in self.names["object"]:
            shares["NewObject"] = 0.3
        whole = merged(self.attributes(shares), "static " * is_static, result)
        return f"{whole} {name or self.name()}({self.arguments()});"

    def attribute(self, name: str = "", is_static: bool = False, is_namespace: bool = False) -> str:
        type = self.attribute_type()
        shares = {self.pick(("Throws", "CallWith=Env")): 0.25, "Capability=power": 0.05, **self.release(type)}
        is_regular = not is_static and not is_namespace
        if self.maybe(0.1):
            type = f"FrozenArray<{self.type(1)}>"
        elif self.maybe(0.1) and is_regular:
            type = f"ObservableArray<{self.type(1)}>"
        elif self.forwarding and self.maybe(0.05) and is_regular:
            return f"[PutForwards=text] readonly attribute {self.pick(self.forwarding)} {name or self.name()};"
        is_promise = type.startswith("Promise<")
        readonly = is_namespace or is_promise or self.maybe(0.4)
        if is_regular:
            shares.update({"LegacyUnforgeable": 0.05, "Unscopable": 0.05, "LegacyLenientThis": 0.0 if is_promise else 0.05})
            if readonly and not is_promise:
                shares.update({self.pick(("LegacyLenientSetter", "Replaceable")): 0.15})
        if readonly and type in ("object", *self.names["object"]):
            shares["SameObject"] = 0.4
        words = "static " * is_static + "inherit " * (is_regular and not readonly and self.maybe(0.05)) + "readonly " * readonly
        return f"{self.attributes(shares)}{words}attribute {type} {name or self.name()};"

    def overloads(self, name: str = "") -> List[str]:
        """Operations of one name, most of which can be told apart; many of them, now and then."""
        name = name or self.name()
        is_static, is_promise = self.maybe(0.15), self.maybe(0.3)
        return [f"  {self.operation(name, is_static, result=self.result(is_promise))}" for _ in range(self.chance.choice((2, 3, 8)))]

    def members(self, most: int) -> List[str]:
        lines = [self.member() for _ in range(self.chance.randint(0, most))]
        return lines + self.overloads() if self.maybe(0.15) else lines

    def member(self) -> str:
        roll = self.chance.random()
        if roll < 0.5:
            return "  " + self.operation(is_static=self.maybe(0.15))
        if roll < 0.9:
            return "  " + self.attribute(is_static=self.maybe(0.1))
        return "  " + self.constant(self.pick(("MAX", "E", "NULL", "LONG_MAX", "C")))

    def iteration(self) -> List[str]:
        """At most one of what gives objects entries, half of the time."""
        roll = self.chance.random()
        key, type = self.type(1), self.type(1)
        if roll < 0.125:
            return [f"  {self.pick(('', '[Throws] '))}iterable<{key}, {type}>;"]
        if roll < 0.25:
            attributes = self.attributes({"Throws": 0.2, "ReturnMethod": 0.5})
            arguments = f"({self.arguments(2)})" if self.maybe(0.3) else ""
            return [f"  {attributes}async_iterable<{self.pick(('', f'{key}, '))}{type}>{arguments};"]
        if roll < 0.375:
            return [f"  {'readonly ' * self.maybe(0.5)}maplike<{key}, {type}>;"]
        if roll < 0.5:
            return [f"  {'readonly ' * self.maybe(0.5)}setlike<{type}>;"]
        return []

    def accessor(self, words: str, result: str, name: str, arguments: str) -> str:
        """A getter, setter or deleter."""
        shares = {self.pick(("Throws", "CallWith=Env")): 0.3, **self.release(result)}
        return f"  {merged(self.attributes(shares), words, result)} {name}({arguments});"

    def indexed(self) -> List[str]:
        type = self.type(1)
        lines = [self.accessor("getter ", type, self.pick(("", "item")), "unsigned long index")]
        result = self.pick(("undefined", "undefined", self.result(self.maybe(0.2))))
        lines += [self.accessor("setter ", result, self.pick(("", "put")), f"unsigned long index, {type} value")] * self.maybe(0.4)
        lines += [f"  iterable<{type}>;"] * self.maybe(0.4)
        return [*lines, "  readonly attribute unsigned long length;"]

    def named_properties(self) -> List[str]:
        type, name = self.type(1), f"{self.pick(STRINGS[:1] + STRINGS[3:])} name"
        lines = [self.accessor("getter ", type, self.pick(("", "namedItem")), name)]
        result = self.pick(("undefined", "undefined", self.result(self.maybe(0.2))))
        lines += [self.accessor("setter ", result, self.pick(("", "store")), f"{name}, {type} value")] * self.maybe(0.4)
        result = self.pick(("undefined", "boolean", self.result(self.maybe(0.2))))
        lines += [self.accessor("deleter ", result, self.pick(("", "remove")), name)] * self.maybe(0.4)
        return lines

    def special(self) -> List[str]:
        """What makes objects strings, gives them entries, or properties that the program has."""
        lines: List[str] = []
        if self.maybe(0.1):
            attributes = self.attributes({"Throws": 0.3, "Release=free": 0.2, self.pick(("CString", "CString=utf16")): 0.2})
            lines.append(f"  {attributes}stringifier;" if self.maybe(0.5) else f"  stringifier attribute {self.pick(STRINGS)} text;")
        if self.maybe(0.1):
            lines.append("  [Default] object toJSON();" if self.maybe(0.7) else f"  {unannotated(self.type())} toJSON();")
        if self.maybe(0.5):
            return lines + self.iteration()
        if self.maybe(0.2):
            lines += self.indexed()
        return lines + self.named_properties() if self.maybe(0.2) else lines

    # -- where members stand -------------------------------------------------------------------------------------

    def interface(self) -> None:
        parents = [*self.bases, "EventTarget"]
        parent = self.pick(parents) if self.maybe(0.35) else ""
        members = self.members(7)
        is_hidden = self.maybe(0.05)
        if not is_hidden and self.maybe(0.6):
            members += [f"  {self.attributes({'Throws': 0.3})}constructor({self.arguments()});" for _ in range(self.chance.choice((1, 1, 2)))]
        if parent == "EventTarget":
            members.append(f"  {self.attributes({'LegacyLenientThis': 0.2})}attribute EventHandler onchange;")
        forwards = self.maybe(0.1)
        members += ["  attribute DOMString text;"] if forwards else self.special()
        shares = {
            "Exposed=*": 0.1,
            "Capability=power": 0.05,
            "Dispose": 0.1,
            "ExternalMemory": 0.1,
            "Global=Other": 0.03,
            "LegacyNoInterfaceObject": float(is_hidden),
            "LegacyOverrideBuiltIns": 0.03,
            "LegacyUnenumerableNamedProperties": 0.03,
            "NoFastCall": 0.05,
        }
        name = self.fresh("object")
        if not is_hidden:
            shares[f"LegacyFactoryFunction={name}Factory({self.arguments()})"] = 0.1
            shares[f"LegacyWindowAlias={name}Alias"] = 0.05
        if self.namespaces:
            shares[f"LegacyNamespace={self.pick(self.namespaces)}"] = 0.1
        shares[self.pick(("Release=free", f"ImplementedAs={name}_t"))] = 0.05
        self.block(f"{self.attributes(shares)}interface {name}{f' : {parent}' if parent else ''} {{", members)
        self.bases.append(name)
        self.forwarding += [name] * forwards
        if self.maybe(0.15):
            self.block(f"partial interface {name} {{", [self.member()])
        if self.maybe(0.15):
            self.block(f"interface mixin {name}Mixin {{", [self.member(), self.member()])
            self.blocks.append([f"{name} includes {name}Mixin;"])
            self.block(f"partial interface mixin {name}Mixin {{", [self.member()])
        if self.mixins and self.maybe(0.2):
            self.blocks.append([f"{name} includes {self.pick(self.mixins)};"])

    def exception(self) -> None:
        name = f"{self.fresh('object')}Error"
        self.names["object"][-1] = name
        more = f", {self.arguments()}" if self.maybe(0.5) else ""
        parent = self.pick(("DOMException", "QuotaExceededError"))
        self.block(f"interface {name} : {parent} {{", ['  constructor(optional DOMString message = ""' + more + ");", *self.members(2)])

    def namespace(self) -> None:
        members = [f"  {self.operation(is_namespace=True)}" for _ in range(self.chance.randint(1, 4))]
        members += [f"  {self.attribute(is_namespace=True)}"] * self.maybe(0.4)
        members += [f"  {self.constant('MAX')}"] * self.maybe(0.4)
        name = f"{self.stem.lower()}Space{len(self.blocks)}"
        self.block(f"namespace {name} {{", members)
        self.namespaces.append(name)
        if self.maybe(0.3):
            self.block(f"partial namespace {name} {{", [f"  {self.operation(is_namespace=True)}"])

    def globals(self) -> None:
        members: List[str] = []
        for index in range(self.chance.randint(1, 4)):
            # Names that other programs do not have.
            name = f"{self.stem.lower()}Global{len(self.blocks)}{self.long_name() if self.maybe(self.long_names) else index}"
            if self.maybe(0.1):
                members += self.overloads(name)
            else:
                members.append("  " + (self.operation(name) if self.maybe(0.6) else self.attribute(name)))
        self.block("partial interface CleatGlobalScope {", [*members, *self.special()])

    def make(self) -> None:
        kinds = (
            (self.enum, 2),
            (self.dictionary, 4),
            (self.callback, 3),
            (self.callback_interface, 1),
            (self.typedef, 3),
            (self.interface, 6),
            (self.exception, 0.5),
            (self.namespace, 1),
            (self.globals, 2),
        )
        makers, weights = zip(*kinds)
        for make in self.chance.choices(makers, weights, k=self.chance.randint(3, 9)):
            make()


@dataclass(frozen=True)
class Made:
    """A program without findings: its text, and the lines that had to go, each behind the rule that it broke."""

    text: str
    dropped: Tuple[str, ...]


Refusals = Callable[[program.Program], Sequence[diagnostics.Diagnostic]]


def random_program(chance: random.Random, stem: str, refusals: Refusals, base: Optional[source.SourceFile] = None) -> Made:
    """A program without the lines that the check, or `refusals`, finds something wrong with. `base` is another that it imports."""
    maker = Maker(chance, stem)
    imported = [idl_parser.read(base, diagnostics.Sink())] if base else []
    for module in imported:
        for definition in module.definitions:
            maker.use(definition)
    maker.borrowed = [name for names in maker.names.values() for name in names]
    maker.make()
    blocks, dropped = maker.blocks, []
    while True:
        text = "\n".join(line for block in blocks for line in block)
        file = source.SourceFile(f"{stem}.idl", text)
        wrong: Set[int] = set()
        for one in _errors(file, imported, refusals):
            line = next((span.line for span in (one.span, *(note.span for note in one.notes)) if span.file is file), 0)
            # Something is wrong with a mixin for the first that includes it.
            line = line or next(at for at, text in enumerate(text.split("\n"), 1) if text.partition(" includes ")[2][:-1] in maker.mixins)
            wrong.add(line)
            dropped.append(f"{one.rule}: {one.message}: {file.line_text(line)}")
        if not wrong:
            return Made(text, tuple(dropped))
        blocks = list(_without(blocks, wrong))


def _errors(file: source.SourceFile, imported: Sequence[syntax.Module], refusals: Refusals) -> List[diagnostics.Diagnostic]:
    sink = diagnostics.Sink()
    linked = link.link([idl_parser.read(file, sink), *imported], sink)
    check.check(linked, sink)
    return [one for one in sink.sorted() if one.severity == diagnostics.ERROR] or list(refusals(linked))


def _without(blocks: Sequence[List[str]], wrong: Set[int]) -> Iterator[List[str]]:
    """The blocks without the members on those lines, and without the blocks that begin there."""
    start = 1
    for block in blocks:
        if start not in wrong:
            yield [line for number, line in enumerate(block, start) if number not in wrong]
        start += len(block)
