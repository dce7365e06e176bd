"""All the IDL of the web: what is found in it is true, nothing of it is refused, and its C compiles."""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Dict, List, Tuple

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(TOP / "bindgen"))

import check  # noqa: E402
import diagnostics  # noqa: E402
import idl_parser  # noqa: E402
import link  # noqa: E402
import lower  # noqa: E402
import npm  # noqa: E402
import render  # noqa: E402
import source  # noqa: E402
from emit_stubs import emit_stubs  # noqa: E402
from expose import expose  # noqa: E402
from model import Set  # noqa: E402
from naming import Naming  # noqa: E402
from program import Program  # noqa: E402

# How many places are refused. Lower it when fewer are; a change that needs it higher has broken something.
REFUSED = 0

# What the standard does not allow and the specifications of the web have, each by the rule that finds it, and how it would
# have to be written.
MENDED: Dict[str, List[Tuple[str, str, str]]] = {
    # [SameObject] is for read only attributes of an interface type or object.
    "css-images-4.idl": [("attribute-use", "[SameObject] readonly attribute any", "readonly attribute any")],
    "notifications.idl": [("attribute-use", "[SameObject] readonly attribute any", "readonly attribute any")],
    "savedata.idl": [("attribute-use", "[SameObject] readonly", "readonly")],
    "css-typed-om.idl": [
        ("attribute-place", "[SameObject] StylePropertyMapReadOnly computed", "StylePropertyMapReadOnly computed"),
        # One of them inherits from the other.
        ("union-distinguishable", "(CSSColorValue or CSSStyleValue) parse", "CSSStyleValue parse"),
    ],
    # Two enumerations, two dictionaries.
    "digital-credentials.idl": [
        (
            "union-distinguishable",
            "(DigitalCredentialPresentationProtocol or DigitalCredentialIssuanceProtocol)",
            "DigitalCredentialPresentationProtocol",
        )
    ],
    "secure-payment-confirmation.idl": [
        (
            "union-distinguishable",
            "(CollectedClientAdditionalPaymentData or CollectedClientAdditionalPaymentRegistrationData)",
            "CollectedClientAdditionalPaymentData",
        )
    ],
    # The interfaces themselves are exposed to Window only.
    "mediacapture-extensions.idl": [
        ("exposed-subset", "[Exposed=(Window,DedicatedWorker), Transferable]\npartial", "[Exposed=Window]\npartial"),
        (
            "exposed-subset",
            "[Exposed=(Window,DedicatedWorker)]\npartial interface MediaStream {",
            "[Exposed=Window]\npartial interface MediaStream {",
        ),
    ],
    # null is no default value of a type that is not nullable.
    "push-api.idl": [
        ("default-value", "PushSubscription newSubscription = null", "PushSubscription? newSubscription = null"),
        ("default-value", "PushSubscription oldSubscription = null", "PushSubscription? oldSubscription = null"),
    ],
    "css-layout-api.idl": [("default-value", "BreakTokenOptions breakToken = null", "BreakTokenOptions breakToken")],
    # A dictionary member is of no nullable dictionary type, an attribute of none that has a dictionary.
    "intersection-observer.idl": [("nullable-dictionary", "required DOMRectInit? root", "required DOMRectInit root")],
    "reporting.idl": [("nullable-dictionary", "ReportBody? body;\n};", "ReportBody body;\n};")],
    "webxr-dom-overlays.idl": [
        ("nullable-dictionary", "XRDOMOverlayInit? domOverlay", "XRDOMOverlayInit domOverlay"),
        ("attribute-type", "attribute XRDOMOverlayState? domOverlayState", "attribute object? domOverlayState"),
    ],
    # An exception takes its message first, and optionally.
    "mediacapture-streams.idl": [
        (
            "exception-constructor",
            'constructor(DOMString constraint, optional DOMString message = "")',
            'constructor(optional DOMString message = "", optional DOMString constraint)',
        )
    ],
    # toJSON with [Default] gives an object; [EnforceRange] stands before the type.
    "webcodecs.idl": [("attribute-use", "[Default] VideoColorSpaceInit toJSON", "[Default] object toJSON")],
    "webrtc.idl": [
        ("attribute-use", "[Default] RTCSessionDescriptionInit toJSON", "[Default] object toJSON"),
        ("attribute-place", "[EnforceRange] attribute unsigned long buffered", "attribute [EnforceRange] unsigned long buffered"),
        (
            "exception-constructor",
            'constructor(RTCErrorInit init, optional DOMString message = "")',
            'constructor(optional DOMString message = "", optional RTCErrorInit init)',
        ),
    ],
    # Nothing is converted to the type of a readonly attribute.
    "webrtc-encoded-transform.idl": [(
            "attribute-use",
            "readonly attribute CryptoKeyID? keyID",
            "readonly attribute (unsigned long long or bigint)? keyID",
        )
    ],
    # Another specification has that constructor already.
    "mediacapture-surface-control.idl": [("overload-distinguishable", "  constructor();\n", "")],
    # The first argument is optional in one of the overloads that take two, and not in the other.
    "urlpattern.idl": [("overload-before-index", "constructor(optional URLPatternInput input = {}, ", "constructor(")],
}
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only"]


