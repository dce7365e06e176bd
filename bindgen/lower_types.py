"""Lowers types: finds the row of each type that a program uses, and collects what that needs declared and defined."""

from __future__ import annotations

from dataclasses import replace
from typing import AbstractSet, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import idl_types
import names
import program as linked
import syntax
from idl_types import CType
from layout import LIMIT, comment, fit, one_line, rows
from link import LIBRARIES
from lower_async_sequence import async_sequence
from lower_dictionary import Dictionaries
from lower_union import Unions
from model import (
    AsyncSequenceType,
    CallbackType,
    CompositeType,
    DictionaryType,
    EnumType,
    ForwardType,
    Helper,
    NextPromise,
    PromiseType,
    UnionType,
    Unsupported,
)
from names import Name, string_literal
from naming import Claims, Naming


class Types:
    """The types of one set. What is asked for is remembered, in an order in which C can take it."""

    def __init__(
        self, program: linked.Program, naming: Naming, claims: Claims, is_own: Callable[..., bool], library: str = ""
    ) -> None:
        self.program = program
        self.naming = naming
        self.claims = claims
        self.is_own = is_own
        self.declarations: List[
            Union[
                EnumType,
                DictionaryType,
                ForwardType,
                CompositeType,
                CallbackType,
                PromiseType,
                NextPromise,
                UnionType,
                AsyncSequenceType,
            ]
        ] = []
        self.helpers: Dict[str, Helper] = {}
        # Those that are being made, and those that are called before they are defined.
        self._making: List[str] = []
        self.forward: set[str] = set()
        # Which library it is, or "prelude", or ""; and what stands before the functions that it defines for others.
        self.library = library
        self.export = "CLEAT_EXPORT " if library else ""
        self.needs: set[str] = set()  # "math.h", "string.h", "stdlib.h", "cleat/prelude.h"
        self._rows: Dict[str, CType] = {}
        # Those of types as they are written, once there is nothing left to know about them.
        self._made: Dict[syntax.Type, CType] = {}
        self._declared: set[str] = set()
        self.dictionaries = Dictionaries(self)
        self.used_tables: set[str] = set()  # those of enumerations that conversions name
        self.unions = Unions(self)
        # Whether other sets are imported, and the tables of their enumerations, which each set has itself.
        self.has_imports = False
        self.imported_enums: List[EnumType] = []
        self._lowering: List[str] = []
        # The callbacks whose types are being lowered.
        self._calling: List[str] = []
        # What waits until no dictionary is being lowered.
        self._later: List[Callable[[], None]] = []
        # The dictionaries that contain themselves, and the C types that are named before they are defined.
        self.recursive: set[str] = set()
        self._announced: set[str] = set()
        # The type that each stem of converters stands for.
        self._stems: Dict[str, str] = {}
        # The tables of the words of bigints, by their digits.
        self._words: Dict[str, str] = {}
        # How the converters js_to_STEM, js_from_STEM and js_copy_STEM are made.
        self.readers: Dict[str, Callable[[], None]] = {}
        self.writers: Dict[str, Callable[[], None]] = {}
        self.keepers: Dict[str, Callable[[], None]] = {}

    # -----------------------------------------------------------------------
    # Imports

    @property
    def declared(self) -> AbstractSet[str]:
        """The names of the types that the header declares and other sets may need, too."""
        return self._declared | self.unions.declared

    def import_set(self, declared: AbstractSet[str]) -> None:
        self.has_imports = True
        self._declared |= declared

    def naming_of(self, definition: Union[syntax.Node, linked.Linked]) -> Naming:
        """How the set that has a definition names its parts in C."""
        other = definition.span.file.imported
        return self.naming if other is None or self.is_own(definition) else Naming(other.name, other.prefix)

    def is_imported(self, definition: Union[syntax.Node, linked.Linked]) -> bool:
        return definition.span.file.imported is not None and not self.is_own(definition)

    def is_declared(self, c: str) -> bool:
        return c in self._declared

    def guard(self, row: CType) -> str:
        """What keeps a type that other headers may declare too from being declared twice; "" for none."""
        return "" if row.own and not self.has_imports and not self.library else f"{Name(row.c).shouty}_"

    # -----------------------------------------------------------------------
    # Rows

    def row(self, type: syntax.Type) -> CType:
        """The row of a type, with all that it needs declared."""
        found = self._made.get(type)
        if found is not None:
            return found
        row = self.buffer_source(type) or self._row(self.program.resolve(type), self._union_name(type))
        for stem in (row.to_stem, "from " + row.from_stem):
            if self._stems.setdefault(stem, row.c) != row.c:
                raise Unsupported(f"this name and '{self._stems[stem]}' give converters of one name in C", type.span)
        if not self._lowering and not self._calling:
            self._made[type] = row
        return row

    def buffer_source(self, type: syntax.Type) -> Optional[CType]:
        """The row of a type of the standard's that stands for several buffer types, and is one in C."""
        name = self.program.buffer_union(type)
        if not name:
            return None
        attributes = list(type.attributes)
        for typedef in self.program.named_typedefs(type):
            attributes += typedef.type.attributes if typedef.name != name else ()
        row = _buffer(name, attributes, name == "AllowSharedBufferSource")
        self._keep_buffer(row, "1")
        return row

    def is_event_handler(self, type: syntax.Type) -> bool:
        """Whether it is Cleat's own EventHandler."""
        return any(one.name == "EventHandler" and self._is_of_events(one) for one in self.program.named_typedefs(type))

    def _is_of_events(self, definition: Union[syntax.Node, linked.Linked]) -> bool:
        imported = definition.span.file.imported
        return imported == LIBRARIES["events"] or (self.library == "events" and self.is_own(definition))

    def signals(self, type: syntax.Type, value: str) -> List[str]:
        """The AbortSignals that an argument has: itself, or a dictionary's member `signal`; expressions for pointers."""
        definition = self.program.denotes(self.program.innermost(type))
        if isinstance(definition, linked.Interface):
            return [value] if self.is_abort_signal(definition) else []
        if not isinstance(definition, linked.Dictionary):
            return []
        is_nullable = isinstance(self.program.resolve(type), syntax.NullableType)
        base = f"{value}->" if is_nullable else f"{value}."
        found = []
        for level in reversed(definition.levels()):
            for member in level.members:
                one = self.program.denotes(self.program.innermost(member.type))
                if member.name == "signal" and isinstance(one, linked.Interface) and self.is_abort_signal(one):
                    implemented = member.attribute("ImplementedAs")
                    path = base + (implemented.value if implemented else names.field(member.name))
                    found.append(f"{value} == NULL ? NULL : {path}" if is_nullable else path)
            base += "base."
        return found

    def is_abort_signal(self, interface: linked.Interface) -> bool:
        """Whether it is Cleat's own AbortSignal."""
        return interface.name == "AbortSignal" and self._is_of_events(interface)

    def _union_name(self, type: syntax.Type) -> str:
        """The name in C that a typedef gives to a union, or ""."""
        typedefs = [one for one in self.program.named_typedefs(type) if not linked.from_prelude(one)]
        names = [self.naming_of(one).type(one.name) for one in typedefs]
        return names[-1] if names else ""

    def _row(self, resolved: syntax.Type, name: str = "") -> CType:
        if isinstance(resolved, syntax.UnionType):
            return self.unions.row(resolved, name)
        if isinstance(resolved, syntax.RecordType):
            return self._record(resolved)
        if isinstance(resolved, syntax.GenericType) and resolved.name == "Promise":
            return idl_types.SIMPLE["Promise<T>"]
        if isinstance(resolved, syntax.SimpleType) and resolved.name in syntax.BUFFER_TYPES:
            return self._buffer(resolved)
        if isinstance(resolved, syntax.SimpleType):
            return self._simple(resolved)
        if isinstance(resolved, syntax.NullableType):
            # A dictionary inside of itself is a pointer as it is.
            return self._nullable(self._element(resolved.inner), resolved)
        if isinstance(resolved, syntax.GenericType) and resolved.name == "sequence":
            return self.sequence(self._element(resolved.element))
        if isinstance(resolved, syntax.GenericType) and resolved.name == "FrozenArray":
            return self._frozen_array(self._element(resolved.element))
        if isinstance(resolved, syntax.GenericType) and resolved.name == "async_sequence":
            return async_sequence(self, resolved)
        if isinstance(resolved, syntax.IdentifierType):
            return self._named(resolved)
        kind = resolved.name if isinstance(resolved, syntax.GenericType) else "such"
        raise Unsupported(f"{kind} types are not supported yet", resolved.span)

    def _element(self, type: syntax.Type) -> CType:
        """The row of a sequence's elements: of those that only the pointer of the sequence says something, as they are."""
        definition = self.program.denotes(type)
        if isinstance(definition, linked.Dictionary) and self._is_enclosing(definition):
            return self._enclosed_by_value(definition)
        return self.row(type)

    def _buffer(self, type: syntax.SimpleType) -> CType:
        row = _buffer(type.name, type.attributes, False)
        size = f"sizeof({idl_types.BUFFERS[type.name]})"
        self._keep_buffer(row, size)
        return row

    def _keep_buffer(self, row: CType, size: str) -> None:
        self.keepers[row.from_stem] = lambda: self.helper(
            "copy_buffer", f"js_copy_{row.from_stem}", row, size=size
        )

    def _record(self, type: syntax.RecordType) -> CType:
        key, value = self.row(type.key), self.row(type.value)
        if key.c != "CleatString" or key.to_stem.endswith("_or_empty") or key.idl not in syntax.STRING_TYPES:
            raise Unsupported("extended attributes of a record's keys are not supported", type.key.span)
        row = idl_types.record(key, value)
        self._declare_composite("CLEAT_RECORD", row, value)
        self.readers[row.to_stem] = lambda: self.helper(
            "to_record",
            f"js_to_{row.to_stem}",
            row,
            read_key=self.read(key, input="&recording.key", out="&entry->key"),
            read_value=self.read(value, input="&recording.value", out="&entry->value"),
        )
        self.writers[row.from_stem] = lambda: self.helper(
            "from_record",
            f"js_from_{row.from_stem}",
            row,
            write_key=self.write(key, "value.items[i].key"),
            write_value=self.write(value, "value.items[i].value"),
        )
        self.keepers[row.from_stem] = lambda: self.helper(
            "copy_record",
            f"js_copy_{row.from_stem}",
            row,
            keep_key=self.copy(key, "frame", "&items[i].key"),
            keep_value=self.copy(value, "frame", "&items[i].value"),
        )
        return row

    def _simple(self, type: syntax.SimpleType) -> CType:
        if type.name not in idl_types.SIMPLE:
            raise Unsupported(f"values of type {type.name} are not supported yet here", type.span)
        row = idl_types.SIMPLE[type.name]
        for attribute in type.attributes:
            if attribute.name in ("Clamp", "EnforceRange"):
                row = idl_types.annotated(row, attribute.name)
            elif attribute.name == "CString" and type.name in syntax.STRING_TYPES:
                row = self._c_string(row, attribute)
        if type.attribute("LegacyNullToEmptyString"):
            row = self._null_to_empty(row)
        if type.name == "any":
            self.readers["any"] = lambda: self.helper("to_any", "js_to_any", row)
        if row.c == "CleatString":
            self.keepers["string"] = lambda: self.helper("copy_string", "js_copy_string", row)
        if type.name == "bigint":
            self.keepers["big_int"] = lambda: self.helper("copy_bigint", "js_copy_big_int", row)
        return row

    def _null_to_empty(self, string: CType) -> CType:
        row = idl_types.null_to_empty(string)
        read = string.read.format(input="&text", out="out")
        if string.read.startswith("js_to_"):
            self.readers[string.to_stem]()
        self.readers[row.to_stem] = lambda: self.helper("null_to_empty", f"js_to_{row.to_stem}", row, read=read)
        return row

    def _c_string(self, string: CType, attribute: syntax.ExtendedAttribute) -> CType:
        form = attribute.value if attribute.values else ""
        if form == "utf16":
            if string.idl == "ByteString":
                raise Unsupported("a ByteString is bytes, and not UTF-16", attribute.span)
            row = idl_types.string16(string)
            self.keepers["string16"] = lambda: self.helper("copy_string16", "js_copy_string16", row)
            return row
        if form == "latin1":
            return idl_types.latin1(string)
        row = idl_types.c_string(string)
        read = string.read.format(input="input", out="&string")
        self.readers[row.to_stem] = lambda: self.helper("to_c_string", f"js_to_{row.to_stem}", row, read=read)
        self.keepers["c_string"] = lambda: self.helper("copy_c_string", "js_copy_c_string", row)
        return row

    def _nullable(self, inner: CType, type: syntax.NullableType) -> CType:
        if isinstance(self.program.denotes(type.inner), linked.Dictionary):
            row = idl_types.nullable_dictionary(inner)
            self.readers[row.to_stem] = lambda: self.helper(
                "to_nullable_dictionary",
                f"js_to_{row.to_stem}",
                row,
                inner=inner.c,
                read=self.read(inner, input="input", out="value"),
            )
            self.writers[row.from_stem] = lambda: self.helper(
                "from_nullable", f"js_from_{row.from_stem}", row, write=self.write(inner, "*value")
            )
            self.keepers[row.copies_by] = lambda: self.helper(
                "copy_nullable_dictionary",
                f"js_copy_{row.copies_by}",
                row,
                inner=inner.c,
                keep=self.copy(inner, "frame", "copy"),
            )
            return row
        if not inner.is_given:
            return self.optional(inner)
        row = idl_types.nullable(inner)
        self.readers[row.to_stem] = lambda: self.helper(
            "to_nullable",
            f"js_to_{row.to_stem}",
            row,
            none=row.none,
            read=self.read(inner, input="input", out="out"),
        )
        if row.from_stem != inner.from_stem:
            self.writers[row.from_stem] = lambda: self.helper(
                "from_nullable", f"js_from_{row.from_stem}", row, write=self.write(inner, "value")
            )
        return row

    def optional(self, inner: CType) -> CType:
        """The struct of `has` and `value`."""
        row = idl_types.optional(inner)
        self._declare_composite("CLEAT_OPTIONAL", row, inner)
        # undefined is a value of a union that says so, and only null is none.
        null = "cleat_input_is_exactly_null" if self.unions.includes_undefined(inner) else "cleat_input_is_null"
        value = "value->" if row.passed == "&{value}" else "value."
        self.readers[row.to_stem] = lambda: self.helper(
            "to_optional", f"js_to_{row.to_stem}", row, read=self.read(inner, input="input", out="&out->value"), null=null
        )
        self.writers[row.from_stem] = lambda: self.helper(
            "from_optional", f"js_from_{row.from_stem}", row, value=value, write=self.write(inner, f"{value}value")
        )
        self.keepers[row.from_stem] = lambda: self.helper(
            "copy_optional", f"js_copy_{row.from_stem}", row, keep=self.copy(inner, "frame", "&value->value")
        )
        return row

    def sequence(self, element: CType) -> CType:
        row = idl_types.sequence(element)
        self._declare_composite("CLEAT_SEQUENCE", row, element)
        self.readers[row.to_stem] = lambda: self.helper(
            "to_sequence",
            f"js_to_{row.to_stem}",
            row,
            element=element.c,
            read=self.read(element, input="&iteration.element", out="iteration.slot"),
        )
        self.writers[row.from_stem] = lambda: self.helper(
            "from_sequence", f"js_from_{row.from_stem}", row, write=self.write(element, "value.items[i]")
        )
        self.keepers[row.from_stem] = lambda: self.helper(
            "copy_sequence",
            f"js_copy_{row.from_stem}",
            row,
            element=element.c,
            keep=self.copy(element, "frame", "&items[i]"),
        )
        return row

    def _frozen_array(self, element: CType) -> CType:
        sequence, row = self.sequence(element), idl_types.frozen_array(element)
        self.writers[row.from_stem] = lambda: self.helper(
            "from_frozen_array", f"js_from_{row.from_stem}", row, write=self.write(sequence, "value")
        )
        return row

    def declare(self, c: str) -> bool:
        """Whether a type has not been declared yet; it is taken for declared from then on."""
        is_new = c not in self._declared
        self._declared.add(c)
        return is_new

    def _declare_composite(self, macro: str, row: CType, inner: CType) -> None:
        if row.c in idl_types.PREDECLARED or row.c in self._declared:
            return
        self._declared.add(row.c)
        if row.own:
            self.claims.claim(row.c, None)
        self.declarations.append(CompositeType(macro, row.c, inner.c, self.guard(row)))

    # -----------------------------------------------------------------------
    # Definitions

    def _named(self, type: syntax.IdentifierType) -> CType:
        row = self._rows.get(type.name)
        if row is None:
            definition = self.program.definitions[type.name]
            if isinstance(definition, linked.Dictionary) and self._is_enclosing(definition):
                return self._enclosing(definition)
            if isinstance(definition, syntax.Enum):
                row = self._enum(definition)
            elif isinstance(definition, linked.Dictionary):
                row = self._dictionary(definition)
            elif isinstance(definition, syntax.CallbackFunction):
                row = self._callback(definition)
            elif isinstance(definition, linked.Interface):
                row = self._interface(definition, type)
            elif isinstance(definition, syntax.CallbackInterface):
                row = self._callback_interface(definition)
            else:
                raise Unsupported(f"{type.name} is not a type", type.span)
            self._rows[type.name] = row
        elif type.name in self._calling:
            self._announce(self.naming_of(self.program.definitions[type.name]).type(type.name))
        return row

    def _announce(self, c: str) -> None:
        """Has a struct named before everything else, since something that it is made of mentions it."""
        if c not in self._announced:
            self._announced.add(c)
            self.declarations.insert(0, ForwardType(c))

    def c_type_of(self, interface: linked.Interface) -> str:
        if interface.name == linked.GLOBAL_SCOPE:
            return "CleatRuntime"
        implemented = interface.attribute("ImplementedAs")
        return implemented.value if implemented else self.naming_of(interface).type(interface.name)

    def descriptor_of(self, interface: linked.Interface) -> str:
        if interface.name == linked.GLOBAL_SCOPE:
            return "cleat_global_scope_class"
        return f"{self.naming_of(interface).member('', interface.name)}_class"

    def _interface(self, interface: linked.Interface, type: syntax.Type) -> CType:
        # That of every set is the same.
        is_scope = interface.name == linked.GLOBAL_SCOPE
        noun = "GlobalScope" if is_scope else self.naming_of(interface).type(interface.name)
        row = idl_types.interface(interface.name, self.c_type_of(interface), noun, self.descriptor_of(interface))
        row = replace(row, own=row.own and not is_scope)
        descriptor = self.descriptor_of(interface)
        self.readers[row.to_stem] = lambda: self.helper(
            "to_interface", f"js_to_{row.to_stem}", row, descriptor=descriptor
        )
        return row

    def _enum(self, definition: syntax.Enum) -> CType:
        naming, is_imported = self.naming_of(definition), self.is_imported(definition)
        c = naming.type(definition.name)
        snake = naming.member("", definition.name)
        if not is_imported:
            self.claims.claim(c, definition.name_span)
        values = []
        for value, name in zip(definition.values, names.enumerators(value.name for value in definition.values)):
            constant = f"{snake.upper()}_{name}"
            if not is_imported:
                self.claims.claim(constant, value.name_span)
            values.append((f"{constant},", string_literal(value.name)))
        made = EnumType(
            c,
            f"js_enum_of_{snake}",
            f"js_values_of_{snake}",
            definition.name,
            comment(f"enum {definition.name}", definition.doc),
            rows(values),
            rows([(f"{text},", constant[:-1]) for constant, text in values], 4),
            len(values),
        )
        if is_imported:
            self.imported_enums.append(made)
        else:
            self.declarations.append(made)
        row = idl_types.enum(definition.name, c, made.descriptor)
        self.readers[row.to_stem] = lambda: self.helper(
            "to_enum", f"js_to_{row.to_stem}", row, descriptor=made.descriptor
        )
        return row

    # -----------------------------------------------------------------------
    # Dictionaries

    def _dictionary(self, dictionary: linked.Dictionary) -> CType:
        self._lowering.append(dictionary.name)
        try:
            row = self._rows[dictionary.name] = self.dictionaries.lower(dictionary)
            return row
        finally:
            self._lowering.pop()
            while self._later and not self._lowering:
                self._later.pop(0)()

    def _is_enclosing(self, dictionary: linked.Dictionary) -> bool:
        """Whether it, or what it inherits from, is being lowered: what is inside must not be of that size then."""
        return any(level.name in self._lowering for level in dictionary.levels())

    def _enclosing(self, dictionary: linked.Dictionary) -> CType:
        """A dictionary that is being lowered, as a type inside of itself."""
        if dictionary.name not in self._lowering:
            # One that inherits from it. It is lowered once its parent is.
            self._later.insert(0, lambda: self._declare(dictionary))
        inner = self._enclosed_by_value(dictionary)
        row = idl_types.enclosing_dictionary(inner)
        self.readers[row.to_stem] = lambda: self.helper(
            "to_inner", f"js_to_{row.to_stem}", row, inner=inner.c, read=self.read(inner, input="input", out="value")
        )
        self.writers[row.from_stem] = lambda: self._needs_writer(inner, inner.write)
        self.keepers[row.copies_by] = lambda: self.helper(
            "copy_nullable_dictionary",
            f"js_copy_{row.copies_by}",
            row,
            inner=inner.c,
            keep=self.copy(inner, "frame", "copy"),
        )
        return row

    def _declare(self, dictionary: linked.Dictionary) -> None:
        self.row(syntax.IdentifierType(dictionary.span, (), dictionary.name))

    def _enclosed_by_value(self, dictionary: linked.Dictionary) -> CType:
        """What its row will be, as far as that matters before it is known."""
        c = self.naming_of(dictionary).type(dictionary.name)
        if not self.is_imported(dictionary):
            self._announce(c)
        self.recursive.add(dictionary.name)
        keeps, buffers = zip(*self._within(dictionary, set()), ("copy", False))
        return idl_types.dictionary(dictionary.name, c, True, True, idl_types.strictest(keeps), any(buffers))

    def _within(self, dictionary: linked.Dictionary, seen: set[str]) -> Iterator[Tuple[str, bool]]:
        """What is needed to keep each of the types inside a dictionary, however deep, and whether it has buffers."""
        if dictionary.name in seen:
            return
        seen.add(dictionary.name)
        for member in (member for level in dictionary.levels() for member in level.members):
            for part in self._leaves(member.type):
                inner = self.program.denotes(part)
                if isinstance(inner, linked.Dictionary):
                    yield from self._within(inner, seen)
                elif isinstance(inner, linked.Interface):
                    yield idl_types.interface(inner.name, "", "", "").keep, False
                elif isinstance(inner, (syntax.CallbackFunction, syntax.CallbackInterface)):
                    # Whose own types may lead back here.
                    yield idl_types.callback(inner.name, "", "", True).keep, False
                else:
                    row = self.result_row(part)
                    yield row.keep, row.buffers

    def _leaves(self, type: syntax.Type) -> Iterator[syntax.Type]:
        resolved = self.program.resolve(type)
        parts = syntax.parts(resolved)
        is_promise = isinstance(resolved, syntax.GenericType) and resolved.name == "Promise"
        if not parts or is_promise or self.buffer_source(type):
            yield type
            return
        for part in parts:
            yield from self._leaves(part)

    # -----------------------------------------------------------------------
    # Callbacks

    def _callback_interface(self, definition: syntax.CallbackInterface) -> CType:
        (operation,) = (member for member in definition.members if isinstance(member, syntax.Operation))
        function = syntax.CallbackFunction(
            definition.span,
            definition.attributes,
            definition.doc,
            definition.name,
            definition.name_span,
            operation.type,
            operation.arguments,
        )
        return self._callback(function, operation)

    def _callback(self, definition: syntax.CallbackFunction, operation: Optional[syntax.Operation] = None) -> CType:
        own = not linked.from_prelude(definition) or self.is_own(definition)
        noun = self.naming_of(definition).type(definition.name) if own else definition.name
        row = idl_types.callback(definition.name, noun if own else f"Cleat{noun}", noun, own)
        row = idl_types.callback_interface(row) if operation else row
        self.readers[row.to_stem] = lambda: self.helper(
            "to_callback", f"js_to_{row.to_stem}", row, struct=row.c[len("const ") : -1], convert=row.callback
        )
        if own and not self.is_imported(definition):
            # It may be an argument of itself, or its own result.
            self._rows[definition.name] = row
            self._calling.append(definition.name)
            made = self._callback_type(definition, noun)
            self._calling.pop()
            if operation:
                title = f"callback interface {definition.name}: {one_line(operation.span.text)}"
                made = replace(made, operation=operation.name, comment=comment(title, definition.doc))
            self.declarations.append(made)
        elif not own:
            self.needs.add("cleat/prelude.h")
        return row

    def assigned_row(self, type: syntax.Type) -> CType:
        """The row of an attribute's type, for its setter: [LegacyTreatNonObjectAsNull] means something there only."""
        row = self.row(type)
        definition = self.program.denotes(self.program.innermost(type))
        if not isinstance(definition, syntax.CallbackFunction) or row.is_callback:
            return row
        if not definition.attribute("LegacyTreatNonObjectAsNull"):
            return row
        stem = f"legacy_{row.to_stem}"
        struct = row.c[len("const ") : -1]
        self.readers[stem] = lambda: self.helper("to_legacy_callback", f"js_to_{stem}", row, struct=struct)
        return replace(row, read=f"js_to_{stem}({{input}}, {{out}})", to_stem=stem)

    def _callback_type(self, definition: syntax.CallbackFunction, c: str) -> CallbackType:
        snake = self.naming.member("", definition.name)
        for name in (c, f"{snake}_call", f"{snake}_retain", f"{snake}_release"):
            self.claims.claim(name, definition.name_span)
        of_numbers = self._is_of_numbers(definition)
        taken = {"callback", f"{snake}_call", "output", "count"} | ({"numbers", "type"} if of_numbers else set())
        texts = names.variables([argument.name for argument in definition.arguments], taken)
        parameters = ["CleatEnv* env", f"const {c}* callback"]
        passed: List[str] = []
        rest = rest_item = ""
        if "arguments" in texts and not self._passes_rest(definition.arguments):
            texts[texts.index("arguments")] = "arguments_"
        trims: List[str] = []
        for index, (argument, text) in enumerate(zip(definition.arguments, texts)):
            row = self.row(argument.type)
            if argument.variadic:
                sequence = self.sequence(row)
                parameters.append(f"{sequence.c} {text}")
                rest = text
                # Values as they are need no array of their own.
                rest_item = self.write(row, f"{text}.items[i]") if passed or row.idl != "any" else ""
            elif argument.optional:
                parameter, given, value = self._optional_parameter(argument, row, text)
                parameters.append(f"{parameter} {text}")
                passed.append(f"{given} ? {self.write(row, value)} : cleat_undefined(env)")
                trims.insert(0, f"if (count == {index + 1} && !({given})) count = {index};")
            else:
                parameters.append(f"{row.parameter} {text}")
                passed.append(self.write(row, f"(*{text})" if row.passed == "&{value}" else text))
        result = self.result_row(definition.type)
        is_promise = result.idl == "Promise<T>"
        if result.c != "void":
            parameters.append(f"{result.c}* result")
        return CallbackType(
            c=c,
            snake=snake,
            idl=definition.name,
            comment=comment(one_line(definition.span.text), definition.doc),
            prototype=fit(f"{self.export}bool {snake}_call(", parameters, ");"),
            definition=fit(f"bool {snake}_call(", parameters, ") {"),
            arguments=tuple(passed),
            count=len(passed),
            rest=rest,
            rest_item=rest_item,
            trims=tuple(trims),
            read_result="" if result.c == "void" or is_promise else self.read(result, input="&output", out="result"),
            numbers=self._numbers(definition, texts) if of_numbers else (),
            call_with_numbers=_call_with_numbers(definition, result) if of_numbers else (),
            converts=f"cleat_input_{result.to_stem}" if of_numbers and result.c != "void" else "",
            is_promise=is_promise,
            buffers=result.buffers,
        )

    def _is_of_numbers(self, definition: syntax.CallbackFunction) -> bool:
        """Whether a callback is given numbers, a few of them, and nothing else, and gives one as it is, or nothing."""
        arguments = definition.arguments
        if not 0 < len(arguments) <= MOST_NUMBERS or any(argument.optional or argument.variadic for argument in arguments):
            return False
        is_given_them = all(_plain(self.row(argument.type)) == "number" for argument in arguments)
        return is_given_them and self.result_row(definition.type).c in ("void", "double")

    def _numbers(self, definition: syntax.CallbackFunction, texts: Sequence[str]) -> Tuple[str, ...]:
        return tuple(_as_double(self.row(argument.type), text) for argument, text in zip(definition.arguments, texts))

    def _passes_rest(self, arguments: Sequence[syntax.Argument]) -> bool:
        """Whether what is passed is the variadic argument as it is, which needs no array of its own."""
        return len(arguments) == 1 and arguments[0].variadic and self.row(arguments[0].type).idl == "any"

    def _optional_parameter(self, argument: syntax.Argument, row: CType, text: str) -> Tuple[str, str, str]:
        """The C type of an optional parameter, the test for whether it is given, and the value then."""
        if row.passed == "&{value}":
            return row.parameter, f"{text} != NULL", f"(*{text})"
        if row.is_given and not isinstance(self.program.resolve(argument.type), syntax.NullableType):
            return row.parameter, row.is_given.format(value=text), text
        return self.optional(row).c, f"{text}.has", f"{text}.value"

    def result_row(self, type: syntax.Type) -> CType:
        resolved = self.program.resolve(type)
        if isinstance(resolved, syntax.SimpleType) and resolved.name == "undefined":
            return idl_types.VOID
        return self.row(type)

    # -----------------------------------------------------------------------
    # Promises

    def promise(self, type: syntax.Type) -> PromiseType:
        """The typed promise of what `type` stands for: Cleat's own, or one that this set declares."""
        row = self.result_row(type)
        simple = self.program.resolve(type)
        is_simple = isinstance(simple, syntax.SimpleType) and row.noun in idl_types.PRELUDE_NOUNS
        noun = "Undefined" if row.c == "void" else Name(row.from_stem).pascal
        if is_simple and not self.naming.name == "prelude":
            self.needs.add("cleat/prelude.h")
            return self._promise_type(f"Cleat{noun}Promise", row, row.idl)
        # What is a pointer either way is told apart by its name.
        is_nullable = isinstance(simple, syntax.NullableType) and idl_types.find_keep_reason(row) and row.c.endswith("*")
        nullable = "Nullable" if is_nullable and not row.noun.startswith("Nullable") else ""
        base = nullable + row.noun if row.own else (self.naming.set_noun + nullable + noun)
        if row.own:
            base = self.told_apart(base, "Promise", type)
        made = self._promise_type(f"{base}Promise", row, row.idl if is_simple else one_line(type.span.text))
        if made.c not in self._declared:
            self._declared.add(made.c)
            made = replace(made, native=self.native_class(type))
            for name in (made.c, f"{made.c}Resolution", f"{made.snake}_resolve", f"{made.snake}_resolve_new", f"{made.snake}_reject"):
                self.claims.claim(name, type.span)
            self.declarations.append(self._promise_with_parts(made, row))
        return made

    def told_apart(self, base: str, suffix: str, type: syntax.Type) -> str:
        """What a type with functions is named by that is made of `type`: other sets may import the same, and have one, too."""
        is_known = not self.has_imports or f"{base}{suffix}" in self._declared
        if is_known or base.startswith(self.naming.set_noun) or not self._concerns_import(type):
            return base
        return self.of_set(base, suffix, type)

    def of_set(self, base: str, suffix: str, type: syntax.Type) -> str:
        """The name with that of the set before it: of another one, where the type is written there and declared by it."""
        other = self.naming_of(type).set_noun + base
        return other if self.is_declared(f"{other}{suffix}") else self.naming.set_noun + base

    def _concerns_import(self, type: syntax.Type) -> bool:
        definitions = (self.program.denotes(part) for part in self._leaves(type))
        return any(definition is not None and self.is_imported(definition) for definition in definitions)

    def native_class(self, type: syntax.Type) -> str:
        """The class of what a type stands for, where that is a native object or null; else ""."""
        definition = self.program.denotes(self.program.innermost(type))
        if not isinstance(definition, linked.Interface) or definition.name == linked.GLOBAL_SCOPE:
            return ""
        return self.descriptor_of(definition)

    def _promise_type(self, c: str, row: CType, idl: str) -> PromiseType:
        snake = Name(c).snake
        by_pointer = row.passed == "&{value}"
        copies = row.keep == "copy"
        bound = idl_types.find_keep_reason(row) is not None
        value = "&resolution" if copies else "value" if by_pointer else "&value"
        size = "sizeof(resolution)" if copies else f"sizeof({row.c})"
        discard = f"js_discard_{snake}" if copies else "NULL"
        given = ["(CleatPromise*)promise", f"js_make_{snake}", value, size, discard]
        resolve = fit("cleat_promise_resolve(", given, ");", 2)
        if bound:
            given = ["env", "(CleatPromise*)promise", f"js_make_{snake}", value]
            resolve = fit("cleat_promise_resolve_here(", given, ");", 2)
        plain = _plain(row)
        if plain:
            resolve = fit(f"cleat_promise_resolve_{plain}(", ["(CleatPromise*)promise", _as_double(row, "value")], ");", 2)
        rejected = [f"{c}* promise", "CleatThrowKind kind", "const char* format", "..."]
        begin = f"void {snake}_reject("
        return PromiseType(
            c=c,
            snake=snake,
            idl=idl,
            value=row.c,
            parameter=row.parameter,
            is_void=row.c == "void",
            is_bound=bound,
            is_plain=plain != "",
            write="",
            stored="*value" if by_pointer else "value",
            copy="",
            resolve=resolve,
            reject=with_format(fit(self.export + begin, rejected, ")")),
            reject_definition=fit(begin, rejected, ") {"),
            on_cancel=fit(
                f"static inline void {snake}_on_cancel(",
                [f"{c}* promise", "void (*cancelled)(void* data)", "void* data"],
                ") {",
            ),
        )

    def _promise_with_parts(self, made: PromiseType, row: CType) -> PromiseType:
        self.needs.add("stdarg.h")
        if made.is_void or made.is_plain:
            return made
        if made.is_bound:
            is_part = row.is_callback or row.write.startswith("{value}.")
            return replace(made, write=self.write(row, "(*value)" if is_part else "*value").replace("(*value).", "value->"))
        if row.keep != "copy":
            return replace(made, write=self.write(row, f"*({row.c}*)copy"))
        self.needs.add("stdlib.h")
        write = self.write(row, "resolution->value")
        return replace(made, write=write, copy=self.copy(row, "&resolution->frame", "&resolution->value"))

    # -----------------------------------------------------------------------
    # Conversions, and the helpers that they call

    def read(self, row: CType, input: str, out: str, frame: str = "") -> str:
        """An expression that converts `input` into what `out` points to."""
        self.used_tables.add(row.table)
        if row.read.startswith("js_to_"):
            self._need(f"js_to_{row.to_stem}", row.to_stem, self.readers)
        lvalue = out[1:] if out.startswith("&") else f"(*{out})"
        return row.read.format(input=input, out=out, lvalue=lvalue)

    def _needs_writer(self, row: CType, text: str) -> None:
        self.used_tables.add(row.table)
        if "js_from_" in text:
            self._need(f"js_from_{row.from_stem}", row.from_stem, self.writers)

    def _need(self, name: str, stem: str, makers: Dict[str, Callable[[], None]]) -> None:
        """Has a converter made: now, or when the dictionary that is being lowered is known."""
        if stem in makers or not self._lowering:
            self._demand(name, makers[stem])
        else:
            self.forward.add(name)
            self._later.append(lambda: self._demand(name, makers[stem]))

    def write(self, row: CType, value: str) -> str:
        """An expression that makes a CleatValue* of `value`."""
        self._needs_writer(row, row.write)
        return row.write.format(value=self._by_pointer(row, value))

    def give(self, row: CType, value: str) -> str:
        """An expression that makes `value` the result of the call."""
        self._needs_writer(row, row.give)
        return row.give.format(value=self._by_pointer(row, value))

    def there_and_back(self, row: CType) -> List[str]:
        """The statements that convert an input to a type and to JavaScript again."""
        read = self.read(row, input="input", out="&it")
        used = [] if names.mentions_env([row.write]) else ["(void)env;"]
        return [*used, f"{row.c} it;", f"if (!{read}) return NULL;", f"return {self.write(row, 'it')};"]

    def _by_pointer(self, row: CType, value: str) -> str:
        """Dictionaries and unions are written from where they are."""
        if row.passed != "&{value}" or not row.write.startswith("js_from_"):
            return value
        if value.startswith("(*") and value.endswith(")"):
            return value[2:-1]
        return value[1:] if value.startswith("*") else f"&{value}"

    def copy(self, row: CType, frame: str, pointer: str) -> str:
        """An expression that gives what `pointer` points to memory of its own, out of `frame`."""
        if row.keep != "copy":
            return ""
        self._demand(f"js_copy_{row.copies_by}", self.keepers[row.copies_by])
        return f"js_copy_{row.copies_by}({frame}, {pointer})"

    def releaser(self, release: str) -> str:
        """The name of a function that calls `release` for memory of any type."""
        if release == "free":
            self.needs.add("stdlib.h")
            return release
        name = f"js_release_{release}"
        self._demand(name, lambda: self.helper("release", name, idl_types.VOID, function=release))
        return name

    def rest(self, row: CType, known: int = 0) -> str:
        """The name of the converter of variadic arguments.

        `known` is how much it is told of the first one: 1 for its @@iterator, 2 for that or its @@asyncIterator, and which.
        """
        sequence = self.sequence(row)
        name = f"js_rest_{('', 'iterable_', 'async_iterable_')[known]}{row.to_stem}"

        def make() -> None:
            if row.idl == "any":
                self.helper("rest_any", name, sequence)
            else:
                read = self.read(row, input="&input", out="&items[i]")
                self.helper("rest", name, sequence, element=row.c, read=read, known=known)

        self._demand(name, make)
        return name

    def _demand(self, name: str, make: Callable[[], None]) -> None:
        if name in self._making:
            # One that calls itself, through others.
            self.forward.add(name)
        elif name not in self.helpers:
            self._making.append(name)
            make()
            self._making.remove(name)

    def helper(self, kind: str, name: str, row: CType, **values: object) -> None:
        if name in self.helpers:
            return
        if kind.startswith("copy_"):
            self.needs.add("string.h")
        c = f"const {row.c}*" if kind.startswith("from_") and row.passed == "&{value}" else row.c
        self.helpers[name] = Helper(kind, name, c, values)

    # -----------------------------------------------------------------------
    # Defaults

    def any_default(self, env: str, literal: syntax.Literal) -> str:
        """An expression that makes a default value of type any, in the environment `env`."""
        if literal.kind in _EMPTY:
            return _EMPTY[literal.kind].format(env=env)
        if isinstance(literal.value, bool):
            return f"cleat_boolean({env}, {str(literal.value).lower()})"
        if isinstance(literal.value, str):
            return f"cleat_c_string({env}, {string_literal(literal.value)})"
        return f"cleat_number({env}, {self.literal(syntax.SimpleType(literal.span, (), 'unrestricted double'), literal)})"

    def default(self, row: CType, type: syntax.Type, literal: syntax.Literal) -> str:
        """The initializer for a default value; "" for the zeros of null, [] and {}."""
        resolved = self.program.resolve(type)
        union = self.program.innermost(type)
        if isinstance(union, syntax.UnionType) and not self.buffer_source(type):
            return self._union_default(row, union, self._union_name(type), literal)
        if literal.kind in _EMPTY:
            return ""
        if isinstance(resolved, syntax.NullableType) and not row.is_given:
            return f"{{true, {self.literal(resolved.inner, literal)}}}"
        return self.literal(type, literal)

    def _union_default(self, row: CType, union: syntax.UnionType, name: str, literal: syntax.Literal) -> str:
        if literal.kind == syntax.NULL:
            return ""
        is_optional = row.c.startswith(("Optional", "CleatOptional"))
        inner = row
        if is_optional:
            inner = self.unions.bare_row(union, name)
        initializer = self.unions.default(inner, literal)
        if initializer is None:
            raise Unsupported("no member type of the union takes this default value", literal.span)
        return f"{{true, {initializer}}}" if is_optional else initializer

    def _string_default(self, type: syntax.Type, literal: syntax.Literal) -> str:
        text = str(literal.value)
        attribute = type.attribute("CString")
        form = attribute.value if attribute and attribute.values else ""
        if form == "utf16":
            return f"{{u{string_literal(text, 'utf-16')}, {len(text.encode('utf-16-le')) // 2}}}"
        if form == "latin1" or (isinstance(type, syntax.SimpleType) and type.name == "ByteString"):
            if any(ord(character) > 255 for character in text):
                raise Unsupported("this default value has a character above U+00FF", literal.span)
            return f"CLEAT_STRING({string_literal(text, 'latin-1')})"
        quoted = string_literal(text)
        return quoted if attribute else f"CLEAT_STRING({quoted})"

    def _bigint(self, value: int) -> str:
        if value == 0:
            return "{0}"
        digits = f"{abs(value):x}"
        name = self._words.setdefault(digits, f"js_words_{len(self._words) + 1}")
        words = [f"UINT64_C(0x{digits[max(0, end - 16) : end]})" for end in range(len(digits), 0, -16)]
        self._demand(name, lambda: self.helper("words", name, idl_types.VOID, words=words))
        return f"{{{'true' if value < 0 else 'false'}, {name}, {len(words)}}}"

    def literal(self, type: syntax.Type, literal: syntax.Literal) -> str:
        """The value of a literal in C, where a value of `type` is wanted."""
        inner = self.program.innermost(type)
        if isinstance(literal.value, bool):
            return "true" if literal.value else "false"
        if isinstance(literal.value, str):
            definition = self.program.denotes(inner)
            if isinstance(definition, syntax.Enum):
                snake = self.naming_of(definition).member("", definition.name)
                values = [value.name for value in definition.values]
                return f"{snake.upper()}_{names.enumerators(values)[values.index(literal.value)]}"
            return self._string_default(inner, literal)
        assert isinstance(inner, syntax.SimpleType) and literal.value is not None
        if inner.name == "bigint":
            assert isinstance(literal.value, int)
            return self._bigint(literal.value)
        text = number(inner.name, literal.value)
        if "INFINITY" in text or text == "NAN":
            self.needs.add("math.h")
        return text


