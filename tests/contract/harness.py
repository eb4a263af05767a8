"""What the contract tests share: the command, the library as a host loads it, and checks.

    @test
    def a_subject():
        with Simulator({...}) as sim, LIB.open({"override": {"dashboard.url": sim.url}}) as monitor:
            reply = monitor.call({"action": "list_runs"})
            equal(reply.status, 0, "status")

    sys.exit(main())

A check that fails is counted and the test goes on; an exception ends its test. The programs come
from $PSYCHE_BUILD_DIR, or from build/release. Importing this module gives the process, and so every
child and the library in it, an environment without settings: an empty home, no proxy."""

import atexit
import collections
import concurrent.futures
import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from os import environ

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(environ.get("PSYCHE_BUILD_DIR") or ROOT / "build" / "release").resolve()
environ["PSYCHE_BUILD_DIR"] = str(BUILD)

from simulator import DEAD_RESOLVER, Simulator, make_certificates, write_folder  # noqa: E402,F401

NOW = "2026-11-21T04:49:51Z"             # a little after the recordings in tests/data were made
BRIEF_BYTES, FULL_BYTES = 4800, 8000
EXIT = {"internal": 1, "no_memory": 1, "forked": 1, "closed": 1, "bad_request": 2,
        "unknown_action": 2, "no_source": 5, "bad_config": 6, "cancelled": 130}
COMMAND_SECONDS = 30

SCRATCH = pathlib.Path(tempfile.mkdtemp(prefix="psyche-contract-"))
_pid = os.getpid()


@atexit.register
def _drop_scratch():
    if os.getpid() == _pid:               # not in a forked child
        shutil.rmtree(SCRATCH, ignore_errors=True)


def empty_environment():
    home = SCRATCH / "home"
    home.mkdir(exist_ok=True)
    for name in list(environ):
        is_setting = name.startswith("PSYCHE_") and name != "PSYCHE_BUILD_DIR"
        is_hub = name in ("HF_ENDPOINT", "HF_TOKEN")
        if is_setting or is_hub or name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            del environ[name]
    environ["HOME"] = environ["XDG_CONFIG_HOME"] = str(home)
    environ["PSYCHE_MONITOR_RPC_OFF"] = "1"   # but for tests that serve a chain of their own
    environ["PSYCHE_MONITOR_CACHE_OFF"] = "1"   # but for tests of the store
    environ["PSYCHE_MONITOR_HUB_OFF"] = "1"   # and for those that serve a hub


empty_environment()

# --- checks ---------------------------------------------------------------------------------

SHOWN_FAILURES = 40                       # of one test; a broken build would fill the screen
_lock = threading.Lock()
_tests = []
_count = collections.Counter()


class Skip(Exception):
    """Ends a test that cannot run here; its text is the reason."""


def test(function):
    _tests.append(function)
    return function


def true(condition, what):
    """Counts; prints `what` when the condition does not hold."""
    with _lock:
        _count["passed" if condition else "failed"] += 1
        if not condition and _count["failed"] <= SHOWN_FAILURES:
            print(f"FAIL {what!s:.1500}", flush=True)
    return bool(condition)


def equal(got, want, what):
    return true(got == want, f"{what}: got {got!r:.600}, want {want!r:.600}")


def within(got, limit, what):
    return true(got <= limit, f"{what}: {got:.3f}, at most {limit:.3f}")


def skip(reason):
    with _lock:
        _count["skipped"] += 1
        print(f"SKIP {reason}", flush=True)


def side_by_side(*functions):
    """Runs them at the same time, for tests that mostly wait; an exception in one is raised."""
    with concurrent.futures.ThreadPoolExecutor(len(functions)) as pool:
        for done in [pool.submit(function) for function in functions]:
            done.result()


def main():
    """Runs the tests, or those that the command line names; the exit status."""
    chosen = sys.argv[1:]
    for function in _tests:
        if chosen and function.__name__ not in chosen:
            continue
        started, failed = time.monotonic(), _count["failed"]
        try:
            function()
        except Skip as reason:
            skip(reason)
        except Exception:                 # the others still run
            _count["failed"] += 1
            print(f"FAIL {function.__name__} ended early\n{traceback.format_exc()}", flush=True)
        word = "ok  " if _count["failed"] == failed else "FAIL"
        print(f"{word} {function.__name__} {time.monotonic() - started:.1f} s", flush=True)
    skipped = f", {_count['skipped']} skipped" if _count["skipped"] else ""
    print(f"{_count['passed']} passed, {_count['failed']} failed{skipped}")
    return 1 if _count["failed"] or not _count["passed"] else 0


