"""The model: everything the templates print, decided. lower.py builds it, from a program and the table of types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional, Union

import syntax

Lines = tuple[str, ...]


class Unsupported(Exception):
    """What the generator cannot do yet. `span` is where the IDL asks for it."""

    def __init__(self, message: str, span: object) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


# ---------------------------------------------------------------------------
# What the header declares


@dataclass(frozen=True)
class EnumType:
    """An enumeration: its C type, and in the glue its strings."""

    c: str
    descriptor: str
    # The table of its strings.
    table: str
    idl: str
    comment: Lines
    rows: Lines
    strings: Lines
    count: int
    kind: str = "enum"


@dataclass(frozen=True)
class DictionaryType:
    c: str
    comment: Lines
    rows: Lines
    kind: str = "dictionary"


@dataclass(frozen=True)
class ForwardType:
    """A struct that is named before it is defined, since it contains itself."""

    c: str
    kind: str = "forward"


@dataclass(frozen=True)
class CompositeType:
    """A sequence or an optional, by a macro of bind.h. `guard` where other sets may declare it too."""

    macro: str
    c: str
    inner: str
    guard: str
    kind: str = "composite"


@dataclass(frozen=True)
class UnionMember:
    """The function that makes a union of one of its types: `parameter` and `field` are "" of undefined."""

    name: str
    parameter: str
    tag: str
    field: str


@dataclass(frozen=True)
class UnionType:
    """A union: the struct of a tag and a member for each type. `guard` where other sets may declare it too."""

    c: str
    comment: Lines
    tags: Lines
    rows: Lines
    members: tuple[UnionMember, ...]
    guard: str
    kind: str = "union"


@dataclass(frozen=True)
class CallbackType:
    c: str
    snake: str
    idl: str
    comment: Lines
    prototype: Lines
    definition: Lines
    # The expressions of the arguments, and the variadic last one's element and name.
    arguments: Lines
    count: int
    rest: str
    rest_item: str
    # The statements that leave out optional arguments at the end that are missing.
    trims: Lines
    read_result: str
    # Of a callback of numbers that gives one, or nothing: its arguments as those, the conversion, and the call.
    numbers: Lines = ()
    converts: str = ""
    call_with_numbers: Lines = ()
    # The name of the operation of a callback interface.
    operation: str = ""
    is_promise: bool = False
    # Whether there may be buffers in the result.
    buffers: bool = False
    kind: str = "callback"


@dataclass(frozen=True)
class PromiseType:
    """A typed promise. `copy` where what it is resolved with has memory of its own.

    One that is bound to the JavaScript thread is resolved there; a new object of the class `native` on any thread, too.
    """

    c: str
    snake: str
    idl: str
    value: str
    parameter: str
    is_void: bool
    is_bound: bool
    # Whether the runtime knows how to make the value.
    is_plain: bool
    write: str
    # The value behind the parameter.
    stored: str
    copy: str
    # The call that resolves it, and the declaration and beginning of what rejects it.
    resolve: Lines
    reject: Lines
    reject_definition: Lines
    on_cancel: Lines
    native: str = ""
    kind: str = "promise"

    @property
    def uses_env(self) -> bool:
        return "(env" in self.write


@dataclass(frozen=True)
class AsyncSequenceType:
    """An async sequence, and an iteration over one: the struct, what opens it, and how a value is read and passed on."""

    comment: Lines
    c: str
    iteration: str
    stepped: str
    sequence_snake: str
    snake: str
    # The C type of a value, in memory and as a parameter, and whether that is a pointer to it.
    value: str
    parameter: str
    read: str
    passed: str
    # The declarations and beginnings of the functions.
    prototypes: tuple[Lines, ...]
    call: Lines
    open: Lines
    next: Lines
    advance: Lines
    leave: Lines
    kind: str = "async_sequence"


@dataclass(frozen=True)
class NextPromise:
    """The promise of the next value of an asynchronous iteration. `is_here` where only the JavaScript thread resolves it."""

    comment: Lines
    c: str
    snake: str
    # The struct of what it is resolved with: its name, its fields, and what they are filled with.
    next: str
    fields: Lines
    stored: Lines
    write: Lines
    # What gives the fields memory of their own, where they need any.
    copies: Lines
    # The declaration of what resolves it, and its beginning; then the same of what rejects it.
    resolve: Lines
    resolve_definition: Lines
    reject: Lines
    reject_definition: Lines
    is_here: bool
    kind: str = "next_promise"


@dataclass(frozen=True)
class Hook:
    """What the program implements: `prototype` is empty where a library's header has it."""

    comment: Lines
    prototype: Lines
    # Whether the glue defines it instead, for the program to call.
    is_generated: bool = False


