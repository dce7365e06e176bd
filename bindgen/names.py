"""Names: the casings of one IDL name, and what a C or C++ compiler does not let a program use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable

_WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")

# The words that mean something else in C or in C++, since headers serve both.
KEYWORDS = frozenset(
    """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t class
    co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype
    default delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline
    int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public
    register reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast
    struct switch template this thread_local throw true try typedef typeid typename typeof union unsigned using
    virtual void volatile wchar_t while xor xor_eq linux unix errno stdin stdout stderr assert
    """.split()
)

# What headers that every generated file includes give a meaning to, and so no type of an IDL file can be.
_INCLUDED = frozenset(
    """
    NULL EOF FILE int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t ptrdiff_t
    size_t va_list CleatBigInt CleatBindings CleatBytesKind CleatCall CleatCallback CleatClass CleatData CleatEnum
    CleatEnv CleatError CleatFrame CleatInput CleatIteration CleatJob CleatJobType CleatMember CleatMemberKind
    CleatNamespace CleatNative CleatPromise CleatRef CleatResolution CleatResult CleatRuntime CleatScope CleatString
    CleatString16 CleatThrowKind CleatThrower CleatType CleatValue
    """.split()
)

# The names that glue gives its own variables and hooks their own parameters.
_GLUE = frozenset("call env frame self input promise receiver result job thrower object".split())
_ENV = re.compile(r"\benv\b")


@dataclass(frozen=True)
class Name:
    """An IDL name as words; every casing is made from those."""

    text: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(_WORD.findall(self.text)) or ("_",)

    @property
    def snake(self) -> str:
        return "_".join(word.lower() for word in self.words)

    @property
    def shouty(self) -> str:
        return self.snake.upper()

    @property
    def pascal(self) -> str:
        """Capitalised words; capitals inside one stay: "WebGLContext" is itself."""
        return "".join(word[0].upper() + word[1:] for word in self.words)


def is_free(name: str) -> bool:
    """Whether a name means nothing in C and C++, and in the headers that every generated file includes."""
    return name not in KEYWORDS and name not in _INCLUDED


def field(text: str) -> str:
    """The name of a struct's field."""
    snake = _started(Name(text).snake)
    return snake if is_free(snake) else snake + "_"


def enumerators(values: Iterable[str]) -> list[str]:
    """What stands behind the name of an enumeration for each of its values: no two are the same."""
    names: list[str] = []
    for value in values:
        # Characters that no word of C has are told by their numbers, where there is nothing else.
        spelled = "_".join(f"U{ord(character):04X}" for character in value) or "EMPTY"
        first = name = Name(value).shouty if _WORD.search(value) else spelled
        count = 1
        while name in names:
            count += 1
            name = f"{first}_{count}"
        names.append(name)
    return names


def mentions_env(lines: Iterable[str]) -> bool:
    """Whether statements use the variable `env`."""
    return any(_ENV.search(line) for line in lines)


def variables(texts: Iterable[str], taken: Iterable[str]) -> list[str]:
    """The names of variables, each of its own, and none that glue or `taken` uses."""
    used = set(taken) | _GLUE | KEYWORDS | _INCLUDED
    names: list[str] = []
    for text in texts:
        name = _started(Name(text).snake)
        if name.startswith(("cleat_", "js_")):
            name = "its_" + name
        while used & _with_parts(name):
            name += "_"
        used |= _with_parts(name)
        names.append(name)
    return names


def _with_parts(name: str) -> set[str]:
    """A variable, and what glue may need beside it and calls after it."""
    return {name, *(f"{name}_{part}" for part in ("input", "method", "async", "place"))}


def _started(snake: str) -> str:
    return "_" + snake if snake[0].isdigit() else snake


def string_literal(text: str, encoding: str = "utf-8") -> str:
    """The C string literal of the text; what is not printable is an octal escape, and no trigraph is left."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    if "??" in text:
        escapes["?"] = "\\?"
    return '"' + "".join(escapes.get(c) or _escaped(c, encoding) for c in text) + '"'


def _escaped(character: str, encoding: str) -> str:
    if character.isprintable() and (character.isascii() or encoding != "latin-1"):
        return character
    if encoding == "utf-16":
        number = ord(character)
        return f"\\{number:03o}" if number < 0xA0 else f"\\U{number:08x}"
    return "".join(f"\\{byte:03o}" for byte in character.encode(encoding))
