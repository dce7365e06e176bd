"""The front end of bindgen: what it reads, what it refuses and why, and that nothing makes it fall over."""

from __future__ import annotations

import os
import random
import re
import sys
import time
import unittest
from pathlib import Path
from typing import Dict, Iterable, Set

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bindgen"))

import check  # noqa: E402
import diagnostics  # noqa: E402
import idl_parser  # noqa: E402
import lexer  # noqa: E402
import link  # noqa: E402
import program  # noqa: E402
import rules  # noqa: E402
import source  # noqa: E402
import syntax  # noqa: E402
from check_overloads import effective_overload_set  # noqa: E402
from distinguish import distinguishable  # noqa: E402

FRONT_END = ("check*.py", "cursor.py", "idl_parser.py", "lexer.py", "link.py", "parse_*.py")
GOLDENS = HERE / "diagnostics"
UPDATE = os.environ.get("CLEAT_UPDATE_GOLDENS") == "1"


# These take two sets of bindings, or files, or what comes after checking: test_backend.py and test_expose.py have them.
SHOWN_ELSEWHERE = {"c-name", "cannot-read", "cannot-write", "imported-partial", "not-exposed", "unsupported"}


def shown_rules(stems: Iterable[str]) -> set[str]:
    """The rules that goldens are named after: RULE.idl, or RULE.CASE.idl."""
    return {stem.split(".")[0] for stem in stems}


def run(text: str, path: str = "test.idl") -> tuple[program.Program, diagnostics.Sink]:
    """Reads, links and checks one text."""
    sink = diagnostics.Sink()
    module = idl_parser.read(source.SourceFile(path, text), sink)
    linked = link.link([module], sink)
    check.check(linked, sink)
    return linked, sink


def parse(text: str) -> tuple[syntax.Module, diagnostics.Sink]:
    sink = diagnostics.Sink()
    return idl_parser.read(source.SourceFile("test.idl", text), sink), sink


def found(sink: diagnostics.Sink) -> list[str]:
    return [diagnostic.rule for diagnostic in sink.sorted()]


class Diagnostics(unittest.TestCase):
    """Each .idl in diagnostics/ gives exactly the text in the .txt beside it."""

    def test_goldens(self) -> None:
        for path in sorted(GOLDENS.glob("*.idl")):
            with self.subTest(path.name):
                _, sink = run(source.load(str(path)).text, path.name)
                found = diagnostics.render(sink.sorted())
                golden = path.with_suffix(".txt")
                if UPDATE:
                    golden.write_text(found, encoding="utf-8")
                self.assertEqual(golden.read_text(encoding="utf-8"), found)

    def test_each_golden_shows_the_rule_it_is_named_after(self) -> None:
        for path in sorted(GOLDENS.glob("*.txt")):
            with self.subTest(path.name):
                self.assertIn(f"[{path.stem.split('.')[0]}]", path.read_text(encoding="utf-8"))

    def test_every_rule_has_a_golden(self) -> None:
        paths = [path for pattern in FRONT_END for path in (HERE.parent.parent / "bindgen").glob(pattern)]
        sources = "".join(path.read_text(encoding="utf-8") for path in paths)
        named = re.findall(r'(?:sink\.(?:error|warning|note)\(|Diagnostic\(severity,)\s*"([a-z-]+)"', sources)
        shown = {path.stem for path in GOLDENS.glob("*.txt")}
        self.assertEqual(set(), set(named) - shown - SHOWN_ELSEWHERE)
        self.assertEqual(set(rules.RULES), shown_rules(shown) | SHOWN_ELSEWHERE)

    def test_the_table_of_rules_names_all_that_there_are(self) -> None:
        sources = "".join(path.read_text(encoding="utf-8") for path in (HERE.parent.parent / "bindgen").glob("*.py"))
        reported = r'(?:\.(?:error|warning|note|file)\(|Diagnostic\(severity,)\s*"([a-z-]+)"'
        self.assertEqual(set(rules.RULES), set(re.findall(reported, sources)))

    def test_rules_md_is_what_the_table_prints(self) -> None:
        page = HERE.parent.parent / "bindgen" / "RULES.md"
        printed = "".join(f"{line}\n" for line in rules.documentation())
        if UPDATE:
            page.write_text(printed, encoding="utf-8")
        self.assertEqual(page.read_text(encoding="utf-8"), printed)

    def test_names_are_not_called_unknown_when_a_definition_did_not_parse(self) -> None:
        _, sink = run("dictionary D { long a; }\ninterface A { undefined f(optional D d = {}); };\nA includes M;")
        self.assertEqual(["syntax"], found(sink))

    def test_caret_keeps_tabs(self) -> None:
        _, sink = parse("interface A {\n\t\tattribute long 7;\n};\n")
        lines = diagnostics.render(sink.sorted()).split("\n")
        self.assertEqual("\t\t" + " " * len("attribute long ") + "^", lines[2])

    def test_of_long_lines_the_part_around_the_caret_is_shown(self) -> None:
        _, sink = parse(f"interface A {{ {'attribute long a; ' * 1000}attribute x; {'attribute long b; ' * 1000}}};")
        _, line, carets, _ = diagnostics.render(sink.sorted()).split("\n")
        self.assertEqual(("...", "...", True), (line[:3], line[-3:], len(line) < 1000))
        self.assertEqual("attribute x;", line[carets.index("^") - 11 :][:12])

    def test_every_error_of_a_file_is_reported_in_one_run(self) -> None:
        _, sink = parse(
            "interface A { long; long f(; attribute x; long g(); };\n"
            "dictionary { long a; };\n"
            "enum E { 5 };\n"
            "interface B { const long X = 1; };\n"
        )
        self.assertEqual([1, 1, 1, 2, 3], [diagnostic.span.line for diagnostic in sink.sorted()])

    def test_names_of_global_objects_may_be_limited(self) -> None:
        text = "[Exposed=(Shell,Windw)] interface A {};\n[Global=Shell, Exposed=Shell] interface ShellScope {};"
        for names, expected in (((), []), (("Window",), ["exposed-name"]), (("Windw",), [])):
            sink = diagnostics.Sink()
            module = idl_parser.read(source.SourceFile("test.idl", text), sink)
            check.check(link.link([module], sink), sink, check.Options(global_names=frozenset(names)))
            self.assertEqual(expected, found(sink))

    def test_diagnostics_come_once_and_in_order(self) -> None:
        sink = diagnostics.Sink()
        file = source.SourceFile("a.idl", "one two")
        for start in (4, 0, 4):
            sink.error("rule", "message", source.Span(file, start, start + 3))
        self.assertEqual([0, 4], [diagnostic.span.start for diagnostic in sink.sorted()])