@dataclass(frozen=True)
class Section:
    """What the header says of an interface, a namespace or the global scope."""

    comment: Lines
    # The interface's class, or "".
    descriptor: str
    constants: Lines
    defines: Lines
    hooks: tuple[Hook, ...]


# ---------------------------------------------------------------------------
# What the glue defines


@dataclass(frozen=True)
class Helper:
    """A static converter: `kind` names its template, `values` are what that prints."""

    kind: str
    name: str
    c: str
    values: dict[str, object] = field(default_factory=dict)

    @property
    def prototype(self) -> str:
        if self.kind.startswith("to_"):
            return f"static bool {self.name}(const CleatInput* input, {self.c}* out);"
        if self.kind.startswith("copy_"):
            return f"static bool {self.name}(CleatFrame* frame, {self.c}* value);"
        return f"static CleatValue* {self.name}(CleatEnv* env, {self.c} value);"


@dataclass(frozen=True)
class Reading:
    """How a member of a dictionary is read."""

    comment: Lines
    key: str
    required: str
    present: str
    default: str
    guard: str
    read: str


@dataclass(frozen=True)
class UnionBranch:
    """One step of the conversion to a union: `form` is how it finds out whether it applies."""

    test: str
    tag: str
    read: str
    form: str


@dataclass(frozen=True)
class Writing:
    """How a member of a dictionary becomes a property."""

    guard: str
    write: str


@dataclass(frozen=True)
class Job:
    """The struct, functions and descriptor of a [Blocking] operation."""

    c: str
    snake: str
    fields: Lines
    run: Lines
    uses_job: bool
    copy: str
    write: str
    uses_result: bool
    release: str
    # What the function that converts the arguments takes beside the call and the job: as parameters, and passed on.
    parameters: str
    given: str
    arguments: Lines
    has_self: bool
    # The C type of a result that is a native object, which is JavaScript's as soon as it has been written.
    native: str


@dataclass(frozen=True)
class Fast:
    """What optimised code calls in the place of a function: the C function and what describes it."""

    name: str
    descriptor: str
    prototype: Lines
    receiver: str
    none: str
    call: Lines
    result: str
    argument_count: int
    arguments: Lines


@dataclass(frozen=True)
class Function:
    """A native function. The body is what stands in it, in this order."""

    comment: Lines
    glue: str
    # What it takes beside the call, where another native function calls it.
    parameters: str
    receiver: str
    receiver_class: str
    # Whether nothing else in it asks whether what runs is to end.
    asks_first: bool
    # Whether a wrong receiver is no error: nothing is done.
    lenient: bool
    required: int
    frame: bool
    arguments: Lines
    env: str
    promise: bool
    call: Lines
    job: Optional[Job]
    fast: Optional[Fast]

@dataclass(frozen=True)
class HookUse:
    """How a member is carried out: `hook` is the C function that is called, the program's own or a library's."""

    # What of the member: "call", "get", "set", "new", or of an asynchronous iteration "iterate", "next" or "return".
    role: str
    container: str
    member: syntax.Member
    hook: str
    result: str
    parameters: Lines
    prototype: Lines


@dataclass(frozen=True)
class Table:
    """The members of an interface, a namespace or the global scope."""

    name: str
    rows: Lines
    count: int


@dataclass(frozen=True)
class Pairs:
    """iterable<K, V> of an interface: what makes one pair of values, with a hook."""

    comment: Lines
    snake: str
    hook: str
    descriptor: str
    name: str
    lines: Lines


@dataclass(frozen=True)
class Given:
    """A function that the glue defines for C to call: the lines that begin it, and its statement."""

    head: Lines
    body: str


@dataclass(frozen=True)
class BigInt:
    """A constant of type bigint, which the header declares only."""

    comment: Lines
    c: str
    initializer: str


