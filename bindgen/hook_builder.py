"""Builds one hook and the native function that calls it: receiver, arguments, call, result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Protocol, Sequence, Tuple, Union

import fast
import idl_types
import names
import program as linked
import syntax
from idl_types import CType
from layout import LIMIT, comment, fit
from lower_types import Types
from model import (
    AsyncIteration,
    Collection,
    Fast,
    Function,
    Hook,
    HookUse,
    Job,
    Observable,
    Pairs,
    Properties,
    Unsupported,
)
from names import Name
from naming import Claims, Naming
from source import Span


class Container:
    """Where members stand: an interface, a namespace, a callback interface or the global scope."""

    def __init__(
        self,
        definition: Union[linked.Linked, syntax.CallbackInterface],
        hooks: str,
        this: str = "",
        descriptor: str = "",
    ) -> None:
        self.definition = definition
        self.hooks = hooks
        # The C type of a receiver, "" where there is none, and the class of `this`, if any.
        self.this = this
        self.descriptor = descriptor
        # Whether toJSON gives the attributes that have JSON types.
        self.has_default_json = False
        self.pairs: Optional[Pairs] = None
        self.collection: Optional[Collection] = None
        self.async_iteration: Optional[AsyncIteration] = None
        self.properties: Optional[Properties] = None
        self.observables: List[Observable] = []
        self.hook_list: List[Hook] = []
        self.functions: List[Function] = []
        # Those that several members have, by what they are for.
        self.shared: Dict[str, str] = {}
        # The native function of `new`, or "".
        self.construct = ""
        self.constants: List[Tuple[str, str]] = []
        # Those that are no int.
        self.defines: List[Tuple[str, str]] = []
        # The rows of the table of members, some of more than one line, and how many they are.
        self.rows: List[str] = []
        self.count = 0

    @property
    def self_parameter(self) -> List[str]:
        """What hooks are given first: there is one global object, and none are given that."""
        return [f"{self.this}* self"] if self.this else []

    @property
    def passed_self(self) -> List[str]:
        """What the glue passes for that, in functions that have a parameter `object`."""
        return ["object"] if self.this else []

    def without_self(self, lines: Sequence[str]) -> List[str]:
        """The statements of such a function, which says so where it does not use its `object`."""
        return [*lines] if self.this else ["(void)object;", *lines]

    @property
    def given_self(self) -> str:
        """The native object in what C calls: that of the global object is the runtime."""
        return "self" if self.this else "cleat_runtime(env)"


class Lowering(Protocol):
    """What a builder needs of the lowering of the whole set."""

    program: linked.Program
    naming: Naming
    claims: Claims
    types: Types
    rules: set[str]
    uses: List[HookUse]
    released: List[syntax.ExtendedAttribute]

    def prototype(self, name: str, lines: Tuple[str, ...], span: Span, shared: bool) -> Tuple[str, ...]: ...


@dataclass(frozen=True)
class Part:
    """An argument: its variable, and the statements that convert it."""

    text: str
    row: CType
    lines: Tuple[str, ...]
    # Whether they take memory of the call's.
    allocates: bool

    @property
    def moves(self) -> bool:
        """Whether a conversion after it may change the variable itself, which has buffers in it."""
        return self.row.buffers and not self.row.c.endswith("*")

    def iterating(self, method: str, is_async: str) -> List[str]:
        """The statements where the method of iteration is known, and whether it is an asynchronous one: "" for no question."""
        known = [f"{self.text}_input.method = {method};"] + [f"{self.text}_input.async = {is_async};"] * bool(is_async)
        return [self.lines[0], *known, *self.lines[1:]]


class Builder:
    """Builds one hook and the native function that calls it."""

    def __init__(
        self,
        lowering: Lowering,
        container: Container,
        member: syntax.Member,
        name: str,
        is_static: bool,
        is_setter: bool = False,
    ) -> None:
        self.lowering = lowering
        self.types = lowering.types
        self.container = container
        self.member = member
        self.name = name
        attribute = lowering.program.member_attribute
        implemented = member.attribute("ImplementedAs")
        self.hook = str(implemented.values[-1 if is_setter else 0]) if implemented else name
        # The native function; "" until the end.
        self.glue = ""
        self.is_foreign = implemented is not None and attribute(member, "Header") is not None
        self.throws = member.attribute("Throws") is not None
        self.takes_env = self.throws or member.attribute("CallWith") is not None
        self.release = member.attribute("Release")
        lowering.released += [self.release] if self.release else []
        # The functions that the glue calls beside Cleat's own, which no variable may hide.
        self.taken = {self.hook} | ({self.release.value} if self.release else set())
        self.receiver = container.this if not is_static else ""
        self.parameters: List[str] = ["CleatEnv* env"] if self.takes_env else []
        self.passed: List[str] = ["env"] if self.takes_env else []
        if self.receiver:
            self.parameters.append(f"{self.receiver}* self")
            self.passed.append("self")
        self.role = {syntax.Attribute: "get", syntax.Constructor: "new"}.get(type(member), "call")
        self.required = 0
        self.lines: List[str] = []
        self.notes: List[str] = []
        # Whether it takes memory of the call's, and whether hooks have that at hand.
        self.frame = self.enters = self.takes_env
        self.env = ""
        self.promise = False
        # Whether there are buffers among the arguments.
        self.buffers = False
        self.result_c = "void"
        # What may make a fast call of it: the types as they are written.
        self.typed: List[Tuple[str, CType]] = []
        self.result_row = idl_types.VOID
        self.fast: Optional[Fast] = None
        self.call: List[str] = []
        self.job: Optional[Job] = None
        # Whether a wrong `this` is ignored, and what is done before the arguments and after the call.
        self.lenient = False
        self.before: List[str] = []
        self.after: List[str] = []
        # Where the variables of the arguments are, and the memory for what they point to; in a job, its fields.
        self.place = ""
        self.memory = "&frame"
        self.fields: List[str] = []
        self.parts: List[Part] = []
        # In a job of an overload, the statements that keep what it is given.
        self.given: List[str] = []
        # The AbortSignals among the arguments, as expressions.
        self.signals: List[str] = []
        # What is looked at once all arguments are converted, right before the call.
        self.checks: List[str] = []
        # Of an overload: how many arguments are converted already, and whose @@iterator is known.
        self.is_overload = False
        self.prefix = 0
        self.iterated: Mapping[int, bool] = {}

    def become_overload(self, glue: str, prefix: int, iterated: Mapping[int, bool]) -> None:
        """Makes the native function one that another calls, which has converted the first `prefix` arguments."""
        self.is_overload = True
        self.glue = glue
        self.prefix = prefix
        self.iterated = iterated
        self.memory = "frame"
        self.taken |= {"count", "found", "memory"}

    def inherit(self, base: str, hook: str) -> None:
        """Has the function call the hook of an inherited interface, whose struct is `base`."""
        self.hook = hook
        self.is_foreign = True
        self.taken.add(hook)
        if self.receiver:
            self.passed[-1] = f"({base}*)self"

    # Arguments

    def arguments(self, arguments: Sequence[syntax.Argument]) -> None:
        self.required = required_count(arguments)
        # The second half for the lengths of [CArray]s.
        wanted = [argument.name for argument in arguments] + [f"{argument.name}_length" for argument in arguments]
        texts = names.variables(wanted, self.taken)
        for index, (argument, text) in enumerate(zip(arguments, texts)):
            row = self._part(index, argument, text)
            if argument.attribute("CArray"):
                self._pass_array(index, argument, row, text, texts[len(arguments) + index])
            else:
                self.parameters.append(f"{row.parameter} {text}")
                self.passed.append(row.passed.format(value=self.place + text))

    def _part(self, index: int, argument: syntax.Argument, text: str) -> CType:
        """Converts an argument; one that an overload is given is converted by what calls that, wherever it goes then."""
        place, memory, frame, start = self.place, self.memory, self.frame, len(self.lines)
        self.frame = False
        if index < self.prefix:
            self.place, self.memory = "", "frame"
        row = self._argument(index, argument, text)
        self.parts.append(Part(text, row, tuple(self.lines[start:]), self.frame))
        self.place, self.memory, self.frame = place, memory, self.frame or frame
        if index < self.prefix and place:
            self._keep_given(argument, self.parts[-1])
        if not argument.variadic:
            self.signals += self.types.signals(argument.type, place + text + ".value" * bool(row.has))
        return row

    def _keep_given(self, argument: syntax.Argument, part: Part) -> None:
        """Has a job keep what an overload is given, which is in memory of the call's."""
        row, text = part.row, part.text
        if idl_types.find_keep_reason(row) and not self.types.native_class(argument.type):
            problem = "a [Blocking] overload cannot keep objects inside of an argument that all overloads have in common"
            raise Unsupported(problem, argument.span)
        self.fields.append(f"{row.c} {text};")
        self.given.append(f"job->{text} = *{text}_place;" if part.moves else f"job->{text} = {text};")
        if row.keep == "copy":
            self.given.append(f"if (!{self.types.copy(row, self.memory, f'&job->{text}')}) {{")
            self.given += ['  cleat_throw_range(cleat_env(call), "out of memory");', "  return false;", "}"]

    def _pass_array(self, index: int, argument: syntax.Argument, row: CType, text: str, length: str) -> None:
        """Passes an argument as a pointer and a length.

        A library has its own idea of whether bytes have a sign, and may take the length as an int. V8 has no strings,
        and no calls with arguments, beyond that.
        """
        value = self.place + text
        as_bytes = {"const char*": "(const void*)", "uint8_t*": "(void*)"} if self.is_foreign else {}
        self.parameters += [f"{row.pointer} {text}", f"size_t {length}"]
        self.passed += [f"{as_bytes.get(row.pointer, '')}{value}.{row.pointer_field}", f"{value}.length"]
        if not self.is_foreign:
            self.lowering.rules.add("array")
        elif row.is_buffer or (row.pointer_field == "items" and not argument.variadic):
            self.checks.append(self._failing(f"!cleat_require_int_length(call, {index}, {value}.length)"))

    def _argument(self, index: int, argument: syntax.Argument, text: str) -> CType:
        row = self.types.row(argument.type)
        self.typed.append((text, row))
        if argument.variadic:
            known = [f"{text}_method"] * (index in self.iterated) + [f"{text}_async"] * self.iterated.get(index, False)
            converter = self.types.rest(row, len(known))
            row = self.types.sequence(row)
            self._declare(row, text)
            self._convert(f"!{converter}({', '.join(['call', str(index), self.memory, *known, f'&{self.place}{text}'])})")
            self.frame = True
        elif argument.optional:
            row = self._optional_argument(index, argument, text, row)
        else:
            row = self._required_argument(index, text, row)
        self._learn(argument, row)
        self.buffers = self.buffers or row.buffers
        return row

    def _declare(self, row: CType, text: str, initial: str = "") -> None:
        """Makes the variable of an argument: in the function itself, or in the job of a [Blocking] operation."""
        if self.place:
            self.fields.append(f"{row.c} {text};")
            if initial:
                self.lines.append(f"{self.place}{text} = {_assigned(row, initial)};")
        else:
            self.lines.append(f"{row.c} {text} = {initial};" if initial else f"{row.c} {text};")

    def _convert(self, failure: str) -> None:
        self.lines.append(self._failing(failure))

    def _failing(self, failure: str) -> str:
        return f"if ({failure}) return{' false' if self.place else ''};"

    def _required_argument(self, index: int, text: str, row: CType) -> CType:
        if row.take:
            self._declare(row, text, row.take.format(index=index))
            if row.idl != "any":
                self._convert(f"{self.place}{text} == NULL")
            return row
        if row.is_callback:
            row = idl_types.direct_callback(row)
        read = self._read_argument(index, text, row, f"&{self.place}{text}")
        self._declare(row, text)
        self._convert(f"!{read}")
        return row

    def _read_argument(self, index: int, text: str, row: CType, out: str) -> str:
        """An expression that converts an argument; what it needs before it is put there."""
        self.frame = self.frame or row.read_allocates
        if row.read_argument:
            return row.read_argument.format(index=index, out=out, frame=self.memory)
        memory = self.memory if row.read_allocates else "NULL"
        self.lines.append(f"CleatInput {text}_input = cleat_arg(call, {index}, {memory});")
        if index in self.iterated and index >= self.prefix:
            self.lines.append(f"{text}_input.method = {text}_method;")
            if self.iterated[index]:
                self.lines.append(f"{text}_input.async = {text}_async;")
        return self.types.read(row, input=f"&{text}_input", out=out)

    def _optional_argument(self, index: int, argument: syntax.Argument, text: str, row: CType) -> CType:
        if row.idl == "any":
            if argument.default is None or argument.default.kind == syntax.UNDEFINED:
                return self._required_argument(index, text, row)
            default = self.types.any_default("cleat_env(call)", argument.default)
            self._declare(row, text, f"cleat_has_arg(call, {index}) ? cleat_arg_any(call, {index}) : {default}")
            return row
        innermost = self.lowering.program.innermost(argument.type)
        is_record = isinstance(innermost, syntax.RecordType)
        if argument.default is not None and argument.default.kind == syntax.EMPTY_DICTIONARY and not is_record:
            return self._required_argument(index, text, row)
        given = f"cleat_has_arg(call, {index})"
        out = f"&{self.place}{text}"
        if argument.default is not None:
            initial = self.types.default(row, argument.type, argument.default) or (row.none if row.is_given else "{0}")
            read = self._read_argument(index, text, row, out)
        elif row.is_given and not isinstance(self.lowering.program.resolve(argument.type), syntax.NullableType):
            initial = row.none
            read = self._read_argument(index, text, row, out)
        else:
            inner, row = row, self.types.optional(row)
            read = self._read_argument(index, text, inner, f"{out}.value")
            initial, given = f"{{.has = {given}}}", f"{self.place}{text}.has"
        self._declare(row, text, initial)
        self._convert(f"{given} && !{read}")
        return row

    def _learn(self, argument: syntax.Argument, row: CType) -> None:
        """Remembers which rules of the header concern an argument."""
        resolved = self.lowering.program.resolve(argument.type)
        if isinstance(resolved, syntax.NullableType) or argument.optional:
            self.lowering.rules.add("nothing")
        if "_callback(" in row.write or "_callback(" in row.read:
            self.lowering.rules.add("callback")

    def assigned(self, member: syntax.Attribute) -> None:
        """The argument of a setter."""
        self.role = "set"
        row = self.types.assigned_row(member.type)
        if row.is_callback:
            row = idl_types.direct_callback(row)
        self.frame = self.frame or row.read_allocates
        (text,) = names.variables([member.name], self.taken)
        frame = "&frame" if row.read_allocates else "NULL"
        definition = self.lowering.program.denotes(member.type)
        passed = row.passed.format(value=text)
        is_enum = isinstance(definition, syntax.Enum)
        read = "" if is_enum else row.read_argument.format(index=0, out=f"&{text}", frame=frame)
        if not read:
            self.lines.append(f"CleatInput input = cleat_assigned(call, {frame});")
        if is_enum:
            self.types.used_tables.add(row.table)
            self.lines += [f"int {text};", f"if (!cleat_assigned_enum(&input, &{row.table}, &{text})) return;"]
            passed = f"({row.c}){text}"
        else:
            read = read or self.types.read(row, input="&input", out=f"&{text}")
            self.lines += [f"{row.c} {text};", f"if (!{read}) return;"]
            self.buffers = row.buffers
        self.parameters.append(f"{row.parameter} {text}")
        self.passed.append(passed)
        self._set_call("", f"{self.hook}(", self.passed, ");")

    # Results

    def result(self, type: syntax.Type) -> bool:
        """What becomes of the hook's result; returns whether it is a promise."""
        resolved = self.lowering.program.resolve(type)
        if isinstance(resolved, syntax.GenericType) and resolved.name == "Promise":
            self._promise_result(resolved.element)
            return True
        row = self.types.result_row(type)
        self.result_row = row
        self._set_result_type(row)
        if row.c == "void":
            if self.release:
                raise Unsupported("[Release] needs a result", self.release.span)
            self._set_call("", f"{self.hook}(", self.passed, ");")
            return False
        self._note_result(type, row)
        # No object is an error of its own, which is not to hide another.
        stops = self.throws or (self.takes_env and "_object_required(" in row.give)
        fresh = self.types.native_class(type) if self.member.attribute("NewObject") else ""
        if not stops and not fresh and not self.release and "{value}" in row.give and row.passed == "{value}":
            before, after = self._give(row, "{value}").split("{value}")
            whole = f"  {before}{self.hook}({', '.join(self.passed)}){after};"
            if "{value}" not in after and len(whole) <= LIMIT:
                self._set_call("", f"{before}{self.hook}(", self.passed, f"){after};")
                return False
        self._set_call(f"{self.result_c} result = ", f"{self.hook}(", self.passed, ");")
        if stops:
            self.call.append("if (cleat_failed(env)) return;")
        if fresh:
            self.call.append(f"if (!cleat_require_new(call, &{fresh}, result)) return;")
            self.notes.append("The result is a new object: [NewObject].")
        if self.release and row.buffers:
            self._take(row, self.release.value)
            return False
        self.call.append(f"{self._give(row, 'result')};")
        if self.release:
            self.call.append(released(self.types, row, self.release, "result"))
        return False

    def _take(self, row: CType, release: str) -> None:
        """Makes a buffer of the result's own memory."""
        if not row.give.startswith("cleat_return(call, cleat_from_"):
            raise Unsupported(CONTAINS_BUFFERS, self.member.span)
        if not self.takes_env:
            self.env = "cleat_env(call)"
        self.call.append(f"cleat_return(call, {take_over(self.types, row, release, 'result')});")

    def _give(self, row: CType, value: str) -> str:
        text = self.types.give(row, value) if value != "{value}" else self.types.give(row, "\0").replace("\0", value)
        if "(env, " in text and not self.takes_env:
            self.env = "cleat_env(call)"
        if row.write_allocates:
            self.frame = self.enters = True
        return text

    def _set_result_type(self, row: CType) -> None:
        self.result_c = result_type(row, self.release)

    def _note_result(self, type: syntax.Type, row: CType) -> None:
        resolved = self.lowering.program.resolve(type)
        if isinstance(resolved, syntax.NullableType):
            self.lowering.rules.add("nothing")
        if isinstance(self.lowering.program.denotes(self.lowering.program.innermost(type)), linked.Interface):
            self.lowering.rules.add("object")
        if self.release:
            self.notes.append(f"{self.release.value} frees the result.")

    def _promise_result(self, type: syntax.Type) -> None:
        if self.release:
            raise Unsupported("[Release] of a promise is not supported", self.release.span)
        made = self.types.promise(type)
        self.promise = True
        self.parameters.append(f"{made.c}* promise")
        self.passed.append(f"({made.c}*)promise")
        self._set_call("", f"{self.hook}(", self.passed, ");")
        self.lowering.rules.add("promise")
        if self.signals:
            self.lowering.rules.add("abort")
        if self.throws:
            self.call.insert(0, "cleat_promise_enter(promise);")
            self.call.append("cleat_promise_leave(env, promise);")
            self.notes.append("When it has thrown, it must not settle `promise` any more.")
        self.call[:0] = [f"if (!cleat_promise_follow(promise, {signal})) return;" for signal in self.signals]

    def construct(self, container: Container) -> None:
        self.result_c = f"{container.this}*"
        before = f"cleat_return_new(call, &{container.descriptor}, "
        whole = f"  {before}{self.hook}({', '.join(self.passed)}));"
        if len(whole) <= LIMIT:
            self._set_call("", f"{before}{self.hook}(", self.passed, "));")
            return
        self._set_call(f"{container.this}* object = ", f"{self.hook}(", self.passed, ");")
        self.call.append(f"{before}object);")

    def iterate(self, iterator: str, descriptor: str, kind: str) -> None:
        """Makes the result an asynchronous iterator around what the hook gives."""
        self.role = "iterate"
        self.result_c = f"{iterator}*"
        self._set_call(f"{iterator}* iterator = ", f"{self.hook}(", self.passed, ");")
        if not self.takes_env:
            # So that nothing is pending that a script has caught, and nothing is made that would be lost.
            self.call.insert(0, "if (cleat_failed(cleat_env(call))) return;")
        self.call.append(f"cleat_return_async_iterator(call, &{descriptor}, {kind}, iterator);")

    def _set_call(self, before: str, head: str, items: Sequence[str], tail: str) -> None:
        self.call = list(fit(before + head, items, tail, 2)) + self.call

    # Blocking operations

    def blocking(self, member: syntax.Operation) -> bool:
        resolved = self.lowering.program.resolve(member.type)
        if not isinstance(resolved, syntax.GenericType) or resolved.name != "Promise":
            raise Unsupported("[Blocking] needs a Promise as the result", member.type.span)
        if member.attribute("CallWith"):
            raise Unsupported("a [Blocking] operation has no environment", member.span)
        for argument in member.arguments:
            reason = idl_types.find_keep_reason(self.types.row(argument.type))
            if reason and not idl_types.may_be_lent(reason):
                raise Unsupported(f"a [Blocking] operation runs on another thread, and {reason}", argument.span)
        result = self.types.result_row(resolved.element)
        reason = idl_types.find_keep_reason(result)
        native = self.types.native_class(resolved.element)
        if reason and not native:
            raise Unsupported(f"a [Blocking] operation runs on another thread, and {reason}", member.type.span)
        self.place, self.memory = "job->", "job->job.frame"
        self.parameters = ["CleatThrower* thrower"] if self.throws else []
        self.passed = ["job->job.thrower"] if self.throws else []
        if self.receiver:
            self.parameters.append(f"{self.receiver}* self")
            self.passed.append("job->self")
            self.fields.append(f"{self.receiver}* self;")
        self.arguments(member.arguments)
        if any(part.row.buffers for part in self.parts[self.prefix :]):
            self._convert("!cleat_copy_buffers(cleat_env(call), job->job.frame)")
        self.lines += [*self._found_given(), *self.given, *self.checks]
        if self.signals:
            self.lowering.rules.add("abort")
        for signal in self.signals:
            self._convert(f"!cleat_job_follow(&job->job, {signal})")
        self._set_result_type(result)
        self.job = self._job(member, result, native)
        self.lowering.rules.add("blocking")
        return True

    def _job(self, member: syntax.Operation, result: CType, native: str) -> Job:
        is_void = result.c == "void"
        if not is_void:
            self.fields.append(f"{self.result_c} result;")
        release = copy = ""
        if self.release:
            given = "" if result.has else f"{result.owned.format(value='job->result')} != NULL"
            release = released(self.types, result, self.release, "job->result", given)
        elif result.keep == "copy":
            copy = self.types.copy(result, "job->job.frame", "&job->result")
        elif native:
            release = f"if (job->result != NULL) {native}.finalize(job->result);"
            self.notes.append("What it returns is a new object, which belongs to JavaScript from then on.")
        written = "result" if native else "job->result"
        return Job(
            c=self.lowering.claims.own(f"{Name(self.name).pascal}Job"),
            snake=self.name,
            fields=tuple(self.fields),
            run=fit(f"{'' if is_void else 'job->result = '}{self.hook}(", self.passed, ");", 2),
            uses_job=bool(self.passed) or not is_void,
            copy=copy,
            write="cleat_undefined(env)" if is_void else self.types.write(result, written),
            uses_result=not is_void,
            release=release,
            parameters=", ".join(["", *self._overload_parameters()]),
            given=", ".join(["", *self._overload_names()]),
            arguments=tuple(self._own_lines()),
            has_self=bool(self.receiver),
            native=result.c if native else "",
        )

    # Fast calls

    def decide_fast(self, member: syntax.Operation, refused: bool) -> str:
        """Makes a fast call of an operation that can be one; returns why not, or ""."""
        decided = fast.decide(
            fast.Candidate(
                member=member,
                name=self.name,
                hook=self.hook,
                throws=self.throws,
                takes_env=self.takes_env,
                receiver=self.receiver,
                arguments=self.typed,
                result=self.result_row,
                refused=refused,
            )
        )
        if isinstance(decided, str):
            return decided
        self.fast = decided
        return ""

    # The end

    def finish(self, idl: str, doc: str) -> None:
        """Puts the hook and its function where they belong."""
        lines = fit(f"{self.result_c} {self.hook}(", self.parameters or ["void"], ");")
        definition = self.container.definition
        use = (self.role, definition.name, self.member, self.hook, self.result_c, tuple(self.parameters), lines)
        self.lowering.uses.append(HookUse(*use))
        if not self.is_foreign:
            shared = self.hook != self.name
            lines = self.lowering.prototype(self.hook, lines, self.member.name_span, shared)
        if self.takes_env and not self.job:
            self.lowering.rules.add("env")
        notes = " ".join(self.notes)
        if not self.is_foreign and lines:
            self.container.hook_list.append(Hook(comment(idl, doc, notes), lines))
        self.glue = self.glue or self.lowering.claims.native(self.name)
        env = "" if self.job else f"cleat_enter(call, {self.memory})" if self.enters else self.env
        self.container.functions.append(
            Function(
                comment=comment(idl),
                glue=self.glue,
                parameters=", ".join(["", *self._self_parameter(), *self._overload_parameters()]),
                receiver=f"{self.receiver}*" if self.receiver and not self.is_overload else "",
                receiver_class=self.container.descriptor,
                asks_first=self._asks_first(),
                lenient=self.lenient,
                required=0 if self.is_overload else self.required,
                frame=self.frame and self.job is None and not self.is_overload,
                arguments=(*self.before, *self._own_lines(), *self._found_buffers()),
                env=env,
                promise=self.promise,
                call=(*self.call, *self.after),
                job=self.job,
                fast=self.fast,
            )
        )

    def _own_lines(self) -> List[str]:
        """The statements that convert the arguments, without those before an overload is called."""
        return self.lines[sum(len(part.lines) for part in self.parts[: self.prefix]) :]

    def _asks_first(self) -> bool:
        """Whether nothing else that it begins with asks whether what runs is to end. What calls constructors asks, and what
        calls overloads. An overload that has no other use for the call asks once more.
        """
        if self.promise or self.job is not None or self.role == "new":
            return False
        if self.is_overload:
            return self.result_c == "void" and not self.enters and not self._own_lines() and not self._found_buffers()
        return self.lenient or not (self.receiver or self.required or self.before)

    # Overloads

    @property
    def takes_frame(self) -> bool:
        """Whether the native function of an overload needs the memory of the call, for more than what it is given."""
        if self.place:
            return self._is_given_buffers()
        return self.enters or self._finds_buffers() or any(part.allocates for part in self.parts[self.prefix :])

    @property
    def given_frame(self) -> bool:
        """Whether what calls that function needs the memory."""
        return self.takes_frame or any(part.allocates for part in self.parts[: self.prefix])

    def _self_parameter(self) -> List[str]:
        return [f"{self.receiver}* self"] if self.receiver and self.is_overload else []

    def _overload_parameters(self) -> List[str]:
        """What the native function of an overload takes beside the call and the receiver."""
        if not self.is_overload:
            return []
        found = ["CleatFrame* frame"] * self.takes_frame
        for part in self.parts[: self.prefix]:
            found.append(f"const {part.row.c}* {part.text}_place" if part.moves else f"{part.row.c} {part.text}")
        for index, is_async in self.own_iterated:
            text = self.parts[index].text
            found += [f"CleatValue* {text}_method"] + [f"bool {text}_async"] * is_async
        return found

    def _overload_names(self) -> List[str]:
        return [parameter.rpartition(" ")[2] for parameter in self._overload_parameters()]

    @property
    def own_iterated(self) -> List[Tuple[int, bool]]:
        """The arguments that it converts itself, whose @@iterator or @@asyncIterator it may be given."""
        return sorted((index, is_async) for index, is_async in self.iterated.items() if index >= self.prefix)

    # Buffers

    def _is_given_buffers(self) -> bool:
        return any(part.row.buffers for part in self.parts[: self.prefix])

    def _finds_buffers(self) -> bool:
        """Whether conversions after that of a buffer may have moved it."""
        last = self.parts[-1].row if self.parts else None
        is_alone = last is not None and last.is_buffer and sum(part.row.buffers for part in self.parts) == 1
        return self.buffers and not is_alone

    def _found_given(self) -> List[str]:
        """Looks up again what the job of an overload is given."""
        return ["cleat_find_buffers(cleat_env(call), frame);"] if self._is_given_buffers() else []

    def _found_buffers(self) -> List[str]:
        """Looks up again what may have moved, where it was converted to; and looks at lengths."""
        if self.place:
            return []
        if not self._finds_buffers():
            return self.checks
        given = [f"{part.row.c} {part.text} = *{part.text}_place;" for part in self.parts[: self.prefix] if part.moves]
        return [f"cleat_find_buffers(cleat_env(call), {self.memory});", *given, *self.checks]


