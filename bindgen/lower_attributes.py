"""Lowers attributes: getters and setters, and what extended attributes make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Optional

import program as linked
import syntax
from check_members import is_json
from hook_builder import Builder, Container
from layout import one_line
from model import Unsupported
from names import string_literal

if TYPE_CHECKING:
    from lower import Lowering


def lower_attribute(lowering: Lowering, container: Container, member: syntax.Attribute) -> None:
    if lowering.types.is_event_handler(member.type):
        _lower_event_handler(lowering, container, member)
        return
    _Attribute(lowering, container, member).lower()


class _Attribute:
    def __init__(self, lowering: Lowering, container: Container, member: syntax.Attribute) -> None:
        self.lowering = lowering
        self.container = container
        self.member = member
        self.name = string_literal(member.name)
        self.idl = one_line(member.span.text)
        self.lenient = member.attribute("LegacyLenientThis") is not None

    def lower(self) -> None:
        member = self.member
        getter, is_promise = self._getter()
        setter = self._setter()
        entries = [f".name = {self.name}", ".kind = CLEAT_ATTRIBUTE", f".call = {getter}"]
        if setter:
            entries.append(f".set = {setter}")
        flags = ["CLEAT_PROMISING"] * is_promise + ["CLEAT_JSON"] * self._is_in_json()
        self.lowering.add_row(self.container, member, entries, flags)
        if member.special == "stringifier":
            entries = ['.name = "toString"', ".kind = CLEAT_OPERATION", f".call = {getter}"]
            self.lowering.add_row(self.container, member, entries, [])

    def _builder(self, member: syntax.Attribute, name: str, is_setter: bool = False) -> Builder:
        builder = Builder(self.lowering, self.container, member, name, is_static=member.static, is_setter=is_setter)
        builder.lenient = self.lenient
        return builder

    def _getter(self) -> tuple[str, bool]:
        member = self.member
        name = self.lowering.member_name(self.container, member, "get")
        found = self._inherited() if member.special == "inherit" else None
        if found:
            base, inherited = found
            builder = self._builder(inherited, name)
            hook = self.lowering.types.naming_of(base).member(base.name, f"get_{member.name}")
            implemented = inherited.attribute("ImplementedAs")
            builder.inherit(self.lowering.types.c_type_of(base), implemented.value if implemented else hook)
        else:
            builder = self._builder(member, name)
        is_promise = builder.result(member.type)
        if self._is_kept():
            builder.before.append(f"if (cleat_return_cached(call, {self._keeper()}, {self._key()})) return;")
            builder.after.append(f"cleat_cache_result(call, {self._keeper()}, {self._key()});")
            builder.notes.append(self._note_kept())
        builder.finish(self.idl, member.doc)
        if self._may_change():
            note = "Gives up what the getter gave: it is called again when it is next asked."
            this = [f"{self.container.this}* self"] if self._this() else []
            self.lowering.give(self.container, member, "void ", self._changed(), this, self._forget("env"), note)
        return builder.glue, is_promise

    # What an attribute gives may be kept, and then is the same each time.

    def _is_kept(self) -> bool:
        return self._may_change() or self.member.attribute("SameObject") is not None

    def _may_change(self) -> bool:
        """Whether C can have it given up: a FrozenArray is one array until it changes, a promise one promise."""
        type = self.lowering.program.innermost(self.member.type)
        kept = isinstance(type, syntax.GenericType) and type.name in ("FrozenArray", "Promise")
        return kept and self.member.attribute("SameObject") is None

    def _note_kept(self) -> str:
        if self._may_change():
            again = self.lowering.hook_name(self.container, self._changed())
            return f"What it gives is kept, and given again until {again} is called."
        return "It is called once for each object: [SameObject]."

    def _changed(self) -> str:
        return f"{self.member.name}_changed"

    def _this(self) -> str:
        return "" if self.member.static else self.container.this

    def _keeper(self) -> str:
        return f"&{self.container.descriptor}" if self._this() else "NULL"

    def _key(self) -> str:
        name = f"{self.container.definition.name}.{self.member.name}"
        # What stands on no object is kept by the global object, as that of all sets.
        return string_literal(name if self._this() else f"{self.lowering.naming.bindings}: {name}")

    def _forget(self, env: str) -> str:
        return f"cleat_forget_result({env}, {self._keeper()}, {'self' if self._this() else 'NULL'}, {self._key()});"

    def _inherited(self) -> Optional[tuple[linked.Interface, syntax.Attribute]]:
        """The attribute whose getter it inherits; None where that is not exposed, so that it has no function in C."""
        interface = self.container.definition
        assert isinstance(interface, linked.Interface)
        for ancestor in interface.ancestors():
            for member in ancestor.members:
                if isinstance(member, syntax.Attribute) and member.name == self.member.name:
                    if member.special not in ("inherit", "static"):
                        return ancestor, member
        return None

    def _setter(self) -> str:
        """The name of the setter; "" for none."""
        member = self.member
        name = self.lowering.member_name(self.container, member, "set")
        if not member.readonly:
            builder = self._builder(member, name, is_setter=True)
            builder.assigned(member)
            if self._may_change():
                builder.after.append(self._forget("env" if builder.takes_env else "cleat_env(call)"))
            builder.finish(f"{self.idl} (set)", "")
            return builder.glue
        lines = special_setter(self.container, member)
        if not lines:
            return ""
        return self.lowering.add_function(self.container, f"{self.idl} (set)", name, lines)

    def _is_in_json(self) -> bool:
        member = self.member
        if member.static or not self.container.has_default_json:
            return False
        return is_json(self.lowering.program, member.type)


def special_setter(container: Container, member: syntax.Attribute) -> List[str]:
    """What the setter of a readonly attribute does; nothing for those without one."""
    name = string_literal(member.name)
    is_lenient = member.attribute("LegacyLenientThis") is not None
    given = f"{'cleat_lenient_this' if is_lenient else 'cleat_this'}(call, &{container.descriptor})"
    forwards = member.attribute("PutForwards")
    if member.attribute("Replaceable"):
        # Web IDL "attribute setter": a lenient `this` is replaced on, whatever it is.
        if not container.this or is_lenient:
            return [f"cleat_replace(call, {name});"]
        return [f"if ({given} != NULL) cleat_replace(call, {name});"]
    if member.attribute("LegacyLenientSetter"):
        return [f"{given};"] if container.this else ["(void)call;"]
    if forwards:
        forward = f"cleat_put_forwards(call, {name}, {string_literal(forwards.value)});"
        return [f"if ({given} != NULL) {forward}" if container.this else forward]
    return []


def _lower_event_handler(lowering: Lowering, container: Container, member: syntax.Attribute) -> None:
    """An event handler IDL attribute of HTML: the runtime keeps the handler among the listeners."""
    interface = container.definition
    is_target = isinstance(interface, linked.Interface) and any(
        one.name == "EventTarget" for one in (interface, *interface.ancestors())
    )
    if not is_target or member.static or member.readonly or not member.name.startswith("on"):
        message = "an EventHandler is an attribute 'on...', not readonly, of an interface that inherits from EventTarget"
        raise Unsupported(message, member.span)
    entries = [f".name = {string_literal(member.name)}", ".kind = CLEAT_ATTRIBUTE"]
    is_lenient = member.attribute("LegacyLenientThis") is not None
    for role, field in (("get", "call"), ("set", "set")):
        entries.append(f".{field} = {_handler_function(lowering, container, role, is_lenient)}")
    lowering.add_row(container, member, entries, [])


def _handler_function(lowering: Lowering, container: Container, role: str, is_lenient: bool) -> str:
    """The getter or the setter of all event handlers of an interface: the runtime knows which is called."""
    kind = f"{role}_{'lenientEventHandler' if is_lenient else 'eventHandler'}"
    if kind not in container.shared:
        this = "[LegacyLenientThis] " if is_lenient else ""
        idl = f"{this}attribute EventHandler on...{' (set)' if role == 'set' else ''}"
        lines = [f"if (cleat_lenient_this(call, &{container.descriptor}) == NULL) return;"] if is_lenient else []
        lines.append(f"cleat_{'assign' if role == 'set' else 'return'}_event_handler(call, &{container.descriptor});")
        container.shared[kind] = lowering.add_function(container, idl, lowering.hook_name(container, kind), lines)
    return container.shared[kind]


def lower_default_json(lowering: Lowering, container: Container, member: syntax.Operation) -> None:
    """[Default] toJSON: the runtime collects the attributes whose rows say so."""
    name = lowering.hook_name(container, "toJSON")
    lines = [f"cleat_return_json(call, &{container.descriptor});"]
    native = lowering.add_function(container, one_line(member.span.text), name, lines)
    entries = ['.name = "toJSON"', ".kind = CLEAT_OPERATION", f".call = {native}"]
    lowering.add_row(container, member, entries, [])


def lower_stringifier(lowering: Lowering, container: Container, member: syntax.Operation) -> None:
    """`stringifier;`: a hook of its own."""
    name = lowering.hook_name(container, "toString")
    builder = Builder(lowering, container, member, name, is_static=False)
    builder.result(member.type)
    builder.finish(one_line(member.span.text), member.doc)
    entries = ['.name = "toString"', ".kind = CLEAT_OPERATION", f".call = {builder.glue}"]
    lowering.add_row(container, member, entries, [])
