#!/usr/bin/env python3
"""test_commands - each command and each call that the documents show does what they say.

Our own commands and the dashboard's addresses are run against the simulator, at the moment of the
recordings. Commands of others are only read by the shell. Nothing here leaves this machine."""

import contextlib
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from os import environ

from harness import BUILD, NOW, ROOT, Lib, Simulator, equal, main, test, true

DOCUMENTS = ["README.md", "SKILL.md", "after-install.md", "docs/configuration.md",
             *sorted(f"references/{path.name}" for path in (ROOT / "references").glob("*.md"))]
LANGUAGES = {"sh", "console", "json", "yaml", "c", "env", "text"}
API = "https://psyche.network/api"
PLACEHOLDERS = {"RUN": "consilience-40b-1", "OWNER/NAME": "PsycheFoundation/consilience-40b-7Y9v38s5",
                "ADDRESS": "6biQmeJYXXLFdjM49EbkgfnM3Cnph31nuTnZWVCnAZXm", "…": "consilience-40b-1", "ARGUMENTS": '{"action":"list_runs"}'}
# A repository is not looked up, so whether it is there stays unknown.
UNKNOWN_STATUS, UNKNOWN = 4, "OWNER/NAME"
# Nor is the chain asked, which alone knows who can join.
JOINING, JOINING_CALL = " --run ", '"address":"ADDRESS","run_id"'
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")

# Not run, and why: each needs what this machine may lack, and changes it or somebody's account.
OTHERS = {
    "hermes": "the agent; tests/hermes has it",
    "make": "the build; the target must exist",
    "cc": "the example; tests/contract/test_install.py builds it",
    "run-manager": "starts a client or signs, with a wallet",
    "solana-keygen": "makes keys",
    "docker": "needs a GPU",
    "nvidia-smi": "needs a GPU",
    "just": "starts a network of one's own",
}


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name, language):
    return [body for kind, body in FENCE.findall(text_of(name)) if kind == language]


def is_whole(command):
    done = subprocess.run(["bash", "-n", "-c", command], capture_output=True, timeout=10)
    return done.returncode == 0 and not command.endswith("\\")


def commands_of(name):
    """The commands in its shell blocks, each with all its lines."""
    for body in blocks(name, "sh"):
        command = ""
        for line in body.splitlines():
            command = f"{command}\n{line}" if command else line
            if not command.strip() or command.lstrip().startswith("#"):
                command = ""
            elif is_whole(command):
                yield command
                command = ""
        true(not command, f"{name}: the shell cannot read: {command}")


def words_of(command):
    """Without variables in front and without a folder before the program."""
    words = shlex.split(command, comments=True)
    while words and re.match(r"[A-Z_]+=", words[0]):
        words = words[1:]
    return [words[0].rsplit("/", 1)[-1], *words[1:]]


def fill_in(text):
    for placeholder, value in PLACEHOLDERS.items():
        text = re.sub(rf"(?<!\w){re.escape(placeholder)}(?!\w)", lambda _, value=value: value, text)
    return text


ALL = [(name, command, words_of(command)) for name in DOCUMENTS for command in commands_of(name)]
SHELL = f'psyche-monitor() {{ "{BUILD}/psyche-monitor" --set now={NOW} "$@"; }}\n'


