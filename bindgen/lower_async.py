"""Lowers async_iterable: the hooks of an iteration, and the promise that each value of it settles."""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Tuple

import program as linked
import syntax
from hook_builder import Builder, Container
from idl_types import CType, find_keep_reason
from layout import comment, fit, one_line
from lower_types import with_format
from model import AsyncIteration, Hook, HookUse, NextPromise
from names import Name, string_literal

if TYPE_CHECKING:
    from lower import Lowering

_PAIRS = (("entries", "CLEAT_ENTRIES", True), ("keys", "CLEAT_KEYS", False), ("values", "CLEAT_VALUES", False))
_VALUES = (("values", "CLEAT_VALUES", True),)


def _noun(lowering: Lowering, interface: linked.Interface) -> str:
    """What C types of an interface begin with: of the global object, the set."""
    is_scope = interface.name == linked.GLOBAL_SCOPE
    return lowering.naming.set_noun if is_scope else lowering.naming.type(interface.name)


def async_iterator_type(lowering: Lowering, interface: linked.Interface) -> str:
    """The program's struct of one iteration."""
    return f"{_noun(lowering, interface)}AsyncIterator"


def lower_async_iterable(lowering: Lowering, container: Container, member: syntax.AsyncIterable) -> None:
    """The methods that begin an iteration, all by one hook, and the hooks that carry it on and end it."""
    interface = container.definition
    assert isinstance(interface, linked.Interface)
    idl = one_line(member.span.text)
    snake = lowering.snake_of(container)
    iterator = async_iterator_type(lowering, interface)
    lowering.rules |= {"iteration", "promise"}
    first = len(lowering.uses)
    for name, kind, is_default in _PAIRS if member.key else _VALUES:
        function = lowering.hook_name(container, name)
        builder = Builder(lowering, container, member, function, False)
        builder.hook = lowering.hook_name(container, "asyncIteratorNew")
        builder.is_foreign = False
        builder.arguments(member.arguments)
        builder.notes.append("Begins an iteration. NULL makes that throw.")
        builder.iterate(iterator, f"js_async_iterable_of_{snake}", kind)
        builder.finish(idl, member.doc)
        entries = [f".name = {string_literal(name)}", ".kind = CLEAT_OPERATION", f".call = {builder.glue}"]
        lowering.add_row(container, member, entries, ["CLEAT_ITERATES_ASYNC"] * is_default)
    # The three methods call the same hook.
    added = lowering.uses[first:]
    lowering.uses[first:] = [use for i, use in enumerate(added) if use not in added[:i]]
    container.async_iteration = _Iteration(lowering, container, member, iterator).lower(idl, snake)


