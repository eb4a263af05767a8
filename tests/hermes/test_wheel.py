#!/usr/bin/env python3
"""The wheel: made, installed without the network into an environment that has Hermes, enabled by the
name of its entry point, and asked by the agent.

The environment is a second one that borrows Hermes' packages from the first, so that the first
stays as it is."""

import json
import re
import subprocess
import sys
from os import environ

import asked
import host
from harness import BUILD, DATA, NOW, ROOT, Simulator, equal, main, test, true
from model_server import ModelServer

MAKE_SECONDS = 240
MODULE = "psyche_monitor_hermes"
PROGRAM = BUILD / "psyche-monitor"
HOME = host.Home()
VENV = HOME.path / "venv"
SITE = "import sysconfig; print(sysconfig.get_path('purelib'))"


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if not true(done.returncode == 0, f"{command[0]}: {done.stdout[-800:]}{done.stderr[-1500:]}"):
        raise RuntimeError("cannot go on")
    return done.stdout


def made():
    """The wheel's file, as `make wheel` says it."""
    # A make around us must not hand on what it was called with.
    environment = {name: value for name, value in environ.items() if not name.startswith("MAKE")}
    out = run("make", "--no-print-directory", "-C", ROOT, "wheel", timeout=MAKE_SECONDS, env=environment)
    found = re.search(r"^(\S+\.whl)\b", out, re.M)
    true(found, f"make wheel names its file: {out[-500:]}")
    return ROOT / found.group(1)


@test
def installed():
    wheel = made()
    run(host.PYTHON, "-m", "venv", "--without-pip", VENV)
    HOME.python = VENV / "bin" / "python"
    borrowed, own = run(host.PYTHON, "-c", SITE).strip(), run(HOME.python, "-c", SITE).strip()
    with open(f"{own}/hermes.pth", "w") as file:
        file.write(borrowed + "\n")
    run(host.PYTHON, "-m", "pip", "--python", HOME.python, "install", "--no-index", "--no-deps", "--quiet",
        wheel)
    code = f"import {MODULE} as module; print(json.dumps(module.__file__))"
    true(HOME.python_json(code).startswith(str(VENV)), "the module is the wheel's")
    done = HOME.hermes("plugins", "enable", "psyche", "--no-allow-tool-override")
    equal(done.status, 0, f"plugins enable: {done.all[-800:]}")
    true("psyche" in HOME.hermes("plugins", "list", "--plain", "--no-bundled").out, "plugins list")
    equal(HOME.hermes("psyche", "doctor").status, 0, "doctor")


@test
def the_whole_agent():
    package = next(VENV.glob(f"lib/*/site-packages/{MODULE}"))
    script = asked.script() + asked.skill_script()
    with Simulator(DATA) as sim, ModelServer(script) as model:
        HOME.configure(model.url, ["psyche"], {"now": NOW})
        answers = HOME.conversation(model, "psyche,skills", PSYCHE_API_URL=sim.url)
        told = [answer for answer in answers if answer[0] == asked.TOOL]
        asked.check_answers(HOME, told, PROGRAM, sim.url)
        asked.check_definition(HOME, model, PROGRAM)
    asked.check_skills([answer for answer in answers if answer[0] == "skill_view"], package)


@test
def a_library_that_does_not_load():
    """One library that it needs is taken for another: the answer names it."""
    package = next(VENV.glob(f"lib/*/site-packages/{MODULE}"))
    library = package / "psyche_monitor.so"
    whole = library.read_bytes()
    try:
        library.write_bytes(whole.replace(b"libcurl.so.4", b"libcurl.so.9"))
        done = HOME.hermes("psyche", "call", '{"action":"list_runs"}')
    finally:
        library.write_bytes(whole)
    answer = json.loads(done.out.splitlines()[-1])
    true(answer["success"] is False and "libcurl.so.9" in answer["error"] and "Traceback" not in done.all,
         f"names what is missing: {done.all[-600:]}")


with HOME:
    sys.exit(main())