@contextlib.contextmanager
def dashboard():
    """The realistic recordings, with the deposit of one wallet from the others."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "tests/data/dashboard", folder, dirs_exist_ok=True)
        index = pathlib.Path(folder, "index.json")
        rows = json.loads(index.read_text())
        rows += [{**row, "server": "realistic"} for row in rows if row["name"] == "contributionInfo_address_known"]
        index.write_text(json.dumps(rows))
        with Simulator(folder, "--server", "realistic") as sim:
            yield sim


def run(command, sim, folder):
    line = SHELL + fill_in(command).replace(API, sim.url)
    true("https://" not in line, f"would leave this machine: {line}")
    environment = {**environ, "PSYCHE_API_URL": sim.url,
                   "PSYCHE_MONITOR_REFERENCES": str(ROOT / "references")}
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30,
                          stdin=subprocess.DEVNULL, cwd=folder, env=environment)


def check_ours(words, done, where):
    wanted = UNKNOWN_STATUS if JOINING in where else 0
    equal(done.returncode, wanted, f"{where}: exit status; {done.stdout[:300]}{done.stderr[:300]}")
    is_json = not {"--summary", "-s", "--version", "--help"} & set(words)
    true(done.stdout.strip(), f"{where}: prints something")
    for line in done.stdout.splitlines() if is_json else []:
        answer = json.loads(line)
        true(isinstance(answer, list) or answer.get("success") or "settings" in answer,
             f"{where}: {line[:300]}")


def check_curl(words, done, folder, where):
    equal(done.returncode, 0, f"{where}: exit status; {done.stderr[:300]}")
    file = folder / words[words.index("-o") + 1]
    true(json.loads(file.read_text()), f"{where}: brings JSON")
    if "-w" in words:
        equal(done.stdout, "200 application/json; charset=utf-8\n", f"{where}: status and type")


@test
def our_commands_and_the_dashboard():
    ours, addresses = 0, set()
    with dashboard() as sim, tempfile.TemporaryDirectory() as scratch:
        for name, command, words in ALL:
            where = f"{name}: {command}"
            if words[0] == "psyche-monitor":
                ours += 1
                check_ours(words, run(command, sim, scratch), where)
            elif words[0] == "curl" and API in command:
                addresses.add(words[-1].removeprefix(API))
                check_curl(words, run(command, sim, scratch), pathlib.Path(scratch), where)
    true(ours >= 12, f"{ours} commands of ours are shown")
    true({"/runs", "/run/RUN/0", "/contributionInfo", "/status"} <= addresses, f"shown: {addresses}")


@test
def other_commands():
    targets = set(re.findall(r"^([a-z][a-z-]*):", text_of("Makefile"), re.M))
    listed = set(re.findall(r"https://([\w.-]+)", text_of("references/links.md")))
    for name, command, words in ALL:
        where = f"{name}: {command}"
        true(words[0] in {"psyche-monitor", "curl", *OTHERS}, f"{where}: an unknown command")
        if words[0] == "make":
            true(set(words[1:]) <= targets, f"{where}: there is no such target")
        if words[0] == "curl":
            true(set(re.findall(r"https?://([\w.-]+)", command)) <= listed, f"{where}: host not in links.md")
            true("-m" in words, f"{where}: has no limit in time")
        if "-d" in words:
            request = json.loads(words[words.index("-d") + 1])
            equal(request.get("jsonrpc"), "2.0", f"{where}: the request")
    shown = {words[0] for _, _, words in ALL}
    equal(sorted(set(OTHERS) - shown), [], "commands of others that no document shows")


@test
def calls():
    """Calls of the tool, in blocks and in the text."""
    count = 0
    with dashboard() as sim, Lib().at(sim.url, references=str(ROOT / "references")) as monitor:
        for name in DOCUMENTS:
            shown = [line for body in blocks(name, "json") for line in body.splitlines()]
            shown += [span for span in SPAN.findall(FENCE.sub("", text_of(name)))
                      if span.startswith('{"action"')]
            for text in shown:
                count += 1
                reply = monitor.call(json.loads(fill_in(text)))
                wanted = UNKNOWN_STATUS if UNKNOWN in text or JOINING_CALL in text else 0
                equal(reply.status, wanted, f"{name}: {text}: {reply.text[:300]}")
    true(count >= 25, f"{count} calls are shown")


@test
def options_and_subcommands():
    page = subprocess.run([BUILD / "psyche-monitor", "--help"], capture_output=True, text=True,
                          timeout=10).stdout
    options = set(re.findall(r"(?<![\w-])--?[A-Za-z][a-z-]*", page))
    with_value = set(re.findall(r"(?<![\w-])(--?[A-Za-z][a-z-]*)(?=(?:, --[a-z-]+)? [A-Z])", page))
    subcommands = set(re.findall(r"^  ([a-z_]+) ", page.split("Commands:")[1].split("Options:")[0], re.M))
    true({"--set", "--config", "-c"} <= with_value <= options, f"options with a value: {with_value}")
    true({"call", "schema", "info"} <= subcommands, f"subcommands: {subcommands}")
    shown = [(name, command) for name, command, words in ALL if words[0] == "psyche-monitor"]
    shown += [(name, span) for name in DOCUMENTS for span in SPAN.findall(FENCE.sub("", text_of(name)))
              if span.startswith("psyche-monitor ")]
    for name, command in shown:
        words = iter(words_of(command)[1:])
        for word in words:
            if word in with_value:
                next(words, None)
            elif word.startswith("-"):
                true(word in options, f"{name}: {command}: no option {word}")
            else:
                true(word in subcommands, f"{name}: {command}: no command {word}")
                break


@test
def blocks_say_what_they_are():
    for name in DOCUMENTS:
        text = text_of(name)
        kinds = [kind for kind, _ in FENCE.findall(text)]
        equal(len(kinds) * 2, len(re.findall(r"^```", text, re.M)), f"{name}: blocks")
        true(set(kinds) <= LANGUAGES, f"{name}: languages of its blocks: {set(kinds) - LANGUAGES}")


@test
def addresses():
    """What README and skill name is listed with its origin, or the project's own."""
    listed = set(re.findall(r"https://[^\s`)>]+", text_of("references/links.md")))
    listed = {address.rstrip(".,/") for address in listed}
    for name in ["README.md", "SKILL.md", "after-install.md"]:
        for address in re.findall(r"https?://[^\s\"'`)]+", text_of(name)):
            is_own = address.startswith("http://127.0.0.1")
            true(is_own or address.rstrip(".,/") in listed, f"{name}: {address} does not stand in links.md")


sys.exit(main())