def reason(found: diagnostics.Diagnostic) -> str:
    """What is wrong, without the names of the place."""
    return re.sub(r"'[^']*'|(?<=: )\w+$|(?<=type )\w+", "X", f"{found.rule}: {found.message}")


def errors(files: List[source.SourceFile]) -> Tuple[Program, List[diagnostics.Diagnostic]]:
    """The program, and the errors that the check finds in it."""
    sink = diagnostics.Sink()
    program = link.link([idl_parser.read(file, sink) for file in files], sink)
    check.check(program, sink)
    return program, [found for found in sink.sorted() if found.severity == diagnostics.ERROR]


def mended(files: List[source.SourceFile]) -> List[source.SourceFile]:
    made = []
    for file in files:
        text = file.text
        for _, wrong, right in MENDED.get(Path(file.path).name, ()):
            assert wrong in text, f"{file.path} has no '{wrong}' any more"
            text = text.replace(wrong, right, 1)
        made.append(source.SourceFile(file.path, text))
    return made


@lru_cache(maxsize=None)
def lowered(test: unittest.TestCase) -> Tuple[Program, Set, diagnostics.Sink]:
    """The program of the mended files, its model, and what is refused."""
    program, found = errors(mended(npm.webref(test)))
    test.assertEqual("", diagnostics.render(found))
    sink = diagnostics.Sink()
    return program, lower.lower(program, Naming("web"), ["@webref/idl"], sink), sink


class Web(unittest.TestCase):
    def setUp(self) -> None:
        gc.disable()
        self.addCleanup(gc.enable)

    def test_what_is_found_is_true(self) -> None:
        _, found = errors(npm.webref(self))
        places = Counter((Path(one.span.file.path).name, one.rule) for one in found)
        self.assertEqual(places, Counter((file, rule) for file, those in MENDED.items() for rule, _, _ in those))

    def test_what_is_refused(self) -> None:
        _, _, sink = lowered(self)
        counts = Counter(reason(found) for found in sink.sorted())
        total = sum(counts.values())
        print(f"# {total} places are refused", *(f"#{n:6} {text}" for text, n in counts.most_common()), sep="\n")
        self.assertLessEqual(total, REFUSED)

    def test_what_a_window_has_is_less(self) -> None:
        program, _, _ = lowered(self)
        sink = diagnostics.Sink()
        exposed = expose(program, {"Window"}, sink)
        lower.lower(exposed, Naming("web"), ["@webref/idl"], sink)
        self.assertIn("Window", exposed.interfaces)
        self.assertEqual([name for name in ("WorkerNavigator", "ServiceWorkerGlobalScope") if name in exposed.interfaces], [])
        self.assertEqual(sink.sorted(), [])

    @unittest.skipUnless(os.environ.get("CLEAT_THOROUGH"), "set CLEAT_THOROUGH for what takes long")
    def test_the_c_of_all_compiles(self) -> None:
        program, model, _ = lowered(self)
        folder = Path(tempfile.mkdtemp(prefix="cleat-webref-"))
        self.addCleanup(shutil.rmtree, folder)
        header, glue = render.render(model)
        texts = {"web.h": header, "web.c": glue, "web_stubs.c": emit_stubs(program, model)}
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        # GCC takes minutes to look at the indentation of a file so long.
        self.compile(["cc", "-std=c11", "-Wno-misleading-indentation"], folder / "web.c")
        self.compile(["cc", "-std=c11", "-Wno-misleading-indentation"], folder / "web_stubs.c")
        self.compile(["c++", "-std=c++17", "-x", "c++"], folder / "web.h")

    def compile(self, compiler: List[str], path: Path) -> None:
        folders = [f"-I{folder}" for folder in (path.parent, TOP / "runtime" / "include", TOP / "generated")]
        run = subprocess.run([*compiler, *WARNINGS, *folders, str(path)], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr[:4000])


if __name__ == "__main__":
    unittest.main()
