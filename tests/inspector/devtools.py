"""A client of the Chrome DevTools Protocol that can also misbehave: WebSocket (RFC 6455) on a socket."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import struct
from typing import Any, Optional

TEXT, BINARY, CLOSE, PING, CONTINUATION = 1, 2, 8, 9, 0


class Refused(Exception):
    """The answer to a handshake that was refused."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class Closed(Exception):
    """The server has closed the connection."""

    def __init__(self, code: Optional[int], reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Failed(Exception):
    """The error that a command was answered with."""


class Client:
    def __init__(self, url: str, path: Optional[str] = None, **headers: str) -> None:
        """Connects; `headers` take the place of what a handshake has, with "_" for "-"; "" leaves one out."""
        self.authority, _, own_path = url[len("ws://") :].partition("/")
        host, _, port = self.authority.rpartition(":")
        self.socket = socket.create_connection((host.strip("[]"), int(port)), timeout=30)
        self.rest = b""
        self.last_id = 0
        self.messages: list[dict[str, Any]] = []
        try:
            self._shake_hands("/" + own_path if path is None else path, headers)
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    # WebSocket

    def _shake_hands(self, path: str, headers: dict[str, str]) -> None:
        lines = {
            "Host": self.authority,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
        }
        lines.update((name.replace("_", "-"), value) for name, value in headers.items())
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\n{text}\r\n".encode())
        head = self._read_until(b"\r\n\r\n").decode()
        status = int(head.split()[1]) if head else 0
        if status != 101:
            length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
            raise Refused(status, self._read(int(length[1])).decode() if length else "")

    def _read_more(self) -> bytes:
        try:
            return self.socket.recv(1 << 16)
        except ConnectionResetError:
            return b""

    def _read_until(self, end: bytes) -> bytes:
        while end not in self.rest:
            more = self._read_more()
            if not more:
                return b""
            self.rest += more
        head, _, self.rest = self.rest.partition(end)
        return head

    def _read(self, length: int) -> bytes:
        parts = [self.rest]
        have = len(self.rest)
        while have < length:
            more = self._read_more()
            if not more:
                raise Closed(None, "without a word")
            parts.append(more)
            have += len(more)
        data = b"".join(parts)
        self.rest = data[length:]
        return data[:length]

    def send_raw(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_frame(
        self, payload: bytes, opcode: int = TEXT, final: bool = True, length: Optional[int] = None, masked: bool = True
    ) -> None:
        """Sends a frame, which may say that it has another length than it has."""
        length = len(payload) if length is None else length
        head = bytes([(0x80 if final else 0) | opcode])
        mark = 0x80 if masked else 0
        if length < 126:
            head += bytes([mark | length])
        elif length < 1 << 16:
            head += bytes([mark | 126]) + struct.pack(">H", length)
        else:
            head += bytes([mark | 127]) + struct.pack(">Q", length)
        # With a mask of zeros the payload stays as it is.
        self.send_raw(head + (bytes(4) if masked else b"") + payload)

    def read_message(self) -> str:
        first, second = self._read(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self._read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._read(8))
        payload = self._read(length)
        if first & 0x0F == CLOSE:
            code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None
            raise Closed(code, payload[2:].decode())
        assert first == 0x80 | TEXT, f"a frame of kind {first:#x}"
        return payload.decode()

    def wait_closed(self) -> Closed:
        """Reads what is left, until the server closes the connection."""
        try:
            while True:
                self.read_message()
        except Closed as closed:
            return closed

    # The protocol

    def send(self, method: str, **parameters: Any) -> int:
        self.last_id += 1
        self.send_frame(json.dumps({"id": self.last_id, "method": method, "params": parameters}).encode())
        return self.last_id

    def next(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.read_message())
        return message

    def answer(self, number: int) -> Any:
        for message in self.messages:
            if message.get("id") == number:
                self.messages.remove(message)
                break
        else:
            while (message := self.next()).get("id") != number:
                self.messages.append(message)
        if "error" in message:
            raise Failed(message["error"]["message"])
        return message["result"]

    def ask(self, method: str, **parameters: Any) -> Any:
        return self.answer(self.send(method, **parameters))

    def wait(self, event: str) -> Any:
        """The parameters of the first such event that was not waited for yet."""
        for message in self.messages:
            if message.get("method") == event:
                self.messages.remove(message)
                return message["params"]
        while (message := self.next()).get("method") != event:
            self.messages.append(message)
        return message["params"]

    def evaluate(self, expression: str, **parameters: Any) -> Any:
        """The value of an expression."""
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True, **parameters)["result"].get("value")