class Reading(unittest.TestCase):
    """The grammar, construct by construct."""

    def definition(self, text: str) -> syntax.Definition:
        module, sink = parse(text)
        self.assertEqual("", diagnostics.render(sink.sorted()))
        return module.definitions[0]

    def member(self, text: str) -> syntax.Declaration:
        return syntax.members_of(self.definition(f"interface A {{ {text} }};"))[0]

    def test_every_simple_type(self) -> None:
        for name in sorted(syntax.SIMPLE_TYPES):
            with self.subTest(name):
                member = self.member(f"attribute {name} x;")
                assert isinstance(member, syntax.Attribute)
                assert isinstance(member.type, syntax.SimpleType)
                self.assertEqual(name, member.type.name)

    def test_nested_types(self) -> None:
        member = self.member("Promise<(sequence<long?> or record<DOMString, any>)?> f();")
        assert isinstance(member, syntax.Operation)
        kinds = [part.__class__.__name__ for part in syntax.inclusive_parts(member.type)]
        expected = "Generic Nullable Union Generic Nullable Simple Record Simple Simple"
        self.assertEqual([f"{kind}Type" for kind in expected.split()], kinds)

    def test_attributes_of_types_move_to_the_type(self) -> None:
        member = self.member("[Throws] undefined f([Clamp] octet a, optional [EnforceRange] long b);")
        assert isinstance(member, syntax.Operation)
        self.assertEqual(["Throws"], [attribute.name for attribute in member.attributes])
        names = [argument.type.attributes[0].name for argument in member.arguments]
        self.assertEqual(["Clamp", "EnforceRange"], names)
        self.assertEqual((), member.arguments[0].attributes)

    def test_forms_of_extended_attributes(self) -> None:
        forms = {
            "[A]": syntax.NO_ARGS,
            "[A=b]": syntax.IDENTIFIER,
            "[A=(b,c)]": syntax.IDENTIFIER_LIST,
            "[A(long x)]": syntax.ARGUMENT_LIST,
            "[A=b(long x)]": syntax.NAMED_ARGUMENT_LIST,
            '[A="s"]': syntax.STRING,
            '[A=("s","t")]': syntax.STRING_LIST,
            "[A=1]": syntax.INTEGER,
            "[A=(1,2)]": syntax.INTEGER_LIST,
            "[A=1.5]": syntax.DECIMAL,
            "[A=(1.5,2.5)]": syntax.DECIMAL_LIST,
            "[A=*]": syntax.WILDCARD,
            "[A=(b c)]": syntax.ANY_TOKENS,
            "[A=(1,b)]": syntax.ANY_TOKENS,
            "[A b]": syntax.ANY_TOKENS,
            "[(a, b) c]": syntax.ANY_TOKENS,
            "[A={[(;)]}, B]": syntax.ANY_TOKENS,
            "[A(...{...})]": syntax.ANY_TOKENS,
            "[A=@%/é]": syntax.ANY_TOKENS,
            "[interface]": syntax.ANY_TOKENS,
            "[@]": syntax.ANY_TOKENS,
        }
        for text, form in forms.items():
            with self.subTest(text):
                self.assertEqual(form, self.definition(f"{text} interface I {{}};").attributes[0].form)

    def test_tokens_of_extended_attributes_are_balanced(self) -> None:
        for text in ("[]", "[,]", "[A,]", "[A=(b]", "[A=b)]", "[A={(}]", "[A={)}]", "[A=[b]", '[A="b]', "[A /* ]", "[A] [B]"):
            with self.subTest(text):
                _, sink = parse(f"{text} interface I {{ attribute long a; }};")
                self.assertTrue({"syntax", "character"} & set(found(sink)))

    def test_of_any_tokens_the_name_is_the_identifier_that_they_start_with(self) -> None:
        definition = self.definition("[_A=(b c), = d @, 5] interface I {};")
        attributes = [(attribute.name, attribute.span.text) for attribute in definition.attributes]
        self.assertEqual([("A", "_A=(b c)"), ("= d @", "= d @"), ("5", "5")], attributes)

    def test_a_character_that_is_none_of_idl_is_told_of_outside_of_extended_attributes(self) -> None:
        _, sink = parse("[A=@] interface I { @ attribute long a; [B @] attribute long b; };")
        self.assertEqual([("character", 21)], [(one.rule, one.span.start + 1) for one in sink.sorted()])

    def test_extended_attributes_stand_before_no_union_in_a_union(self) -> None:
        _, sink = parse("typedef ([A] (long or DOMString) or boolean) T; typedef ([A] long or boolean) U;")
        self.assertEqual(["syntax"], found(sink))

    def test_integers(self) -> None:
        for text, value in (("10", 10), ("-10", -10), ("0x1F", 31), ("-0X1f", -31), ("017", 15), ("0", 0)):
            with self.subTest(text):
                member = self.member(f"const long X = {text};")
                assert isinstance(member, syntax.Constant)
                self.assertEqual(value, member.value.value)

    def test_names_lose_one_underscore_and_keep_the_original(self) -> None:
        member = self.member("attribute long _interface;")
        self.assertEqual(("interface", "_interface"), (member.name, member.name_span.text))

    def test_keywords_may_name_arguments(self) -> None:
        member = self.member("undefined includes(long interface, long required, long async, long _long);")
        names = [argument.name for argument in syntax.arguments_of(member)]
        self.assertEqual(["interface", "required", "async", "long"], names)

    def test_every_kind_of_member(self) -> None:
        kinds = {
            "const octet X = 1;": syntax.Constant,
            "constructor();": syntax.Constructor,
            "inherit attribute long x;": syntax.Attribute,
            "static readonly attribute long x;": syntax.Attribute,
            "stringifier attribute DOMString x;": syntax.Attribute,
            "stringifier;": syntax.Operation,
            "static long f();": syntax.Operation,
            "getter long (DOMString name);": syntax.Operation,
            "iterable<long>;": syntax.Iterable,
            "async_iterable<long, DOMString>(optional long x);": syntax.AsyncIterable,
            "readonly maplike<long, any>;": syntax.Maplike,
            "setlike<long>;": syntax.Setlike,
        }
        for text, kind in kinds.items():
            with self.subTest(text):
                self.assertIs(kind, type(self.member(text)))

    def test_documentation_is_the_comment_directly_above(self) -> None:
        module, _ = parse(
            "// A license.\n\n// Counts.\n// Things.\n[Exposed=*]\ninterface A { // not this\n"
            "  /** Adds.\n   *  Up. */\n  undefined f();\n  /// Old.\n\n  undefined g();\n};\n"
        )
        interface = module.definitions[0]
        self.assertEqual("Counts.\nThings.", interface.doc)
        self.assertEqual(["Adds.\nUp.", ""], [member.doc for member in syntax.members_of(interface)])


