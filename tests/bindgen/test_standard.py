"""The standard's sentences about what makes IDL invalid, section by section: IDL that keeps to each, and IDL that does not.

The goldens in diagnostics/ show how each rule tells of it; here is what it is about.
"""

from __future__ import annotations

import sys
import unittest
from pathlib import Path
from typing import Dict, Iterator, Tuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

import check  # noqa: E402
import diagnostics  # noqa: E402
import idl_parser  # noqa: E402
import link  # noqa: E402
import source  # noqa: E402

# What the examples are about.
DECLARED = """
interface I {}; interface J {}; interface K : I {}; interface mixin M {}; namespace N {};
dictionary D {}; dictionary R { required long r; }; enum E { "a", "b" };
callback F = any (); [LegacyTreatNonObjectAsNull] callback G = any (); callback interface C { undefined c(); };
typedef long T; typedef sequence<long> S; typedef D TD;
"""

# Under the name of each section of the standard an example a line, behind the rules that it breaks, or "fine".
SECTIONS: Dict[str, str] = {
    "idl-names": """
        reserved-name: interface A { attribute long toString; };
        reserved-name: interface A { attribute long _toString; };
        reserved-name: interface A { undefined _constructor(); };
        reserved-name: interface A { const long toString = 1; };
        reserved-name: dictionary X { long toString; };
        reserved-name: typedef long toString;
        reserved-name: enum toString {"a"};
        reserved-name: callback toString = any ();
        reserved-name: namespace toString {};
        reserved-name: interface toString {};
        reserved-name: interface mixin toString {};
        fine: interface A { undefined f(long toString, long constructor); };
        fine: interface A { undefined f(long toJSON); };
        to-json: interface A { attribute long toJSON; };
        to-json: interface A { static object toJSON(); };
        to-json: dictionary X { long toJSON; };
        reserved-name: interface A { const long length = 1; };
        reserved-name: interface A { const long name = 1; };
        reserved-name: interface A { const long prototype = 1; };
        reserved-name: callback interface A { const long name = 1; undefined f(); };
        reserved-name: namespace A { const long name = 1; };
        reserved-name: interface A { static attribute long prototype; };
        reserved-name: interface A { static undefined prototype(); };
        fine: interface A { static undefined length(); static undefined name(); };
        fine: interface A { undefined prototype(); };
        duplicate-definition: interface A {}; dictionary A {};
        duplicate-definition: interface A {}; typedef long A;
        duplicate-definition: interface A {}; namespace A {};
        duplicate-definition: callback A = any (); callback interface A { undefined f(); };
        duplicate-definition: enum A {"a"}; enum A {"b"};
        character: interface __A {};
        fine: interface -A {};
    """,
    "idl-interfaces": """
        inheritance-cycle: interface A : A {};
        inheritance-cycle: interface A : B {}; interface B : A {};
        wrong-kind: interface A : D {};
        wrong-kind: interface A : M {};
        wrong-kind: interface A : C {};
        wrong-kind: interface A : T {};
        unknown-name: interface A : Nope {};
        partial-without-definition: partial interface Nope {};
        partial-kind: partial interface D {};
        partial-kind: partial interface M {};
        partial-kind: partial interface mixin I {};
        partial-kind: partial dictionary I {};
        partial-kind: partial namespace I {};
        partial-constructor: partial interface I { constructor(); };
        partial-inheritance: partial interface I : J {};
    """,
    "idl-interface-mixins": """
        member-kind: interface mixin X { static long f(); };
        member-kind: interface mixin X { getter long (unsigned long i); };
        member-kind: interface mixin X { iterable<long>; };
        member-kind: interface mixin X { maplike<long,long>; };
        member-kind: interface mixin X { setlike<long>; };
        member-kind: interface mixin X { async_iterable<long>; };
        member-kind: interface mixin X { constructor(); };
        member-kind: interface mixin X { inherit attribute long x; };
        member-kind: interface mixin X { static attribute long x; };
        fine: interface mixin X { const long A = 1; stringifier; readonly attribute long x; attribute long y;
            undefined f(); };
        wrong-kind: I includes J;
        wrong-kind: M includes M;
        wrong-kind: D includes M;
        wrong-kind: C includes M;
        wrong-kind: N includes M;
        attribute-place: [Exposed=*] I includes M;
        not-a-type: interface A { attribute M x; };
        not-a-type: interface A { attribute N x; };
    """,
    "idl-callback-interfaces": """
        callback-interface-operation: callback interface A {};
        callback-interface-operation: callback interface A { undefined f(); undefined g(); };
        callback-interface-operation: callback interface A { undefined f(); undefined f(long a); };
        member-kind: callback interface A { undefined f(); attribute long x; };
        member-kind: callback interface A { static undefined f(); };
        callback-interface-operation member-kind: callback interface A { undefined f(); stringifier; };
        member-kind: callback interface A { getter long f(unsigned long x); };
        operation-name: callback interface A { undefined (); };
        syntax: callback interface A : C { undefined f(); };
        syntax: partial callback interface C { };
    """,
    "idl-constants": """
        duplicate-name: interface A { const long X = 1; const long X = 2; };
        duplicate-name: interface A { const long X = 1; undefined X(); };
        duplicate-name: interface A { const long X = 1; attribute long X; };
        constant-type: interface A { const DOMString X = 1; };
        constant-type: interface A { const E X = 1; };
        constant-type: interface A { const any X = 1; };
        fine: interface A { const T X = 1; };
        constant-type: interface A { const S X = 1; };
        constant-type: interface A { const long? X = 1; };
        constant-type: typedef long? NL; interface A { const NL X = 1; };
        fine: typedef [Clamp] long CL; interface A { const CL X = 1; };
        fine: interface A { const bigint X = 99999999999999999999999; };
        constant-value: interface A { const bigint X = 1.5; };
        constant-value: interface A { const octet X = 256; };
        constant-value: interface A { const byte X = -129; };
        fine: interface A { const byte X = -128; };
        constant-value: interface A { const unsigned long long X = 18446744073709551616; };
        constant-value: interface A { const unsigned long X = -1; };
        constant-value: interface A { const boolean X = 1; };
        constant-value: interface A { const long X = true; };
        constant-value: interface A { const long X = 1.0; };
        constant-value: interface A { const float X = 3.5e38; };
        fine: interface A { const unrestricted float X = 3.5e38; };
        constant-value: interface A { const double X = Infinity; };
        constant-value: interface A { const double X = NaN; };
        fine: interface A { const unrestricted double X = -Infinity; };
        constant-value: interface A { const double X = 1e400; };
        constant-value: interface A { const long X = null; };
        constant-value: interface A { const long X = "a"; };
        constant-value: interface A { const long X = []; };
        constant-value: interface A { const long X = undefined; };
    """,
    "idl-attributes": """
        attribute-type: interface A { attribute sequence<long> x; };
        attribute-type: interface A { attribute sequence<long>? x; };
        attribute-type: interface A { attribute S x; };
        attribute-type: interface A { attribute D x; };
        attribute-type: interface A { attribute TD? x; };
        attribute-type: interface A { attribute record<DOMString,long> x; };
        attribute-type: interface A { attribute async_sequence<long> x; };
        attribute-type: interface A { attribute async_sequence<long>? x; };
        attribute-type: interface A { attribute (long or D) x; };
        attribute-type: interface A { attribute (long or sequence<long>?) x; };
        attribute-type: interface A { attribute (long or (DOMString or record<DOMString,long>)) x; };
        fine: interface A { attribute (long or async_sequence<long>) x; };
        promise-attribute: interface A { attribute Promise<long> x; };
        promise-attribute: interface A { static attribute Promise<long> x; };
        attribute-use: interface A { [SameObject] readonly attribute Promise<long> x; };
        attribute-use: interface A { [Replaceable] readonly attribute Promise<long> x; };
        attribute-use: interface A { [LegacyLenientSetter] readonly attribute Promise<long> x; };
        attribute-use: interface A { [PutForwards=x] readonly attribute Promise<long> x; };
        fine: interface A { attribute undefined x; };
        nullable-inner: interface A { attribute any? x; };
        duplicate-name: interface A { attribute long x; attribute long x; };
        duplicate-name: interface A { attribute long x; static attribute long x; };
        duplicate-name: interface A { attribute long x; undefined x(); };
        duplicate-name: interface A { attribute long x; static undefined x(); };
        fine: interface A { undefined x(); static undefined x(); };
        inherit-attribute: interface A { inherit attribute long x; };
        inherit-attribute: interface P { readonly attribute long x; };
            interface A : P { inherit attribute DOMString x; };
        fine: interface P { readonly attribute long x; }; interface Q : P {};
            interface A : Q { inherit attribute long x; };
        fine: interface P { readonly attribute T x; }; interface A : P { inherit attribute long x; };
        fine: interface P { attribute long x; }; interface A : P { inherit attribute long x; };
        attribute-use inherit-attribute: interface P { readonly attribute [Clamp] long x; };
            interface A : P { inherit attribute long x; };
        inherit-attribute: interface P { attribute [Clamp] long x; }; interface A : P { inherit attribute long x; };
        syntax: interface A { inherit readonly attribute long x; };
        inherit-attribute: interface P { undefined x(); }; interface A : P { inherit attribute long x; };
    """,
    "idl-operations": """
        operation-name: interface A { undefined (); };
        operation-name: interface A { static undefined (); };
        duplicate-argument: interface A { undefined f(long a, long a); };
        duplicate-argument: interface A { undefined f(long _a, long a); };
        dictionary-optional nullable-dictionary: interface A { undefined f(D? d); };
        nullable-dictionary: interface A { undefined f(optional D? d = null); };
        dictionary-optional nullable-dictionary: typedef D? ND; interface A { undefined f(ND d); };
        fine: interface A { D? f(); };
        nullable-dictionary: dictionary X { D? d; };
        nullable-inner: dictionary X { (long or D)? d; };
        fine: interface A { undefined f(sequence<D?> d); };
        variadic-last: interface A { undefined f(long... a, long b); };
        syntax: interface A { undefined f(optional long... a); };
        syntax: interface A { undefined f(long... a = 1); };
        syntax: interface A { undefined f(long a = 1); };
        dictionary-optional: interface A { undefined f(D d); };
        dictionary-default: interface A { undefined f(optional D d); };
        fine: interface A { undefined f(R d); };
        fine: interface A { undefined f(optional R d); };
        fine: dictionary RR : R {}; interface A { undefined f(RR d); };
        fine: interface A { undefined f(D d, long x); };
        dictionary-optional: interface A { undefined f(D d, optional long x); };
        dictionary-optional: interface A { undefined f(D d, long... x); };
        dictionary-optional: interface A { undefined f((long or D) d); };
        fine: interface A { undefined f(optional (long or D) d = 5); };
        fine: interface A { undefined f((R or long) d); };
        dictionary-optional: interface A { constructor(D d); };
        dictionary-optional: [LegacyFactoryFunction=Q(D d)] interface A {};
        dictionary-default: interface A { async_iterable<long>(optional D d); };
        fine: callback X = any (D d);
        dictionary-optional: namespace X { undefined f(D d); };
        default-value: interface A { undefined f(optional E e = "c"); };
        fine: interface A { undefined f(optional E e = "a"); };
        fine: interface A { undefined f(optional E? e = null); };
        default-value: interface A { undefined f(optional long e = null); };
        default-value: interface A { undefined f(optional long e = "1"); };
        default-value: interface A { undefined f(optional long e = 99999999999); };
        default-value: interface A { undefined f(optional DOMString e = 1); };
        default-value: interface A { undefined f(optional ByteString e = "Ā"); };
        fine: interface A { undefined f(optional ByteString e = "ÿ"); };
        fine: interface A { undefined f(optional sequence<long> e = []); };
        fine: interface A { undefined f(optional sequence<long>? e = []); };
        fine: interface A { undefined f(optional (long or sequence<long>)? e = []); };
        record-default: interface A { undefined f(optional record<DOMString,long> e = {}); };
        default-value: interface A { undefined f(optional long e = []); };
        default-value: interface A { undefined f(optional long e = {}); };
        default-value: interface A { undefined f(optional D e = []); };
        default-value: interface A { undefined f(optional D e = null); };
        default-value frozen-array-place: interface A { undefined f(optional FrozenArray<long> e = []); };
        default-value: interface A { undefined f(optional async_sequence<long> e = []); };
        fine: interface A { undefined f(optional any e = undefined); };
        fine: interface A { undefined f(optional any e = null); };
        default-value: interface A { undefined f(optional long e = undefined); };
        fine: interface A { undefined f(optional (long or DOMString) e = "a"); };
        default-value: interface A { undefined f(optional (long or boolean) e = "a"); };
        fine: interface A { undefined f(optional (long or boolean)? e = null); };
        fine: interface A { undefined f(optional (long? or boolean) e = null); };
        default-value: interface A { undefined f(optional object e = null); };
        fine: interface A { undefined f(optional I? e = null); };
        fine: interface A { undefined f(optional F? e = null); };
        default-value: interface A { undefined f(optional symbol e = "a"); };
        fine: interface A { undefined f(optional bigint e = 5); };
        default-value: interface A { undefined f(optional bigint e = 5.0); };
        fine: interface A { undefined f(optional unrestricted double e = NaN); };
        default-value: interface A { undefined f(optional double e = NaN); };
    """,
    "idl-tojson-operation": """
        to-json: interface A { object toJSON(long a); };
        to-json: interface A { any toJSON(); };
        to-json: interface A { undefined toJSON(); };
        to-json: interface A { symbol toJSON(); };
        to-json: interface A { bigint toJSON(); };
        to-json: interface A { Promise<long> toJSON(); };
        to-json: interface A { I toJSON(); };
        fine: interface A { object toJSON(); }; interface B { A toJSON(); };
        fine: interface A { object toJSON(); }; interface B : A {}; interface Z { sequence<B?> toJSON(); };
        to-json: dictionary X { F f; }; interface A { X toJSON(); };
        fine: dictionary X { long f; }; interface A { X toJSON(); };
        fine: interface A { record<DOMString, (long or E)> toJSON(); };
        to-json: interface A { Uint8Array toJSON(); };
        overload-distinguishable: interface A { DOMString toJSON(); DOMString toJSON(); };
        to-json: namespace A { any toJSON(); };
    """,
    "idl-stringifiers": """
        duplicate-stringifier: interface A { stringifier; stringifier attribute DOMString x; };
        stringifier-type: interface A { stringifier attribute long x; };
        stringifier-type: interface A { stringifier attribute ByteString x; };
        stringifier-type: interface A { stringifier attribute DOMString? x; };
        syntax: interface A { stringifier static attribute DOMString x; };
        fine: interface A { stringifier readonly attribute USVString x; };
        syntax: interface A { stringifier DOMString f(); };
        duplicate-stringifier: interface mixin X { stringifier; }; interface A { stringifier; }; A includes X;
    """,
    "idl-special-operations": """
        special-operation: interface A { getter long (); };
        special-operation: interface A { getter long (long i); };
        special-operation: interface A { getter long (USVString i); };
        special-operation: interface A { getter long (DOMString i, long b); };
        special-operation: interface A { getter long (optional DOMString i); };
        special-operation: interface A { getter long (DOMString... i); };
        special-operation: interface A { getter long (DOMString i); setter undefined (DOMString i); };
        special-operation special-without-getter: interface A { getter long (DOMString i);
            deleter undefined (unsigned long i); };
        duplicate-special: interface A { getter long (DOMString i); getter long (DOMString i); };
        duplicate-special: interface A { getter long (DOMString i); setter undefined (DOMString i, long x);
            setter undefined (DOMString i, long x); };
        special-without-getter: interface A { setter undefined (DOMString i, long x); };
        special-without-getter: interface A { getter long (DOMString i); readonly attribute unsigned long length;
            setter undefined (unsigned long i, long x); };
        special-without-getter: interface A { deleter undefined (DOMString i); };
        indexed-length: interface A { getter long (unsigned long i); };
        indexed-length: interface A { getter long (unsigned long i); readonly attribute DOMString length; };
        indexed-length: interface A { getter long (unsigned long i); readonly attribute unsigned long? length; };
        fine: interface A { getter long (unsigned long i); readonly attribute octet length; };
        syntax: interface A { getter static long (unsigned long i); };
        syntax: interface A { getter setter long (unsigned long i); };
        fine: interface A { getter long ([Clamp] unsigned long i); readonly attribute unsigned long length; };
    """,
    "idl-iterable": """
        value-iterator: interface A { iterable<long>; };
        value-iterator: interface A { iterable<long>; getter DOMString (unsigned long i);
            readonly attribute unsigned long length; };
        pair-iterator: interface A { iterable<long, long>; getter long (unsigned long i);
            readonly attribute unsigned long length; };
        iteration-conflict: interface A { iterable<long, long>; iterable<long,long>; };
        iteration-conflict: interface A { iterable<long, long>; maplike<long,long>; };
        iteration-conflict: interface A { iterable<long, long>; setlike<long>; };
        iteration-conflict: interface A { iterable<long, long>; async_iterable<long>; };
        iteration-conflict: interface P { maplike<long,long>; }; interface A : P { iterable<long,long>; };
        iteration-conflict: interface P { iterable<long,long>; }; interface A : P { iterable<long,long>; };
        iteration-conflict: interface P { iterable<long,long>; }; interface A : P { async_iterable<long>; };
        iteration-conflict: interface P { getter long (unsigned long i); readonly attribute unsigned long length;
            }; interface A : P { maplike<long,long>; };
        iteration-conflict: interface A { getter long (unsigned long i); readonly attribute unsigned long length;
            setlike<long>; };
        fine: interface A { getter long (unsigned long i); readonly attribute unsigned long length;
            async_iterable<long>; };
        async-iterable-arguments: interface A { async_iterable<long>(long a); };
        fine: interface A { async_iterable<long>(long... a); };
        attribute-place exposed-subset: interface A { [Exposed=*] maplike<long,long>; };
        attribute-place: interface A { [SecureContext] setlike<long>; };
    """,
    "idl-namespaces": """
        member-kind: namespace A { attribute long x; };
        fine: namespace A { readonly attribute long x; const long Y = 1; long f(); };
        member-kind: namespace A { static long f(); };
        member-kind: namespace A { stringifier; };
        member-kind: namespace A { getter long (DOMString x); };
        member-kind: namespace A { iterable<long,long>; };
        member-kind: namespace A { constructor(); };
        duplicate-name: namespace A { long f(); readonly attribute long f; };
        syntax: namespace A : N {};
    """,
    "idl-dictionaries": """
        inheritance-cycle: dictionary A : A {};
        wrong-kind: dictionary A : I {};
        dictionary-cycle: dictionary A { A a; };
        dictionary-cycle: dictionary A { required A a; };
        dictionary-cycle: dictionary A { sequence<A> a; };
        dictionary-cycle: dictionary A { record<DOMString, A> a; };
        dictionary-cycle: dictionary A { (long or A) a; };
        dictionary-cycle: dictionary A { B b; }; dictionary B { A a; };
        dictionary-cycle: dictionary A { B b; }; dictionary B : A {};
        fine: dictionary A { Promise<A> b; };
        required-default: dictionary A { required long a = 1; };
        duplicate-name: dictionary A { long a; long a; };
        duplicate-name: dictionary P { long a; }; dictionary A : P { long a; };
        duplicate-name: dictionary P { long a; }; partial dictionary P { long a; };
        partial-inheritance: partial dictionary D : R {};
        attribute-place: [Exposed=*] dictionary A {};
        undefined-type: dictionary A { undefined a; };
        undefined-type: dictionary A { (long or undefined) a; };
        undefined-type: dictionary A { undefined? a; };
        fine: dictionary A { sequence<undefined> a; };
        undefined-type: interface A { undefined f(undefined a); };
        undefined-type: interface A { undefined f((long or undefined) a); };
        undefined-type: callback X = any (undefined a);
        undefined-type: callback X = any ((long or undefined)? a);
        fine: callback X = undefined (long a);
    """,
    "idl-enums": """
        duplicate-name: enum X {"a","a"};
        syntax: enum X {};
        fine: enum X {"a",};
        attribute-place: [Exposed=*] enum X {"a"};
    """,
    "idl-typedefs": """
        typedef-typedef: typedef T X;
        fine: typedef T? X;
        typedef-cycle typedef-typedef: typedef X X;
        typedef-cycle: typedef sequence<X> X;
        attribute-place: [Clamp] typedef long X;
    """,
    "idl-nullable-type": """
        nullable-inner: typedef long?? X;
        nullable-inner: typedef long? Y; typedef Y? X;
        nullable-inner: typedef any? X;
        nullable-inner: typedef Promise<any>? X;
        nullable-inner: interface A { attribute ObservableArray<long>? x; };
        nullable-inner: typedef (long? or DOMString)? X;
        nullable-inner: typedef (D or DOMString)? X;
        fine: typedef undefined? X;
    """,
    "idl-union": """
        union-any: typedef (any or long) X;
        union-member: typedef (Promise<any> or long) X;
        union-one-member: typedef (long) X;
        union-nullable: typedef (long? or DOMString?) X;
        union-nullable: typedef (long? or D) X;
        union-nullable: typedef (long? or (DOMString? or boolean)) X;
        fine: typedef ((long or DOMString)? or boolean) X;
        union-distinguishable: typedef (long or double) X;
        union-distinguishable: typedef (long or (D or double)) X;
        fine: typedef (bigint or double) X;
        fine: typedef (T or S) X;
        union-distinguishable: typedef (I or K) X;
        fine: typedef ([Clamp] long or DOMString) X;
        attribute-type-mismatch syntax union-distinguishable: typedef ([Clamp] (long or double) or DOMString) X;
        observable-array-place union-member: interface A { attribute (ObservableArray<long> or long) x; };
    """,
    "idl-observable-array": """
        record-key: typedef record<long, long> X;
        record-key: typedef DOMString DS; typedef record<DS, long> X;
        record-key: typedef record<E, long> X;
        fine: typedef sequence<Promise<long>> X;
        observable-array-element: interface A { attribute ObservableArray<D> x; };
        observable-array-element: interface A { attribute ObservableArray<sequence<long>> x; };
        observable-array-element: interface A { attribute ObservableArray<record<DOMString,long>> x; };
        observable-array-element observable-array-place: interface A { attribute
            ObservableArray<ObservableArray<long>> x; };
        fine: interface A { attribute ObservableArray<long?> x; };
        observable-array-place: interface A { static attribute ObservableArray<long> x; };
        observable-array-place: interface A { ObservableArray<long> f(); };
        observable-array-place: interface A { undefined f(ObservableArray<long> x); };
        observable-array-place: namespace A { readonly attribute ObservableArray<long> x; };
        observable-array-place: dictionary A { ObservableArray<long> x; };
        frozen-array-place: namespace A { readonly attribute FrozenArray<long> x; };
        frozen-array-place: interface A { FrozenArray<long> f(); };
    """,
    "idl-annotated-types": """
        attribute-type-mismatch: interface A { undefined f([Clamp] DOMString x); };
        attribute-type-mismatch: interface A { undefined f([Clamp] double x); };
        fine: interface A { undefined f([Clamp] long? x); };
        attribute-type-mismatch: interface A { undefined f([Clamp] sequence<long> x); };
        attribute-type-mismatch: interface A { undefined f([Clamp] (long or DOMString) x); };
        attribute-conflict: interface A { undefined f([Clamp, EnforceRange] long x); };
        attribute-conflict: typedef [Clamp] long CL; interface A { undefined f([EnforceRange] CL x); };
        attribute-form: interface A { undefined f([Clamp=1] long x); };
        attribute-use: interface A { readonly attribute [Clamp] long x; };
        attribute-type-mismatch: interface A { undefined f([AllowShared] ArrayBuffer x); };
        attribute-type-mismatch: interface A { undefined f([AllowShared] SharedArrayBuffer x); };
        attribute-type-mismatch: interface A { undefined f([AllowShared] BufferSource x); };
        fine: interface A { undefined f([AllowResizable] BufferSource x); };
        fine: interface A { undefined f([AllowResizable, AllowShared] ArrayBufferView x); };
        fine: interface A { undefined f([AllowResizable] SharedArrayBuffer x); };
        attribute-type-mismatch: interface A { undefined f([AllowResizable] long x); };
        attribute-type-mismatch: interface A { undefined f([LegacyNullToEmptyString] DOMString? x); };
        attribute-type-mismatch: interface A { undefined f([LegacyNullToEmptyString] ByteString x); };
        attribute-type-mismatch: interface A { undefined f([LegacyNullToEmptyString] E x); };
        fine: interface A { undefined f([LegacyNullToEmptyString] USVString x); };
        attribute-place: interface A { [LegacyNullToEmptyString] attribute DOMString x; };
        attribute-place: interface A { [Clamp] long f(); };
        attribute-place: interface A { attribute [Exposed=*] long x; };
        attribute-place: interface A { undefined f([Exposed=*] long x); };
        fine: dictionary X { [Clamp] long x; required [EnforceRange] long y; };
        syntax: interface A { undefined f(Promise<[Clamp] long> x); };
    """,
    "Exposed": """
        attribute-form: [Exposed] interface A {};
        exposed-name: [Exposed=(X,X)] interface A {};
        fine: [Exposed=(CleatGlobalScope)] interface A {};
        exposed-subset: [Exposed=X] interface A { [Exposed=Y] undefined f(); };
        fine: [Exposed=(X,Y)] interface A { [Exposed=Y] undefined f(); };
        exposed-subset: [Exposed=X] interface A {}; [Exposed=Y] partial interface A {};
        exposed-twice: [Exposed=*] interface A {}; [Exposed=Y] partial interface A { [Exposed=Y] undefined f(); };
        exposed-subset: [Exposed=X] interface A {}; [Exposed=*] interface B : A {};
        overload-attribute: [Exposed=*] interface A { [Exposed=X] undefined f(); undefined f(long a); };
        exposed-subset: [Exposed=X] interface mixin A {}; [Exposed=Y] partial interface mixin A {};
        exposed-subset: [Exposed=X] interface mixin A { [Exposed=Y] undefined f(); };
        attribute-place: [Exposed=X] dictionary A {};
        attribute-place: [Exposed=*] callback A = any ();
        attribute-use: [Exposed=*] callback interface A { [Exposed=*] undefined f(); };
    """,
    "Global": """
        constructor-not-allowed: [Global=X, Exposed=X] interface A { constructor(); };
        global-special: [Global=X, Exposed=X] interface A { getter long (DOMString x);
            setter undefined (DOMString x, long y); };
        global-special: [Global=X, Exposed=X] interface A { getter long (unsigned long x);
            readonly attribute unsigned long length; };
        global-override: [Global=X, Exposed=X, LegacyOverrideBuiltIns] interface A { getter long (DOMString x); };
        global-override: [LegacyOverrideBuiltIns] interface P { getter long (DOMString x); };
            [Global=X] interface A : P {};
        inherit-global: [Global=X] interface P {}; interface A : P {};
        attribute-form: [Global] interface P {};
        attribute-form: [Global=*] interface P {};
        attribute-use: interface P {}; [Global=X] partial interface P {};
        attribute-conflict: [Global=X, LegacyFactoryFunction=Foo()] interface P {};
        fine: [Global=(X,Y)] interface A { getter long (DOMString x); deleter undefined (DOMString x); };
    """,
    "js-extended-attributes": """
        attribute-use: interface A { [NewObject] long f(); };
        fine: interface A { [NewObject] I f(); [NewObject] Promise<I> g(); [NewObject] static I h(); };
        attribute-place: interface A { [NewObject] readonly attribute I f; };
        attribute-form: interface A { [NewObject=1] I f(); };
        attribute-use: interface A { [PutForwards=x] attribute I x; };
        attribute-use: interface A { [PutForwards=x] readonly attribute I x; };
        attribute-use: interface A { [PutForwards=x] readonly attribute A x; };
        attribute-use: interface X { attribute long y; };
            interface A { [PutForwards=y] static readonly attribute X x; };
        fine: interface X { attribute long y; }; interface A { [PutForwards=y] readonly attribute X x; };
        attribute-conflict: interface X { attribute long y; };
            interface A { [PutForwards=y, Replaceable] readonly attribute X x; };
        attribute-form: interface X { attribute long y; }; interface A { [PutForwards] readonly attribute X x; };
        attribute-use: interface X { attribute long y; }; namespace A { [PutForwards=y] readonly attribute X x; };
        attribute-use: interface A { [Replaceable] attribute long x; };
        attribute-use: interface A { [Replaceable] static readonly attribute long x; };
        attribute-use: namespace A { [Replaceable] readonly attribute long x; };
        attribute-conflict: interface A { [Replaceable, LegacyLenientSetter] readonly attribute long x; };
        attribute-use: interface A { [SameObject] attribute I x; };
        attribute-use: interface A { [SameObject] readonly attribute long x; };
        attribute-use: interface A { [SameObject] readonly attribute DOMString x; };
        fine: interface A { [SameObject] static readonly attribute object x; };
        fine: namespace A { [SameObject] readonly attribute object x; };
        exposed-condition: [SecureContext] interface A {}; interface B : A {};
        exposed-condition: [SecureContext] interface A { [SecureContext] undefined f(); };
        attribute-conflict: [SecureContext, CrossOriginIsolated] interface A {};
        attribute-place: [SecureContext] dictionary A {};
        attribute-use: interface A { [Unscopable] static undefined f(); };
        attribute-place: interface A { [Unscopable] const long X = 1; };
        attribute-use: namespace A { [Unscopable] readonly attribute long x; };
        fine: namespace A { [Unscopable] undefined f(); };
        global-name: [LegacyFactoryFunction=I()] interface A {};
        global-name: [LegacyFactoryFunction=Z()] interface A {}; [LegacyFactoryFunction=Z()] interface B {};
        fine: [LegacyFactoryFunction=Z(), LegacyFactoryFunction=Z(long a)] interface A {};
        global-name: [LegacyFactoryFunction=Z(), LegacyWindowAlias=Z] interface A {};
        reserved-name: [LegacyFactoryFunction=toString()] interface A {};
        attribute-form: [LegacyFactoryFunction=Z] interface A {};
        attribute-form: [LegacyFactoryFunction] interface A {};
        global-name: [LegacyFactoryFunction=A()] interface A {};
        fine: [LegacyNoInterfaceObject] interface L {}; [LegacyFactoryFunction=L()] interface A {};
        attribute-use: interface A { [LegacyLenientSetter] attribute long x; };
        attribute-use: interface A { [LegacyLenientThis] static attribute long x; };
        attribute-place: interface A { [LegacyLenientThis] undefined f(); };
        attribute-use: namespace A { [LegacyLenientThis] readonly attribute long x; };
        attribute-use: [LegacyNamespace=I] interface A {};
        attribute-conflict: [LegacyNamespace=N, LegacyNoInterfaceObject] interface A {};
        constructor-not-allowed: [LegacyNoInterfaceObject] interface A { constructor(); };
        static-not-allowed: [LegacyNoInterfaceObject] interface A { static undefined f(); };
        inherit-hidden: [LegacyNoInterfaceObject] interface A {}; interface B : A {};
        named-getter: [LegacyOverrideBuiltIns] interface A {};
        named-getter: interface A { getter long (DOMString x); }; [LegacyOverrideBuiltIns] partial interface A {};
        attribute-place: [LegacyTreatNonObjectAsNull] callback interface A { undefined f(); };
        named-getter: [LegacyUnenumerableNamedProperties] interface A {};
        inherit-unenumerable: [LegacyUnenumerableNamedProperties] interface A { getter long (DOMString x); };
            [LegacyUnenumerableNamedProperties] interface B : A { getter long (DOMString x); };
        attribute-use: interface A { [LegacyUnforgeable] static undefined f(); };
        attribute-place: interface A { [LegacyUnforgeable] const long X = 1; };
        overload-attribute: interface A { [LegacyUnforgeable] undefined f(); undefined f(long a); };
        inherit-unforgeable: interface P { [LegacyUnforgeable] undefined f(); };
            interface A : P { attribute long f; };
        fine: interface P { [LegacyUnforgeable] undefined f(); }; interface A : P { static undefined f(); };
        fine: interface P { [LegacyUnforgeable] undefined f(); }; interface A : P { const long f = 1; };
        attribute-use: namespace A { [LegacyUnforgeable] readonly attribute long x; };
        fine: interface A { [LegacyUnforgeable] stringifier; };
        global-name: [LegacyWindowAlias=I] interface A {};
        global-name: [LegacyWindowAlias=(Y,Y)] interface A {};
        attribute-twice: [LegacyWindowAlias=Y, LegacyWindowAlias=Z] interface A {};
        attribute-conflict: [LegacyWindowAlias=Y, LegacyNoInterfaceObject] interface A {};
        attribute-conflict: [LegacyWindowAlias=Y, LegacyNamespace=N] interface A {};
        reserved-name: [LegacyWindowAlias=toString] interface A {};
        attribute-form: [LegacyWindowAlias] interface A {};
        fine: interface A { [Default] object toJSON(); };
        attribute-use: interface A { [Default] undefined f(); };
        attribute-use: interface A { [Default] DOMString toJSON(); };
    """,
    "idl-overloading": """
        overload-distinguishable: interface A { undefined f(long a); undefined f(double a); };
        overload-bigint: interface A { undefined f(long a); undefined f(bigint a); };
        overload-distinguishable: interface A { undefined f(long? a); undefined f(bigint? a); };
        overload-promise: interface A { undefined f(); Promise<any> f(long a); };
        overload-across: interface A { undefined f(); }; partial interface A { undefined f(long a); };
        overload-across: interface mixin X { undefined f(); }; interface A { undefined f(long a); }; A includes X;
        fine: namespace X { undefined f(); }; partial namespace X { undefined f(long a); };
        overload-before-index: interface A { undefined f(DOMString w); undefined f(long w, double x, I y, I z);
            undefined f(double w, double x, DOMString y, I z); };
        overload-distinguishable: interface A { undefined f(optional long a); undefined f(); };
        overload-distinguishable: interface A { undefined f(optional long a); undefined f(optional DOMString a); };
        overload-distinguishable: interface A { undefined f(any a); undefined f(long a); };
        overload-distinguishable: interface A { constructor(); constructor(long a); constructor(double b); };
        overload-distinguishable: [LegacyFactoryFunction=Z(long a), LegacyFactoryFunction=Z(double a)] interface A {};
        overload-before-index: interface A { undefined f(long a, I x); undefined f(optional long a, optional J x); };
        fine: interface A { static undefined f(long a); undefined f(double a); };
    """,
}

