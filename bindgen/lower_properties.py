"""Lowers indexed and named properties: what answers for the properties of legacy platform objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List, Optional, Tuple

import program as linked
import syntax
from hook_builder import CONTAINS_BUFFERS, Container, released, result_type, take_over
from idl_types import CType
from layout import LIMIT, comment, fit, one_line
from lower_overloads import overload_suffix
from model import Hook, HookUse, Properties, Unsupported
from names import mentions_env, string_literal

if TYPE_CHECKING:
    from lower import Lowering

# Stands for a call in the text of a conversion.
CALL = "\0"
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
        self.snake = lowering.snake_of(container)
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
        title = comment(f"The properties of {self.interface.name}.")
        return Properties(title, self.snake, tuple(self.functions), tuple(self.fields), self._capability())

    def _capability(self) -> str:
        """Without which there are none. Only the global object can have that: other objects have their properties or not."""
        found = ""
        for member in self.special.values():
            capability = self.lowering.capability(self.container, member)
            if capability and self.container.this:
                message = "[Capability] is not supported on special operations; put it on the interface, or have C refuse"
                raise Unsupported(message, member.span)
            found = found or capability
        return string_literal(found) if found else ""

    def _result(self, member: syntax.Operation, row: CType) -> str:
        """What stands before the name of a hook."""
        return "void " if row.idl == "Promise<T>" else f"{result_type(row, member.attribute('Release'))} "

    def _add(self, field: str, result: str, parameters: List[str], lines: List[str]) -> None:
        name = f"js_{field}_of_{self.snake}"
        if not mentions_env(lines):
            lines.insert(0, "(void)env;")
        lines = self.container.without_self(lines)
        self.functions.append((fit(f"static {result}{name}(", parameters, ") {"), tuple(lines)))
        self.fields.append(f".{field} = {name},")

    def _length(self) -> None:
        level, member = self._length_attribute()
        implemented = member.attribute("ImplementedAs")
        snake = self.lowering.types.naming_of(level).member("", level.name)
        hook = implemented.value if implemented else f"{snake}_get_length"
        env = _env(member)
        if member not in level.members and not implemented:
            # What scripts do not see has no function yet.
            hook = self.lowering.hook_name(self.container, "get_length")
            result = self.lowering.types.row(member.type).result
            self._declare(hook, f"{result} ", [*env, *self.container.self_parameter], member.doc, member)
        lines = [f"return (uint32_t){hook}({'env, ' if env else ''}object);"]
        self._add("length", "uint32_t ", ["CleatEnv* env", "void* object"], lines)

    def _length_attribute(self) -> Tuple[linked.Interface, syntax.Attribute]:
        """The attribute that says how many indexed properties there are, which scripts may not see, and its interface."""
        levels = (self.interface, *self.interface.ancestors())
        hidden = {one.definition.name: one.member for one in self.lowering.program.absent if _is_length(one.member)}
        for level in levels:
            for member in (*level.members, hidden.get(level.name)):
                if isinstance(member, syntax.Attribute) and _is_length(member):
                    return level, member
        raise AssertionError("the check wants a length")

    def _names(self, member: syntax.Operation) -> None:
        name = self._name(member)
        this = self.container.self_parameter
        # The functions of the global object have nothing else to tell them which that is.
        env = [] if this else _env(member)
        has, at = (self.lowering.hook_name(self.container, name) for name in ("hasNamed", "nameAt"))
        self._declare(has, "bool ", [*env, *this, f"{name} name"], "Whether there is a property `name`.", member)
        passed = [*["env"] * len(env), *self.container.passed_self]
        lines = [f"return {has}({', '.join([*passed, 'name'])});"]
        if name != "CleatString":
            # No name that has a NUL is one to C.
            call = f"{has}({', '.join([*passed, 'name.data'])})"
            lines = [f"return strlen(name.data) == name.length && {call};"]
            self.lowering.types.needs.add("string.h")
        self._add("has_name", "bool ", ["CleatEnv* env", "void* object", "CleatString name"], lines)
        if not this:
            # Nobody asks a named properties object for its names.
            return
        note = "Stores the name of property `index` and returns true, or returns false behind the last one."
        self._declare(at, "bool ", [*this, "size_t index", f"{name}* name"], note, member)
        lines = [f"return {at}(object, index, name);"]
        if name != "CleatString":
            lines = [f"{name} found;", f"if (!{at}(object, index, &found)) return false;"]
            lines += ["*name = (CleatString){found, strlen(found)};", "return true;"]
        parameters = ["CleatEnv* env", "void* object", "size_t index", "CleatString* name"]
        self._add("name_at", "bool ", parameters, lines)

    def _declare(self, hook: str, result: str, parameters: List[str], note: str, member: syntax.Member) -> None:
        lines = self.lowering.prototype(hook, fit(f"{result}{hook}(", parameters, ");"), member.span, False)
        owner = self.container.definition.name
        self.lowering.uses.append(HookUse("call", owner, member, hook, result.strip(), tuple(parameters), lines))
        self.container.hook_list.append(Hook(comment(one_line(member.span.text), note), lines))

    def _hook(self, member: syntax.Operation, indexed: bool, parameters: List[str], result: str) -> Tuple[str, List[str]]:
        """The hook of a special operation, and what it is given first; declared here where it has no name."""
        env = _env(member)
        implemented = member.attribute("ImplementedAs")
        name = self.lowering.hook_name(self.container, _UNNAMED[member.special, indexed])
        if member.name:
            name = self.lowering.member_name(self.container, member)
        if self._is_overloaded(member):
            name += overload_suffix(self.lowering.types, member)
        hook = implemented.value if implemented else name
        promise = self._promise(member)
        parameters = [*parameters, f"{promise}* promise"] if promise else parameters
        if not member.name:
            release = member.attribute("Release")
            if release:
                self.lowering.released.append(release)
            note = " ".join(filter(None, [member.doc, f"{release.value} frees the result." if release else ""]))
            if env:
                self.lowering.rules.add("env")
            self._declare(hook, result, [*env, *self.container.self_parameter, *parameters], note, member)
        return hook, ["env"] * len(env) + self.container.passed_self

    def _is_overloaded(self, member: syntax.Operation) -> bool:
        regular = [one for one in self.interface.members if isinstance(one, syntax.Operation) and not one.static]
        return bool(member.name) and sum(one.name == member.name for one in regular) > 1

    def _promise(self, member: syntax.Operation) -> str:
        """The C type of the promise that it gives, or ""."""
        type = self.lowering.program.resolve(member.type)
        if not isinstance(type, syntax.GenericType) or type.name != "Promise":
            return ""
        self.lowering.rules.add("promise")
        return self.lowering.types.promise(type.element).c

    def _called(self, member: syntax.Operation, hook: str, passed: List[str]) -> List[str]:
        """The call of a hook that settles a promise, as statements; the promise is the value `result`."""
        promise = self._promise(member)
        throws = member.attribute("Throws") is not None
        given = [f"env, &{self.container.descriptor}", "object", "&result"]
        return [
            "CleatValue* result;",
            *fit("CleatPromise* promise = cleat_property_promise(", given, ");", 2),
            f"if (promise == NULL) return {'NULL' if member.special == 'getter' else 'false'};",
            *["cleat_promise_enter(promise);"] * throws,
            *fit(f"{hook}(", [*passed, f"({promise}*)promise"], ");", 2),
            *["cleat_promise_leave(env, promise);"] * throws,
        ]

    def _name(self, member: syntax.Operation) -> str:
        """The C type of the name of a property."""
        type = member.arguments[0].type
        c = self.lowering.types.row(type).c
        attribute = self.lowering.program.resolve(type).attribute("CString")
        if attribute and attribute.values:
            message = f"[CString={attribute.value}] is not supported on the name of a property; write [CString], or nothing"
            raise Unsupported(message, member.arguments[0].span)
        return c

    def _key(self, member: syntax.Operation, indexed: bool) -> Tuple[str, str, str]:
        """What a hook is given for the property, how the glue calls that, and what it passes on."""
        if indexed:
            return "uint32_t index", "uint32_t index", "index"
        name = self._name(member)
        return f"{name} name", "CleatString name", "name" if name == "CleatString" else "name.data"

    def _getter(self, member: syntax.Operation, indexed: bool) -> None:
        types = self.lowering.types
        row = types.result_row(member.type)
        parameter, taken, key = self._key(member, indexed)
        hook, given = self._hook(member, indexed, [parameter], self._result(member, row))
        release = member.attribute("Release")
        lines = [f"{hook}({', '.join([*given, key])});"]
        if row.idl == "Promise<T>":
            lines = self._called(member, hook, [*given, key])
        elif row.c != "void":
            lines = [f"{result_type(row, release)} result = {lines[0]}"]
        at_once = self._given_at_once(member, row, f"{hook}({', '.join([*given, key])})")
        if at_once:
            lines = [at_once]
        else:
            lines += ["if (cleat_failed(env)) return NULL;"] * bool(member.attribute("Throws"))
            lines += self._given_back(member, row)
        field = "get_index" if indexed else "get_name"
        self._add(field, "CleatValue* ", ["CleatEnv* env", "void* object", taken], lines)

    def _given_at_once(self, member: syntax.Operation, row: CType, call: str) -> str:
        """The statement that gives back what a hook returns; "" where there is more to do, or it is too long."""
        is_passed_by_value = row.c != "void" and row.passed == "{value}"
        more = row.idl == "Promise<T>" or member.attribute("Throws") or member.attribute("Release")
        if more or not is_passed_by_value:
            return ""
        before, *after = f"return {self.lowering.types.write(row, CALL)};".split(CALL)
        line = f"  {before}{call}{''.join(after)}"
        return line.strip() if len(after) == 1 and len(line) <= LIMIT else ""

    def _given_back(self, member: syntax.Operation, row: CType) -> List[str]:
        """The statements that return `result` to JavaScript, and free it where that is asked for."""
        types, release = self.lowering.types, member.attribute("Release")
        if row.c == "void":
            return ["return cleat_undefined(env);"]
        if release and row.is_buffer:
            return [f"return {take_over(types, row, release.value, 'result')};"]
        if release and row.buffers:
            raise Unsupported(CONTAINS_BUFFERS, member.span)
        written = types.write(row, "result")
        if not release:
            return [f"return {written};"]
        return [f"CleatValue* value = {written};", released(types, row, release, "result"), "return value;"]

    def _dropped(self, member: syntax.Operation, row: CType, call: str) -> List[str]:
        """The statements that call the hook of a setter or deleter, whose result nobody sees."""
        release = member.attribute("Release")
        if not release:
            return [f"{call};"]
        if row.buffers:
            raise Unsupported(CONTAINS_BUFFERS, release.span)
        lines = [f"{result_type(row, release)} result = {call};"]
        only = "!cleat_failed(env)" if member.attribute("Throws") else ""
        return [*lines, released(self.lowering.types, row, release, "result", only)]

    def _setter(self, member: syntax.Operation, indexed: bool) -> None:
        types = self.lowering.types
        row = types.row(member.arguments[1].type)
        parameter, taken, key = self._key(member, indexed)
        result = types.result_row(member.type)
        hook, given = self._hook(member, indexed, [parameter, f"{row.parameter} value"], self._result(member, result))
        read = types.read(row, input="input", out="&value")
        lines = ["if (!cleat_check_property_name(env, name)) return false;"] if key == "name.data" else []
        lines += [f"{row.c} value;", f"if (!{read}) return false;"]
        passed = [*given, key, row.passed.format(value="value")]
        if result.idl == "Promise<T>":
            lines += self._called(member, hook, passed)
        else:
            lines += self._dropped(member, result, f"{hook}({', '.join(passed)})")
        lines.append("return true;")
        field = "set_index" if indexed else "set_name"
        self._add(field, "bool ", ["CleatEnv* env", "void* object", taken, "const CleatInput* input"], lines)

    def _deleter(self, member: syntax.Operation) -> None:
        row = self.lowering.types.result_row(member.type)
        parameter, taken, key = self._key(member, False)
        hook, given = self._hook(member, False, [parameter], self._result(member, row))
        call = f"{hook}({', '.join([*given, key])})"
        # Web IDL "perform a deletion": what is no boolean means that it was deleted.
        if row.idl == "Promise<T>":
            lines = [*self._called(member, hook, [*given, key]), "return true;"]
        elif row.c == "bool":
            lines = [f"return {call};"]
        else:
            lines = [*self._dropped(member, row, call), "return true;"]
        self._add("delete_name", "bool ", ["CleatEnv* env", "void* object", taken], lines)


def _env(member: syntax.Member) -> List[str]:
    return ["CleatEnv* env"] if member.attribute("Throws") or member.attribute("CallWith") else []


def _is_length(member: Optional[syntax.Member]) -> bool:
    return isinstance(member, syntax.Attribute) and member.name == "length" and not member.static
