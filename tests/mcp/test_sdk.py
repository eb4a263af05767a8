#!/usr/bin/env python3
"""`psyche-monitor mcp` and the mcp SDK of Python, 1.26 and 2.x: one program, sdk_client.py, over both.

Each SDK has a virtual environment in build/venv, made once and used until its pin in requirements-*.txt
changes. Where the package registry cannot be reached, that SDK is left out with one SKIP line."""

import json
import pathlib
import shutil
import subprocess
import sys
from os import environ

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "contract"))

from harness import NOW, ROOT, Cli, Simulator, Skip, equal, main, make_list, make_page, make_run  # noqa: E402
from harness import read_json, test, true, within  # noqa: E402
from outside import Outside  # noqa: E402
from pins import check_trouble, pip_words  # noqa: E402

INSTALL_SECONDS, RUN_SECONDS = 200, 80
RUNS = {
    "runs.json": make_list([make_run(f"run-{number}") for number in range(20)] + [make_run("slow")]),
    "run/slow/0.json": make_page(make_run("slow")),
    **{f"run/run-{number}/0.json": make_page(make_run(f"run-{number}"))
       for number in range(20)}
}


def python_with(major, name):
    """The Python of an environment that has this SDK; raises Skip."""
    venv, pins = ROOT / "build" / "venv" / name, HERE / f"requirements-{major}.txt"
    python, done = venv / "bin" / "python", venv / "pins"
    if not (done.exists() and done.read_bytes() == pins.read_bytes()):
        if sys.version_info < (3, 10):
            raise Skip(f"{name}: no Python of 3.10 or later")
        shutil.rmtree(venv, ignore_errors=True)
        for command in ([sys.executable, "-m", "venv", venv],
                        [python, "-m", "pip", "install", "--quiet", "--retries", "1",
                         *pip_words(pins, sys.executable, venv.parent)]):
            try:
                subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS)
            except subprocess.SubprocessError as trouble:
                check_trouble(trouble)
                raise Skip(f"{name}: the package registry cannot be reached") from None
        shutil.copyfile(pins, done)
    return python


def ask_everything(python, name="sdk-test", words=()):
    """What the client saw."""
    with Simulator(RUNS, "--fault", "/run/slow=>slow=2300", "--fault", "/contributionInfo=>stall",
                   "--latency", 15) as sim, Outside() as outside:
        server = Cli(settings={"now": NOW, "dashboard.url": sim.url}).command("mcp", *words)
        done = subprocess.run([str(python), str(HERE / "sdk_client.py"), name, *server],
                              capture_output=True, timeout=RUN_SECONDS,
                              env={**environ, **outside.variables})
        if not true(done.returncode == 0, f"the client ends well: {done.stderr.decode()[-3000:]}"):
            raise RuntimeError("nothing was seen")
        equal(outside.asked(), [], "asked on the internet")
        equal(done.stderr, b"", "nothing on the server's standard error, nor the SDK's")
        return json.loads(done.stdout)


def check_lists(seen):
    equal(seen["opened"]["protocolVersion"], "2025-11-25", "version")
    equal(seen["opened"]["serverInfo"]["name"], "psyche-monitor", "server")
    equal([tool["name"] for tool in seen["tools"]], ["psyche_monitor", "psyche_wallet"], "tools")
    true(all(tool["annotations"]["readOnlyHint"] for tool in seen["tools"]), "read-only")
    true(len(seen["resources"]) >= 5 and seen["templates"] == [], "resources")
    for uri, contents in seen["texts"].items():
        true(len(contents) == 1 and contents[0]["text"].startswith("---\n"), f"{uri}: its text")
    equal([prompt["name"] for prompt in seen["prompts"]],
          ["runs", "run", "weights", "pool", "take-part", "compare"], "prompts")
    for prompt in seen["prompts"]:
        text = prompt["got"][0]["content"]["text"]
        true("psyche_monitor" in text and (not prompt["arguments"] or '"run-1"' in text),
             f"{prompt['name']}: {text}")


def check_calls(seen, has_structure):
    for arguments, result in seen["calls"] + [[{"run_id": "slow"}, seen["slow"]], [{}, seen["after"]]]:
        answer = read_json(result["content"][0]["text"])
        equal(result["isError"], not answer["success"], f"{arguments}: isError")
        equal(result.get("structuredContent"), answer if has_structure else None,
              f"{arguments}: structuredContent")
    found = [read_json(result["content"][0]["text"]).get("found") for _, result in seen["calls"]]
    equal(found, [True, True, True, True, True, False, None, None], "found")


def check_waiting(seen):
    equal(seen["errors"], {"tool": -32602, "prompt": -32602, "resource": -32002}, "codes of errors")
    steps = [progress for progress, _ in seen["progress"]]
    true(len(steps) >= 2 and steps == sorted(set(steps)), f"progress comes and increases: {seen['progress']}")
    true(all(message for _, message in seen["progress"]), "with words")
    equal(seen["parallel"], {str(number): f"run-{number}" for number in range(20)}, "twenty calls at once")
    within(seen["after_s"], 2.0, "seconds of a call after ten that stalled and were cancelled")
    within(seen["end_s"], 1.0, "seconds until the server has ended")


def check(python):
    seen = ask_everything(python)
    check_lists(seen)
    check_calls(seen, True)
    check_waiting(seen)
    true("outputSchema" in seen["tools"][0], "outputSchema")
    seen = ask_everything(python, "-")
    check_calls(seen, False)
    true("outputSchema" not in seen["tools"][0], "a client without a name: text alone")
    return seen


@test
def sdk_1():
    check(python_with(1, "mcp-1.26"))


@test
def sdk_2():
    seen = check(python_with(2, "mcp-2"))
    equal(seen["other_way"]["isError"], False, "its Client, which first asks for a later protocol")


sys.exit(main())
