#!/usr/bin/env python3
"""The Hermes plugin without Hermes: what it registers, what its handlers answer, how calls end."""

import concurrent.futures
import contextlib
import datetime
import io
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from os import environ

import recorder
from harness import (EXIT, NOW, ROOT, SCRATCH, Lib, Simulator, equal, main, make_list, make_page, make_run,
                     read_json, recorded, test, true, within)

LIB = Lib()
HERE = pathlib.Path(__file__).resolve().parent
OFFLINE = {"offline": True, "now": NOW}
INTERRUPT_S = 0.3
STALE = "library is older than the plugin's sources; run: hermes psyche build"
environ["PSYCHE_MONITOR_LIB"] = str(LIB.path)


def at(sim, **more):
    return {"dashboard": {"url": sim.url}, "now": NOW, **more}


def copy_tree(name, library=LIB.path):
    """The plugin as a clone has it, with that library built; None: not built."""
    root = SCRATCH / name
    root.mkdir()
    for folder in ("plugin", "skill", "include", "references", "scripts"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("__init__.py", "plugin.yaml", "SKILL.md"):
        shutil.copy(ROOT / file, root)
    (root / "build").mkdir()
    if library:
        shutil.copy(library, root / "build" / "psyche_monitor.so")
    return root


# A child has nothing of ours loaded, and does not see a library that this machine has installed.
PRELUDE = """
import json, os, sys, time
sys.path.insert(0, {here!r})
import recorder
def load(root={root!r}, **more):
    import importlib.util
    module, context = recorder.load(root, **more)
    return module, context
import ctypes
_real = ctypes.CDLL
def only_paths(name, *more, **words):
    if os.path.sep not in str(name):
        raise OSError(str(name) + ": cannot open shared object file: No such file or directory")
    return _real(name, *more, **words)
ctypes.CDLL = only_paths
"""


def prelude(root):
    return PRELUDE.format(here=str(HERE), root=str(root))


def child(root, script, chosen=None, stdin="", **more):
    """Runs the script with load() at hand; (exit status, standard output, standard error)."""
    environment = {name: value for name, value in environ.items() if name != "PSYCHE_MONITOR_LIB"}
    done = subprocess.run([sys.executable, "-c", prelude(root) + script],
                          env={**environment, **({"PSYCHE_MONITOR_LIB": str(chosen)} if chosen else {})},
                          input=stdin, capture_output=True, text=True, timeout=120, **more)
    return done.returncode, done.stdout, done.stderr


def check_not_built(text, words, what):
    answer = read_json(text)
    equal(list(answer), ["success", "error", "error_code", "retryable", "supported", "refusal", "next"],
          f"{what}: keys")
    equal((answer["success"], answer["error_code"], answer["retryable"]), (False, "not_built", False), what)
    true(all(word in answer["error"] for word in words), f"{what}: {words} in {answer['error']!r}")
    true("\n" not in text and "Traceback" not in text, f"{what}: one line")
    true("Do not answer from memory" in answer["refusal"], f"{what}: refusal")


# --- what is registered ---------------------------------------------------------------------

@test
def what_is_registered():
    _, context = recorder.load(ROOT, OFFLINE)
    definitions = read_json(LIB.schema())
    equal([tool.schema for tool in context.tools.values()], definitions, "definitions")
    equal(list(context.tools), [definition["name"] for definition in definitions], "names")
    for tool in context.tools.values():
        equal((tool.toolset, tool.description), ("psyche", tool.schema["description"]), "tool")
    references = {path.stem: path for path in (ROOT / "references").glob("*.md")}
    equal({name: skill.path for name, skill in context.skills.items()},
          {"network-monitor": ROOT / "SKILL.md", **references}, "skills")
    for name, skill in context.skills.items():
        words = skill.description
        true(len(words) > 20 and words[:1] not in "\"'", f"{name}: {words!r}")
    equal((list(context.commands), list(context.terminal)), (["psyche"], ["psyche"]), "commands")


@test
def files_at_the_root():
    manifest = (ROOT / "plugin.yaml").read_text()
    fields = dict(re.findall(r'^(\w+): *"?([^"\n]*)"?$', manifest, re.M))
    equal((fields["name"], fields["kind"]), ("psyche", "standalone"), "plugin.yaml")
    equal(fields["version"], LIB.c_version().decode(), "its version is the library's")
    true("manifest_version" not in manifest, "older installers refuse a manifest_version above 1")
    equal(re.findall(r"^  - (\w+)$", manifest, re.M), [tool["name"] for tool in read_json(LIB.schema())],
          "provides_tools")
    within(len((ROOT / "__init__.py").read_text().splitlines()), 12, "lines of __init__.py")
    true("hermes psyche build" in (ROOT / "after-install.md").read_text(), "after-install.md")


@test
def a_host_that_can_only_register_tools():
    module, _ = recorder.load(ROOT, OFFLINE)
    seen = []
    module.register(type("Bare", (), {"register_tool": lambda self, **words: seen.append(words["name"])})())
    equal(seen, ["psyche_monitor", "psyche_wallet"], "tools")


# --- answers --------------------------------------------------------------------------------

REQUESTS = [{}, {"action": "list_runs"}, {"action": "list_runs", "limit": 2, "detail": "full"},
            {"action": "run_details", "run_id": "consilience-40b-1"}, {"action": "checkpoints"},
            {"action": "run_details", "run_id": "nobody"}, {"action": "pool_status"},
            {"action": "contribute", "page": "Cooldown"}, {"action": "nonsense"}, {"extra": 1},
            {"action": None}, {"action": "run_details", "run_id": "è run 北"}]


@test
def answers_are_the_librarys():
    with Simulator(recorded()) as sim:
        _, context = recorder.load(ROOT, at(sim))
        with LIB.open({"settings": {"dashboard.url": sim.url}, "now": NOW}) as monitor:
            for request in REQUESTS:
                want = monitor.call({"tool": "psyche_monitor", "arguments": request}).text.decode()
                got = context.ask(request, a_word_of_tomorrow=1)
                true(isinstance(got, str), f"{request}: text")
                equal(got, want, f"{request}")
            equal(context.ask(None), context.ask({}), "no arguments at all")


@test
def arguments_that_are_no_json():
    _, context = recorder.load(ROOT, OFFLINE)
    ring, deep = [], {}
    ring.append(ring)
    for _ in range(100000):
        deep = {"a": deep}
    for value in (object(), ring, deep, float("nan"), "\ud800", b"bytes", {1, 2}):
        answer = context.answer({"action": value})
        equal((answer["success"], answer["error_code"]), (False, "bad_request"), f"{type(value)}")
        true(answer["error"] and "\n" not in answer["error"], f"{answer['error']!r}")
    equal(context.answer(["list_runs"])["error_code"], "bad_request", "a list")


@test
def replies_are_freed():
    script = """
_, context = load(settings={"offline": True})
def resident():
    return int(open("/proc/%d/statm" % os.getpid()).read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
marks = []
for number in range(10000):
    context.ask({"action": "contribute"})
    if number in (1000, 9999):
        marks.append(resident())
print(marks[1] - marks[0], len(context.ask({"action": "contribute"})))
"""
    status, out, err = child(ROOT, script, LIB.path)
    if true(status == 0, err):
        growth, reply = map(int, out.split())
        true(growth < 9000 * reply / 10, f"grew by {growth} bytes over 9000 replies of {reply}")


# --- libraries that are not as they should be -----------------------------------------------

@test
def a_library_that_is_built_later():
    root = copy_tree("later", None)
    script = f"""
import shutil
_, context = load(settings={OFFLINE!r})
print(context.ask({{"action": "contribute"}}))
print(context.slash(""), "|", context.run("doctor"))
shutil.copy({str(LIB.path)!r}, {str(root / "build" / "new")!r})
os.rename({str(root / "build" / "new")!r}, {str(root / "build" / "psyche_monitor.so")!r})
print(context.ask({{"action": "contribute"}}))
print(sorted(context.skills))
"""
    status, out, err = child(root, script)
    equal((status, err), (0, ""), "the child")
    before, *doctor, after, skills = out.splitlines()
    check_not_built(before, ["psyche_monitor.so is not built", "hermes psyche build"], "before")
    true(any(line.startswith("FAIL") and "not built" in line for line in doctor), f"doctor: {doctor}")
    true(re.fullmatch(r".* is not built: .* \| 1", doctor[-1]), f"/psyche, and doctor's status: {doctor[-1]}")
    equal(read_json(after)["success"], True, "after")
    true("network-monitor" in skills, "skills need no library")


def compile_library(name, source, *flags):
    path = SCRATCH / f"{name}.so"
    compiler = environ.get("CC") or "cc"
    subprocess.run([compiler, "-shared", "-fPIC", "-x", "c", "-", "-o", str(path), *flags],
                   input=source.encode(), check=True, timeout=60)
    return path


@test
def libraries_that_cannot_be_used():
    text = SCRATCH / "text.so"
    text.write_text("no library\n")
    names = re.findall(r"^ +(\w+);", (ROOT / "plugin" / "psyche_monitor.map").read_text(), re.M)
    functions = "".join(f"int {name}(void) {{ return 2; }}\n" for name in names)
    tomorrow = compile_library("tomorrow", functions)
    compile_library("libnotthere", "int there(void) { return 1; }", "-Wl,-soname,libnotthere.so.1")
    needy = compile_library("needy", "int there(void); int psyche_monitor_abi(void) { return there(); }",
                            f"-L{SCRATCH}", "-l:libnotthere.so")
    for path, words in ((text, [str(text), "cannot be loaded"]), (tomorrow, ["ABI 2", "needs 1"]),
                        (needy, ["libnotthere.so.1 is missing"]),
                        (SCRATCH / "nowhere.so", ["nowhere.so", "cannot be loaded"]),
                        (compile_library("other", "int other;"), ["psyche_monitor_abi"])):
        script = f"_, context = load(settings={OFFLINE!r})\n" \
                 "print(context.ask({}))\nprint(list(context.tools))"
        status, out, err = child(ROOT, script, path)
        equal((status, err), (0, ""), f"{path.name}: the child")
        check_not_built(out.splitlines()[0], [*words, "hermes psyche build"], path.name)
        equal(out.splitlines()[1], "['psyche_monitor']", f"{path.name}: tools")


@test
def a_library_that_is_stale():
    root = copy_tree("stale")
    script = f"""
_, context = load(settings={OFFLINE!r})
print(context.ask({{"action": "contribute"}}))
print(context.run("doctor"))
"""
    fresh = child(root, script)[1].splitlines()
    equal([note for note in read_json(fresh[0])["notes"] if "older" in note], [], "fresh: notes")
    equal(fresh[-1], "0", f"fresh: doctor {fresh}")
    with open(root / "plugin" / "base" / "str.c", "a") as source:
        source.write("\n")
    stale = child(root, script)[1].splitlines()
    true(read_json(stale[0])["notes"][-1].endswith(STALE), f"stale: notes {read_json(stale[0])['notes']}")
    true(stale[-1] == "1" and any(line.startswith("FAIL") and STALE in line for line in stale), f"{stale}")
    chosen = child(root, script, LIB.path)[1].splitlines()
    equal(read_json(chosen[0])["notes"], read_json(fresh[0])["notes"], "one that was chosen is not compared")


@test
def the_stamp_is_the_scripts():
    module, _ = recorder.load(ROOT, OFFLINE)
    for root in (ROOT, copy_tree("stamped", None)):
        want = subprocess.run([str(ROOT / "scripts" / "source-stamp"), str(root)], check=True,
                              capture_output=True, text=True).stdout.strip()
        equal(recorder.part(module, "stamp").of_tree(root), want, f"stamp of {root.name}")


# --- how calls end --------------------------------------------------------------------------

SLOW = {"runs.json": make_list([make_run("slow")]), "run/slow/0.json": make_page(make_run("slow"))}


@test
def an_interrupt_ends_one_call():
    threads = recorder.give_interrupts()
    with Simulator(SLOW, "--latency", 1500) as sim, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        _, context = recorder.load(ROOT, at(sim))
        idents = []

        def ask(limit):
            idents.append(threading.get_ident())
            started = time.monotonic()
            answer = context.answer({"action": "list_runs", "limit": limit})
            return answer, time.monotonic() - started

        asked = [pool.submit(ask, 1)]
        sim.wait_for(1)
        asked.append(pool.submit(ask, 2))
        while len(idents) < 2:
            time.sleep(0.01)
        threads.add(idents[0])
        at_s = time.monotonic()
        answer, _ = asked[0].result()
        within(time.monotonic() - at_s, INTERRUPT_S, "seconds until the interrupted one ended")
        equal(answer.get("error_code"), "cancelled", "the interrupted one")
        equal(asked[1].result()[0]["success"], True, "the other")
    threads.clear()


@test
def ctrl_c_ends_a_call():
    with Simulator(SLOW, "--fault", "/=>stall") as sim:
        script = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)    # a shell starts what runs beside it without
