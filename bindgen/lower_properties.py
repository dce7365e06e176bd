"""Lowers indexed and named properties: what answers for the properties of legacy platform objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List, Optional, Tuple

import program as linked
import syntax
from hook_builder import Container
from idl_types import CType
from layout import comment, fit, one_line
from model import Hook, HookUse, Properties, Unsupported

if TYPE_CHECKING:
    from lower import Lowering

SPECIAL = ("getter", "setter", "deleter")
_UNNAMED = {
    ("getter", True): "getAt",
    ("setter", True): "setAt",
    ("getter", False): "getNamed",
    ("setter", False): "setNamed",
    ("deleter", False): "deleteNamed",
}


def lower_properties(lowering: Lowering, container: Container, interface: linked.Interface) -> Optional[Properties]:
    """What the interface itself declares; None where it declares no special operation."""
    special: Dict[Tuple[str, bool], syntax.Operation] = {}
    for member in interface.members:
        if isinstance(member, syntax.Operation) and member.special in SPECIAL:
            special[member.special, _is_indexed(lowering, member)] = member
    if not special:
        return None
    return _Properties(lowering, container, interface, special).lower()


def _is_indexed(lowering: Lowering, member: syntax.Operation) -> bool:
    type = lowering.program.resolve(member.arguments[0].type)
    return isinstance(type, syntax.SimpleType) and type.name == "unsigned long"


class _Properties:
    def __init__(
        self,
        lowering: Lowering,
        container: Container,
        interface: linked.Interface,
        special: Dict[Tuple[str, bool], syntax.Operation],
    ) -> None:
        self.lowering = lowering
        self.container = container
        self.interface = interface
        self.special = special
        self.snake = lowering.hook_name(container, "")
        self.functions: List[Tuple[Tuple[str, ...], Tuple[str, ...]]] = []
        self.fields: List[str] = []

    def lower(self) -> Properties:
        if ("getter", True) in self.special:
            self._length()
        if ("getter", False) in self.special:
            self._names(self.special["getter", False])
        for (kind, indexed), member in self.special.items():
            if kind == "getter":
                self._getter(member, indexed)
            elif kind == "setter":
                self._setter(member, indexed)
            else:
                self._deleter(member)
        for name, field in (("LegacyOverrideBuiltIns", "overrides"), ("LegacyUnenumerableNamedProperties", "unenumerable")):
            if self.interface.attribute(name):
                self.fields.append(f".{field} = true,")
        return Properties(comment(f"the properties of {self.interface.name}"), self.snake, tuple(self.functions), tuple(self.fields))

    def _add(self, field: str, result: str, parameters: List[str], lines: List[str]) -> None:
        name = f"js_{self.snake}_property_{field}"
        self.functions.append((fit(f"static {result}{name}(", parameters, ") {"), tuple(lines)))
        self.fields.append(f".{field} = {name},")

    def _length(self) -> None:
        for level in (self.interface, *self.interface.ancestors()):
            for member in level.members:
                if isinstance(member, syntax.Attribute) and member.name == "length" and not member.static:
                    if member.attribute("Throws") or member.attribute("CallWith"):
                        raise Unsupported("the length of indexed properties cannot throw", member.span)
                    implemented = member.attribute("ImplementedAs")
                    snake = self.lowering.types.naming_of(level).member("", level.name)
                    hook = implemented.value if implemented else f"{snake}_get_length"
                    self._add("length", "uint32_t ", ["void* object"], [f"return (uint32_t){hook}(object);"])
                    return
        raise Unsupported("indexed properties are not supported without a length that is exposed", self.interface.name_span)

    def _names(self, member: syntax.Operation) -> None:
        c = self.container.this
        has, at = (self.lowering.hook_name(self.container, name) for name in ("hasNamed", "nameAt"))
        self._declare(has, "bool ", [f"{c}* self", "CleatString name"], "Whether there is a property `name`.", member)
        note = "Stores the name of property `index` and returns true, or returns false behind the last one."
        self._declare(at, "bool ", [f"{c}* self", "size_t index", "CleatString* name"], note, member)
        self._add("has_name", "bool ", ["void* object", "CleatString name"], [f"return {has}(object, name);"])
        parameters = ["void* object", "size_t index", "CleatString* name"]
        self._add("name_at", "bool ", parameters, [f"return {at}(object, index, name);"])

    def _declare(self, hook: str, result: str, parameters: List[str], note: str, member: syntax.Operation) -> None:
        lines = self.lowering.prototype(hook, fit(f"{result}{hook}(", parameters, ");"), member.span, False)
        owner = self.container.definition.name
        self.lowering.uses.append(HookUse("call", owner, member, hook, result.strip(), tuple(parameters), lines))
        self.container.hook_list.append(Hook(comment(one_line(member.span.text), note), lines))

    def _hook(self, member: syntax.Operation, indexed: bool, parameters: List[str], result: str) -> Tuple[str, List[str]]:
        """The hook of a special operation, and what it is given first; declared here where it has no name."""
        if member.attribute("Release"):
            raise Unsupported("[Release] of a special operation is not supported", member.span)
        if member.name and self._has_hook_of_its_own(member):
            message = f"a {member.special} that is overloaded or gives a promise is supported without a name only"
            raise Unsupported(message, member.span)
        env = ["CleatEnv* env"] if member.attribute("Throws") or member.attribute("CallWith") else []
        implemented = member.attribute("ImplementedAs")
        name = self.lowering.hook_name(self.container, member.name or _UNNAMED[member.special, indexed])
        hook = implemented.value if implemented else name
        if not member.name:
            note = member.doc
            if env:
                self.lowering.rules.add("env")
            self._declare(hook, result, [*env, f"{self.container.this}* self", *parameters], note, member)
        return hook, ["env", "object"] if env else ["object"]

    def _has_hook_of_its_own(self, member: syntax.Operation) -> bool:
        """Whether what scripts call by its name is another C function than one that takes the key and gives the value."""
        regular = [one for one in self.interface.members if isinstance(one, syntax.Operation) and not one.static]
        type = self.lowering.program.resolve(member.type)
        is_promise = isinstance(type, syntax.GenericType) and type.name == "Promise"
        return is_promise or sum(one.name == member.name for one in regular) > 1

    def _key(self, member: syntax.Operation, indexed: bool) -> Tuple[str, str]:
        if indexed:
            return "uint32_t index", "index"
        if self.lowering.types.row(member.arguments[0].type).c != "CleatString":
            raise Unsupported("[CString] is not supported on the name of a property", member.arguments[0].span)
        return "CleatString name", "name"

    def _getter(self, member: syntax.Operation, indexed: bool) -> None:
        types = self.lowering.types
        row = types.result_row(member.type)
        if row.c == "void":
            raise Unsupported("a getter gives a value", member.type.span)
        parameter, key = self._key(member, indexed)
        hook, given = self._hook(member, indexed, [parameter], _result(row))
        call = f"{hook}({', '.join([*given, key])})"
        lines = [f"{row.c} result = {call};"]
        if member.attribute("Throws"):
            lines.append("if (cleat_failed(env)) return NULL;")
        lines.append(f"return {types.write(row, 'result')};")
        if "env" not in " ".join(lines):
            lines.insert(0, "(void)env;")
        field = "get_index" if indexed else "get_name"
        self._add(field, "CleatValue* ", ["CleatEnv* env", "void* object", parameter], lines)

    def _setter(self, member: syntax.Operation, indexed: bool) -> None:
        types = self.lowering.types
        row = types.row(member.arguments[1].type)
        parameter, key = self._key(member, indexed)
        hook, given = self._hook(member, indexed, [parameter, f"{row.parameter} value"], _result(types.result_row(member.type)))
        read = types.read(row, input="input", out="&value")
        lines = [f"{row.c} value;", f"if (!{read}) return false;"]
        lines.append(f"{hook}({', '.join([*given, key, row.passed.format(value='value')])});")
        lines.append("return true;")
        if "env" not in given:
            lines.insert(0, "(void)env;")
        field = "set_index" if indexed else "set_name"
        self._add(field, "bool ", ["CleatEnv* env", "void* object", parameter, "const CleatInput* input"], lines)

    def _deleter(self, member: syntax.Operation) -> None:
        row = self.lowering.types.result_row(member.type)
        parameter, key = self._key(member, False)
        hook, given = self._hook(member, False, [parameter], _result(row))
        call = f"{hook}({', '.join([*given, key])})"
        # Web IDL "perform a deletion": what is no boolean means that it was deleted.
        lines = [f"return {call};"] if row.c == "bool" else [f"{call};", "return true;"]
        if "env" not in given:
            lines.insert(0, "(void)env;")
        self._add("delete_name", "bool ", ["CleatEnv* env", "void* object", parameter], lines)


def _result(row: CType) -> str:
    return row.result if row.result.endswith("*") else f"{row.result} "
