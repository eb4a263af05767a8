#!/usr/bin/env python3
"""The plugin as a user gets it: installed from a clone, built, asked by the agent, updated.

The clone is of the tree as it lies here, with what is not committed yet. The tests are one story in
one home: each goes on where the one before it ended."""

import os
import shutil
import subprocess
import sys

import asked
import host
from harness import DATA, NOW, ROOT, Simulator, equal, main, read_json, test, true
from model_server import ModelServer

BUILD_SECONDS = 240
HOME = host.Home()
INSTALLED = HOME.hermes_home / "plugins" / "psyche"
PROGRAM = INSTALLED / "build" / "psyche-monitor"
ORIGIN = HOME.path / "origin"
GIT = ["git", "-C", str(ORIGIN), "-c", "user.name=test", "-c", "user.email=test@localhost"]


def git(*words):
    subprocess.run([*GIT, *words], check=True, capture_output=True, env=HOME.environment())


def make_origin():
    """A repository with what a commit of everything here would have."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
                            capture_output=True).stdout
    for name in filter(None, map(os.fsdecode, listed.split(b"\0"))):
        if (ROOT / name).exists():        # not deleted and still listed
            (ORIGIN / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, ORIGIN / name, follow_symlinks=False)
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "as it is")


def use(model_url, **settings):
    HOME.configure(model_url, ["psyche"], {"now": NOW, **settings})


@test
def installed_from_a_clone():
    make_origin()
    done = HOME.hermes("plugins", "install", f"file://{ORIGIN}", "--no-enable")
    equal(done.status, 0, f"plugins install: {done.all[-800:]}")
    true((INSTALLED / "plugin.yaml").is_file(), "lies where plugins lie")
    true("hermes psyche build" in done.all, f"says how to go on: {done.all[-800:]}")
    done = HOME.hermes("plugins", "enable", "psyche", "--no-allow-tool-override")
    equal(done.status, 0, f"plugins enable: {done.all[-800:]}")
    listed = HOME.hermes("plugins", "list", "--plain", "--no-bundled").out
    rows = [line.split() for line in listed.splitlines()]
    row = next((words for words in rows if words[-1:] == ["psyche"]), [])
    equal([row[:1], row[-1:]], [["enabled"], ["psyche"]], f"plugins list: {rows}")


@test
def before_the_build():
    with ModelServer([[(asked.TOOL, {"action": "list_runs"})]]) as model:
        use(model.url)
        answers = HOME.conversation(model)
    if true(len(answers) == 1, f"one answer: {answers}"):
        answer = read_json(answers[0][1])
        equal([answer["success"], answer["error_code"]], [False, "not_built"], "an answer that says so")
        true("hermes psyche build" in answer["error"], f"names the command: {answer['error']}")
        equal(HOME.python_json(asked.JUDGE, [answers[0][1]]), [True], "counted as failed by Hermes")
    doctor = HOME.hermes("psyche", "doctor")
    true(doctor.status != 0 and "hermes psyche build" in doctor.out and "Traceback" not in doctor.all,
         f"doctor: {doctor.status} {doctor.all[-500:]}")
    call = HOME.hermes("psyche", "call", '{"action":"list_runs"}')
    true(call.status != 0 and read_json(call.out)["error_code"] == "not_built", f"call: {call.all[-500:]}")


@test
def built():
    done = HOME.hermes("psyche", "build", seconds=BUILD_SECONDS)
    equal(done.status, 0, f"psyche build: {done.all[-1500:]}")
    doctor = HOME.hermes("psyche", "doctor")
    equal(doctor.status, 0, f"doctor: {doctor.all[-1500:]}")
    request = '{"action":"list_runs"}'
    with Simulator(DATA) as sim:
        want = HOME.run(PROGRAM, "--set", f"now={NOW}", "call", request, PSYCHE_API_URL=sim.url)
        got = HOME.hermes("psyche", "call", request, PSYCHE_API_URL=sim.url)
        equal([got.out, got.status], [want.out, 0], "psyche call")
        got = HOME.hermes("psyche", "call", '{"action":"run_details","run_id":"x"}', PSYCHE_API_URL=sim.url)
        equal(got.status, 3, "exit status of a run that is not found")


@test
def the_whole_agent():
    script = asked.script() + asked.skill_script()
    with Simulator(DATA) as sim, ModelServer(script) as model:
        use(model.url)
        answers = HOME.conversation(model, "psyche,skills", PSYCHE_API_URL=sim.url)
        told = [answer for answer in answers if answer[0] == asked.TOOL]
        asked.check_answers(HOME, told, PROGRAM, sim.url)
        asked.check_definition(HOME, model, PROGRAM)
    asked.check_skills([answer for answer in answers if answer[0] == "skill_view"], INSTALLED)


@test
def settings_reach_the_library():
    with Simulator(DATA) as sim, ModelServer([[(asked.TOOL, {"action": "list_runs"})]]) as model:
        use(model.url, dashboard={"url": sim.url})
        answers = HOME.conversation(model)
        want = HOME.run(PROGRAM, "--set", f"now={NOW}", "call", '{"action":"list_runs"}',
                        PSYCHE_API_URL=sim.url)
        equal([text for _, text in answers], [want.out.rstrip("\n")], "asked where the settings say")
        true(sim.log("/runs"), "the simulator was asked")
    with ModelServer([[(asked.TOOL, {"action": "list_runs"})]]) as model:
        use(model.url, no_such_setting=1)
        answer = read_json(HOME.conversation(model)[0][1])
        equal(answer.get("error_code"), "bad_config", "a setting that does not exist")
        true("no_such_setting" in answer["error"], f"named: {answer['error']}")


def squeezed(text):
    """A terminal breaks lines wherever it likes, and draws frames around them."""
    return "".join(letter for letter in text if not letter.isspace() and letter not in "│║┃|")


@test
def slash_command():
    with Simulator(DATA) as sim, ModelServer([]) as model:
        use(model.url)
        done = HOME.hermes("chat", "--cli", stdin="/psyche consilience-40b-1\n/exit\n",
                           PSYCHE_API_URL=sim.url, COLUMNS="200")
        want = HOME.run(PROGRAM, "--summary", "--set", f"now={NOW}", "call",
                        '{"action":"run_details","run_id":"consilience-40b-1"}', PSYCHE_API_URL=sim.url)
        true(len(want.out) > 40 and squeezed(want.out) in squeezed(done.out), f"/psyche: {done.all[-1500:]}")
        equal(model.requests, [], "the model was not asked")


@test
def updated():
    source = ORIGIN / "plugin" / "base" / "str.c"
    source.write_text(source.read_text() + "/* changed */\n")
    git("commit", "-q", "-a", "-m", "changed")
    done = HOME.hermes("plugins", "update", "psyche")
    equal(done.status, 0, f"plugins update: {done.all[-800:]}")
    true("/* changed */" in (INSTALLED / "plugin/base/str.c").read_text(), "the sources are the new ones")
    with Simulator(DATA) as sim, ModelServer([[(asked.TOOL, {"action": "list_runs"})]]) as model:
        use(model.url)
        answers = HOME.conversation(model, PSYCHE_API_URL=sim.url)
    answer = read_json(answers[0][1])
    true(answer["success"] and "hermes psyche build" in answer["notes"][-1],
         f"a stale library says so: {answer.get('notes')}")
    doctor = HOME.hermes("psyche", "doctor")
    true(doctor.status != 0 and "hermes psyche build" in doctor.out, f"doctor: {doctor.all[-500:]}")


with HOME:
    sys.exit(main())
