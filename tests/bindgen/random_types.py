"""The types of random programs in Web IDL, with names, arguments and default values."""

from __future__ import annotations

import random
import re
from typing import Callable, Dict, List, Sequence

NUMBERS = ("byte", "octet", "short", "unsigned short", "long", "unsigned long", "long long", "unsigned long long")
FLOATS = ("float", "unrestricted float", "double", "unrestricted double")
STRINGS = ("DOMString", "USVString", "ByteString", "[CString] DOMString", "[CString=utf16] DOMString", "[CString=latin1] DOMString")
BUFFERS = (
    "ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array "
    "Float16Array Float32Array Float64Array BigInt64Array BigUint64Array ArrayBufferView BufferSource AllowSharedBufferSource"
).split()
# What no program defines itself.
GIVEN = ("CleatGlobalScope", "DOMException", "QuotaExceededError", "EventTarget", "Event", "AbortSignal")
# Names of members and arguments: with all that is hard to write in C, and what glue might call something of its own.
NAMES = (
    "value count x Y URL isHTMLElement margin-top _long _interface new int register errno main env self call frame input "
    "result promise _object index key name2 item4x data length2 size_t NULL cleat_arg js_x class finalize members props "
    "pairs collection iterator aliases factories observable _namespace eval job getX arguments output value_ input_ receiver thrower "
    "toLong members-of _dictionary of-x eventHandler xInput valueMethod xPlace changed entry at named a b c d"
).split()
NOUNS = "Shape Envelope HTMLThing Sequence Long URL2 Members To x Promise Optional A Or".split()
WORDS = "the elements of all Documents that are open By their HTMLNames and with Parents long2 to_be x2y sequence or".split()


class Types:
    """The types that a program has; `stem` begins the name of all that it defines, so that programs can stand beside each other."""

    def __init__(self, chance: random.Random, stem: str) -> None:
        self.chance = chance
        self.stem = stem
        self.names: Dict[str, List[str]] = {kind: [] for kind in ("enum", "dictionary", "callback", "object", "union", "alias")}
        # Those of them that another program has defined.
        self.borrowed: List[str] = []
        # The values of enumerations.
        self.values: Dict[str, List[str]] = {}
        # Some programs have types in types in types, and some names that no line has room for.
        self.depth = 5 if self.maybe(0.1) else 2
        self.long_names = 0.5 if self.maybe(0.2) else 0.0

    # -- chance --------------------------------------------------------------------------------------------------

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def pick(self, items: Sequence[str]) -> str:
        return self.chance.choice(items)

    def name(self) -> str:
        return self.long_name() if self.maybe(self.long_names) else self.pick(NAMES)

    def long_name(self) -> str:
        """A name of any length up to that of a line."""
        length = self.chance.randint(15, 110)
        name = self.pick(WORDS)
        while len(name) < length:
            name += self.pick(WORDS).capitalize()
        return name

    def argument_names(self, count: int) -> List[str]:
        found: List[str] = []
        while len(found) < count:
            name = self.name()
            found += [name] * (name not in found)
        return found

    def fresh(self, kind: str) -> str:
        noun = self.long_name() if self.maybe(self.long_names) else self.pick(NOUNS)
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
        if self.borrowed and self.maybe(0.5):
            return self.pick(self.borrowed)
        return self.pick(names) if names and not self.maybe(0.08) else self.pick(GIVEN)

    def type(self, depth: int = 0) -> str:
        roll = self.chance.random()
        if depth > self.depth or roll < 0.9 / self.depth:
            return self.simple()
        if roll < 0.65:
            return self.named()
        inner = self.type(depth + 1)
        if roll < 0.75:
            return inner if inner.endswith(("?", "any", "undefined")) or inner in self.names["dictionary"] else f"{inner}?"
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
            lambda: f"async_sequence<{self.type(depth + 1)}>",
            lambda: f"record<DOMString, {self.type(depth + 1)}>",
            lambda: self.pick(self.names["dictionary"] or ["double"]),
            lambda: self.pick([*self.names["object"], *GIVEN]),
            lambda: self.pick(self.names["callback"] or ["Function"]),
            lambda: self.pick(self.names["enum"] or ["DOMString"]),
            lambda: self.pick(BUFFERS),
            lambda: "undefined",
        ]
        if depth < self.depth:
            kinds.append(lambda: self.union(depth + 1))
        chosen = self.chance.sample(kinds, self.chance.randint(2, 4))
        members = [make() for make in chosen]
        if self.maybe(0.2):
            members[0] += "?"
        return f"({' or '.join(members)})"

    def result(self, is_promise: bool) -> str:
        if is_promise:
            return f"Promise<{'undefined' if self.maybe(0.3) else unannotated(self.type(1))}>"
        type = "undefined" if self.maybe(0.3) else self.type()
        return type if type.startswith("[CString") else unannotated(type)

    def attribute_type(self) -> str:
        """A type that attributes may have: no sequence, record or dictionary, but in others."""
        type = self.type()
        while type.startswith(("sequence<", "record<", "async_sequence<")) or type in self.names["dictionary"]:
            type = self.type()
        return type

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
            is_variadic = index == len(names) - 1 and self.maybe(0.15)
            attributes = "[CArray] " if self.may_be_array(type, is_variadic) and self.maybe(0.1) else ""
            is_optional = is_optional or self.maybe(0.3) or type in self.names["dictionary"]
            if is_variadic:
                texts.append(f"{merged(attributes, '', type)}... {name}")
            elif is_optional:
                default = self.literal(type) if self.maybe(0.6) or type in self.names["dictionary"] else ""
                texts.append(f"{attributes}optional {type} {name}{f' = {default}' if default else ''}")
            else:
                texts.append(f"{merged(attributes, '', type)} {name}")
        return ", ".join(texts)

    def may_be_array(self, type: str, is_variadic: bool) -> bool:
        bare = type.rpartition("] ")[2].rstrip("?")
        return is_variadic or bare in (*STRINGS, *BUFFERS) or type.startswith("sequence<")


def unannotated(type: str) -> str:
    """A type that stands where nothing is converted to it."""
    return re.sub(r"\[[^\]]*\] ", "", type)


def merged(attributes: str, words: str, type: str) -> str:
    """A type behind words such as "static", with its own extended attributes where the grammar wants them: in one list before all."""
    own = re.match(r"\[([^\]]*)\] ", type)
    if not own:
        return f"{attributes}{words}{type}"
    listed = f"{attributes[1:-2]}, {own[1]}" if attributes else own[1]
    return f"[{listed}] {words}{type[own.end():]}"
