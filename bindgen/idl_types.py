"""The table of types: what each type of the IDL is in C, and which functions convert it.

Every decision about a type is a row here. SIMPLE has a row for each type that has no parts; the functions below it make
the row of a type from those of its parts. `bindgen.py --types` prints the table.

The texts of conversions are formats: {input} is an expression of type `const CleatInput*`, {lvalue} where the result
goes and {out} a pointer to it, {value} a C expression of the type, {index} the number of an argument, {frame} a pointer
to the memory of the call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Iterable, Iterator, Optional, Sequence

from names import Name


@dataclass(frozen=True)
class CType:
    """What one type of the IDL is in C."""

    idl: str
    # The type of a variable and of a struct's field; of a hook's parameter; of its result.
    c: str
    parameter: str
    result: str
    # What the names of derived types and of converters are made from: "Long" gives CleatLongSequence. `own` is whether
    # the set of bindings declares it, so that its name needs no Cleat before it.
    noun: str
    own: bool
    # Conversions: an expression that is false on failure; the same, shorter, for an argument ("": none); an expression
    # that is an argument, or NULL on failure ("": none); an expression that makes a CleatValue*; an expression that
    # makes it the result of a call.
    read: str
    read_argument: str
    take: str
    write: str
    give: str
    # The names of the parts of glue that those mention: js_to_STEM, and js_from_STEM and js_copy_STEM.
    to_stem: str
    from_stem: str
    # Whether reading and writing take memory of the call.
    read_allocates: bool
    write_allocates: bool
    # How the value of a variable is given to a hook, and the result of one to `write`.
    passed: str
    # The expression for no value, and the test for one ("": needs a flag of its own beside it).
    none: str
    is_given: str
    # What a thread other than JavaScript's needs to keep a value: "" a copy of the bits, "copy" a deep copy; or, behind
    # "!", why it cannot.
    keep: str
    note: str = ""
    # The table in the glue that reading and writing name: that of an enumeration.
    table: str = ""
    # Whether there may be bytes of a buffer in it, which are looked up right before a hook is called.
    buffers: bool = False
    # It is a buffer itself, whose conversion runs no JavaScript.
    is_buffer: bool = False

    # The conversion of a callback into its struct.
    callback: str = "cleat_input_callback"

    # What stands for from_stem in the name of the function that copies, where types are copied alike.
    copy_stem: str = ""

    # Of what has a length: the type of the pointer beside it, and the field that it is.
    pointer: str = ""
    pointer_field: str = ""

    # The pointer to what [Release] frees of a result; "" for nothing.
    owned: str = ""

    # Of a struct of `has` and `value`, the test for there being a value.
    has: str = ""

    @property
    def copies_by(self) -> str:
        return self.copy_stem or self.from_stem

    @property
    def is_callback(self) -> bool:
        """Whether it is a callback that cannot be null."""
        return self.write.startswith("cleat_callback_value(")


def _scalar(idl: str, c: str, noun: str, convert: str, give: str, write: str, note: str = "") -> CType:
    return CType(
        idl=idl,
        c=c,
        parameter=c,
        result=c,
        noun=noun,
        own=False,
        read=f"cleat_input_{convert}({{input}}, {{out}})",
        read_argument=f"cleat_arg_{convert}(call, {{index}}, {{out}})",
        take="",
        write=f"cleat_{write}(env, {{value}})",
        give=f"cleat_return_{give}(call, {{value}})",
        to_stem=convert,
        from_stem=Name(noun).snake,
        read_allocates=False,
        write_allocates=False,
        passed="{value}",
        none="0",
        is_given="",
        keep="",
        note=note,
    )


def _string(idl: str, convert: str, write: str, note: str) -> CType:
    noun = "ByteString" if write == "byte_string" else "String"
    return replace(
        _scalar(idl, "CleatString", noun, convert, write, write, note),
        read_argument=f"cleat_arg_{convert}(call, {{index}}, {{frame}}, {{out}})",
        read_allocates=True,
        none="(CleatString){NULL, 0}",
        is_given="{value}.data != NULL",
        keep="copy",
        copy_stem="string",
        pointer="const char*",
        pointer_field="data",
        owned="{value}.data",
    )


def _value(idl: str, read: str, take: str, note: str) -> CType:
    return replace(
        _scalar(idl, "CleatValue*", "Value", idl, "", "", note),
        read=read,
        read_argument="",
        take=take,
        write="{value}",
        give="cleat_return(call, {value})",
        none="NULL",
        is_given="{value} != NULL",
        keep=f"!a value of type {idl} belongs to the JavaScript thread",
    )


_BOTH_FLOATS = "unrestricted takes NaN and the infinities, which are otherwise a TypeError"

SIMPLE: dict[str, CType] = {
    row.idl: row
    for row in (
        _scalar("boolean", "bool", "Boolean", "boolean", "boolean", "boolean"),
        _scalar("byte", "int8_t", "Byte", "byte", "long", "number"),
        _scalar("octet", "uint8_t", "Octet", "octet", "unsigned_long", "number"),
        _scalar("short", "int16_t", "Short", "short", "long", "number"),
        _scalar("unsigned short", "uint16_t", "UnsignedShort", "unsigned_short", "unsigned_long", "number"),
        _scalar("long", "int32_t", "Long", "long", "long", "number"),
        _scalar("unsigned long", "uint32_t", "UnsignedLong", "unsigned_long", "unsigned_long", "number"),
        _scalar("long long", "int64_t", "LongLong", "long_long", "long_long", "long_long", "as the nearest Number"),
        _scalar(
            "unsigned long long",
            "uint64_t",
            "UnsignedLongLong",
            "unsigned_long_long",
            "unsigned_long_long",
            "unsigned_long_long",
            "as the nearest Number",
        ),
        _scalar("float", "float", "Float", "float", "double", "number", _BOTH_FLOATS),
        _scalar("unrestricted float", "float", "Float", "unrestricted_float", "double", "number"),
        _scalar("double", "double", "Double", "double", "double", "number", _BOTH_FLOATS),
        _scalar("unrestricted double", "double", "Double", "unrestricted_double", "double", "number"),
        _string("DOMString", "dom_string", "string", "WTF-8: lone surrogates are kept"),
        _string("USVString", "usv_string", "string", "UTF-8: lone surrogates are replaced"),
        _string("ByteString", "byte_string", "byte_string", "one byte a code unit; a TypeError for those above 255"),
        _value(
            "any",
            "js_to_any({input}, {out})",
            "cleat_arg_any(call, {index})",
            "undefined where an optional argument is missing",
        ),
        _value("object", "cleat_input_object({input}, {out})", "", "a TypeError for what is no object"),
        replace(
            _value(
                "Promise<T>",
                "cleat_input_promise({input}, {out})",
                "",
                "as an argument: a promise of any value, for cleat_promise_then",
            ),
            to_stem="promise",
        ),
        _value("symbol", "cleat_input_symbol({input}, {out})", "", "a TypeError for what is no symbol"),
        replace(
            _scalar("bigint", "CleatBigInt", "BigInt", "bigint", "", "bigint", "words of 64 bits, the least first"),
            read_argument="cleat_arg_bigint(call, {index}, {frame}, {out})",
            give="cleat_return_bigint(call, {value})",
            read_allocates=True,
            none="{0}",
            keep="copy",
        ),
    )
}

# The elements whose sequences the runtime converts, in one go where it can.
AT_ONCE = {"double": "double_sequence", "unrestricted double": "unrestricted_double_sequence"}

# Why a native object cannot be kept; a blocking operation borrows it.
NATIVE_OBJECT = "a native object belongs to its wrapper, and so to the JavaScript thread"


def may_be_lent(reason: str) -> bool:
    """Whether what cannot be kept for that reason can be an argument of a blocking operation all the same."""
    return reason.startswith(NATIVE_OBJECT)


def strictest(keeps: Iterable[str]) -> str:
    """The `keep` of what is made of parts with those."""
    found = sorted((keep for keep in keeps if keep), key=lambda keep: keep[0] != "!" or may_be_lent(keep[1:]))
    return next((keep for keep in found if keep.startswith("!")), "copy" if found else "")


VOID = replace(SIMPLE["boolean"], idl="undefined", c="void", result="void", noun="Undefined", to_stem="undefined", from_stem="undefined")

# The types whose promises Cleat's own prelude defines, by their nouns.
PRELUDE_PROMISES = (
    "undefined",
    "boolean",
    "byte",
    "octet",
    "short",
    "unsigned short",
    "long",
    "unsigned long",
    "long long",
    "unsigned long long",
    "float",
    "double",
    "DOMString",
    "ByteString",
    "bigint",
    "any",
)
PRELUDE_NOUNS = frozenset(["Undefined", *(SIMPLE[name].noun for name in PRELUDE_PROMISES if name != "undefined")])

# The sequences and optionals that bind.h declares.
PREDECLARED = frozenset(
    f"Cleat{noun}Sequence"
    for noun in (
        "Boolean Byte Octet Short UnsignedShort Long UnsignedLong LongLong UnsignedLongLong Float Double String Value"
    ).split()
) | frozenset(
    f"CleatOptional{noun}"
    for noun in (
        "Boolean Byte Octet Short UnsignedShort Long UnsignedLong LongLong UnsignedLongLong Float Double String"
    ).split()
)


def annotated(row: CType, attribute: str) -> CType:
    """An integer type with [Clamp] or [EnforceRange]."""
    suffix = {"Clamp": "_clamp", "EnforceRange": "_enforce_range"}[attribute]
    return replace(
        row,
        idl=f"[{attribute}] {row.idl}",
        read=row.read.replace("(", suffix + "(", 1),
        read_argument=row.read_argument.replace("(", suffix + "(", 1),
        to_stem=row.to_stem + suffix,
    )


def c_string(row: CType) -> CType:
    """A string type with [CString]."""
    stem = row.to_stem.replace("string", "c_string")
    return replace(
        row,
        idl=f"[CString] {row.idl}",
        c="const char*",
        parameter="const char*",
        result="const char*",
        noun="CString",
        read=f"js_to_{stem}({{input}}, {{out}})",
        read_argument="",
        write="cleat_c_string(env, {value})",
        give="cleat_return_c_string(call, {value})",
        to_stem=stem,
        from_stem="c_string",
        copy_stem="",
        none="NULL",
        is_given="{value} != NULL",
        note="a NUL within is a TypeError",
        pointer="",
        owned="{value}",
    )


def string16(row: CType) -> CType:
    """DOMString or USVString with [CString=utf16]."""
    stem = f"{row.to_stem}16"
    return replace(
        row,
        idl=f"[CString=utf16] {row.idl}",
        c="CleatString16",
        parameter="CleatString16",
        result="CleatString16",
        noun="String16",
        read=f"cleat_input_{stem}({{input}}, {{out}})",
        read_argument="",
        write="cleat_string16(env, {value})",
        give="cleat_return(call, cleat_string16(env, {value}))",
        to_stem=stem,
        from_stem="string16",
        copy_stem="",
        none="(CleatString16){NULL, 0}",
        note="UTF-16 code units",
        pointer="const uint16_t*",
    )


def latin1(row: CType) -> CType:
    """A string type with [CString=latin1]: as ByteString."""
    return replace(SIMPLE["ByteString"], idl=f"[CString=latin1] {row.idl}")


def null_to_empty(row: CType) -> CType:
    """A string type with [LegacyNullToEmptyString]."""
    stem = f"{row.to_stem}_or_empty"
    read = f"js_to_{stem}({{input}}, {{out}})"
    return replace(row, idl=f"[LegacyNullToEmptyString] {row.idl}", read=read, read_argument="", to_stem=stem)


def _named(idl: str, c: str, noun: str, own: bool, note: str) -> CType:
    """What enumerations, dictionaries, callbacks, interfaces and sequences have in common."""
    stem = Name(noun).snake
    return CType(
        idl=idl,
        c=c,
        parameter=c,
        result=c,
        noun=noun,
        own=own,
        read=f"js_to_{stem}({{input}}, {{out}})",
        read_argument="",
        take="",
        write=f"js_from_{stem}(env, {{value}})",
        give=f"cleat_return(call, js_from_{stem}(env, {{value}}))",
        to_stem=stem,
        from_stem=stem,
        read_allocates=False,
        write_allocates=False,
        passed="{value}",
        none="{0}",
        is_given="",
        keep="",
        note=note,
    )


# The buffer types, with the C type of an element.
BUFFERS = {
    "ArrayBuffer": "uint8_t",
    "SharedArrayBuffer": "uint8_t",
    "DataView": "uint8_t",
    "Int8Array": "int8_t",
    "Uint8Array": "uint8_t",
    "Uint8ClampedArray": "uint8_t",
    "Int16Array": "int16_t",
    "Uint16Array": "uint16_t",
    "Int32Array": "int32_t",
    "Uint32Array": "uint32_t",
    "Float16Array": "uint16_t",
    "Float32Array": "float",
    "Float64Array": "double",
    "BigInt64Array": "int64_t",
    "BigUint64Array": "uint64_t",
    "ArrayBufferView": "uint8_t",
    "BufferSource": "uint8_t",
}

# The test of a value for being one.
BUFFER_KINDS = {
    **{name: f"1 << CLEAT_BYTES_{Name(name).shouty}" for name in ("ArrayBuffer", "DataView")},
    **{
        name: f"1 << CLEAT_BYTES_{name.replace('Array', '').replace('Clamped', '_Clamped').upper()}"
        for name in BUFFERS
        if name.endswith("Array")
    },
    "Float16Array": "CLEAT_IS_FLOAT16_ARRAY",
    "SharedArrayBuffer": "CLEAT_IS_SHARED_ARRAY_BUFFER",
    "ArrayBufferView": "CLEAT_IS_ARRAY_BUFFER_VIEW",
    "BufferSource": "CLEAT_IS_BUFFER_SOURCE",
    "AllowSharedBufferSource": "CLEAT_IS_BUFFER_SOURCE | CLEAT_IS_SHARED_ARRAY_BUFFER",
}


def buffer(idl: str, shared: bool, resizable: bool) -> CType:
    """A buffer, a view of one, or one of the types that stand for several of them."""
    noun = "BufferSource" if idl == "AllowSharedBufferSource" else idl
    c = f"Cleat{noun}"
    stem = Name(noun).snake
    written = "array_buffer_view" if noun == "BufferSource" else stem
    allowed = " | ".join(["CLEAT_ALLOW_SHARED"] * shared + ["CLEAT_ALLOW_RESIZABLE"] * resizable) or "0"
    prefix = "".join(f"[{name}] " for name, is_there in (("AllowShared", shared), ("AllowResizable", resizable)) if is_there)
    row = _named(f"{prefix}{idl}", c, noun, False, "data and length, in place")
    return replace(
        row,
        read=f"cleat_input_{stem}({{input}}, {allowed}, {{out}})",
        read_argument=f"cleat_arg_{stem}(call, {{index}}, {{frame}}, {allowed}, {{out}})",
        write=f"cleat_from_{written}(env, {{value}})",
        give=f"cleat_return(call, cleat_from_{written}(env, {{value}}))",
        to_stem=stem + "_shared" * shared + "_resizable" * resizable,
        read_allocates=True,
        none=f"({c}){{0}}",
        is_given="{value}.data != NULL",
        keep="copy",
        buffers=True,
        is_buffer=True,
        pointer=f"{BUFFERS.get(idl, 'uint8_t')}*",
        pointer_field="data",
    )


def enum(idl: str, c: str, descriptor: str) -> CType:
    return replace(
        _named(idl, c, c, True, "a string that is none of them is a TypeError, and assigned to an attribute ignored"),
        write=f"cleat_enum(env, &{descriptor}, {{value}})",
        give=f"cleat_return_enum(call, &{descriptor}, {{value}})",
        none="0",
        table=descriptor,
    )


def dictionary(idl: str, c: str, read_allocates: bool, write_allocates: bool, keep: str, buffers: bool) -> CType:
    return replace(
        _named(idl, c, c, True, "has_x is whether x was there; defaults are filled in"),
        parameter=f"const {c}*",
        passed="&{value}",
        read_allocates=read_allocates,
        write_allocates=write_allocates,
        keep=keep,
        buffers=buffers,
    )


def interface(idl: str, c: str, noun: str, descriptor: str) -> CType:
    return replace(
        _named(idl, f"{c}*", noun, True, "the native object"),
        take=f"cleat_arg_object(call, {{index}}, &{descriptor})",
        write=f"cleat_wrap_required(env, &{descriptor}, {{value}})",
        give=f"cleat_return_object_required(call, &{descriptor}, {{value}})",
        none="NULL",
        is_given="{value} != NULL",
        keep=f"!{NATIVE_OBJECT}: {idl}",
    )


def callback(idl: str, c: str, noun: str, own: bool) -> CType:
    return replace(
        _named(idl, f"const {c}*", noun, own, "x_call calls it, x_retain keeps it"),
        write="cleat_callback_value(env, (const CleatCallback*){value})",
        give="cleat_return(call, cleat_callback_value(env, (const CleatCallback*){value}))",
        read_allocates=True,
        none="NULL",
        is_given="{value} != NULL",
        keep=f"!a function belongs to the JavaScript thread: {idl}",
    )


def callback_interface(row: CType) -> CType:
    """A callback interface: any object, whose operation is looked up when it is called."""
    return replace(row, callback="cleat_input_callback_interface", note="an object with the operation, or a function")


def direct_callback(row: CType) -> CType:
    """A callback that is an argument itself: in a variable rather than in memory of the call."""
    return replace(
        row,
        c=row.c[len("const ") : -1],
        read=f"{row.callback}({{input}}, &{{lvalue}}.callback)",
        to_stem="",
        read_allocates=False,
        passed="&{value}",
    )


def type_name(noun: str, own: bool) -> str:
    """The C type of that noun."""
    return noun if own else f"Cleat{noun}"


def _within(name: str) -> str:
    """The noun or stem of an element: (sequence<T?>) has another name than (sequence<T>)?, which is the optional one."""
    return re.sub(r"^[Oo]ptional", lambda found: "Nullable" if found[0] == "Optional" else "nullable", name)


def sequence(element: CType) -> CType:
    noun = f"{_within(element.noun)}Sequence"
    made = _named(f"sequence<{element.idl}>", type_name(noun, element.own), noun, element.own, "items and length")
    to_stem, from_stem = (f"{_within(stem)}_sequence" for stem in (element.to_stem, element.from_stem))
    at_once = AT_ONCE.get(element.idl, "")
    read = f"cleat_input_{at_once}" if at_once else f"js_to_{to_stem}"
    write = f"{'cleat_double_array' if at_once else f'js_from_{from_stem}'}(env, {{value}})"
    return replace(
        made,
        to_stem=to_stem,
        from_stem=from_stem,
        read=f"{read}({{input}}, {{out}})",
        write=write,
        give=f"cleat_return(call, {write})",
        read_allocates=True,
        write_allocates=not at_once,
        keep=element.keep if element.keep.startswith("!") else "copy",
        buffers=element.buffers,
        pointer=f"const {element.c}*" if "*" not in element.c else f"{element.c} const*",
        pointer_field="items",
        owned="{value}.items",
    )


def frozen_array(element: CType) -> CType:
    """FrozenArray<T>: in C a sequence, and an array that cannot be changed in JavaScript."""
    row, stem = sequence(element), f"{_within(element.from_stem)}_frozen_array"
    return replace(
        row,
        idl=f"FrozenArray<{element.idl}>",
        from_stem=stem,
        copy_stem=row.from_stem,
        write=f"js_from_{stem}(env, {{value}})",
        give=f"cleat_return(call, js_from_{stem}(env, {{value}}))",
        note="as sequence<T>; as an attribute, the same array until foo_x_changed is called",
    )


def async_sequence(element: CType, base: str) -> CType:
    """An async sequence: `base` is what its type and its functions are named by."""
    c = f"{base}AsyncSequence"
    made = _named(f"async_sequence<{element.idl}>", c, c, True, "x_open gives an iteration: x_next, x_return, x_release")
    return replace(
        made,
        write="{value}.object",
        give="cleat_return(call, {value}.object)",
        keep="!an async sequence belongs to the JavaScript thread",
    )


def record(key: CType, value: CType) -> CType:
    noun = f"{_within(value.noun)}Record"
    by = {"DOMString": "", "USVString": "_by_usv_string", "ByteString": "_by_byte_string"}[key.idl]
    to_stem = f"{_within(value.to_stem)}_record{by}"
    from_stem = f"{_within(value.from_stem)}_record" + ("_by_byte_string" if key.idl == "ByteString" else "")
    made = _named(f"record<{key.idl}, {value.idl}>", type_name(noun, value.own), noun, value.own, "items and length")
    return replace(
        made,
        to_stem=to_stem,
        from_stem=from_stem,
        read=f"js_to_{to_stem}({{input}}, {{out}})",
        write=f"js_from_{from_stem}(env, {{value}})",
        give=f"cleat_return(call, js_from_{from_stem}(env, {{value}}))",
        read_allocates=True,
        write_allocates=value.write_allocates,
        keep=value.keep if value.keep.startswith("!") else "copy",
        buffers=value.buffers,
        owned="{value}.items",
        note="items and length, of entries with key and value",
    )


def union(
    idl: str, c: str, noun: str, own: bool, to_stem: str, from_stem: str, members: Sequence[CType]
) -> CType:
    made = _named(idl, c, noun, own, "tag, and the member of that name")
    return replace(
        made,
        parameter=f"const {c}*",
        passed="&{value}",
        to_stem=to_stem,
        from_stem=from_stem,
        read=f"js_to_{to_stem}({{input}}, {{out}})",
        write=f"js_from_{from_stem}(env, {{value}})",
        give=f"cleat_return(call, js_from_{from_stem}(env, {{value}}))",
        read_allocates=any(row.read_allocates for row in members),
        write_allocates=any(row.write_allocates for row in members),
        keep=strictest(row.keep for row in members),
        buffers=any(row.buffers for row in members),
    )


def optional(inner: CType) -> CType:
    """A struct of `has` and `value`: for null, or for what is missing."""
    noun = f"Optional{inner.noun}"
    made = _named(f"{inner.idl}?", type_name(noun, inner.own), noun, inner.own, "has and value")
    return replace(
        made,
        parameter=f"const {made.c}*" if inner.passed == "&{value}" else made.c,
        passed=inner.passed,
        to_stem=f"optional_{inner.to_stem}",
        from_stem=f"optional_{inner.from_stem}",
        read=f"js_to_optional_{inner.to_stem}({{input}}, {{out}})",
        write=f"js_from_optional_{inner.from_stem}(env, {{value}})",
        give=f"cleat_return(call, js_from_optional_{inner.from_stem}(env, {{value}}))",
        read_allocates=inner.read_allocates,
        write_allocates=inner.write_allocates,
        keep=inner.keep,
        buffers=inner.buffers,
        owned=inner.owned.replace("{value}", "{value}.value"),
        has="{value}.has",
    )


def nullable(inner: CType) -> CType:
    """T?, where T has an expression for null."""
    write = inner.write if inner.keep == "copy" else f"js_from_nullable_{inner.from_stem}(env, {{value}})"
    give = inner.give.replace("_object_required(", "_object(")
    return replace(
        inner,
        idl=f"{inner.idl}?",
        read=f"js_to_nullable_{inner.to_stem}({{input}}, {{out}})",
        read_argument="",
        take="",
        write=write,
        give=give if inner.keep == "copy" or "_object(" in give else f"cleat_return(call, {write})",
        to_stem=f"nullable_{inner.to_stem}",
        from_stem=inner.from_stem if inner.keep == "copy" else f"nullable_{inner.from_stem}",
        note="NULL for null",
    )


def nullable_dictionary(inner: CType) -> CType:
    return replace(
        _named(f"{inner.idl}?", f"const {inner.c}*", f"Nullable{inner.noun}", True, "NULL for null"),
        read=f"js_to_nullable_{inner.to_stem}({{input}}, {{out}})",
        write=f"js_from_nullable_{inner.from_stem}(env, {{value}})",
        give=f"cleat_return(call, js_from_nullable_{inner.from_stem}(env, {{value}}))",
        to_stem=f"nullable_{inner.to_stem}",
        from_stem=f"nullable_{inner.from_stem}",
        read_allocates=True,
        write_allocates=inner.write_allocates,
        none="NULL",
        is_given="{value} != NULL",
        keep=inner.keep if inner.keep.startswith("!") else "copy",
        buffers=inner.buffers,
    )


def enclosing_dictionary(inner: CType) -> CType:
    """A dictionary inside of itself: a pointer."""
    return replace(
        _named(inner.idl, f"const {inner.c}*", f"Inner{inner.noun}", True, "in memory of its own; NULL for none"),
        write=f"js_from_{inner.from_stem}(env, {{value}})",
        give=f"cleat_return(call, js_from_{inner.from_stem}(env, {{value}}))",
        read_allocates=True,
        write_allocates=True,
        none="NULL",
        is_given="{value} != NULL",
        keep=inner.keep,
        buffers=inner.buffers,
    )


def documentation() -> Iterator[tuple[str, str, str, str]]:
    """The table, as it is printed: IDL, argument, result and field, and what is to be known."""
    rows = [*SIMPLE.values()]
    color = enum("Color", "Color", "js_enum_of_color")
    point = dictionary("Point", "Point", False, False, "", False)
    shape = interface("Shape", "Shape", "Shape", "shape_class")
    visitor = callback("Visitor", "Visitor", "Visitor", True)
    rows += [c_string(SIMPLE["DOMString"]), color, point, shape, visitor]
    rows += [sequence(SIMPLE["double"]), sequence(point), sequence(shape), frozen_array(SIMPLE["double"])]
    rows += [optional(SIMPLE["long"]), optional(color), optional(sequence(SIMPLE["double"]))]
    rows += [nullable(row) for row in (SIMPLE["DOMString"], SIMPLE["object"], shape, visitor)]
    rows.append(async_sequence(SIMPLE["DOMString"], "AppString"))
    rows += [nullable_dictionary(point), record(SIMPLE["DOMString"], SIMPLE["long"])]
    rows += [union("(long or Shape)", "LongOrShape", "LongOrShape", True, "", "", (SIMPLE["long"], shape))]
    rows += [buffer(name, False, False) for name in BUFFERS]
    for row in rows:
        yield row.idl, row.parameter, row.result, row.note
    yield "undefined", "", "void", ""
    yield "T...", "as sequence<T>", "", ""
    yield "optional T", "CleatOptionalT", "", "T a number, boolean, enum, sequence, record or union; missing: has is false"
    yield "optional T", "as T", "", "T a string, buffer, object, interface or callback; missing: NULL, or data NULL"
    yield "optional T?", "CleatOptionalT", "", "so that missing and null differ"
    yield "Promise<T>", "", "TPromise* (last parameter)", "t_promise_resolve, t_promise_reject: once, any thread"
    yield "[Blocking] Promise<T>", "", "as T", "the hook runs on a thread of the pool"


def find_keep_reason(row: CType) -> Optional[str]:
    """Why a value cannot leave the JavaScript thread; None where it can."""
    return row.keep[1:] if row.keep.startswith("!") else None
