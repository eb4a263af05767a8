#!/usr/bin/env python3
"""Where the references are looked for, and what becomes of missing and broken ones.

The references of the tree are copied to scratch folders, and the library beside them, so that
nothing depends on where this tree is."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from os import environ

from harness import (BUILD, ROOT, SCRATCH, Cli, Lib, Simulator, check_answer, check_failure, equal,
                     main, recorded, test, true)

LIB = Lib()
REFERENCES = ROOT / "references"
RUN = {"action": "run_details", "run_id": "consilience-40b-1"}        # its phase is RoundTrain
SENTENCE = "The clients work as this test says."


def copy_of(name):
    folder = SCRATCH / name
    shutil.copytree(REFERENCES, folder)
    return folder


def edit(folder, sentence=SENTENCE):
    """Makes it the first paragraph under "## RoundTrain"."""
    path = folder / "run-states.md"
    text = path.read_text()
    true("\n## RoundTrain\n" in text, "run-states.md has the heading")
    path.write_text(text.replace("\n## RoundTrain\n", f"\n## RoundTrain\n\n{sentence}\n\n"))


def phase(answer):
    return answer.get("guide", {}).get("phase", "")


def about_references(answer):
    return [note for note in answer["notes"] if note.startswith("references: ")]


def ask(sim, **options):
    with LIB.at(sim.url, **options) as monitor:
        reply = monitor.call(RUN)
        check_answer(reply, f"{options}")
        return reply.json


def where(options=None):
    with LIB.open(options) as monitor:
        reply = monitor.call({"tool": "info"})
        check_answer(reply, "info")
        return reply.json["references"]


def built_in_text(sim):
    """What an answer says with the copies that are built in, which equal the tree's references."""
    return phase(ask(sim, references=str(REFERENCES)))


@test
def an_edited_sentence_is_seen():
    folder = copy_of("edited")
    with Simulator(dict(recorded())) as sim:
        before = ask(sim, references=str(folder))
        true(phase(before).startswith("RoundTrain: ") and SENTENCE not in phase(before),
             f"before: {before.get('guide')}")
        equal(list(before["guide"]), ["source", "as_of", "phase"], "members of the group")
        equal(before["guide"]["source"], "[guide]", "its label")
        keys = list(before)
        true(keys.index("agreement") < keys.index("guide") < keys.index("sources"),
             f"its place: {keys}")
        edit(folder)
        with LIB.at(sim.url, references=str(folder)) as monitor:
            answer = monitor.call(RUN).json
            equal(phase(answer), f"RoundTrain: {SENTENCE}", "after the edit")
            equal(about_references(answer), [], "notes")
            page = monitor.call({"action": "contribute", "page": "RoundTrain"})
            check_answer(page, "contribute, page RoundTrain")
            true(page.json["guide"]["text"].startswith(SENTENCE), f"contribute: {page.json['guide']}")
            edit(folder, "Later words.")
            equal(phase(monitor.call(RUN).json), f"RoundTrain: {SENTENCE}", "once a handle")
        alone = {**RUN, "page": "g.guide"}
        with LIB.at(sim.url, references=str(folder)) as monitor:
            equal(phase(monitor.call(alone).json), "RoundTrain: Later words.", "as a page")


@test
def its_text_is_cleaned_and_bounded():
    folder = copy_of("odd")
    with Simulator(dict(recorded())) as sim:
        for sentence, want in [("a\u202eb \x1b[31mred", "RoundTrain: a<U+202E>b <U+001B>[31mred"),
                               ("\"error\" and <U+41>", "RoundTrain: \"error\" and <U+3C>U+41>")]:
            shutil.copy(REFERENCES / "run-states.md", folder)
            edit(folder, sentence)
            got = phase(ask(sim, references=str(folder)))
            true(got == want or got == want.replace("U+001B", "U+1B"), f"{sentence!r}: {got!r}")
        shutil.copy(REFERENCES / "run-states.md", folder)
        edit(folder, "many words " * 200)
        got = phase(ask(sim, references=str(folder)))
        true(len(got.encode()) <= 400 and got.endswith("…"), f"bounded: {len(got.encode())}")


BROKEN = {
    "no front matter": b"# Run states\n\n## RoundTrain\n\nWrong.\n",
    "bad front matter": b"---\ntitle: [\nas_of: 2026-03-20\n---\n## RoundTrain\n\nWrong.\n",
    "no date": b"---\ntitle: Run states\n---\n## RoundTrain\n\nWrong.\n",
    "no text": b"---\ntitle: Run states\nas_of: 2026-03-20\n---\n## RoundTrain\n\nWrong \xff.\n",
    "too large": b"---\ntitle: T\nas_of: 2026-03-20\n---\n## RoundTrain\n\nWrong.\n" + b"\n" * 65536,
    "empty": b"",
}


@test
def broken_files():
    with Simulator(dict(recorded())) as sim:
        want = built_in_text(sim)
        for name, content in BROKEN.items():
            folder = copy_of(f"broken {name}")
            (folder / "run-states.md").write_bytes(content)
            answer = ask(sim, references=str(folder))
            equal(phase(answer), want, f"{name}: the built-in text")
            notes = about_references(answer)
            true(len(notes) == 1 and notes[0].startswith("references: run-states.md ")
                 and notes[0].endswith("; built-in copies are used"), f"{name}: {notes}")
            rows = {row["name"]: row for row in where({"references": str(folder)})["documents"]}
            equal(rows["run-states"]["from"], "built in", f"{name}: info, from")
            true(rows["run-states"].get("problem"), f"{name}: info, problem")
            others = [row for key, row in rows.items() if key != "run-states"]
            true(all(row["from"] == "folder" and "problem" not in row for row in others),
                 f"{name}: the other documents")