@dataclass(frozen=True)
class AsyncIteration:
    """async_iterable of an interface: the functions that call the hooks, `leave` where there is a `return`."""

    comment: Lines
    snake: str
    descriptor: str
    name: str
    # The C type of an iterator, and the hook that frees one.
    iterator: str
    finalize: str
    next: Lines
    leave: Lines
    leave_head: Lines
    uses_env: bool


@dataclass(frozen=True)
class Collection:
    """maplike<K, V> or setlike<V> of an interface: converters there and back."""

    comment: Lines
    snake: str
    descriptor: str
    converters: tuple[tuple[str, Lines], ...]
    # What the global object keeps the entries by; "" for others.
    slot: str


@dataclass(frozen=True)
class Observable:
    """An attribute of type ObservableArray<T>: heads and bodies of functions, and what is made of them."""

    comment: Lines
    name: str
    descriptor: str
    key: str
    slot: str
    functions: tuple[tuple[Lines, Lines], ...]
    fields: Lines


@dataclass(frozen=True)
class Properties:
    """The indexed and named properties of an interface: heads and bodies of functions, and what is made of them."""

    comment: Lines
    snake: str
    functions: tuple[tuple[Lines, Lines], ...]
    fields: Lines
    capability: str = ""


@dataclass(frozen=True)
class ImportedStruct:
    """A struct that structs of this set begin with, and that the program defines for another set; `base` as in Class."""

    c: str
    base: str
    name: str
    set: str


@dataclass(frozen=True)
class Class:
    c: str
    name: str
    parent: str
    # What its struct begins with, or ""; and whether a header that the IDL names is to have it.
    base: str
    has_header: bool
    construct: str
    length: int
    snake: str
    flags: str
    namespace: str
    # The names of [LegacyWindowAlias], and the rows of [LegacyFactoryFunction]s.
    aliases: Lines
    factories: tuple[Lines, ...]
    pairs: Optional[Pairs]
    collection: Optional[Collection]
    async_iteration: Optional[AsyncIteration]
    properties: Optional[Properties]
    observables: tuple[Observable, ...]
    finalize: str
    release: str
    # The hook that tells how much memory an object has, or "".
    external_memory: str
    native: str
    capability: str
    table: Table
    functions: tuple[Function, ...]
    idl: Lines


@dataclass(frozen=True)
class Namespace:
    c: str
    name: str
    capability: str
    table: Table
    functions: tuple[Function, ...]
    idl: Lines
    flags: str = ""


@dataclass(frozen=True)
class Scope:
    """What the set has of the global object; `descriptor` is "" where its members need no class."""

    descriptor: str
    snake: str
    flags: str
    pairs: Optional[Pairs]
    collection: Optional[Collection]
    async_iteration: Optional[AsyncIteration]
    properties: Optional[Properties]
    observables: tuple[Observable, ...]
    functions: tuple[Function, ...]


@dataclass(frozen=True)
class Set:
    """A set of bindings: the two files."""

    sources: str
    rules: Lines
    export: str
    file: str
    guard: str
    bindings: str
    name: str
    header_system: Lines
    header_quoted: Lines
    glue_system: Lines
    interfaces: Lines
    types: tuple[object, ...]
    sections: tuple[Section, ...]
    enums: tuple[EnumType, ...]
    # Those of the helpers that are declared first, since they call themselves through others.
    forward: tuple[Helper, ...]
    helpers: tuple[Helper, ...]
    # What there is to know about them.
    helpers_comment: Lines
    async_sequences: tuple[AsyncSequenceType, ...]
    callbacks: tuple[CallbackType, ...]
    promises: tuple[Union[PromiseType, NextPromise], ...]
    classes: tuple[Class, ...]
    class_rows: Lines
    # The rows of those of iterators.
    iterator_rows: Lines
    namespaces: tuple[Namespace, ...]
    globals: Optional[Table]
    scope: Optional[Scope]
    given: tuple[Given, ...]
    bigints: tuple[BigInt, ...]
    uses: tuple[HookUse, ...]
    # From the most basic on.
    imported_structs: tuple[ImportedStruct, ...]
    # Each operation, and whether it is a fast call, for --explain.
    explanations: tuple[tuple[str, str], ...] = ()