class Linking(unittest.TestCase):
    """Parts come together, and names find what they mean."""

    def test_partials_and_mixins_follow_the_interface_in_order(self) -> None:
        linked, sink = run(
            "partial interface A { undefined p(); };\n"
            "A includes M;\n"
            "interface mixin M { undefined m(); };\n"
            "interface A { undefined a(); };\n"
            "partial interface mixin M { undefined n(); };\n"
        )
        self.assertEqual([], found(sink))
        self.assertEqual(["a", "p", "m", "n"], [member.name for member in linked.interfaces["A"].members])
        self.assertEqual(("M",), linked.interfaces["A"].mixins)

    def test_inheritance_is_linked_whatever_the_order(self) -> None:
        linked, _ = run("interface C : B {}; interface B : A {}; interface A {};")
        names = [ancestor.name for ancestor in linked.interfaces["C"].ancestors()]
        self.assertEqual(["B", "A"], names)

    def test_globals_are_added_to_the_prelude(self) -> None:
        linked, sink = run("partial interface CleatGlobalScope { double hypot(double x, double y); };")
        self.assertEqual([], found(sink))
        self.assertEqual(["hypot"], [member.name for member in linked.global_scope.members])
        self.assertTrue(program.from_prelude(linked.global_scope))

    def test_typedefs_carry_extended_attributes(self) -> None:
        linked, _ = run("typedef [Clamp] octet Small; dictionary D { (Small or DOMString)? x; };")
        type = linked.dictionaries["D"].members[0].type
        inner = linked.innermost(type)
        assert isinstance(inner, syntax.UnionType)
        names = [[a.name for a in member.attributes] for member in linked.flattened_members(inner)]
        self.assertEqual([["Clamp"], []], names)

    def test_long_chains_do_not_exhaust_the_stack(self) -> None:
        count = 3000
        texts = ["typedef long T0; interface I0 {}; dictionary D0 {};"]
        for i in range(1, count):
            texts.append(f"typedef T{i - 1} T{i}; interface I{i} : I{i - 1} {{}}; dictionary D{i} : D{i - 1} {{}};")
        linked, sink = run("\n".join(texts) + f"dictionary X {{ T{count - 1} x; }};")
        self.assertEqual({"typedef-typedef"}, set(found(sink)))
        self.assertEqual(count - 1, len(linked.interfaces[f"I{count - 1}"].ancestors()))

    def test_definitions_may_replace_those_of_the_prelude(self) -> None:
        linked, sink = run("callback Function = any (any... arguments);")
        self.assertEqual([], found(sink))
        self.assertFalse(program.from_prelude(linked.callbacks["Function"]))


