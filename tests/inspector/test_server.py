"""The debugger's server: who finds runtimes and may attach, and what it does with those who misbehave."""

from __future__ import annotations

import socket
import threading
import unittest

from devtools import BINARY, CONTINUATION, Client, Closed, Refused
from shell import SHELL, Shell, run


class ServerTest(unittest.TestCase):
    shell: Shell

    def setUp(self) -> None:
        self.shell = Shell(self)
        self.assertEqual(self.shell.read_line(), "begun\n")

    def tearDown(self) -> None:
        """Whatever has happened, the program comes to its end, and has lost nothing."""
        if self.shell.process.poll() is None:
            with Client(self.shell.url) as client:
                client.evaluate("stop()")
        status, _, error = self.shell.finish()
        self.assertEqual(status, 0, error)

    def check_works(self) -> None:
        """Others are served still."""
        with Client(self.shell.url) as client:
            self.assertEqual(client.evaluate("6 * 7"), 42)

    def check_refused(self, status: int, text: str, path: str | None = None, **headers: str) -> None:
        with self.assertRaises(Refused) as caught, Client(self.shell.url, path, **headers):
            pass
        self.assertEqual(caught.exception.status, status)
        self.assertIn(text, caught.exception.body)
        self.check_works()

    def test_lists_runtimes(self) -> None:
        for path in "/json", "/json/list":
            (target,) = self.shell.get_json(path)
            self.assertEqual(target["id"], self.shell.id)
            self.assertEqual(target["title"], str(self.shell.path))
            self.assertEqual(target["type"], "node")
            self.assertEqual(target["url"], "file://" + str(self.shell.path).replace(" ", "%20"))
            self.assertEqual(target["webSocketDebuggerUrl"], self.shell.url)
            self.assertTrue(target["devtoolsFrontendUrl"].endswith(f"ws=127.0.0.1:{self.shell.port}/{self.shell.id}"))
        version = self.shell.get_json("/json/version")
        self.assertRegex(version["Browser"], r"^Cleat/\d")
        self.assertEqual(version["Protocol-Version"], "1.3")
        self.assertEqual(self.shell.get(f"/json/activate/{self.shell.id}"), (200, "Target activated\n"))

    def test_names_itself_as_the_client_does(self) -> None:
        status, body = self.shell.get("/json", Host="localhost:1234")
        self.assertEqual(status, 200)
        self.assertIn(f'"ws://localhost:1234/{self.shell.id}"', body)

    def test_other_paths_and_methods(self) -> None:
        self.assertEqual(self.shell.get("/")[0], 404)
        self.assertEqual(self.shell.get("/json/activate/none")[0], 404)
        self.assertEqual(self.shell.get(f"/{self.shell.id}")[0], 426)
        self.assertIn(b"405", self.shell.request(b"POST /json HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"))

    def test_a_host_that_is_a_name_is_refused(self) -> None:
        for host in "evil.example", "evil.example:9229", "127.0.0.1.evil.example", "localhost.", "[::1", "127.0.0.1:9229x", "1":
            self.assertEqual(self.shell.get("/json", Host=host)[0], 400, host)
            self.check_refused(400, "Host", Host=host)
        for host in "127.0.0.1", "LOCALHOST:1", "[::1]:9229", "192.168.1.7:9229":
            self.assertEqual(self.shell.get("/json", Host=host)[0], 200, host)
        self.check_refused(400, "Host", Host="")
        self.assertIn(b"400", self.shell.request(b"GET /json HTTP/1.1\r\n\r\n"))

    def test_pages_of_other_origins_are_refused(self) -> None:
        for origin in "http://evil.example", "http://127.0.0.1:9229", "null", "https://devtools", "xdevtools://devtools":
            self.check_refused(403, "devtools://", Origin=origin)
            self.assertEqual(self.shell.get("/json", Origin=origin)[0], 403)
        with Client(self.shell.url, Origin="devtools://devtools") as client:
            self.assertEqual(client.evaluate("1"), 1)

    def test_a_wrong_path_is_refused(self) -> None:
        changed = "/" + self.shell.id[:-1] + ("0" if self.shell.id[-1] != "0" else "1")
        for path in changed, "/", "/json", f"/{self.shell.id}/", f"/{self.shell.id}0", "/" + "x" * 3000:
            self.check_refused(404, "no runtime has this path", path)

    def test_paths_are_not_used_twice(self) -> None:
        self.assertNotEqual(Shell(self).id, self.shell.id)

    def test_messages_that_are_none(self) -> None:
        with Client(self.shell.url) as client:
            for text in "no JSON", "", "[" * 100_000, '{"method": "Runtime.enable"}', '{"id": 1e99, "method": "x"}', "{}":
                client.send_frame(text.encode())
                self.assertIn("error", client.next(), text[:50])
            client.send_frame(b'{"id": 2147483647, "method": "No.such"}')
            message = client.next()
            self.assertEqual(message["id"], 2147483647)
            self.assertIn("wasn't found", message["error"]["message"])
            self.assertEqual(client.evaluate("6 * 7"), 42)

    def test_messages_in_fragments(self) -> None:
        with Client(self.shell.url) as client:
            client.send_frame(b'{"id": 1, "method": "Runtime.eval', final=False)
            client.send_frame(b'uate", "params": {"expression', CONTINUATION, final=False)
            client.send_frame(b'": "6 * 7"}}', CONTINUATION)
            self.assertEqual(client.answer(1)["result"]["value"], 42)

    def test_messages_of_megabytes(self) -> None:
        with Client(self.shell.url) as client:
            self.assertEqual(client.evaluate("'" + "x" * 5_000_000 + "'.length"), 5_000_000)
            self.assertEqual(len(client.evaluate("'y'.repeat(5_000_000)")), 5_000_000)

    def check_closed(self, code: int | None, client: Client) -> None:
        self.assertEqual(client.wait_closed().code, code)
        self.check_works()

    def test_frames_that_are_too_large(self) -> None:
        for length in (64 << 20) + 1, 1 << 40, (1 << 63) - 1:
            with Client(self.shell.url) as client:
                client.send_frame(b"x" * 1000, length=length)
                self.check_closed(1009, client)
        with Client(self.shell.url) as client:
            client.send_frame(b"x" * 1000, final=False)
            client.send_frame(b"x" * 1000, CONTINUATION, length=64 << 20)
            self.check_closed(1009, client)

    def test_frames_that_are_wrong(self) -> None:
        with Client(self.shell.url) as client:
            client.send_frame(b"{}", BINARY)
            self.check_closed(1003, client)
        with Client(self.shell.url) as client:
            client.send_frame(b'"\xff\xfe"')
            self.check_closed(1007, client)
        for frame in b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x83\x80\0\0\0\0", b"GET / HTTP/1.1\r\n\r\n":
            with Client(self.shell.url) as client:
                client.send_raw(frame)
                client.wait_closed()
            self.check_works()

    def test_requests_that_are_none(self) -> None:
        for text in b"\0" * 5000, b"GET " + b"x" * 100_000, b"\r\n\r\n\r\n", b"GET /json HTTP/1.1\r\n" + b"A: b\r\n" * 10_000:
            self.shell.request(text)
            self.check_works()

    def test_connections_that_say_nothing(self) -> None:
        silent = [socket.create_connection((self.shell.host, self.shell.port)) for _ in range(30)]
        for connection in silent:
            self.addCleanup(connection.close)
            connection.settimeout(30)
        silent[0].sendall(b"GET /json HT")
        self.check_works()
        # They are closed after a while.
        self.assertEqual(silent[0].recv(1), b"")
        self.assertEqual(silent[1].recv(1), b"")
        self.check_works()

    def test_a_debugger_that_does_not_read(self) -> None:
        with Client(self.shell.url) as client:
            client.ask("Runtime.enable")
            client.send("Runtime.evaluate", expression="'x'.repeat(1 << 25)", returnByValue=True)
            self.check_works()
            with Client(self.shell.url) as other:
                other.evaluate("stop()")
            # It does not keep the program from ending.
            self.shell.process.wait(timeout=60)

    def test_a_debugger_that_goes_without_a_word(self) -> None:
        client = Client(self.shell.url)
        client.ask("Debugger.enable")
        client.send("Runtime.evaluate", expression="debugger; 1")
        client.wait("Debugger.paused")
        client.socket.close()
        self.check_works()

    def test_coming_and_going(self) -> None:
        def come_and_go() -> None:
            for _ in range(10):
                with Client(self.shell.url) as client:
                    client.ask("Debugger.enable")
                    client.send("Runtime.evaluate", expression="debugger; 1")

        threads = [threading.Thread(target=come_and_go) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.check_works()

    def test_ending_tells_debuggers_all_that_was_left(self) -> None:
        with Client(self.shell.url) as client:
            client.ask("Runtime.enable")
            client.evaluate("console.log('last words'), stop()")
            words = client.wait("Runtime.consoleAPICalled")
            while words["args"][0]["value"] != "last words":
                words = client.wait("Runtime.consoleAPICalled")
            self.assertEqual(client.wait_closed().code, 1001)
        self.assertEqual(self.shell.finish(), (0, "last words\n", "Debugger attached.\n"))


class OptionsTest(unittest.TestCase):
    def test_addresses(self) -> None:
        for option, host in ("--inspect=localhost:0", "127.0.0.1"), ("--inspect=127.0.0.2:0", "127.0.0.2"):
            shell = Shell(self, option=option)
            self.assertEqual(shell.host, host)
            with Client(shell.url) as client:
                self.assertEqual(client.evaluate("1"), 1)

    def test_the_address_of_ipv6(self) -> None:
        try:
            with socket.create_server(("::1", 0), family=socket.AF_INET6):
                pass
        except OSError as error:
            self.skipTest(f"no IPv6 here: {error}")
        shell = Shell(self, option="--inspect=[::1]:0")
        self.assertEqual(shell.host, "[::1]")
        self.assertEqual(shell.get_json("/json")[0]["webSocketDebuggerUrl"], shell.url)
        with Client(shell.url) as client:
            self.assertEqual(client.evaluate("1"), 1)

    def test_a_port_that_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            message = f"cleat: the inspector cannot listen on 127.0.0.1:{port}: Address already in use\n"
            self.assertEqual(run(f"--inspect={port}", "-e", "console.log(1)"), (1, message))

    def test_wrong_options(self) -> None:
        hint = "\nTry 'cleat --help'.\n"
        for value in "x", "", "1.2.3", "65536", "-1", "127.0.0.1:", "127.0.0.1:x", "[::1]", ":1":
            message = f"cleat: no address to listen on: --inspect={value}{hint}"
            self.assertEqual(run(f"--inspect={value}", "-e", "1"), (2, message))
        self.assertEqual(run("--inspect-x", "-e", "1"), (2, f"cleat: no such option: --inspect-x{hint}"))
        message = "cleat: option host: 'host.example' is no IP address; give one of this machine's, or \"localhost\"\n"
        self.assertEqual(run("--inspect=host.example:1", "-e", "1"), (1, message))


if __name__ == "__main__":
    unittest.main()
