"""Lowers attributes of type ObservableArray<T>: the hooks that are told of changes, and functions for C to make some."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Tuple

import syntax
from hook_builder import Container
from lower_attributes import special_setter
from layout import comment, fit, one_line
from model import Hook, HookUse, Observable
from names import string_literal
from program import Program

if TYPE_CHECKING:
    from lower import Lowering


def is_observable(program: Program, type: syntax.Type) -> bool:
    resolved = program.resolve(type)
    return isinstance(resolved, syntax.GenericType) and resolved.name == "ObservableArray"


def lower_observable(lowering: Lowering, container: Container, member: syntax.Attribute) -> None:
    _Observable(lowering, container, member).lower()


class _Observable:
    def __init__(self, lowering: Lowering, container: Container, member: syntax.Attribute) -> None:
        self.lowering = lowering
        self.container = container
        self.member = member
        self.idl = one_line(member.span.text)
        self.name = lowering.hook_name(container, member.name)
        self.table = f"js_observable_of_{self.name}"
        type = lowering.program.resolve(member.type)
        assert isinstance(type, syntax.GenericType)
        self.row = lowering.types.row(type.element)

    def lower(self) -> None:
        self._attribute()
        functions = [self._convert()]
        notes = {
            "set": "Is told before scripts put `value` at `index`: at the end, or in the place of one that is deleted first.",
            "delete": "Is told before scripts take the element at `index` away.",
        }
        for verb, field in (("set", "set"), ("delete", "remove")):
            doc = self.member.doc if verb == "set" else ""
            functions.append(self._hook(verb, field, doc, notes[verb]))
        self._changers()
        fields = [f".{field} = js_{field}_of_{self.name}," for field in ("convert", "set", "remove")]
        key = string_literal(f"{self.container.definition.name}.{self.member.name}")
        slot = self.lowering.slot(self.container, self.member.name)
        made = (comment(self.idl), self.table, self.container.descriptor, key, slot, tuple(functions), tuple(fields))
        self.container.observables.append(Observable(*made))

    def _attribute(self) -> None:
        """The row of the table, and the native functions, which the runtime has most of."""
        lowering, member = self.lowering, self.member
        getter = lowering.hook_name(self.container, f"get_{member.name}")
        lenient = []
        if member.attribute("LegacyLenientThis"):
            lenient = [f"if (cleat_lenient_this(call, &{self.container.descriptor}) == NULL) return;"]
        lines = [*lenient, f"cleat_return_observable(call, &{self.table});"]
        native = lowering.add_function(self.container, self.idl, getter, lines)
        entries = [f".name = {string_literal(member.name)}", ".kind = CLEAT_ATTRIBUTE", f".call = {native}"]
        lines = special_setter(self.container, member)
        if not member.readonly:
            lines = [*lenient, f"cleat_assign_observable(call, &{self.table});"]
        if lines:
            setter = lowering.hook_name(self.container, f"assign_{member.name}")
            native = lowering.add_function(self.container, f"{self.idl} (set)", setter, lines)
            entries.append(f".set = {native}")
        lowering.add_row(self.container, member, entries, [])

    def _convert(self) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
        head = f"static CleatValue* js_convert_of_{self.name}(CleatEnv* env, const CleatInput* input) {{"
        return (head,), tuple(self.lowering.types.there_and_back(self.row))

    def _hook(self, verb: str, field: str, doc: str, note: str) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
        """Declares a hook, and gives the function that converts for it."""
        lowering, member, row = self.lowering, self.member, self.row
        hook = lowering.hook_name(self.container, f"{verb}_{member.name}")
        implemented = member.attribute("ImplementedAs")
        if implemented:
            hook = str(implemented.values[0 if verb == "set" else 1])
        takes_env = member.attribute("Throws") is not None or member.attribute("CallWith") is not None
        env = ["CleatEnv* env"] if takes_env else []
        if takes_env:
            lowering.rules.add("env")
        parameters = [*env, *self.container.self_parameter, "size_t index", f"{row.parameter} value"]
        prototype = lowering.prototype(hook, fit(f"void {hook}(", parameters, ");"), member.name_span, False)
        owner = self.container.definition.name
        lowering.uses.append(HookUse("put" if verb == "set" else verb, owner, member, hook, "void", tuple(parameters), prototype))
        self.container.hook_list.append(Hook(comment(f"{self.idl} ({verb})", doc, note), prototype))
        read = lowering.types.read(row, input="input", out="&value")
        passed = [*(["env"] if takes_env else []), *self.container.passed_self, "index", row.passed.format(value="value")]
        lines = [*([] if takes_env else ["(void)env;"]), f"{row.c} value;", f"if (!{read}) return false;"]
        lines += fit(f"{hook}(", passed, ");", 2)
        lines.append("return !cleat_failed(env);" if takes_env else "return true;")
        lines = self.container.without_self(lines)
        parameters = ["CleatEnv* env", "void* object", "size_t index", "const CleatInput* input"]
        return fit(f"static bool js_{field}_of_{self.name}(", parameters, ") {"), tuple(lines)

    def _changers(self) -> None:
        this, row = self.container.self_parameter, self.row
        value = self.lowering.types.write(row, "(*value)" if row.passed == "&{value}" else "value")
        given = f"env, &{self.table}, {self.container.given_self}"
        append = [*this, f"{row.parameter} value"]
        self._changer("append", append, f"{given}, {value}", "Adds an element at the end")
        self._changer("clear", this, given, "Takes all elements away")

    def _changer(self, name: str, parameters: List[str], given: str, note: str) -> None:
        note += "; false where an exception is pending. No hook is told."
        body = f"return cleat_observable_{name}({given});"
        verb = f"{name}_{self.member.name}"
        self.lowering.give(self.container, self.member, "bool ", verb, parameters, body, note)