# --- answers --------------------------------------------------------------------------------

def refuse_constant(word):
    raise ValueError(f"{word} is no JSON")


def unique_keys(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key stands twice: {keys}")
    return dict(pairs)


def read_json(text):
    """Strict: no NaN, no key twice."""
    return json.loads(text, parse_constant=refuse_constant, object_pairs_hook=unique_keys)


def to_text(request):
    """A request as bytes; what is no text yet is written as JSON."""
    if isinstance(request, bytes):
        return request
    return (request if isinstance(request, str)
            else json.dumps(request, ensure_ascii=False)).encode()


class Reply:
    """An answer: text (bytes), status, json (read when asked for), seconds it took."""

    def __init__(self, text, status, seconds=0.0):
        self.text, self.status, self.seconds = text, status, seconds
        self._json = None

    @property
    def json(self):
        if self._json is None:
            self._json = read_json(self.text)
        return self._json

    def source_words(self):
        """{request: status} of the sources that did not do their part."""
        return {row["request"]: row["status"] for row in self.json["sources"] if "request" in row}


def tables_of(value, path=""):
    """(path, table) of each object that has columns or rows."""
    if isinstance(value, dict):
        if "columns" in value or "rows" in value:
            yield path, value
        for key, inner in value.items():
            yield from tables_of(inner, f"{path}.{key}" if path else key)


def columns_of(table, name):
    at = table["columns"].index(name)
    return [row[at] for row in table["rows"]]


# What stands in an answer beside its groups and lists.
FRAME = {"summary", "success", "schema", "action", "found", "address", "run_id", "page", "matched_by",
         "agreement", "sources", "notes", "omitted", "next"}
LABELS = {"[tracked]", "[tracked:not-found]", "[on-chain]", "[best-effort]", "[guide]", "[local]"}
FAILURE_KEYS = ["success", "error", "error_code", "retryable", "supported", "refusal", "sources",
                "next"]


def check_failure(reply, code, what):
    """One clear line, of the documented form, with the code and its exit status."""
    answer = reply.json
    is_failure = true(answer.get("success") is False, f"{what}: should fail: {reply.text[:300]!r}")
    if not is_failure:
        return False
    sentence = answer["error"]
    is_clear = (isinstance(sentence, str) and sentence.isprintable()
                and 8 <= len(sentence.encode()) <= 300)
    true(is_clear, f"{what}: not one clear line: {sentence!r}")
    true(b"\n" not in reply.text.rstrip(b"\n"), f"{what}: more than one line")
    keys = [key for key in FAILURE_KEYS if key != "sources" or "sources" in answer]
    equal(list(answer), keys, f"{what}: keys")
    true(isinstance(answer["retryable"], bool) and isinstance(answer["supported"], list)
         and answer["refusal"], f"{what}: retryable, supported, refusal")
    equal(reply.status, EXIT[code], f"{what}: exit status")
    return equal(answer["error_code"], code, f"{what}: code ({sentence})")


def check_answer(reply, what, most_bytes=None):
    """The rules that hold for every answer, whatever was asked."""
    text, answer = reply.text.rstrip(b"\n"), reply.json
    true(b"\n" not in text and b"\r" not in text, f"{what}: more than one line")
    if answer.get("success") is False:
        check_failure(reply, answer.get("error_code"), what)
        return
    lower = text.lower()
    true(b'"error"' not in lower and b'"failed"' not in lower, f"{what}: looks like a failed call")
    equal(list(answer)[:4], ["summary", "success", "schema", "action"], f"{what}: first keys")
    true(isinstance(answer["summary"], str) and len(answer["summary"]) > 10, f"{what}: no summary")
    true(answer["success"] is True and answer["schema"] == "psyche.monitor/1",
         f"{what}: success, schema")
    true(answer["found"] in (True, False, "unknown", "ambiguous"), f"{what}: found")
    found_status = {True: 0, False: 3, "unknown": 4, "ambiguous": 4}[answer["found"]]
    equal(reply.status, found_status, f"{what}: exit status")
    if most_bytes:
        within(len(text), most_bytes, f"{what}: bytes")
    if answer["action"] == "info":        # has no groups: the whole answer is [local]
        equal(answer.get("source"), "[local]", f"{what}: source")
        return
    for name, group in answer.items():
        if name in FRAME:
            continue
        labels = [group.get("source")] if "source" in group else group.get("sources") or []
        true(labels and set(labels) <= LABELS, f"{what}: {name} has no source")
        is_dated = labels == ["[guide]"] and isinstance(group.get("as_of"), str)
        true(is_dated or (isinstance(group.get("age_s"), int) and group["age_s"] >= 0),
             f"{what}: {name} has no age")
    for path, table in tables_of(answer):
        width = len(table["columns"])
        true(width and all(len(row) == width for row in table["rows"]), f"{what}: {path} is uneven")
    hosts = [(row["source"], row["as_of"] if row["source"] == "[guide]" else row["host"],
              row.get("cluster"), row.get("request"), row["status"]) for row in answer["sources"]]
    true(hosts and all(row[0] in LABELS for row in hosts), f"{what}: sources")
    good = [row for row in hosts if row[4] == "ok"]
    true(len(good) == len(set(good)),
         f"{what}: a source is listed twice: {hosts}")
    true(all(set(call) == {"tool", "arguments", "why"} for call in answer["next"]), f"{what}: next")


# --- the command ----------------------------------------------------------------------------

Result = collections.namedtuple("Result", "status out err seconds")


class Cli:
    """The psyche-monitor command; `settings` become --set, `environment` is added to ours."""

    path = BUILD / "psyche-monitor"

    def __init__(self, url=None, settings=None, environment=None):
        self.words = []
        for key, value in (settings or {}).items():
            text = json.dumps(value) if isinstance(value, bool) else value
            self.words += ["--set", f"{key}={text}"]
        self.environment = {**environ, **({"PSYCHE_API_URL": url} if url else {}),
                            **(environment or {})}

    def command(self, *words):
        return [str(self.path), *self.words, *words]

    def run(self, *words, stdin=b"", **more):
        started = time.monotonic()
        done = subprocess.run(self.command(*words), input=stdin, env=self.environment,
                              capture_output=True,
                              timeout=COMMAND_SECONDS, **more)
        return Result(done.returncode, done.stdout, done.stderr, time.monotonic() - started)

    def ask(self, request, *words):
        """One request as standard input; its Reply."""
        done = self.run(*words, "call", stdin=to_text(request))
        return Reply(done.out, done.status, done.seconds)

    @contextlib.contextmanager
    def running(self, *words, **more):
        """The process, with pipes; ended when the block is left."""
        process = subprocess.Popen(self.command(*words), env=self.environment,
                                   stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                                   **more)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(COMMAND_SECONDS)
            for pipe in (process.stdin, process.stdout, process.stderr):
                pipe.close()


# --- the library ----------------------------------------------------------------------------

SIGNATURES = {
    "abi": (ctypes.c_int, []),
    "version": (ctypes.c_char_p, []),
    "schema": (ctypes.c_void_p, [ctypes.POINTER(ctypes.c_size_t)]),
    "open": (ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_size_t]),
    "call": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
    "cancel": (None, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
    "reply_text": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t)]),
    "reply_status": (ctypes.c_int, [ctypes.c_void_p]),
    "reply_free": (None, [ctypes.c_void_p]),
    "close": (None, [ctypes.c_void_p]),
}