class _Iteration:
    def __init__(self, lowering: Lowering, container: Container, member: syntax.AsyncIterable, iterator: str) -> None:
        self.lowering = lowering
        self.container = container
        self.member = member
        self.iterator = iterator
        types = lowering.types
        self.rows = [("key", types.row(member.key))] if member.key else []
        self.rows.append(("value", types.row(member.value)))
        # Whether the values are such that only the JavaScript thread has them.
        self.is_here = any(find_keep_reason(row) for _, row in self.rows)
        self.takes_env = self.is_here or any(member.attribute(name) for name in ("Throws", "CallWith"))

    def lower(self, idl: str, snake: str) -> AsyncIteration:
        promise = self._promise()
        where = "and resolves it on the JavaScript thread" if self.is_here else "on any thread"
        next_note = f"Gives the next value: settles `promise`, now or later, {where}."
        next_lines = self._hook("next", [f"{promise}* promise"], f"({promise}*)promise", next_note)
        leave_lines: Tuple[str, ...] = ()
        if self.member.attribute("ReturnMethod"):
            self.lowering.types.needs.add("cleat/prelude.h")
            parameters = ["CleatValue* value", "CleatUndefinedPromise* promise"]
            note = "JavaScript leaves the iteration before its end, by `return(value)`: no more values are asked for."
            leave_lines = self._hook("return", parameters, "value, (CleatUndefinedPromise*)promise", note)
        finalize = self._hook_name("finalize")
        prototype = self.lowering.prototype(
            finalize, (f"void {finalize}({self.iterator}* iterator);",), self.member.span, False
        )
        note = "Frees `iterator`, once JavaScript has no use for it any more; `self` may have gone before."
        self.container.hook_list.append(Hook(comment(note), prototype))
        return AsyncIteration(
            comment=comment(idl),
            snake=snake,
            leave_head=fit(
                f"static void js_async_return_of_{snake}(",
                ["CleatEnv* env", "void* object", "void* iterator", "CleatValue* value", "CleatPromise* promise"],
                ") {",
            ),
            descriptor=self.container.descriptor,
            name=string_literal(f"{self.container.definition.name} AsyncIterator"),
            iterator=self.iterator,
            finalize=finalize,
            next=next_lines,
            leave=leave_lines,
            uses_env=self.takes_env,
        )

    def _hook_name(self, name: str) -> str:
        return self.lowering.hook_name(self.container, f"asyncIterator{name[0].upper()}{name[1:]}")

    def _hook(self, role: str, last: List[str], passed: str, note: str) -> Tuple[str, ...]:
        """Declares a hook, and returns the call of it."""
        name = self._hook_name(role)
        env = ["CleatEnv* env"] * self.takes_env
        parameters = [*env, *self.container.self_parameter, f"{self.iterator}* iterator", *last]
        lines = fit(f"void {name}(", parameters, ");")
        use = HookUse(role, self.container.definition.name, self.member, name, "void", tuple(parameters), lines)
        self.lowering.uses.append(use)
        prototype = self.lowering.prototype(name, lines, self.member.span, False)
        self.container.hook_list.append(Hook(comment(note), prototype))
        given = [*["env"] * self.takes_env, *self.container.passed_self, "iterator", passed]
        return tuple(self.container.without_self(fit(f"{name}(", given, ");", 2)))

    def _promise(self) -> str:
        """Declares the promise of the next value, and returns its type."""
        types = self.lowering.types
        interface = self.container.definition
        assert isinstance(interface, linked.Interface)
        noun = _noun(self.lowering, interface)
        c, next_c = f"{noun}NextPromise", f"{noun}Next"
        snake = Name(c).snake
        for name in (c, next_c, f"{snake}_resolve", f"{snake}_end", f"{snake}_reject"):
            self.lowering.claims.claim(name, self.member.span)
        needs_memory = not self.is_here and any(row.keep == "copy" for _, row in self.rows)
        types.needs |= {"stdarg.h", "stdlib.h"} if needs_memory else {"stdarg.h"}
        memory = ["CleatFrame frame;"] if needs_memory else []
        copies = [types.copy(row, "&next->frame", f"&next->{name}") for name, row in self.rows] if needs_memory else []
        made = [types.write(row, f"next->{name}") for name, row in self.rows]
        begin = f"{'CleatValue* made =' if needs_memory else 'return'} cleat_next_value("
        env = ["CleatEnv* env"] * self.is_here
        given = [*env, f"{c}* promise", *(f"{row.parameter} {name}" for name, row in self.rows)]
        rejected = [f"{c}* promise", "CleatThrowKind kind", "const char* format", "..."]
        types.declarations.append(
            NextPromise(
                c=c,
                snake=snake,
                comment=comment(f"The next value of an iteration over a {self.container.definition.name}"),
                next=next_c,
                fields=(*memory, *(f"{row.c} {name};" for name, row in self.rows)),
                stored=tuple(f"{name} = {_stored(row, name)};" for name, row in self.rows),
                write=fit(begin, ["env", *["NULL"] * (len(made) == 1), *made], ");", 2),
                copies=tuple(copy for copy in copies if copy),
                resolve=fit(f"void {snake}_resolve(", given, ");"),
                resolve_definition=fit(f"void {snake}_resolve(", given, ") {"),
                reject=with_format(fit(f"void {snake}_reject(", rejected, ")")),
                reject_definition=fit(f"void {snake}_reject(", rejected, ") {"),
                is_here=self.is_here,
            )
        )
        return c


def _stored(row: CType, name: str) -> str:
    return f"*{name}" if row.passed == "&{value}" else name