class CleatAttributes(unittest.TestCase):
    """Cleat's own extended attributes stand where they are meant to."""

    def test_a_program_that_uses_them_all(self) -> None:
        _, sink = run(
            '[Header="<math.h>"]\n'
            "partial interface CleatGlobalScope {\n"
            "  [ImplementedAs=hypot] double hypot(double x, double y);\n"
            "  [Throws, Capability=files, Release=free] DOMString readText([CString] USVString path);\n"
            "  [Blocking, Throws, Release=free] Promise<DOMString?> load([CString=utf16] DOMString path);\n"
            "  [CallWith=Env, NoFastCall] undefined log(any... values);\n"
            "};\n"
            '[ImplementedAs=app_image, Header="app.h", Capability=images]\n'
            "interface Image {\n"
            "  [Throws] constructor([Clamp] unsigned short width, optional [EnforceRange] long height = 1);\n"
            "  [CString=latin1, Release=free] readonly attribute DOMString name;\n"
            "  [Throws] attribute ByteString title;\n"
            "  undefined fill([AllowShared] ArrayBufferView data);\n"
            "};\n"
        )
        self.assertEqual("", diagnostics.render(sink.sorted()))


class Overloads(unittest.TestCase):
    """The example of the standard, and its table."""

    def test_effective_overload_set(self) -> None:
        linked, _ = run(
            "interface Node {}; interface Event {}; interface A {\n"
            "  undefined f(DOMString a);\n"
            "  undefined f(Node a, DOMString b, double... c);\n"
            "  undefined f();\n"
            "  undefined f(Event a, DOMString b, optional DOMString c, double... d);\n"
            "};\n"
        )
        operations = [m for m in linked.interfaces["A"].members if isinstance(m, syntax.Operation)]
        sizes = [len(overload.types) for overload in effective_overload_set(operations, 4)]
        self.assertEqual([1, 3, 4, 2, 0, 4, 3, 2], sizes)

    # The rows of the standard's table, in its order, with types of each; those of one row are not told apart, but for
    # interfaces that no object has both of.
    ROWS = {
        "undefined": ("undefined",),
        "boolean": ("boolean",),
        "numeric": ("long", "unrestricted float", "octet", "Whole"),
        "bigint": ("bigint",),
        "string": ("DOMString", "ByteString", "USVString", "E"),
        "object": ("object",),
        "symbol": ("symbol",),
        "interface-like": ("I", "J", "Uint8Array", "DataView", "ArrayBuffer", "SharedArrayBuffer"),
        "callback function": ("F",),
        "dictionary-like": ("D", "record<DOMString, any>", "C"),
        "async sequence": ("async_sequence<long>",),
        "sequence-like": ("sequence<long>", "FrozenArray<long>"),
    }
    # Under each row the columns in which the table has no mark: nothing tells these apart.
    CONFUSED: Dict[str, Set[str]] = {
        "undefined": {"undefined", "dictionary-like"},
        "boolean": {"boolean"},
        "numeric": {"numeric"},
        "bigint": {"bigint"},
        "string": {"string"},
        "object": {
            "object", "interface-like", "callback function", "dictionary-like", "async sequence", "sequence-like",
        },
        "symbol": {"symbol"},
        "interface-like": set(),
        "callback function": {"callback function"},
        "dictionary-like": {"dictionary-like"},
        "async sequence": {"async sequence", "sequence-like"},
        "sequence-like": {"sequence-like"},
    }  # fmt: skip
    DECLARED = (
        "interface I {}; interface J {}; interface K : I {}; dictionary D { required long d; }; enum E { \"a\" };\n"
        "callback F = any (); [LegacyTreatNonObjectAsNull] callback G = any (); typedef [Clamp] long Whole;\n"
        "callback interface C { undefined f(); };\n"
    )

    def test_every_cell_of_the_table(self) -> None:
        """Of two types, in unions, in overloads, and alone; whichever comes first."""
        for row, types in self.ROWS.items():
            for column, others in self.ROWS.items():
                confused = column in self.CONFUSED[row] or row in self.CONFUSED[column]
                for one, other in ((one, other) for one in types for other in others):
                    same_row = row == column == "interface-like"
                    with self.subTest(f"{one} / {other}"):
                        self.tell_apart(one, other, one != other if same_row else not confused)

    def tell_apart(self, one: str, other: str, expected: bool) -> None:
        linked, sink = run(f"{self.DECLARED} typedef ({one} or {other}) T;")
        self.assertEqual(not expected, "union-distinguishable" in found(sink))
        union = linked.typedefs["T"].type
        assert isinstance(union, syntax.UnionType)
        self.assertEqual(expected, distinguishable(linked, *union.members))
        if "undefined" in (one, other):
            return  # That is no type of arguments.
        _, sink = run(f"{self.DECLARED} interface Q {{ undefined f({one} a); undefined f({other} a); }};")
        self.assertEqual(not expected, "overload-distinguishable" in found(sink))
        numbers = {"bigint"} & {one, other} and {*self.ROWS["numeric"]} & {one, other}
        self.assertEqual(bool(numbers), "overload-bigint" in found(sink))

    def test_distinguishable(self) -> None:
        """What the table's cells do not say."""
        cases = {
            ("I", "K"): False,
            ("D", "G"): False,
            ("C", "G"): False,
            ("record<DOMString, any>", "G"): False,
            ("I", "G"): True,
            ("D", "double?"): False,
            ("C", "double?"): True,
            ("I?", "J"): True,
            ("I?", "J?"): False,
            ("undefined", "double?"): True,
            ("(D or long)", "DOMString?"): False,
            ("(I or long?)", "(J or DOMString)"): True,
            ("(I or long?)", "(J or DOMString)?"): False,
            ("(I or long)", "(J or DOMString)"): True,
            ("(I or long)", "(K or DOMString)"): False,
            ("(I or (long or boolean))", "octet"): False,
            ("[Clamp] octet", "DOMString"): True,
            ("Promise<long>", "DOMString"): False,
            ("any", "DOMString"): False,
        }
        for (one, other), expected in cases.items():
            with self.subTest(f"{one} / {other}"):
                linked, _ = run(f"{self.DECLARED} callback T = {one.replace('[Clamp] ', '')} ({other} x);")
                callback = linked.callbacks["T"]
                for first, second in (
                    (callback.type, callback.arguments[0].type),
                    (callback.arguments[0].type, callback.type),
                ):
                    self.assertEqual(expected, distinguishable(linked, first, second))


