"""What the tests let the model ask, and what it must have been told: each answer byte for byte what
the command prints for the same request, at the same moment and of the same simulator."""

import json

import host
from harness import DATA, NOW, ROOT, Simulator, equal, main, read_json, to_text, true  # noqa: F401

TOOL = "psyche_monitor"
REQUESTS = [{"action": "list_runs"},
            {"action": "run_details", "run_id": "consilience-40b-1"},
            {"action": "checkpoints", "run_id": "consilience-40b-1"},
            {"action": "pool_status"},
            {"action": "network_stats"},
            {"action": "contribute"},
            {"action": "contribute", "page": "Cooldown"},
            {"action": "run_details", "run_id": "no-such-run"}]
# Two runs compared: two calls in one message.
COMPARED = [{"action": "run_details", "run_id": "hermes-3-8b"},
            {"action": "run_details", "run_id": "hermes-4-8b", "detail": "full"}]
REFERENCES = sorted((ROOT / "references").glob("*.md"))
JUDGE = """
from agent.display import _detect_tool_failure as judge
print(json.dumps([bool(judge("psyche_monitor", text)[0]) for text in value]))"""


def script(tool=TOOL):
    """A message for each request, and one for the two."""
    return [*[[(tool, request)] for request in REQUESTS], [(tool, request) for request in COMPARED]]


def skill_script():
    """The plugin's skill and each of its references."""
    names = ["network-monitor", *[path.stem for path in REFERENCES]]
    return [[("skill_view", {"name": f"psyche:{name}"})] for name in names]


def check_answers(home, answers, program, url):
    """Of the requests of script(), by what `program` says."""
    equal(len(answers), len(REQUESTS + COMPARED), "answers")
    for request, (_, text) in zip(REQUESTS + COMPARED, answers):
        want = home.run(program, "--set", f"now={NOW}", "call", json.dumps(request), PSYCHE_API_URL=url)
        if equal(text, want.out.rstrip("\n"), f"{request}: what the model was told"):
            true(read_json(text)["success"], f"{request}: is answered")
    verdicts = home.python_json(JUDGE, [text for _, text in answers])
    equal(verdicts, [False] * len(answers), "counted as failed by Hermes")


def check_skills(answers, folder):
    """Of the requests of skill_script(), by the files below `folder`."""
    files = [folder / "SKILL.md", *[folder / "references" / path.name for path in REFERENCES]]
    equal(len(answers), len(files), "skills")
    for file, (_, text) in zip(files, answers):
        view = json.loads(text)
        content = view.get("content", "")
        want = file.read_text()
        if file.name == "SKILL.md":
            want = want.replace("${HERMES_SKILL_DIR}", str(folder))
        true(view["success"] and content.endswith(want), f"{file.name}: {view!s:.300}")
        true("'psyche' plugin" in content[:200], f"{file.name}: says whose it is: {content[:200]!r}")


def check_definition(home, model, program):
    """The tool as the model was offered it is the library's own definition."""
    offered = model.definition(TOOL)
    want = json.loads(home.run(program, "schema").out)
    equal(offered and offered["function"], next(tool for tool in want if tool["name"] == TOOL),
          "definition")