# How many arguments cleat_callback_call_numbers takes.
MOST_NUMBERS = 8

# The values of type any that are written with no literal of C.
_EMPTY = {
    syntax.NULL: "cleat_null({env})",
    syntax.UNDEFINED: "cleat_undefined({env})",
    syntax.EMPTY_SEQUENCE: "cleat_array({env})",
    syntax.EMPTY_DICTIONARY: "cleat_object({env})",
}


def _call_with_numbers(definition: syntax.CallbackFunction, result: CType) -> Tuple[str, ...]:
    given = ["env", "(const CleatCallback*)callback", str(len(definition.arguments)), "numbers"]
    given += ["NULL", "NULL"] if result.c == "void" else ["&type", "result"]
    return fit("return cleat_callback_call_numbers(", given, ");", 2)


def _plain(row: CType) -> str:
    """What cleat_promise_resolve_x has a value of the type be: "number", "boolean", or "" for none of them."""
    if row.idl == "boolean":
        return "boolean"
    return "number" if row.write.startswith(("cleat_number(", "cleat_long_long(", "cleat_unsigned_long_long(")) else ""


def _as_double(row: CType, value: str) -> str:
    """A number of the type where C wants a double: long ones lose precision, which is to be said."""
    return f"(double){value}" if "_long_long(" in row.write else value