def required_count(arguments: Sequence[syntax.Argument]) -> int:
    """The number of arguments that must be given."""
    count = len(arguments)
    while count > 0 and (arguments[count - 1].optional or arguments[count - 1].variadic):
        count -= 1
    return count


# [Release]: the results of operations and getters that are memory of the caller's.

CONTAINS_BUFFERS = "[Release] is supported for buffers themselves, and not for what contains them"


def result_type(row: CType, release: Optional[syntax.ExtendedAttribute]) -> str:
    """What a hook returns: a plain string that is to be freed is not const."""
    return "char*" if release and row.c == "const char*" else row.result


def released(types: Types, row: CType, release: syntax.ExtendedAttribute, value: str, only: str = "") -> str:
    """The statement that frees the memory of a result, where the test `only` holds."""
    if not row.owned:
        raise Unsupported("[Release] is supported for strings, sequences, records and buffers only", release.span)
    if release.value == "free":
        types.needs.add("stdlib.h")
    tests = [test for test in (only, row.has.format(value=value)) if test]
    guard = f"if ({' && '.join(tests)}) " if tests else ""
    pointer = row.owned.format(value=value)
    return f"{guard}{release.value}({pointer if row.c == 'const char*' else f'(void*){pointer}'});"


def take_over(types: Types, row: CType, release: str, value: str) -> str:
    """An expression that makes a buffer of JavaScript's of a result, with that memory."""
    made = row.write.replace("cleat_from_", "cleat_take_").format(value=value)
    return f"{made[:-1]}, {types.releaser(release)})"


def _assigned(row: CType, initial: str) -> str:
    return f"({row.c}){initial}" if initial.startswith("{") else initial