_, context = load(settings={at(sim)!r})
context.answer({{"action": "contribute", "page": "pool"}})
print("asks", flush=True)
try:
    context.ask({{"action": "list_runs"}})
except KeyboardInterrupt:
    print(time.monotonic(), flush=True)
context.ask({{"action": "contribute", "page": "pool"}})
"""
        process = subprocess.Popen([sys.executable, "-c", prelude(ROOT) + script], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            equal(process.stdout.readline(), "asks\n", "the child")
            sim.wait_for(1)
            sent = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
            process.wait()
        equal((process.returncode, err), (0, ""), "it goes on afterwards")
        within(float(out) - sent, INTERRUPT_S, "seconds until the host saw it")


@test
def a_child_of_a_fork_asks_for_itself():
    script = f"""
_, context = load(settings={OFFLINE!r})
first = context.ask({{"action": "contribute"}})
pid = os.fork()
if pid == 0:
    same = context.ask({{"action": "contribute"}}) == first
    os._exit(0 if same else 1)
print(os.waitpid(pid, 0)[1], context.ask({{"action": "contribute"}}) == first)
"""
    equal(child(ROOT, script, LIB.path), (0, "0 True\n", ""), "fork")


@test
def eight_threads_at_once():
    files = {"runs.json": make_list([make_run(f"run-{number}") for number in range(8)]),
             **{f"run/run-{number}/0.json": make_page(make_run(f"run-{number}")) for number in range(8)}}
    with Simulator(files, "--latency", 500) as sim, \
            concurrent.futures.ThreadPoolExecutor(8) as pool:
        _, context = recorder.load(ROOT, at(sim))
        started = time.monotonic()
        answers = list(pool.map(lambda number: context.answer({"action": "run_details",
                                                               "run_id": f"run-{number}"}), range(8)))
        within(time.monotonic() - started, 2.0, "seconds")
        equal([(answer["found"], answer["run_id"]) for answer in answers],
              [(True, f"run-{number}") for number in range(8)], "answers")


# --- settings -------------------------------------------------------------------------------

@test
def settings_reach_the_library():
    _, context = recorder.load(ROOT, {"timeout_ms": 2500, "offline": True})
    info = json.loads(context.slash('{"tool":"info"}'))
    rows = {row[0]: row[1:3] for row in info["settings"]["rows"]}
    equal(rows["timeout_ms"], ["2500", "host settings"], "timeout_ms")
    equal(rows["offline"], ["true", "host settings"], "offline")
    for wrong in ({"dashbord": {"url": "x"}}, {"timeout_ms": "soon"}, {"timeout_ms": [1]},
                  {"timeout_ms": datetime.date(2026, 1, 1)}, ["a list"], "text"):
        _, context = recorder.load(ROOT, wrong)
        answer = context.answer({"action": "list_runs"})
        equal(answer.get("error_code"), "bad_config", f"{wrong}")


@test
def settings_that_cannot_be_read():
    def read():
        raise RuntimeError("no YAML")

    for words in ({"read": read}, {"settings": {"tools": 5}}):
        _, context = recorder.load(ROOT, **words)
        answer = context.answer({"action": "contribute", "page": "Cooldown"})
        true(answer["success"] and re.search("cannot be read|no list of names", answer["notes"][-1]),
             f"{words}: {answer.get('notes')}")


@test
def tools_that_are_left_out():
    for tools, want in ((["psyche_monitor"], ["psyche_monitor"]), (["psyche_wallet"], ["psyche_wallet"]), ([], []), (["psyche_moniter"], [])):
        _, context = recorder.load(ROOT, {"tools": tools, **OFFLINE})
        equal(list(context.tools), want, f"{tools}")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = context.run("doctor")
        equal(status, 1 if "psyche_moniter" in tools else 0, f"{tools}: doctor {out.getvalue()}")


# --- commands -------------------------------------------------------------------------------

@test
def slash_commands():
    with Simulator(recorded()) as sim:
        _, context = recorder.load(ROOT, at(sim))
        run = "consilience-40b-1"
        for words, request in (("", {"action": "network_stats"}),
                               (f" {run} ", {"action": "run_details", "run_id": run})):
            equal(context.slash(words), context.answer(request)["summary"], f"/psyche {words}")
        for raw in ('{"action":"pool_status"}',
                    '{"tool":"psyche_monitor","arguments":{"action":"pool_status"}}'):
            equal(context.slash(raw), context.ask({"action": "pool_status"}), raw)
        equal(read_json(context.slash("{broken"))["error_code"], "bad_request", "broken JSON")
        true(context.slash("help").count("/psyche") == 4, "help")
    _, context = recorder.load(ROOT, OFFLINE)
    true(context.slash("").startswith("no source"), f"offline: {context.slash('')}")


@test
def terminal_commands():
    script = "_, context = load(settings={'offline': True})\nsys.exit(context.run(*%r))"
    for words, stdin, want in ((["call", '{"action":"contribute"}'], "", 0), (["call"], '{"action":"x"}', 2),
                               (["call", "-"], '{"action":"list_runs"}', EXIT["no_source"]),
                               (["call", '{"action":"contribute"}', "{"], "", 2), (["call"], "", 2),
                               (["doctor"], "", 0), ([], "", 2), (["nonsense"], "", 2)):
        status, out, err = child(ROOT, script % words, LIB.path, stdin)
        equal(status, want, f"{words}: {out} {err}")
        if words[:1] == ["call"]:
            equal(read_json(out.splitlines()[-1])["success"], want == 0, f"{words}: the last answer")
            equal(len(out.splitlines()), max(1, len(words) - 1), f"{words}: answers")
        true("Traceback" not in err, f"{words}: {err}")


@test
def the_build_command():
    root = copy_tree("built", None)
    script = f"_, context = load(settings={OFFLINE!r})\nsys.exit(context.run('build'))"
    makefile = root / "Makefile"
    goal = (f"build/psyche_monitor.so: ever\n\ttest '$(BUILD)' = release\n\tinstall {LIB.path} build\n"
            "build/psyche-monitor: ever\n\ttouch $@\never:\n")
    for text, want, words in (("", 1, "not built"), ("build/%:\n\tfalse\n", 1, "hermes psyche build"),
                              (goal, 0, f"built {root}/build/psyche_monitor.so"), (goal, 0, "started again")):
        makefile.write_text(text)
        status, out, err = child(root, script)
        equal(status, want, f"{text!r}: {out} {err}")
        true(words in out and "Traceback" not in err, f"{text!r}: {out} {err}")


# --- the wheel ------------------------------------------------------------------------------

def needed_files(path):
    """Libraries that the object is linked with and that a wheel has to bring."""
    def ask(*command):
        return subprocess.run([*command, str(path)], check=True, capture_output=True, text=True).stdout

    direct = re.findall(r"\(NEEDED\).*\[(.+)\]", ask("readelf", "-d"))
    rows = [line.split() for line in ask("ldd").splitlines() if "=>" in line]
    return [row[2] for row in rows if row[0] in direct and not re.match(r"lib(c|m|curl)\.so", row[0])]


def make_wheel(folder, *linked):
    environment = {name: value for name, value in environ.items() if name != "SOURCE_DATE_EPOCH"}
    return subprocess.run([sys.executable, str(ROOT / "scripts" / "wheel"), str(folder), "0.1.0",
                           str(LIB.path), *linked], capture_output=True, text=True, env=environment,
                          timeout=60)


@test
def the_wheel():
    linked = needed_files(LIB.path)
    alone = make_wheel(SCRATCH / "alone")
    true(alone.returncode == 1 and "other systems may not have" in alone.stderr, f"no libraries: {alone}")
    for folder in ("one", "two"):
        made = make_wheel(SCRATCH / folder, *linked)
        equal(made.returncode, 0, f"{made.stdout} {made.stderr}")
    one, two = (next((SCRATCH / folder).glob("*.whl")) for folder in ("one", "two"))
    true(re.fullmatch(r"psyche_monitor_hermes-[\d.]+-py3-none-linux_\w+\.whl", one.name), one.name)
    true(one.read_bytes() == two.read_bytes(), "the same input gives the same bytes")
    with zipfile.ZipFile(one) as wheel:
        names = wheel.namelist()
        info = next(name for name in names if name.endswith("/RECORD")).rsplit("/", 1)[0]
        equal(wheel.read(f"{info}/entry_points.txt").decode(),
              "[hermes_agent.plugins]\npsyche = psyche_monitor_hermes\n", "entry points name the module")
        recorded_names = [line.split(",")[0] for line in wheel.read(f"{info}/RECORD").decode().splitlines()]
        equal(recorded_names, names, "RECORD")
        wheel.extractall(SCRATCH / "site")
    package = SCRATCH / "site" / "psyche_monitor_hermes"
    for source in (ROOT / "plugin" / "hermes").glob("*.py"):
        equal((package / source.name).read_bytes(), source.read_bytes(), source.name)
    script = f"""
module, context = load(settings={OFFLINE!r})
print(context.ask({{"action": "contribute"}}))
print(context.skills["labels"].path)
print(context.run("build"), context.run("doctor"))
"""
    status, out, err = child(package, script)
    equal((status, err), (0, ""), "the child")
    answer, path, *rest = out.splitlines()
    equal(read_json(answer)["success"], True, "an answer")
    equal(path, str(package / "references" / "labels.md"), "a skill")
    equal(rest[-1], "0 0", f"build and doctor: {rest}")


if __name__ == "__main__":
    sys.exit(main())