@test
def missing_files_and_folders():
    empty = SCRATCH / "empty"
    empty.mkdir()
    (SCRATCH / "a-file").write_text("")
    unreadable = copy_of("a-folder-in-its-place")
    (unreadable / "run-states.md").unlink()
    (unreadable / "run-states.md").mkdir()
    cases = [(empty, "references: run-states.md is missing; built-in copies are used"),
             (unreadable, "references: run-states.md is no ordinary file; built-in copies are used"),
             (SCRATCH / "not-there", "references: there is no such folder; built-in copies are used"),
             (SCRATCH / "a-file", "references: there is no such folder; built-in copies are used"),
             ("x" * 5000, None)]
    with Simulator(dict(recorded())) as sim:
        want = built_in_text(sim)
        for folder, note in cases:
            answer = ask(sim, references=str(folder))
            equal(phase(answer), want, f"{folder!s:.60}: the built-in text")
            notes = about_references(answer)
            true(len(notes) == 1 and note in (None, notes[0]), f"{folder!s:.60}: {notes}")


@test
def precedence():
    folders = {name: str(copy_of(name)) for name in ("by-option", "by-environment", "by-host",
                                                     "by-file")}
    config = SCRATCH / "references.yaml"
    config.write_text(f"references: {folders['by-file']}\n")
    options = {"config": str(config)}

    def check(folder, found_by):
        got = where(options)
        equal((got["folder"], got["found_by"]), (folders.get(folder, folder), found_by), found_by)
    check("by-file", "config file")
    options["settings"] = {"references": folders["by-host"]}
    check("by-host", "host settings")
    environ["PSYCHE_MONITOR_REFERENCES"] = folders["by-environment"]
    try:
        check("by-environment", "environment")
        options["references"] = folders["by-option"]
        check("by-option", "option")
        del options["references"]
        options["override"] = {"references": folders["by-option"]}
        check("by-option", "option")
    finally:
        del environ["PSYCHE_MONITOR_REFERENCES"]
    with LIB.open({"references": 5}) as monitor:
        check_failure(monitor.call({"tool": "info"}), "bad_config", "a number")
    equal(where({"references": ""})["found_by"], where()["found_by"], "empty: looked for")
    # As it was named, and what it is now: a host may go to another folder between two calls.
    got = where({"references": os.path.relpath(folders["by-option"])})
    equal(got["folder"], folders["by-option"], "a relative path")


# What it is loaded from, where the references stand.
BESIDE = [("lib.so", "references"), ("build/lib.so", "references"),
          ("build/release/lib.so", "references"),
          ("lib/lib.so", "share/psyche-monitor/references")]
SHOW = """
import ctypes, sys
lib = ctypes.CDLL(sys.argv[1])
for name in ("open", "call", "reply_text"):
    getattr(lib, "psyche_monitor_" + name).restype = ctypes.c_void_p
handle = ctypes.c_void_p(lib.psyche_monitor_open(None, ctypes.c_size_t(0)))
request = b'{"tool":"info"}'
reply = lib.psyche_monitor_call(handle, request, ctypes.c_size_t(len(request)))
print(ctypes.string_at(lib.psyche_monitor_reply_text(ctypes.c_void_p(reply), None)).decode())
"""


def info_of(command, **more):
    done = subprocess.run(command, capture_output=True, timeout=60, **more)
    if not true(done.returncode == 0, f"{command[:2]}: {done.stderr[-500:]!r}"):
        return {}
    return json.loads(done.stdout)["references"]


@test
def beside_the_library():
    is_plain = BUILD.name == "release"        # a sanitizer's library needs its runtime preloaded
    for library, references in BESIDE:
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name).resolve()
            (root / library).parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(REFERENCES, root / references)
            program = (root / library).with_name("psyche-monitor")
            shutil.copy(Cli.path, program)
            commands = [[str(program), "call", '{"tool":"info"}']]
            if is_plain:
                shutil.copy(Lib.path, root / library)
                commands.append([sys.executable, "-c", SHOW, str(root / library)])
            for command in commands:
                got = info_of(command)
                equal((got.get("folder"), got.get("found_by")),
                      (str(root / references), "beside the library"), f"{library}, {references}")
            # Found by PATH the program knows only its name.
            got = info_of(["psyche-monitor", "call", '{"tool":"info"}'], cwd="/",
                          env={**environ, "PATH": f"{program.parent}:{environ['PATH']}"})
            equal(got.get("folder"), str(root / references), f"{library}: by PATH")


@test
def nothing_beside():
    """A folder of that name that holds something else is not taken."""
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name).resolve()
        (root / "references").mkdir()
        (root / "references" / "books.md").write_text("# Books\n")
        program = root / "psyche-monitor"
        shutil.copy(Cli.path, program)
        got = info_of([str(program), "call", '{"tool":"info"}'])
        true(got.get("found_by") in ("built in", "installed"), f"{got}")
        if got.get("found_by") == "built in":
            equal(got["folder"], None, "no folder")
            true(all(row["from"] == "built in" and "problem" not in row
                     for row in got["documents"]), f"{got['documents']}")
        names = [row["name"] for row in got["documents"]]
        want = {path.stem for path in REFERENCES.glob("*.md")}
        true(want <= set(names), f"all of the tree are built in: {names}")


sys.exit(main())
