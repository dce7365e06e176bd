"""Stubs: C with every function that the program is to implement, to be copied and filled in.

They compile as they are and give zeros, empty strings and no objects; promises are rejected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Tuple

from layout import tidy
from model import Class, Hook, HookUse, Lines, Set
from names import Name
from program import GLOBAL_SCOPE, Program
from render import environment

_PROTOTYPE = re.compile(r"(?P<result>[\w ]+?\**) ?\b(?P<name>\w+)\((?P<parameters>.*)\);")
_PARAMETER = re.compile(r"(?P<type>.*?)(?P<name>\w+)")
_NUMBER = re.compile(r"u?int\d+_t|size_t|float|double|int|unsigned")


@dataclass(frozen=True)
class Struct:
    """The native object of an interface; `base` is that of the interface it inherits from, or ""."""

    c: str
    base: str
    comment: str


@dataclass(frozen=True)
class Stub:
    """One function, with the body that it has for now."""

    comment: Lines
    head: Lines
    body: Lines


@dataclass(frozen=True)
class Stubs:
    sources: str
    file: str
    structs: Tuple[Struct, ...]
    functions: Tuple[Stub, ...]


def emit_stubs(program: Program, model: Set) -> str:
    """The text of the C file. All that is in it stands in the model."""
    made = _Stubs(model)
    stubs = Stubs(model.sources, model.file, tuple(made.structs()), tuple(made.functions()))
    return tidy(environment().get_template("stubs.c.j2").render(stubs=stubs))


class _Stubs:
    def __init__(self, model: Set) -> None:
        self.model = model
        self.uses: Dict[str, HookUse] = {use.hook: use for use in model.uses}
        self.finalizers = {one.release: "self" for one in model.classes}
        self.iterations = {one.name[1:-1]: one.async_iteration for one in model.classes if one.async_iteration}
        if model.scope and model.scope.async_iteration:
            self.iterations[GLOBAL_SCOPE] = model.scope.async_iteration
        self.finalizers.update((one.finalize, "iterator") for one in self.iterations.values())
        # The structs that are the program's own, rather than a library's or those of a header that the IDL names.
        elsewhere = {one.native for one in model.classes if one.has_header}
        self.own = {line.split()[-1].rstrip(";") for line in model.interfaces} - elsewhere

    def structs(self) -> List[Struct]:
        made: Dict[str, Struct] = {}
        for imported in self.model.imported_structs:
            text = f"What an object of {imported.name} holds, the same as for the set {imported.set}: better in a header."
            made[imported.c] = Struct(imported.c, imported.base, text)
        for one in self.model.classes:
            if one.native in self.own:
                made.setdefault(one.native, Struct(one.native, one.base, _title(one)))
        for name, iteration in self.iterations.items():
            made[iteration.iterator] = Struct(iteration.iterator, "", f"What an iteration over a {name} holds.")
        return list(made.values())

    def functions(self) -> List[Stub]:
        hooks = [hook for section in self.model.sections for hook in section.hooks]
        return [self._stub(hook) for hook in hooks if not hook.is_generated]

    def _stub(self, hook: Hook) -> Stub:
        body = self._body(hook.prototype)
        head = hook.prototype[-1].rstrip(";") + (" {" if body else " {}")
        return Stub(hook.comment, (*hook.prototype[:-1], head), body)

    def _body(self, prototype: Lines) -> Lines:
        match = _PROTOTYPE.fullmatch(" ".join(line.strip() for line in prototype))
        assert match, prototype
        name, result = match["name"], match["result"].strip()
        parameters = _parameters(match["parameters"])
        use = self.uses.get(name)
        if name in self.finalizers and name not in self.uses:
            return ("// Frees what the object owns, then the object.", f"free({self.finalizers[name]});")
        if use and use.role in ("new", "iterate") and result.rstrip("*") in self.own:
            unused = tuple(_unused(parameters))
            note = "// NULL makes `new` throw." if use.role == "new" else "// NULL makes it throw."
            return (*unused, note, f"return calloc(1, sizeof({result.rstrip('*')}));")
        if parameters.get("promise", "").endswith("Promise*"):
            snake = Name(parameters.pop("promise").rstrip("*")).snake
            told = f"{use.container}.{use.member.name or use.role}" if use else name
            reject = f'{snake}_reject(promise, CLEAT_THROW_ERROR, "{told} is not implemented");'
            return (*_unused(parameters), reject)
        if use and use.member.attribute("Release") and result == "CleatString":
            # What it gives is freed.
            return (*_unused(parameters), "return (CleatString){0};")
        return (*_unused(parameters), *_returned(result))


def _title(one: Class) -> str:
    return f"What an object of {one.name[1:-1]} holds."


def _parameters(text: str) -> Dict[str, str]:
    """The types of parameters by their names."""
    found: Dict[str, str] = {}
    for part in text.split(",") if text.strip() != "void" else []:
        match = _PARAMETER.fullmatch(part.strip())
        assert match, text
        found[match["name"]] = match["type"].strip()
    return found


def _unused(parameters: Dict[str, str]) -> List[str]:
    return [f"(void){name};" for name in parameters]


def _returned(result: str) -> Lines:
    """The statement that returns nothing in particular."""
    if result == "void":
        return ()
    if result == "const char*":
        return ('return "";',)
    if result.endswith("*"):
        return ("return NULL;",)
    if result == "bool":
        return ("return false;",)
    if result == "CleatString":
        return ('return CLEAT_STRING("");',)
    return ("return 0;",) if _NUMBER.fullmatch(result) else (f"return ({result}){{0}};",)