class Lib:
    """psyche_monitor.so by ctypes, which lets other Python threads run during a call."""

    path = BUILD / "psyche_monitor.so"

    def __init__(self):
        self.object = ctypes.CDLL(str(self.path))
        for name, (result, arguments) in SIGNATURES.items():
            function = getattr(self.object, f"psyche_monitor_{name}")
            function.restype, function.argtypes = result, arguments
            setattr(self, f"c_{name}", function)

    def schema(self):
        length = ctypes.c_size_t()
        return ctypes.string_at(self.c_schema(ctypes.byref(length)), length.value)

    def open(self, options=None):
        """A Handle; options None, a dict, or text as it is."""
        text = options if options is None or isinstance(options, bytes) else to_text(options)
        return Handle(self, self.c_open(text, len(text or b"")))

    def at(self, url, **options):
        """A handle that asks `url`, its clock frozen unless now=None."""
        options = {"now": NOW, **options}
        override = {"dashboard.url": url, **options.pop("override", {})}
        kept = {key: value for key, value in options.items() if value is not None}
        return self.open({**kept, "override": override})


class Handle:
    def __init__(self, lib, pointer):
        self.lib, self.pointer = lib, pointer
        if not pointer:
            raise MemoryError("psyche_monitor_open gave NULL")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, request):
        text, length = to_text(request), ctypes.c_size_t()
        started = time.monotonic()
        reply = self.lib.c_call(self.pointer, text, len(text))
        seconds = time.monotonic() - started
        pointer = self.lib.c_reply_text(reply, ctypes.byref(length))
        with_end = ctypes.string_at(pointer, length.value + 1)
        answer = Reply(with_end[:-1], self.lib.c_reply_status(reply), seconds)
        answer.ends_in_nul = with_end[-1:] == b"\0" and b"\0" not in with_end[:-1]
        self.lib.c_reply_free(reply)
        return answer

    def start(self, request):
        """The call on a thread of its own: a future of its Reply."""
        future = concurrent.futures.Future()

        def run():
            try:
                future.set_result(self.call(request))
            except BaseException as trouble:
                future.set_exception(trouble)
        threading.Thread(target=run, daemon=True).start()
        return future

    def cancel(self, call_id):
        """None ends all calls."""
        text = None if call_id is None else to_text(call_id)
        self.lib.c_cancel(self.pointer, text, len(text or b""))

    def close(self):
        """Seconds it took; 0 when it was closed before."""
        pointer, self.pointer = self.pointer, None
        started = time.monotonic()
        if pointer:
            self.lib.c_close(pointer)
        return time.monotonic() - started