def with_format(declaration: Tuple[str, ...]) -> Tuple[str, ...]:
    """A declaration that the compiler checks calls of as it does printf's."""
    attribute = "CLEAT_PRINTF(3, 4);"
    if len(declaration[-1]) + 1 + len(attribute) <= LIMIT:
        return (*declaration[:-1], f"{declaration[-1]} {attribute}")
    return (*declaration, f"    {attribute}")


def number(type: str, value: Union[int, float]) -> str:
    """A number as a constant of C."""
    if isinstance(value, float):
        if value != value:
            return "NAN"
        if value in (float("inf"), float("-inf")):
            return "INFINITY" if value > 0 else "-INFINITY"
        # A float is the nearest one: 0.1f is another number than 0.1.
        return repr(value) + "f" * ("float" in type)
    if "float" in type and abs(value) > 2**24:
        return repr(float(value)) + "f"
    if type == "unsigned long long":
        return f"UINT64_C({value})" if value > 0x7FFFFFFF else str(value)
    if type == "long long" and not -0x7FFFFFFF <= value <= 0x7FFFFFFF:
        return f"INT64_C({value})" if value > -(2**63) else "INT64_MIN"
    if type in syntax.FLOAT_TYPES and not -0x7FFFFFFF <= value <= 0x7FFFFFFF:
        return repr(float(value))
    return f"{value}u" if value > 0x7FFFFFFF else str(value)


def _buffer(name: str, attributes: Sequence[syntax.ExtendedAttribute], shared: bool) -> CType:
    shared = shared or syntax.find(tuple(attributes), "AllowShared") is not None
    return idl_types.buffer(name, shared, syntax.find(tuple(attributes), "AllowResizable") is not None)
