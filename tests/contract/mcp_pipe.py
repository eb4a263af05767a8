"""`psyche-monitor mcp` as a running program: lines to it and lines from it, for the tests of both.

    with Server(url=sim.url) as server:
        result = server.ask("tools/list")["result"]

Leaving the block ends it as a client does, by closing its standard input, and checks how it ended."""

import contextlib
import io
import json
import queue
import subprocess
import threading
import time

from harness import NOW, Cli, equal, make_list, make_page, make_run, read_json, true

IDS = [f"run-{number}" for number in range(40)]
RUNS = {"runs.json": make_list([make_run(run_id) for run_id in IDS]),
        **{f"run/{run_id}/0.json": make_page(make_run(run_id)) for run_id in IDS}}
CLIENT = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
TIMEOUT_MS = 4000  # of a call whose network does not answer
PATIENCE_S = 25
# A sanitizer reserves address space, keeps what was freed, and takes a second to end a process.
IS_SANITIZED = Cli.path.parent.name in ("asan", "tsan")


def pack(message):
    text = message if isinstance(message, bytes) else json.dumps(message, ensure_ascii=False).encode()
    return text + b"\n"


class Server:
    """The running program, its lines as they come, and a little of a client."""

    def __init__(self, *words, url=None, is_open=True):
        settings = {"now": NOW, "timeout_ms": str(TIMEOUT_MS)} if url else {"offline": True}
        cli = Cli(url, settings=settings)
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        self.process = subprocess.Popen(cli.command("mcp", *words), env=cli.environment, bufsize=0, **pipes)
        self.lines, self.kept, self.last_id = queue.Queue(), [], 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        if is_open:
            self.reader.start()
            self.opened = self.ask("initialize", CLIENT)
            self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def _read(self):
        with contextlib.suppress(ValueError, OSError):
            for line in io.BufferedReader(self.process.stdout):
                self.lines.put(line)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None and self.process.poll() is None and self.reader.is_alive():
                equal(self.end()[0], 0, "exit status at the end of input")
        finally:
            self.process.kill()
            self.process.wait(PATIENCE_S)
            for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
                with contextlib.suppress(OSError):
                    pipe.close()

    def send(self, *messages):
        with contextlib.suppress(BrokenPipeError):
            data = b"".join(map(pack, messages))
            while data:
                data = data[self.process.stdin.write(data):]

    def next(self, seconds=PATIENCE_S):
        """The next line as (bytes, JSON)."""
        line = self.lines.get(timeout=seconds)
        true(line.endswith(b"\n"), f"a whole line: {line[-60:]!r}")
        return line, read_json(line)

    def wait(self, wanted, seconds=PATIENCE_S):
        """The first message for which wanted(it); others are kept for later waits."""
        for at, message in enumerate(self.kept):
            if wanted(message):
                return self.kept.pop(at)
        end = time.monotonic() + seconds
        while True:
            _, message = self.next(max(0.01, end - time.monotonic()))
            if wanted(message):
                return message
            self.kept.append(message)

    def answer(self, request_id, seconds=PATIENCE_S):
        """That of a request; 1 and "1" are two."""
        def is_it(message):
            given = message.get("id")
            return "method" not in message and given == request_id and isinstance(given, type(request_id))
        return self.wait(is_it, seconds)

    def start(self, method, params=None, request_id=None):
        if request_id is None:
            self.last_id += 1
            request_id = self.last_id
        # Key order of one real client: the version and the id stand last.
        given = {} if params is None else {"params": params}
        self.send({"method": method, **given, "jsonrpc": "2.0", "id": request_id})
        return request_id

    def ask(self, method, params=None, seconds=PATIENCE_S):
        return self.answer(self.start(method, params), seconds)

    def call(self, arguments, request_id=None, token=None):
        params = {"name": "psyche_monitor", "arguments": arguments}
        if token is not None:
            params["_meta"] = {"progressToken": token}
        return self.start("tools/call", params, request_id)

    def cancel(self, request_id, **more):
        self.send({"jsonrpc": "2.0", "method": "notifications/cancelled",
                   "params": {"requestId": request_id, **more}})

    def end(self):
        """Closes standard input; (exit status, seconds, what was left to read)."""
        started = time.monotonic()
        self.process.stdin.close()
        return self.ended(started)

    def ended(self, started):
        status = self.process.wait(PATIENCE_S)
        seconds = time.monotonic() - started
        self.reader.join(PATIENCE_S)
        rest = [self.lines.get() for _ in range(self.lines.qsize())]
        equal(self.process.stderr.read(), b"", "standard error")
        return status, seconds, rest


def code_of(message):
    return message.get("error", {}).get("code")


def no_more(server, what):
    """Nothing but the answer to this ping comes."""
    equal(server.ask("ping")["result"], {}, f"{what}: ping")
    equal([m for m in server.kept if "method" not in m], [], f"{what}: nothing else is said")
