"""Lowers a linked program to the model of one set of bindings: members to hooks and the functions that call them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import AbstractSet, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Tuple, Union

import idl_types
import link as linker
import program as linked
import syntax
from check_overloads import Callable as Overloaded
from check_overloads import overload_groups
from diagnostics import Sink
from disposal import is_disposable, symbol_of
from hook_builder import Builder, Container, required_count
from layout import LIMIT, comment, fit, one_line, rows
from lower_attributes import lower_attribute, lower_default_json, lower_stringifier
from lower_async import async_iterator_type, lower_async_iterable
from lower_iteration import lower_collection, lower_iterable
from lower_observable import is_observable, lower_observable
from lower_overloads import Overloads
from lower_properties import SPECIAL, lower_properties
from lower_types import Types
from model import (
    AsyncSequenceType,
    BigInt,
    CallbackType,
    Class,
    EnumType,
    Function,
    Given,
    Hook,
    HookUse,
    ImportedStruct,
    Namespace,
    NextPromise,
    PromiseType,
    Properties,
    Scope,
    Section,
    Set,
    Table,
    Unsupported,
)
from names import Name, string_literal
from naming import Claims, Naming
from source import Imported, Span

# What the header says first: the rules for what is in it, by the name of what they are for.
RULES = {
    "prelude": "What Cleat gives to all sets of bindings.",
    "dom_exception": "What Cleat gives to sets of bindings that mention it: cleat/exception.h is its manual. The functions "
    "that are declared there are for the program, the others for JavaScript to call.",
    "events": "What Cleat gives to sets of bindings that mention it: cleat/event.h is its manual. The functions that are "
    "declared there are for the program, the others for JavaScript to call.",
    "hooks": "What the program is to implement, for JavaScript to call. Pointers and strings that a function is given "
    "are borrowed until it returns; those that it returns are borrowed until they are converted, right after.",
    "nothing": "NULL, and a string whose `data` is NULL, stand for null, or for an optional argument that is missing; "
    "a struct with a field `has` says by that whether there is a value.",
    "array": "[CArray] is a pointer and the number of what it points to, which is bytes where that is char or uint8_t.",
    "object": "A native object that is made or returned belongs to JavaScript from then on, and goes to its finalize "
    "function once, on the JavaScript thread, which then runs no JavaScript. NULL from a constructor makes "
    "`new` throw.",
    "disposable": "A native object whose interface is [Dispose] goes there, too, when a script calls its [Symbol.dispose](): at once, "
    "or, where it is in the hands of C (a function under way that called JavaScript, a promise, a [Blocking] function, a "
    "CleatRef of its wrapper), when that is over. So C keeps it by such a CleatRef, never by a pointer alone.",
    "external memory": "What x_external_memory returns counts as external memory of the runtime, until the object is finalized: it "
    "makes the garbage collector come sooner, and where the runtime's limit does not allow it, making the object throws a "
    "RangeError. It is given `self` and may use nothing else.",
    "env": "A function that is given a CleatEnv for [Throws] may throw with it; what it then returns is ignored.",
    "callback": "x_call calls a function, and is false where an exception is pending. x_retain makes a copy to be "
    "kept, owned, until x_release, on any thread.",
    "async sequence": "An async sequence is what a script gives to be iterated over, borrowed. x_async_sequence_open begins that and "
    "gives what is kept, owned, until x_async_iteration_release, on any thread. x_async_iteration_next has its function called "
    "with the next value, later and once; x_async_iteration_return tells the script that no more are wanted. As a result, "
    "an async sequence is its `object`.",
    "promise": "A promise is settled by x_promise_resolve or x_promise_reject: once, now or later, on any thread. What "
    "it is resolved with is copied.",
    "bound promise": "An x_promise_resolve that takes a CleatEnv is for the JavaScript thread. x_promise_resolve_new is for "
    "any thread, and for an object that no script knows yet: it belongs to JavaScript from then on, and where the runtime "
    "closes first it is finalized, on either thread.",
    "iteration": "An asynchronous iteration is a struct of the program's, an iterator: x_async_iterator_new makes it, "
    "x_async_iterator_next gives its values, each by its promise, which x_next_promise_end settles behind the last one; the "
    "next value is asked for when the one before has come.",
    "abort": "A promise is rejected when an AbortSignal among the arguments aborts, or the member `signal` of a dictionary; "
    "x_promise_on_cancel, x_promise_is_cancelled and cleat_thrower_is_cancelled tell. The function is not called where "
    "that has aborted before.",
    "blocking": "A [Blocking] function runs on a thread of the pool with copies of its arguments, and its result "
    "settles the promise; cleat_thrower_throw rejects it. Native objects, `self` among them, are lent to it: they are not "
    "finalized meanwhile, and JavaScript may call their other functions at the same time.",
}
# What the glue says of its converters, by what their kinds begin with.
_HELPERS = {
    "to": "js_to_x converts a value to x; where it cannot, an exception is pending, and it returns false.",
    "from": "js_from_x makes a value of x; where it cannot, an exception is pending, and it returns NULL.",
    "rest": "js_rest_x converts all arguments from one on.",
    "copy": "js_copy_x gives x memory of its own, and returns false where there is none.",
}
# The extended attributes that are flags of a member.
_FLAGS = (("LegacyUnforgeable", "CLEAT_UNFORGEABLE"), ("Unscopable", "CLEAT_UNSCOPABLE"))


def lower(program: linked.Program, naming: Naming, sources: Sequence[str], sink: Sink, library: str = "") -> Set:
    """The model of what `program` declares outside of the prelude and of imports, or, for Cleat itself, in it."""
    lowering = Lowering(program, naming, sink, library)
    for other in dict.fromkeys(module.file.imported for module in program.modules):
        if other is not None:
            lowering.imports(other, _declared_by(program, other))
    return lowering.set(sources)


def _declared_by(program: linked.Program, other: Imported) -> AbstractSet[str]:
    """The C types that the header of an imported set declares."""
    lowering = Lowering(program, Naming(other.name, other.prefix), Sink(), "", other)
    for one in dict.fromkeys(_imported_by(program, other)):
        lowering.imports(one, _declared_by(program, one))
    lowering.set(())
    return lowering.types.declared


def _imported_by(program: linked.Program, other: Imported) -> Iterator[Imported]:
    """The sets that an imported one mentions: each comes before what imports it."""
    places = [module.file.imported for module in program.modules]
    own = [module for module in program.modules if module.file.imported == other]
    names = linker.mentioned(own, linker.identifier_types(own))
    for place, module in zip(places[: places.index(other)], program.modules):
        if place is not None and any(definition.name in names for definition in module.definitions):
            yield place


class Lowering:
    def __init__(
        self, program: linked.Program, naming: Naming, sink: Sink, library: str, own: Optional[Imported] = None
    ) -> None:
        self.program = program
        self.naming = naming
        self.sink = sink
        # Whether it is the prelude.
        self.prelude = library == "prelude"
        # Whose definitions are lowered: those of an imported set, or, for None, the others.
        self.own = own
        self.claims = Claims(sink)
        self.types = Types(program, naming, self.claims, self._is_own, library)
        self.includes: Dict[str, None] = {}
        # The parts of RULES that the header needs.
        self.rules = {library if library in RULES else "hooks"}
        self.prototypes: Dict[str, Tuple[str, ...]] = {}
        self.explanations: List[Tuple[str, str]] = []
        self.uses: List[HookUse] = []
        self.given: List[Given] = []
        self.bigints: List[BigInt] = []
        # The [Release]s, whose functions are declared elsewhere.
        self.released: List[syntax.ExtendedAttribute] = []

    def _is_own(self, node: Union[syntax.Node, linked.Linked]) -> bool:
        file = node.span.file
        return file.is_prelude == self.prelude and file.imported == self.own

    def imports(self, other: Imported, declared: AbstractSet[str]) -> None:
        """Takes what another set declares as given."""
        self.types.import_set(declared)
        self.includes[f'"{other.name}.h"'] = None

    # -----------------------------------------------------------------------
    # The set

    def set(self, sources: Sequence[str]) -> Set:
        program = self.program
        interfaces = [i for i in program.interfaces.values() if self._is_own(i) and i.name != linked.GLOBAL_SCOPE]
        namespaces = [n for n in program.namespaces.values() if self._is_own(n)]
        # First of all: names that only the glue knows give way to those that the program has.
        typedefs = tuple(self._typedefs(interfaces))
        for definition in self._definitions():
            self._attempt(lambda: self._definition(definition))
        if self.prelude:
            for simple in idl_types.PRELUDE_PROMISES:
                self.types.promise(syntax.SimpleType(program.global_scope.span, (), simple))
        sections: List[Section] = []
        classes = [self._class(interface, sections) for interface in _parents_first(interfaces)]
        spaces = [self._namespace(namespace, sections) for namespace in namespaces]
        callback_interfaces = [one for one in program.callback_interfaces.values() if self._is_own(one)]
        spaces += [space for one in callback_interfaces for space in self._callback_interface(one, sections)]
        scope = self._global_scope(sections)
        made = self._scope(scope) if scope else None
        self._check_released()
        declared = self.types.declarations
        needs = self.types.needs
        if any(isinstance(one, CallbackType) for one in declared):
            self.rules.add("callback")
        if any(isinstance(one, AsyncSequenceType) for one in declared):
            self.rules.add("async sequence")
        if any(isinstance(one, PromiseType) for one in declared):
            self.rules.add("promise")
        if any(isinstance(one, PromiseType) and one.is_bound for one in declared):
            self.rules.add("bound promise")
        if interfaces:
            self.rules.add("object")
        if any(interface.attribute("Dispose") for interface in interfaces):
            self.rules.add("disposable")
        enums = tuple(one for one in declared if isinstance(one, EnumType)) + tuple(self.types.imported_enums)
        sequences = tuple(one for one in declared if isinstance(one, AsyncSequenceType))
        callbacks = tuple(one for one in declared if isinstance(one, CallbackType))
        promises = tuple(one for one in declared if isinstance(one, (PromiseType, NextPromise)))
        installs = bool(classes or spaces or (scope and (scope.rows or scope.properties)))
        quoted = ['"cleat/bind.h"'] + ['"cleat/prelude.h"'] * ("cleat/prelude.h" in needs)
        quoted += [one for one in self.includes if not one.startswith("<")]
        glue_system = {f"<{one}>" for one in needs if not one.startswith("cleat/")}
        return Set(
            sources=", ".join(sources),
            rules=comment(*(rule for name, rule in RULES.items() if name in self.rules)),
            export=self.types.export,
            file=self.naming.name,
            guard=f"{_macro(self.naming.prefix)}{_macro(self.naming.name)}H_",
            bindings=self.naming.bindings if installs else "",
            name=string_literal(self.naming.name),
            header_system=_sorted_includes(one for one in self.includes if one.startswith("<")),
            header_quoted=tuple(sorted(set(quoted))),
            glue_system=_sorted_includes(glue_system),
            interfaces=typedefs,
            types=tuple(one for one in declared if not isinstance(one, (PromiseType, NextPromise))),
            sections=tuple(sections),
            enums=tuple(one for one in enums if one.descriptor in self.types.used_tables),
            forward=tuple(helper for name, helper in self.types.helpers.items() if name in self.types.forward),
            helpers=tuple(self.types.helpers.values()),
            helpers_comment=self._about_helpers(),
            async_sequences=sequences,
            callbacks=callbacks,
            promises=promises,
            classes=tuple(classes),
            class_rows=rows([(f"&{one.c},", one.idl[0][len("// interface ") :]) for one in classes], 4),
            iterator_rows=tuple(_iterator_rows(classes, made)),
            namespaces=tuple(spaces),
            globals=Table("js_globals", tuple(scope.rows), scope.count) if scope and scope.rows else None,
            scope=made,
            given=tuple(self.given),
            bigints=tuple(self.bigints),
            explanations=tuple(self.explanations),
            uses=tuple(self.uses),
            imported_structs=tuple(self._imported_structs(interfaces)),
        )

    def _check_released(self) -> None:
        own = set(self.includes) - {f'"{library.name}.h"' for library in linker.LIBRARIES.values()}
        for attribute in self.released:
            if attribute.value != "free" and not own:
                message = f"nothing declares '{attribute.value}'; name the header that does by [Header]"
                self.sink.error("unsupported", message, attribute.span)

    def _definitions(self) -> Iterable[syntax.Definition]:
        """Every definition of the set, partials and includes too, in order."""
        for module in self.program.modules:
            if module.file.is_prelude == self.prelude and module.file.imported == self.own:
                yield from module.definitions

    def _definition(self, definition: syntax.Definition) -> None:
        self._header(definition)
        for attribute in definition.attributes:
            interface_like = (syntax.Interface, syntax.Namespace)
            if attribute.name == "ImplementedAs" and not isinstance(definition, interface_like):
                raise Unsupported("[ImplementedAs] is supported on interfaces and members only", attribute.span)
        if isinstance(definition, (syntax.Dictionary, syntax.Enum, syntax.CallbackFunction, syntax.CallbackInterface)):
            self.types.row(syntax.IdentifierType(definition.name_span, (), definition.name))

    def _header(self, declaration: syntax.Declaration) -> None:
        header = declaration.attribute("Header")
        if header:
            text = header.value
            self.includes[text if text.startswith("<") else f'"{text}"'] = None

    def _attempt(self, action: Callable[[], object]) -> None:
        """Does it, or reports what cannot be done."""
        try:
            action()
        except Unsupported as problem:
            assert isinstance(problem.span, Span)
            self.sink.error("unsupported", problem.message, problem.span)

    def _typedefs(self, interfaces: Sequence[linked.Interface]) -> Iterable[str]:
        seen = set()
        for interface in interfaces:
            c = self.types.c_type_of(interface)
            foreign = interface.attribute("ImplementedAs") and interface.attribute("Header")
            if not foreign and c not in seen:
                seen.add(c)
                self.claims.claim(c, interface.name_span)
                yield f"typedef struct {c} {c};"
            yield from self._iterators(interface)
        yield from self._iterators(self.program.global_scope)

    def _iterators(self, interface: linked.Interface) -> Iterable[str]:
        for member in interface.members:
            if isinstance(member, syntax.AsyncIterable) and self._is_own(member):
                iterator = async_iterator_type(self, interface)
                self.claims.claim(iterator, member.span)
                yield f"typedef struct {iterator} {iterator};"

    # -----------------------------------------------------------------------
    # Containers

    def _class(self, interface: linked.Interface, sections: List[Section]) -> Class:
        c = self.types.c_type_of(interface)
        snake = self.naming.member("", interface.name)
        descriptor = self.types.descriptor_of(interface)
        self.claims.claim(descriptor, interface.name_span)
        container = Container(interface, interface.name, c, descriptor)
        container.has_default_json = any(member.attribute("Default") for member in interface.members)
        constructors = [m for m in interface.members if isinstance(m, syntax.Constructor)]
        self._members(container, interface.members)
        factories = self._factories(container, interface)

        def add_properties() -> None:
            container.properties = lower_properties(self, container, interface)

        self._attempt(add_properties)
        release = interface.attribute("Release")
        if release:
            self.types.needs |= {"stdlib.h"} if release.value == "free" else set()
            self.released.append(release)
        finalize = release.value if release else f"{snake}_finalize"
        if not release:
            self.claims.claim(finalize, interface.name_span)
            note = "Frees `self`, once JavaScript has no use for it any more."
            container.hook_list.append(Hook(comment(note), (f"void {finalize}({c}* self);",)))
        external_memory = self._external_memory(container, interface, snake)
        title = f"interface {interface.name}" + (f" : {interface.parent.name}" if interface.parent else "")
        notes = [title, interface.doc]
        if interface.parent:
            base = self.types.c_type_of(interface.parent)
            parent = interface.parent.name
            notes.append(f"The struct {c} begins with a {base}, which is `self` to the functions of {parent}.")
        sections.append(self._section(container, comment(*notes), descriptor))
        capability = interface.attribute("Capability")
        return Class(
            c=descriptor,
            name=string_literal(interface.name),
            parent=self.types.descriptor_of(interface.parent) if interface.parent else "",
            base=self._base(interface),
            has_header=interface.attribute("Header") is not None,
            construct=container.construct,
            length=min((required_count(one.arguments) for one in constructors), default=0),
            snake=snake,
            flags=" | ".join(self._class_flags(interface, container.properties, bool(container.observables))),
            namespace=_quoted(interface.attribute("LegacyNamespace")),
            aliases=tuple(_alias_names(interface)),
            factories=factories,
            pairs=container.pairs,
            collection=container.collection,
            async_iteration=container.async_iteration,
            properties=container.properties,
            observables=tuple(container.observables),
            finalize=f"js_finalize_{snake}",
            release=finalize,
            external_memory=external_memory,
            native=c,
            capability=string_literal(capability.value) if capability else "",
            table=self._table(snake, container),
            functions=tuple(container.functions),
            idl=comment(title),
        )

    def _table(self, snake: str, container: Container) -> Table:
        return Table(self.claims.own(f"js_members_of_{snake}"), tuple(container.rows), container.count)

    def _base(self, interface: linked.Interface) -> str:
        """The struct that the struct of an interface begins with: that of the interface it inherits from."""
        base = self.types.c_type_of(interface.parent) if interface.parent else ""
        return base if base != self.types.c_type_of(interface) else ""

    def _imported_structs(self, interfaces: Sequence[linked.Interface]) -> Iterable[ImportedStruct]:
        ancestors = (one for interface in interfaces for one in reversed(interface.ancestors()))
        for one in dict.fromkeys(ancestors):
            other = one.span.file.imported
            # What has a header is defined there.
            if other is not None and self.types.is_imported(one) and not one.attribute("Header"):
                yield ImportedStruct(self.types.c_type_of(one), self._base(one), one.name, other.name)

    def _external_memory(self, container: Container, interface: linked.Interface, snake: str) -> str:
        """[ExternalMemory]: declares the hook that tells, defines what asks it again, and returns its name; "" for none."""
        attribute = interface.attribute("ExternalMemory")
        if not attribute:
            return ""
        name = attribute.value if attribute.values else f"{snake}_external_memory"
        changed = f"{snake}_external_memory_changed"
        self.rules.add("external memory")
        if not attribute.values:
            self.claims.claim(name, attribute.span)
            note = "Returns how many bytes of memory `self` has: asked when it becomes JavaScript's, and by "
            prototype = (f"size_t {name}(const {container.this}* self);",)
            container.hook_list.append(Hook(comment(f"{note}{changed}."), prototype))
        note = f"Asks {name} again. False, where that is more than the limit allows, with a RangeError pending. Generated: for C to call."
        parameters = ["CleatEnv* env", f"{container.this}* self"]
        lines = self.prototype(changed, fit(f"bool {changed}(", parameters, ");"), attribute.span, False)
        container.hook_list.append(Hook(comment(note), lines, is_generated=True))
        body = f"return cleat_external_memory_changed(env, &{container.descriptor}, self);"
        self.given.append(Given(fit(f"bool {changed}(", parameters, ") {"), body))
        return name

    def _class_flags(
        self, interface: linked.Interface, properties: Optional[Properties], observes: bool
    ) -> List[str]:
        flags = ["CLEAT_NO_INTERFACE_OBJECT"] * bool(interface.attribute("LegacyNoInterfaceObject"))
        if interface.attribute("Global"):
            flags.append("CLEAT_GLOBAL")
        if any(interface in (one, *one.ancestors()) for one in self._globals):
            flags.append("CLEAT_IMMUTABLE_PROTOTYPE")
        if interface.name == "DOMException":
            flags.append("CLEAT_ERROR_PROTOTYPE")
        for kind, flag in ((syntax.Maplike, "CLEAT_MAPLIKE"), (syntax.Setlike, "CLEAT_SETLIKE")):
            flags += [flag] * any(isinstance(member, kind) for member in interface.members)
        flags += ["CLEAT_OBSERVES"] * observes
        flags += ["CLEAT_DISPOSABLE"] * bool(interface.attribute("Dispose"))
        if properties and any(field.startswith(".length") for field in properties.fields):
            flags.append("CLEAT_INDEXED")
        if any(isinstance(member, syntax.Iterable) and member.key is None for member in interface.members):
            flags.append("CLEAT_VALUE_ITERABLE")
        return flags

    @cached_property
    def _globals(self) -> List[linked.Interface]:
        return [one for one in self.program.interfaces.values() if one.attribute("Global") and self._is_own(one)]

    def _factories(self, container: Container, interface: linked.Interface) -> Tuple[Tuple[str, ...], ...]:
        """The rows of [LegacyFactoryFunction]s, some of more than one line, after their functions."""
        made: List[Tuple[str, ...]] = []
        for attribute in interface.attributes:
            if attribute.name == "LegacyFactoryFunction":
                self._attempt(lambda: made.append(self._factory(container, interface, attribute)))
        return tuple(made)

    def _factory(
        self, container: Container, interface: linked.Interface, attribute: syntax.ExtendedAttribute
    ) -> Tuple[str, ...]:
        span = attribute.span
        member = syntax.Constructor(span, (), "", attribute.value, span, attribute.arguments)
        name = self.hook_name(container, attribute.value)
        builder = Builder(self, container, member, name, is_static=True)
        builder.arguments(attribute.arguments)
        builder.construct(container)
        builder.finish(one_line(span.text), "")
        entries = [f".name = {string_literal(attribute.value)}", f".call = {builder.glue}"]
        required = required_count(attribute.arguments)
        return tuple(_initializer(entries + [f".length = {required}"] * bool(required)))

    def _namespace(self, namespace: linked.Namespace, sections: List[Section]) -> Namespace:
        snake = self.naming.member("", namespace.name)
        container = Container(namespace, namespace.name)
        self._members(container, namespace.members)
        title = f"namespace {namespace.name}"
        sections.append(self._section(container, comment(title, namespace.doc), ""))
        capability = namespace.attribute("Capability")
        return Namespace(
            c=self.claims.own(f"js_namespace_of_{snake}"),
            name=string_literal(namespace.name),
            capability=string_literal(capability.value) if capability else "",
            table=self._table(snake, container),
            functions=tuple(container.functions),
            idl=comment(title),
        )

    def _callback_interface(self, interface: syntax.CallbackInterface, sections: List[Section]) -> List[Namespace]:
        """The standard's legacy callback interface object: of a callback interface that has constants."""
        constants = [member for member in interface.members if isinstance(member, syntax.Constant)]
        if not constants:
            return []
        snake = self.naming.member("", interface.name)
        container = Container(interface, interface.name)
        self._members(container, constants)
        title = f"callback interface {interface.name}: its constants"
        sections.append(self._section(container, comment(title), ""))
        capability = interface.attribute("Capability")
        return [
            Namespace(
                c=self.claims.own(f"js_namespace_of_{snake}"),
                name=string_literal(interface.name),
                capability=string_literal(capability.value) if capability else "",
                table=self._table(snake, container),
                functions=(),
                idl=comment(title),
                flags="CLEAT_CALLBACK_INTERFACE",
            )
        ]

    def _global_scope(self, sections: List[Section]) -> Optional[Container]:
        scope = self.program.global_scope
        members = [member for member in scope.members if self._is_own(member)]
        if not members:
            return None
        container = Container(scope, "" if self.naming.prefix else self.naming.name, descriptor="js_global_scope")
        container.has_default_json = any(member.attribute("Default") for member in members)
        self._members(container, members)

        def add_properties() -> None:
            container.properties = lower_properties(self, container, replace(scope, members=tuple(members)))

        self._attempt(add_properties)
        docs = [d.doc for d in self._definitions() if d.name == linked.GLOBAL_SCOPE]
        sections.append(self._section(container, comment("Global functions", *docs), ""))
        return container

    def _scope(self, container: Container) -> Scope:
        """What the glue has of the global object: a class, where its members or its properties need one."""
        parts = (container.pairs, container.collection, container.async_iteration, container.properties)
        members = container.definition.members if isinstance(container.definition, linked.Interface) else ()
        own = [member for member in members if self._is_own(member)]
        unscopable = any(member.attribute("Unscopable") for member in own)
        needs_class = any(parts) or bool(container.observables) or container.has_default_json or unscopable
        flags = ["CLEAT_NO_INTERFACE_OBJECT"]
        for kind, flag in ((syntax.Maplike, "CLEAT_MAPLIKE"), (syntax.Setlike, "CLEAT_SETLIKE")):
            flags += [flag] * any(isinstance(member, kind) for member in own)
        flags += ["CLEAT_OBSERVES"] * bool(container.observables)
        return Scope(
            descriptor=container.descriptor if needs_class else "",
            snake=self.snake_of(container),
            flags=" | ".join(flags),
            pairs=container.pairs,
            collection=container.collection,
            async_iteration=container.async_iteration,
            properties=container.properties,
            observables=tuple(container.observables),
            functions=tuple(container.functions),
        )

    def _section(self, container: Container, title: Tuple[str, ...], descriptor: str) -> Section:
        constants, defines = container.constants, container.defines
        return Section(
            comment=title,
            descriptor=descriptor,
            constants=rows(constants),
            defines=rows(defines, 0),
            hooks=tuple(container.hook_list),
        )

    def _members(self, container: Container, members: Sequence[syntax.Member]) -> None:
        groups: Dict[object, List[Overloaded]] = {group[0]: group for group in overload_groups(members) if len(group) > 1}
        grouped: set[object] = {member for group in groups.values() for member in group}
        for member in members:
            if member in groups:
                self._attempt(lambda: self._overloads(container, groups[member]))
            elif member not in grouped:
                self._attempt(lambda: self._member(container, member))

    def _overloads(self, container: Container, group: Sequence[Overloaded]) -> None:
        first = group[0]
        assert isinstance(first, (syntax.Operation, syntax.Constructor))
        for member in group:
            assert isinstance(member, (syntax.Operation, syntax.Constructor))
            self._header(member)
        if isinstance(first, syntax.Constructor):
            name = self.hook_name(container, "new")

            def construct(builder: Builder, member: Overloaded) -> None:
                builder.arguments(member.arguments)
                builder.construct(container)

            overloads = Overloads(self, container, group, name, True, construct)
            overloads.lower()
            container.construct = overloads.glue
            return
        name = self.member_name(container, first)
        promises: List[bool] = []

        def build(builder: Builder, member: Overloaded) -> None:
            assert isinstance(member, syntax.Operation)
            promises.append(self._build_operation(builder, member))

        overloads = Overloads(self, container, group, name, first.static, build)
        overloads.lower()
        self.explanations.append((self._path(container, first), "not fast: it is overloaded"))
        entries = [f".name = {string_literal(first.name)}", ".kind = CLEAT_OPERATION", f".call = {overloads.glue}"]
        required = min(required_count(member.arguments) for member in group)
        if required:
            entries.append(f".length = {required}")
        operations = [member for member in group if isinstance(member, syntax.Operation)]
        flags = ["CLEAT_UNSCOPABLE"] if any(member.attribute("Unscopable") for member in operations) else []
        self.add_row(container, first, entries, flags + self._result_flags(group, promises[0]))

    def _build_operation(self, builder: Builder, member: syntax.Operation) -> bool:
        if member.attribute("Blocking"):
            return builder.blocking(member)
        builder.arguments(member.arguments)
        return builder.result(member.type)

    def _member(self, container: Container, member: syntax.Member) -> None:
        self._header(member)
        if isinstance(member, syntax.Constant):
            self._constant(container, member)
        elif isinstance(member, syntax.Attribute) and is_observable(self.program, member.type):
            lower_observable(self, container, member)
        elif isinstance(member, syntax.Attribute):
            lower_attribute(self, container, member)
        elif isinstance(member, syntax.Iterable):
            lower_iterable(self, container, member)
        elif isinstance(member, syntax.AsyncIterable):
            lower_async_iterable(self, container, member)
        elif isinstance(member, (syntax.Maplike, syntax.Setlike)):
            lower_collection(self, container, member)
        elif isinstance(member, syntax.Operation):
            self._operation(container, member)
        else:
            assert isinstance(member, syntax.Constructor)
            self._constructor(container, member)

    # -----------------------------------------------------------------------
    # Members

    def _constant(self, container: Container, member: syntax.Constant) -> None:
        c = self.hook_name(container, member.name).upper()
        self.claims.claim(c, member.name_span)
        value = member.value.value
        text = self.types.literal(member.type, member.value)
        idl = one_line(member.span.text)
        entries = [f".name = {string_literal(member.name)}", ".kind = CLEAT_CONSTANT", f".value = {c}"]
        type = self.program.resolve(member.type)
        if isinstance(type, syntax.SimpleType) and type.name == "bigint":
            container.defines.append((f"extern const CleatBigInt {c};", idl))
            self.bigints.append(BigInt(comment(idl), c, text))
            entries[1:] = [".kind = CLEAT_CONSTANT_BIGINT", f".bigint = &{c}"]
        elif isinstance(value, int) and text.lstrip("-").isdigit() and -(2**31) <= value < 2**31:
            container.constants.append((f"{c} = {text},", idl))
        else:
            parenthesized = f"({text})" if text.startswith("-") else text
            container.defines.append((f"#define {c} {parenthesized}", idl))
            if "INFINITY" in text or "NAN" in text:
                self.includes["<math.h>"] = None
        if isinstance(value, bool):
            entries[1] = ".kind = CLEAT_CONSTANT_BOOLEAN"
        self.add_row(container, member, entries, [])

    def _operation(self, container: Container, member: syntax.Operation) -> None:
        if member.special == "stringifier":
            lower_stringifier(self, container, member)
            return
        if member.special in SPECIAL and not member.name:
            return
        if member.attribute("Default"):
            lower_default_json(self, container, member)
            return
        name = self.member_name(container, member)
        builder = Builder(self, container, member, name, is_static=member.static)
        is_promise = self._build_operation(builder, member)
        if is_promise:
            why = "its result is a promise"
        elif not member.static and self._may_be_disposed(container):
            why = "[Dispose]: it has to throw where the object was disposed"
        else:
            why = builder.decide_fast(member, self._refuses_fast(container, member))
        self.explanations.append((self._path(container, member), f"not fast: {why}" if why else "fast"))
        builder.finish(one_line(member.span.text), member.doc)
        entries = [f".name = {string_literal(member.name)}", ".kind = CLEAT_OPERATION", f".call = {builder.glue}"]
        required = required_count(member.arguments)
        if required:
            entries.append(f".length = {required}")
        if builder.fast:
            entries.append(f".fast = &{builder.fast.descriptor}")
        self.add_row(container, member, entries, self._result_flags([member], is_promise))

    def _result_flags(self, group: Sequence[Overloaded], is_promise: bool) -> List[str]:
        """The flags of an operation that its result makes, and [Dispose] on any of its overloads."""
        disposes = "CLEAT_DISPOSES_ASYNC" if is_promise else "CLEAT_DISPOSES"
        return ["CLEAT_PROMISING"] * is_promise + [disposes] * bool(symbol_of(self.program, group))

    def _may_be_disposed(self, container: Container) -> bool:
        """Whether an object that the members are called on may have been disposed, which has to throw."""
        interface = container.definition
        if not isinstance(interface, linked.Interface) or not container.this:
            return False
        return any(interface in (one, *one.ancestors()) for one in self._disposable)

    @cached_property
    def _disposable(self) -> List[linked.Interface]:
        return [one for one in self.program.interfaces.values() if is_disposable(one)]

    def _refuses_fast(self, container: Container, member: syntax.Member) -> bool:
        own = member.attribute("NoFastCall") or self.program.declared_in[member].attribute("NoFastCall")
        return own is not None or container.definition.attribute("NoFastCall") is not None

    def _path(self, container: Container, member: syntax.Operation) -> str:
        name = member.name or "(unnamed)"
        return name if container.definition is self.program.global_scope else f"{container.definition.name}.{name}"

    def _constructor(self, container: Container, member: syntax.Constructor) -> None:
        name = self.hook_name(container, "new")
        builder = Builder(self, container, member, name, is_static=True)
        builder.arguments(member.arguments)
        builder.construct(container)
        builder.finish(one_line(member.span.text), member.doc)
        container.construct = builder.glue

    def hook_name(self, container: Container, name: str) -> str:
        return self.naming.member(container.hooks, name)

    def snake_of(self, container: Container) -> str:
        """What the tables and functions that only the glue knows are called by."""
        is_scope = container.definition.name == linked.GLOBAL_SCOPE
        return "cleat_global_scope" if is_scope else self.hook_name(container, "")

    def member_name(
        self, container: Container, member: Union[syntax.Operation, syntax.Attribute], verb: str = ""
    ) -> str:
        """The hook of an operation or an attribute: of a static one beside a regular one of the same name another, and of
        an operation that is called as something that the interface has in C anyway."""
        name = f"{verb}_{member.name}" if verb else member.name
        others = container.definition.members if isinstance(container.definition, linked.Interface) else ()
        if member.static and any(one.name == member.name and not getattr(one, "static", True) for one in others):
            name = f"static_{name}"
        hook = self.hook_name(container, name)
        return self.hook_name(container, f"call_{name}") if hook in self._own_names(container) else hook

    def _own_names(self, container: Container) -> AbstractSet[str]:
        """What every interface has in C beside its members' hooks: what makes its objects, frees them, and describes it."""
        interface = container.definition
        if not isinstance(interface, linked.Interface) or not container.this:
            return frozenset()
        names = ["class"] + ["finalize"] * (interface.attribute("Release") is None)
        names += ["new"] * any(isinstance(member, syntax.Constructor) for member in interface.members)
        return frozenset(self.hook_name(container, name) for name in names)

    def add_row(self, container: Container, member: syntax.Member, entries: List[str], flags: List[str]) -> None:
        """Adds a row to the table of members."""
        flags = list(dict.fromkeys([flag for name, flag in _FLAGS if member.attribute(name)] + flags))
        if getattr(member, "special", "") == "static":
            flags.insert(0, "CLEAT_STATIC")
        if flags:
            entries.insert(2, f".flags = {' | '.join(flags)}")
        capability = self.capability(container, member)
        if capability:
            entries.append(f".capability = {string_literal(capability)}")
        container.count += 1
        container.rows += _initializer(entries)

    def add_function(self, container: Container, idl: str, name: str, lines: Sequence[str]) -> str:
        """Adds a native function that the runtime has most of, and returns what it is called."""
        glue = self.claims.native(name)
        container.functions.append(
            Function(
                comment=comment(idl),
                glue=glue,
                parameters="",
                receiver="",
                receiver_class="",
                asks_first=False,
                lenient=False,
                required=0,
                frame=False,
                arguments=(),
                env="",
                promise=False,
                call=tuple(lines),
                job=None,
                fast=None,
            )
        )
        return glue

    def give(
        self,
        container: Container,
        member: syntax.Member,
        result: str,
        name: str,
        parameters: Sequence[str],
        body: str,
        note: str,
    ) -> None:
        """Adds a function that the glue defines, on the JavaScript thread, for C to call."""
        function = self.hook_name(container, name)
        parameters = ["CleatEnv* env", *parameters]
        lines = self.prototype(function, fit(f"{result}{function}(", parameters, ");"), member.span, False)
        container.hook_list.append(Hook(comment(note + " Generated: for C to call."), lines, is_generated=True))
        self.given.append(Given(fit(f"{result}{function}(", parameters, ") {"), body))

    def slot(self, container: Container, name: str) -> str:
        """What the global object keeps by a name that other sets may have, too; "" where each object has its own."""
        return "" if container.this else string_literal(f"{self.naming.bindings}: {name}")

    def capability(self, container: Container, member: syntax.Member) -> str:
        own = member.attribute("Capability")
        written_in = self.program.declared_in[member]
        whole = container.definition
        if own is None and isinstance(whole, linked.Linked) and written_in is not whole.declaration:
            own = written_in.attribute("Capability")
        return own.value if own else ""

    def _about_helpers(self) -> Tuple[str, ...]:
        kinds = {helper.kind.split("_")[0] for helper in self.types.helpers.values()}
        texts = [text for kind, text in _HELPERS.items() if kind in kinds]
        return comment("CONVERSIONS. " + " ".join(texts)) if texts else ()

    def prototype(self, name: str, lines: Tuple[str, ...], span: Span, shared: bool) -> Tuple[str, ...]:
        """The declaration of a hook, once for all members that share it."""
        if shared and self.prototypes.get(name) == lines:
            return ()
        self.claims.claim(name, span)
        self.prototypes[name] = lines
        return lines