# --- data -----------------------------------------------------------------------------------

BIG, DATE = "\u0fcfBIG", "\u0fcfDAT"
DATA = ROOT / "tests" / "data" / "dashboard"


def moment(ms=1795236581000, slot=421336970):
    return {"slot": f"{BIG}{slot}", "time": f"{DATE}{ms}"}


def make_run(run_id, state="active", index=0, **more):
    """A row of /runs as the dashboard sends it."""
    status = {"type": state, "at": moment()} if state == "completed" else {"type": state}
    return {"arch": "HfLlama", "id": run_id, "index": index, "isOnlyRunAtThisIndex": index == 0,
            "name": "",
            "description": "", "status": status, "pauseHistory": [],
            "totalTokens": f"{BIG}1000000000000",
            "lastUpdate": moment(), "size": f"{BIG}8000000000", "type": "text",
            "trainingStep": {"lastTokensPerSecond": f"{BIG}1000", "startedAt": moment(),
                             "tokensCompletedAtStartOfStep": f"{BIG}5000000000"}, **more}


def make_list(rows):
    """The body of /runs."""
    return {"runs": rows, "totalTokens": f"{BIG}7", "totalTokensPerSecondActive": f"{BIG}3",
            "error": None}


def make_page(run, **more):
    """The body of /run/{id}/{index}; None is how the dashboard says that there is none."""
    page = {"info": run, "recentTxs": [], "promptResults": [], "promptIndex": 0,
            "cumulativePromptResults": [],
            "metrics": {"summary": {"bandwidth": 0, "loss": None, "tokensPerSecond": 0, "lr": 0,
                                    "evals": {}},
                        "history": {"loss": [], "bandwidth": [], "tokensPerSecond": [], "lr": [],
                                    "evals": {}}},
            **more}
    return {"run": page if run else None, "error": None, "isOnlyRun": False}


def recorded():
    """{file name: bytes} of the realistic recordings, named by the path they answer."""
    names = {"real_runs.json": "runs.json", "real_run_active.json": "run/consilience-40b-1/0.json",
             "real_run_waiting.json": "run/hermes-3-8b/2.json",
             "real_run_paused.json": "run/hermes-4-8b/0.json",
             "real_run_completed.json": "run/dm-consilience-rc1/0.json"}
    return {path: (DATA / name).read_bytes() for name, path in names.items()}
