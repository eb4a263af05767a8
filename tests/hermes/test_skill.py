#!/usr/bin/env python3
"""The skill alone, without the plugin: SKILL.md and its references as Hermes takes them in.

Copied into a home, read by the agent, judged by Hermes' validators and scanner, and installed from
an address, where only the files that SKILL.md names are fetched."""

import collections
import contextlib
import functools
import http.server
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from os import environ

import host
from harness import ROOT, equal, main, test, true, within
from model_server import ModelServer

NAME = "network-monitor"
REFERENCES = sorted((ROOT / "references").glob("*.md"))
VALIDATE = """
import pathlib, re
from tools import skill_manager_tool as manager
text = pathlib.Path(value["file"]).read_text()
created = manager._create_skill(value["name"], text, "research")
written = [manager._write_file(value["name"], "references/" + name, body)
           for name, body in value["references"].items()]
print(json.dumps([manager._validate_name(value["name"]), manager._validate_frontmatter(text),
                  created, written]))"""
SCAN = """
import pathlib
from tools.skills_guard import scan_skill, should_allow_install
result = scan_skill(pathlib.Path(value))
print(json.dumps([result.verdict, bool(should_allow_install(result)[0]),
                  [[f.severity, f.pattern_id, f.file, f.line, f.match[:80]] for f in result.findings]]))"""

# `hermes skills install ADDRESS --yes`, without the catalogues on the internet that it asks first.
INSTALL = """
import tools.skills_hub
from hermes_cli.skills_hub import do_install
tools.skills_hub.create_source_router = lambda auth: [tools.skills_hub.UrlSource()]
do_install(value, skip_confirm=True)
print("null")"""


def copy_skill(folder):
    """What stands in a skill's directory."""
    (folder / "references").mkdir(parents=True)
    shutil.copyfile(ROOT / "SKILL.md", folder / "SKILL.md")
    for path in REFERENCES:
        shutil.copyfile(path, folder / "references" / path.name)
    return folder


@contextlib.contextmanager
def served(folder):
    """The folder's address, and the list of what is fetched from it."""
    fetched = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            fetched.append(self.path)
            super().do_GET()

    make = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), make)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", fetched
    finally:
        server.shutdown()
        server.server_close()


def without_variables(text, folder):
    """The text as skill_view gives it: the skill's directory is filled in."""
    return text.replace("${HERMES_SKILL_DIR}", str(folder))


@test
def read_by_the_agent():
    script = [[("skills_list", {})], [("skill_view", {"name": NAME})],
              *[[("skill_view", {"name": NAME, "file_path": f"references/{path.name}"})]
                for path in REFERENCES]]
    with ModelServer(script) as model, host.Home(model.url) as home:
        folder = copy_skill(home.hermes_home / "skills" / "research" / NAME)
        answers = home.conversation(model, "skills")
        equal(len(answers), len(script), "answers")
        skills = json.loads(answers[0][1])["skills"]
        equal([(skill["name"], skill["category"]) for skill in skills], [(NAME, "research")],
              "skills_list")
        view = json.loads(answers[1][1])
        true(view["success"] and view["readiness_status"] == "available", f"skill_view: {view!s:.300}")
        equal(view["content"], without_variables((ROOT / "SKILL.md").read_text(), folder), "SKILL.md")
        equal(sorted(view["linked_files"]), ["references"], "kinds of linked files")
        equal(sorted(view["linked_files"]["references"]),
              [f"references/{path.name}" for path in REFERENCES], "linked files")
        for path, (_, text) in zip(REFERENCES, answers[2:]):
            equal(json.loads(text).get("content"), path.read_text(), path.name)