def _iterator_rows(classes: Sequence[Class], scope: Optional[Scope]) -> Iterable[str]:
    parts: List[Union[Class, Scope]] = [*classes, *([scope] if scope else [])]
    for part in parts:
        if part.pairs:
            yield f"&js_iterator_of_{part.pairs.snake},"
        if part.async_iteration:
            yield f"&js_async_iterator_of_{part.async_iteration.snake},"


def _quoted(attribute: Optional[syntax.ExtendedAttribute]) -> str:
    return string_literal(attribute.value) if attribute else ""


def _alias_names(interface: linked.Interface) -> List[str]:
    attribute = interface.attribute("LegacyWindowAlias")
    return [string_literal(str(value)) for value in attribute.values] if attribute else []


def _initializer(entries: Sequence[str]) -> List[str]:
    """The lines of one row of a table."""
    line = "{" + ", ".join(entries) + "},"
    if len(line) + 4 <= LIMIT:
        return [line]
    last = len(entries) - 1
    starts = [("{" if i == 0 else " ") + entry for i, entry in enumerate(entries)]
    return [start + ("}," if i == last else ",") for i, start in enumerate(starts)]


def _parents_first(interfaces: Sequence[linked.Interface]) -> List[linked.Interface]:
    ordered: Dict[str, linked.Interface] = {}
    for interface in interfaces:
        for one in (*reversed(interface.ancestors()), interface):
            if one in interfaces:
                ordered.setdefault(one.name, one)
    return list(ordered.values())


def _sorted_includes(includes: Iterable[str]) -> Tuple[str, ...]:
    return tuple(sorted(includes))


def _macro(name: str) -> str:
    return f"{Name(name).shouty}_" if name else ""
