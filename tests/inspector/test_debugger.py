"""Debugging a script of the shell: breakpoints, steps, frames, exceptions, console, profiles, heap snapshots."""

from __future__ import annotations

import json
import unittest

from devtools import Client, Failed
from shell import Shell

SCRIPT = """\
function add(a, b) {
  const sum = a + b;
  return sum;
}
var total = 0;
for (let i = 1; i <= 3; i++) {
  total = add(total, i);
}
console.log('total', total, { nested: [1, 2] });
"""


class DebuggerTest(unittest.TestCase):
    def attach(self, source: str, option: str = "--inspect-brk=0") -> Client:
        self.shell = Shell(self, source, option)
        client = Client(self.shell.url)
        self.addCleanup(client.socket.close)
        client.ask("Runtime.enable")
        client.ask("Debugger.enable")
        return client

    def start(self, source: str) -> Client:
        """A client of a script that pauses at its first statement."""
        client = self.attach(source)
        client.send("Runtime.runIfWaitingForDebugger")
        self.assertEqual(client.wait("Debugger.paused")["reason"], "Break on start")
        return client

    def resume(self, client: Client) -> None:
        client.ask("Debugger.resume")

    def test_pauses_at_the_first_statement(self) -> None:
        client = self.attach(SCRIPT)
        client.send("Runtime.runIfWaitingForDebugger")
        script = client.wait("Debugger.scriptParsed")
        self.assertEqual(script["url"], "file://" + str(self.shell.path).replace(" ", "%20"))
        paused = client.wait("Debugger.paused")
        self.assertEqual(paused["reason"], "Break on start")
        self.assertEqual(paused["callFrames"][0]["location"]["lineNumber"], 4)
        self.assertEqual(client.evaluate("typeof total"), "undefined")
        source = client.ask("Debugger.getScriptSource", scriptId=script["scriptId"])
        self.assertEqual(source["scriptSource"], SCRIPT)
        self.resume(client)
        self.assertEqual(self.shell.read_line(), "total 6 { nested: [ 1, 2 ] }\n")
        self.assertEqual(self.shell.finish()[0], 0)

    def test_waits_until_it_is_told_to_run(self) -> None:
        client = self.attach("console.log('ran', typeof before)", "--inspect-wait=0")
        client.evaluate("var before = 1")
        client.ask("Runtime.runIfWaitingForDebugger")
        self.assertEqual(self.shell.read_line(), "ran number\n")

    def test_breakpoints_steps_and_frames(self) -> None:
        client = self.start(SCRIPT)
        url = "file://" + str(self.shell.path).replace(" ", "%20")
        point = client.ask("Debugger.setBreakpointByUrl", url=url, lineNumber=1, condition="a === 1")
        self.resume(client)
        paused = client.wait("Debugger.paused")
        self.assertEqual(paused["hitBreakpoints"], [point["breakpointId"]])
        self.assertEqual([frame["functionName"] for frame in paused["callFrames"]], ["add", ""])
        frame = paused["callFrames"][0]
        scope = client.ask("Runtime.getProperties", objectId=frame["scopeChain"][0]["object"]["objectId"])
        values = {each["name"]: each.get("value", {}).get("value") for each in scope["result"]}
        self.assertEqual(values, {"a": 1, "b": 2, "sum": None})
        client.ask("Debugger.stepOver")
        self.assertEqual(client.wait("Debugger.paused")["callFrames"][0]["location"]["lineNumber"], 2)
        changed = client.ask("Debugger.evaluateOnCallFrame", callFrameId=frame["callFrameId"], expression="[a, b, sum].join()")
        self.assertEqual(changed["result"]["value"], "1,2,3")
        client.ask("Debugger.setVariableValue", scopeNumber=0, variableName="a", newValue={"value": 7}, callFrameId=frame["callFrameId"])
        client.ask("Debugger.stepOut")
        client.wait("Debugger.paused")
        client.ask("Debugger.stepInto")
        client.wait("Debugger.paused")
        client.ask("Debugger.removeBreakpoint", breakpointId=point["breakpointId"])
        self.resume(client)
        self.assertEqual(self.shell.read_line(), "total 6 { nested: [ 1, 2 ] }\n")

    def test_pauses_on_exceptions(self) -> None:
        client = self.start("try { throw 1 } catch {}\nsetTimeout(() => { throw new TypeError('later') })")
        client.ask("Debugger.setPauseOnExceptions", state="uncaught")
        self.resume(client)
        paused = client.wait("Debugger.paused")
        self.assertEqual(paused["reason"], "exception")
        self.assertIn("TypeError: later", paused["data"]["description"])
        self.resume(client)
        thrown = client.wait("Runtime.exceptionThrown")["exceptionDetails"]
        self.assertIn("TypeError: later", thrown["exception"]["description"])
        self.assertEqual((thrown["lineNumber"], thrown["columnNumber"]), (1, 19))
        self.assertTrue(thrown["stackTrace"]["callFrames"])
        status, _, error = self.shell.finish()
        self.assertEqual(status, 1)
        self.assertIn("TypeError: later", error)

    def test_pauses_on_promises_that_nobody_handles(self) -> None:
        client = self.start("Promise.resolve().then(() => { throw new Error('handled') }).catch(() => {});\nasync function f() { throw new Error('rejected') }\nf()")
        client.ask("Debugger.setPauseOnExceptions", state="uncaught")
        self.resume(client)
        self.assertIn("Error: rejected", client.wait("Debugger.paused")["data"]["description"])
        self.resume(client)
        thrown = client.wait("Runtime.exceptionThrown")["exceptionDetails"]
        self.assertIn("Error: rejected", thrown["exception"]["description"])

    def test_shows_the_console(self) -> None:
        client = self.start(
            "console.log('text', 1, { a: [1] });\nconsole.error(new Error('shown'));\nconsole.count('times');\nconsole.table([{ a: 1 }]);\n"
            "console.group('group');\nconsole.groupEnd();\nconsole.assert(false, 'asserted');\nconsole.time('t');\nconsole.timeEnd('t');\nconsole.trace();\n"
            "console.dir({ a: 1 });\nconsole.assert(true);\nconsole.clear();"
        )
        self.resume(client)
        seen = [client.wait("Runtime.consoleAPICalled") for _ in range(11)]
        self.assertEqual(
            [each["type"] for each in seen],
            ["log", "error", "count", "table", "startGroup", "endGroup", "assert", "timeEnd", "trace", "dir", "clear"],
        )
        text, number, thing = seen[0]["args"]
        self.assertEqual((text["value"], number["value"], thing["description"]), ("text", 1, "Object"))
        (place,) = seen[0]["stackTrace"]["callFrames"]
        self.assertEqual((place["functionName"], place["lineNumber"]), ("", 0))
        self.assertIn("Error: shown", seen[1]["args"][0]["description"])
        self.assertEqual(seen[2]["args"][0]["value"], "times: 1")
        self.assertEqual(seen[6]["args"][0]["value"], "asserted")
        self.assertRegex(seen[7]["args"][0]["value"], r"^t: [\d.e-]+ ms$")
        _, out, _ = self.shell.finish()
        self.assertIn("text 1 { a: [ 1 ] }\n", out)

    def test_shows_what_the_console_said_before(self) -> None:
        self.shell = Shell(self, "console.log('early'); setInterval(() => {}, 1000)", "--inspect=0")
        self.assertEqual(self.shell.read_line(), "early\n")
        with Client(self.shell.url) as client:
            client.ask("Runtime.enable")
            self.assertEqual(client.wait("Runtime.consoleAPICalled")["args"][0]["value"], "early")

    def test_knows_where_timers_were_set(self) -> None:
        client = self.start("function setter() {\n  setTimeout(function late() { debugger })\n}\nsetter()")
        client.ask("Debugger.setAsyncCallStackDepth", maxDepth=8)
        self.resume(client)
        parent = client.wait("Debugger.paused")["asyncStackTrace"]
        self.assertEqual(parent["description"], "setTimeout")
        self.assertEqual(parent["callFrames"][0]["functionName"], "setter")

    def test_interrupts_an_endless_loop(self) -> None:
        client = self.start("let n = 0;\nfor (;;) {\n  n++;\n}")
        self.resume(client)
        client.ask("Debugger.pause")
        paused = client.wait("Debugger.paused")
        self.assertEqual(paused["reason"], "other")
        self.resume(client)
        client.send("Runtime.terminateExecution")
        status, _, error = self.shell.finish()
        self.assertEqual(status, 1)
        self.assertIn("terminated by a debugger", error)

    def test_profiles(self) -> None:
        client = self.start("function busy() { for (let i = 0; i < 3e7; i++) Math.sqrt(i) }\nbusy();\ndebugger;")
        client.ask("Profiler.enable")
        client.ask("Profiler.setSamplingInterval", interval=200)
        client.ask("Profiler.start")
        self.resume(client)
        client.wait("Debugger.paused")
        profile = client.ask("Profiler.stop")["profile"]
        busy = [node for node in profile["nodes"] if node["callFrame"]["functionName"] == "busy"]
        self.assertTrue(busy)
        self.assertIn(busy[0]["id"], profile["samples"])

    def test_covers(self) -> None:
        client = self.start("function run() {}\nfunction unused() {}\nrun();\ndebugger;")
        client.ask("Profiler.enable")
        client.ask("Profiler.startPreciseCoverage", callCount=True, detailed=True)
        self.resume(client)
        client.wait("Debugger.paused")
        (script,) = [each for each in client.ask("Profiler.takePreciseCoverage")["result"] if each["url"].startswith("file:")]
        counts = {each["functionName"]: each["ranges"][0]["count"] for each in script["functions"]}
        self.assertEqual((counts["run"], counts.get("unused", 0)), (1, 0))

    def test_takes_heap_snapshots(self) -> None:
        client = self.start("class Marked { constructor() { this.text = 'kept' } }\nglobalThis.kept = new Marked();\ndebugger;")
        self.resume(client)
        client.wait("Debugger.paused")
        client.ask("HeapProfiler.enable")
        client.ask("HeapProfiler.takeHeapSnapshot", reportProgress=True)
        chunks = [each["params"]["chunk"] for each in client.messages if each.get("method") == "HeapProfiler.addHeapSnapshotChunk"]
        snapshot = json.loads("".join(chunks))
        self.assertGreater(snapshot["snapshot"]["node_count"], 1000)
        self.assertIn("Marked", snapshot["strings"])
        self.assertTrue(any(each.get("method") == "HeapProfiler.reportHeapSnapshotProgress" for each in client.messages))
        client.ask("HeapProfiler.startSampling")
        client.ask("Debugger.evaluateOnCallFrame", callFrameId=self.frame(client), expression="kept.more = new Array(100000).fill('x')")
        self.assertIn("head", client.ask("HeapProfiler.stopSampling")["profile"])

    def frame(self, client: Client) -> str:
        client.ask("Debugger.stepOver")
        frame: str = client.wait("Debugger.paused")["callFrames"][0]["callFrameId"]
        return frame

    def test_evaluates_with_a_time_limit_and_awaits(self) -> None:
        client = self.start("setInterval(() => {}, 10)")
        self.resume(client)
        self.assertEqual(client.evaluate("(async () => { await null; return 6 * 7 })()", awaitPromise=True), 42)
        value = client.evaluate("new Promise((resolve) => setTimeout(resolve, 20, 'timer'))", awaitPromise=True)
        self.assertEqual(value, "timer")
        with self.assertRaises(Failed):
            client.ask("Runtime.evaluate", expression="for (;;) {}", timeout=50)
        self.assertEqual(client.evaluate("6 * 7"), 42)

    def test_edits_a_script_that_runs(self) -> None:
        client = self.start("function f() { return 'old' }\nglobalThis.mark = 1;\ndebugger;\nconsole.log(f())")
        script = client.wait("Debugger.scriptParsed")
        self.resume(client)
        client.wait("Debugger.paused")
        changed = "function f() { return 'new' }\nglobalThis.mark = 1;\ndebugger;\nconsole.log(f())"
        client.ask("Debugger.setScriptSource", scriptId=script["scriptId"], scriptSource=changed)
        self.resume(client)
        self.assertEqual(self.shell.read_line(), "new\n")

    def test_several_debuggers(self) -> None:
        first = self.start("globalThis.mark = 1;\ndebugger;\nconsole.log('ended')")
        with Client(self.shell.url) as second:
            second.ask("Debugger.enable")
            self.assertEqual(second.wait("Debugger.paused")["callFrames"][0]["location"]["lineNumber"], 0)
            self.resume(second)
            self.assertEqual(first.wait("Debugger.paused")["callFrames"][0]["location"]["lineNumber"], 1)
            second.wait("Debugger.paused")
        self.assertEqual(first.evaluate("mark"), 1)
        self.resume(first)
        self.assertEqual(self.shell.read_line(), "ended\n")

    def test_a_script_that_throws_before_anybody_attached(self) -> None:
        client = self.attach("throw new Error('at once')")
        client.send("Runtime.runIfWaitingForDebugger")
        client.wait("Debugger.paused")
        client.socket.close()
        status, _, error = self.shell.finish()
        self.assertEqual(status, 1)
        self.assertIn("Error: at once", error)


if __name__ == "__main__":
    unittest.main()