@test
def made_for_download():
    """`make skill` writes what the other tests here look at."""
    environment = {name: value for name, value in environ.items() if not name.startswith("MAKE")}
    subprocess.run(["make", "-s", "-C", str(ROOT), "skill"], check=True, capture_output=True,
                   env=environment)
    with tempfile.TemporaryDirectory() as scratch:
        wanted, made = copy_skill(pathlib.Path(scratch, NAME)), ROOT / "dist" / NAME
        equal(*[{str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*.*")}
                for top in (made, wanted)], "files of dist/")


@test
def validators():
    text = (ROOT / "SKILL.md").read_text()
    within(len(text), 5000, "characters of SKILL.md")
    value = {"name": NAME, "file": str(ROOT / "SKILL.md"),
             "references": {path.name: path.read_text() for path in REFERENCES}}
    with host.Home() as home:
        name, front, created, written = home.python_json(VALIDATE, value)
    equal([name, front], [None, None], "objections to name and front matter")
    true(created.get("success"), f"created: {created}")
    true(len(written) == len(REFERENCES) and all(one.get("success") for one in written),
         f"references written: {written}")
    description = re.search(r'^description: "(.*)"$', text, re.M).group(1)
    within(len(description), 1024, "characters of the description, more is cut")


def scan(folder):
    with host.Home() as home:
        return home.python_json(SCAN, str(folder))


@test
def scanner_over_the_skill():
    with tempfile.TemporaryDirectory() as scratch:
        verdict, is_allowed, findings = scan(copy_skill(pathlib.Path(scratch, NAME)))
    grave = [finding for finding in findings if finding[0] not in MINOR]
    equal([verdict, is_allowed, grave], ["safe", True, []], "the skill's directory")


MINOR = ("medium", "low")                 # told to the person, never in the way
# Rules that Hermes has for skills but not for plugins, whose trees are programs and larger.
PLUGIN_EXEMPT = {"oversized_skill"}
PLUGIN_CODE_EXEMPT = {"python_os_environ"}
PLUGIN_MOST_BYTES = 10 << 20


@test
def scanner_over_the_project():
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True,
                           capture_output=True).stdout.decode().split("\0")
    names = [name for name in names if name and (ROOT / name).is_file()]
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            target = pathlib.Path(scratch, "psyche", name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        findings = scan(pathlib.Path(scratch, "psyche"))[2]
    within(sum((ROOT / name).stat().st_size for name in names), PLUGIN_MOST_BYTES, "bytes of the tree")
    places = collections.defaultdict(list)
    for severity, rule, file, line, match in sorted(findings):
        is_exempt = rule in PLUGIN_EXEMPT or (rule in PLUGIN_CODE_EXEMPT and file.endswith(".py"))
        if severity not in MINOR and not is_exempt:
            places[f"{severity} {rule}"].append(f"{file}:{line}: {match}")
    for rule, lines in places.items():
        true(False, f"{rule}, {len(lines)} times: {'; '.join(lines[:6])}")
    true(findings, "the scanner looked")


@test
def installed_from_an_address():
    with tempfile.TemporaryDirectory() as scratch, host.Home() as home:
        folder = copy_skill(pathlib.Path(scratch, NAME))
        home.configure("http://127.0.0.1:1/v1", allow_private_urls=True)
        with served(folder) as (url, fetched):
            home.python_json(INSTALL, f"{url}/SKILL.md")
        installed = list((home.hermes_home / "skills").glob(f"**/{NAME}/SKILL.md"))
        if not true(len(installed) == 1, f"installed once: {installed}, fetched: {fetched}"):
            return
        equal(installed[0].read_text(), (ROOT / "SKILL.md").read_text(), "SKILL.md")
        got = {path.name: path.read_text() for path in (installed[0].parent / "references").glob("*")}
        equal(sorted(got), [path.name for path in REFERENCES], "references")
        true(all(got.get(path.name) == path.read_text() for path in REFERENCES), "their texts")
        equal(sorted(set(fetched) - {"/SKILL.md"}),
              [f"/references/{path.name}" for path in REFERENCES], "fetched")


sys.exit(main())