@unittest.skipUnless(os.environ.get("CLEAT_WEBREF"), "CLEAT_WEBREF names no folder of IDL files")
class Corpus(unittest.TestCase):
    """All the IDL of the web, as the npm package @webref/idl has it."""

    def test_reads_without_an_error_of_syntax_and_fast(self) -> None:
        paths = sorted(Path(os.environ["CLEAT_WEBREF"]).glob("*.idl"))
        files = [source.load(str(path)) for path in paths]
        sink = diagnostics.Sink()
        start = time.perf_counter()
        modules = [idl_parser.read(file, sink) for file in files]
        self.assertEqual("", diagnostics.render(sink.sorted()))
        check.check(link.link(modules, sink), sink)
        print(f"{len(paths)} files in {time.perf_counter() - start:.2f} s")


class Robustness(unittest.TestCase):
    """Whatever the bytes, the outcome is diagnostics and never a traceback."""

    SEED = int(os.environ.get("CLEAT_FUZZ_SEED", "20"))
    ROUNDS = int(os.environ.get("CLEAT_FUZZ_ROUNDS", "300"))

    def test_hostile_texts(self) -> None:
        deep = 100_000
        texts = [
            "",
            "\0",
            "\ud800 interface \uffff",
            "[" * deep,
            "typedef " + "sequence<" * deep,
            "typedef " + "(" * deep,
            "typedef long" + "?" * 200 + " T;",
            "interface A { [A([A(" * 2000,
            "interface A {" * 2000,
            "{" * deep + "}" * deep,
            "interface A { const long X = " + "9" * 10_000 + "; };",
            "interface A { const double X = 1e99999; };",
            "/*" + "*" * deep,
            '"' * 3,
            "enum A { " + '"a",' * 1000 + "};",
            "typedef A A; typedef B C; typedef C B; interface D : D {}; dictionary E : E { E e; };",
        ]
        for text in texts:
            with self.subTest(text[:30]):
                _, sink = run(text)
                diagnostics.render(sink.sorted())

    def test_types_that_double_at_each_typedef(self) -> None:
        """Written out they would be of 2^60 parts."""
        uses = "interface A {{ {0} f({0} x, long y); {0} f({0} x, DOMString y); {0} toJSON(); }}; dictionary D {{ {0} x; }};"
        for pattern in ("({0} or {0})", "([Clamp] {0} or {0})", "(record<DOMString, {0}> or sequence<{0}>)"):
            typedefs = "".join(f"typedef {pattern.format(f'T{i}')} T{i + 1};" for i in range(60))
            with self.subTest(pattern):
                start = time.process_time()
                _, sink = run("typedef (long or DOMString) T0;" + typedefs + uses.format("T60"))
                diagnostics.render(sink.sorted())
                self.assertLess(time.process_time() - start, 5)

    def test_mutations(self) -> None:
        random.seed(self.SEED)
        print(f"mutations with seed {self.SEED}")
        originals = [path.read_text(encoding="utf-8") for path in sorted(GOLDENS.glob("*.idl"))]
        for _ in range(self.ROUNDS):
            text = self.mutate(random.choice(originals))
            with self.subTest(text):
                _, sink = run(text)
                diagnostics.render(sink.sorted())

    def mutate(self, text: str) -> str:
        """The text with a few pieces removed, repeated, swapped for other tokens, or replaced by noise."""
        pieces = lexer.tokenize(source.SourceFile("", text), diagnostics.Sink()).texts
        vocabulary = lexer.KEYWORDS + lexer.PUNCTUATION + ["A", "B", '""', "0", "1.5", "[A", "_", "-", "\0", "/*"]
        for _ in range(random.randint(1, 6)):
            at = random.randrange(len(pieces))
            pieces[at : at + random.randint(0, 3)] = random.choices(vocabulary, k=random.randint(0, 3))
            pieces = pieces or [" "]
        if random.random() < 0.1:
            pieces.insert(0, random.randbytes(20).decode("latin-1"))
        return " ".join(pieces)


if __name__ == "__main__":
    unittest.main()