# The names that a declaration makes, and those of them that an operation may have all the same.
MADE = {
    "iterable<long, long>": (("entries", "forEach", "keys", "values"), ()),
    "async_iterable<long, long>": (("entries", "keys", "values"), ()),
    "maplike<long, long>": (
        ("entries", "forEach", "get", "has", "keys", "size", "values", "clear", "delete", "set"),
        ("clear", "delete", "set"),
    ),
    "readonly maplike<long, long>": (("entries", "forEach", "get", "has", "keys", "size", "values"), ()),
    "setlike<long>": (
        ("entries", "forEach", "has", "keys", "size", "values", "add", "clear", "delete"),
        ("add", "clear", "delete"),
    ),
    "readonly setlike<long>": (("entries", "forEach", "has", "keys", "size", "values"), ()),
}
NAMES = ("add", "clear", "delete", "entries", "forEach", "get", "has", "keys", "set", "size", "values", "next", "length")


def examples() -> Iterator[Tuple[str, str, str]]:
    """The section, the rules and the IDL of each; lines that are indented further belong to the one above."""
    for section, lines in SECTIONS.items():
        for line in lines.replace("\n            ", " ").strip().split("\n"):
            rules, _, idl = line.strip().partition(": ")
            yield section, rules, idl


def found(idl: str) -> str:
    """The rules that IDL breaks, in order; "fine" for none."""
    sink = diagnostics.Sink()
    module = idl_parser.read(source.SourceFile("test.idl", DECLARED + idl), sink)
    check.check(link.link([module], sink), sink)
    rules = {diagnostic.rule for diagnostic in sink.diagnostics if diagnostic.severity != "note"}
    return " ".join(sorted(rules)) or "fine"


class Standard(unittest.TestCase):
    def test_each_sentence(self) -> None:
        for section, rules, idl in examples():
            with self.subTest(section, idl=idl):
                self.assertEqual(rules, found(idl))

    def test_names_that_declarations_make(self) -> None:
        """Of the interface itself and of one that it inherits from, whatever has such a name."""
        for declaration, (made, overridable) in MADE.items():
            for name in NAMES:
                for member in ("attribute long {};", "const long {} = 1;", "undefined {}();", "static undefined {}();"):
                    with self.subTest(declaration, member=member.format(name)):
                        is_operation = "()" in member
                        allowed = name not in made or "static undefined" in member
                        allowed = allowed or (is_operation and name in overridable)
                        expected = "fine" if allowed else "iteration-name"
                        if name == "length" and "const" in member:
                            expected = "reserved-name"
                        own = member.format(name)
                        self.assertEqual(expected, found(f"interface A {{ {declaration}; {own} }};"))
                        self.assertEqual(expected, found(f"interface P {{ {own} }}; interface A : P {{ {declaration}; }};"))


if __name__ == "__main__":
    unittest.main()
