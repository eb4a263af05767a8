"""What may differ between two answers when one value of one source has changed.

Facts stand under the label of their source: a group has one label, or a table has several and a column whose
name ends with a label, and rows that are of another source, which a column "source" says. Besides these only what
speaks of all sources at once may differ: summary, agreement, notes, next, and the rows of `sources`."""

import json
import random
import re

from harness import BIG, DATE, FRAME, ROOT, equal, true

HISTORY_SAMPLE = 200
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[\[\]{},:]')
FIXED = {"success", "schema", "action"}
CHAIN = "[on-chain]"
STORAGE = "[best-effort]"
LABELS_OF_DASHBOARD = {"[tracked]", "[tracked:not-found]"}
# Besides groups, these speak of how it was found or of all sources together.
MAY_FOLLOW = FRAME - FIXED
# When the chain changes, how a run was found does not.
MAY_FOLLOW_CHAIN = {"summary", "agreement", "notes", "next", "omitted", "sources"}
# When a repository or bucket changes, what is known of the run itself does not.
MAY_FOLLOW_STORAGE = {"summary", "found", "notes", "next", "omitted", "sources"}
# Of a table of both: when and where its facts are of.
OF_SOURCES = {"sources", "age_s", "cluster", "slot"}

# All that the references say, as an answer says it.
REFERENCES = " ".join(re.sub("[`*]", "", path.read_text().replace("\n", " \n"))
                      for path in (ROOT / "references").glob("*.md"))
REFERENCES = " ".join(REFERENCES.split())


# --- changing a reply -----------------------------------------------------------------------


def scalars(text):
    """(path, start, end) of each value that is no object and no array; the path is a tuple."""
    found, path, kinds = [], [], []
    tokens = list(TOKEN.finditer(text))
    for number, token in enumerate(tokens):
        word = token.group()
        if word in "{[":
            kinds.append(word)
            path.append(None if word == "{" else 0)
        elif word in "}]":
            kinds.pop()
            path.pop()
        elif word == ",":
            path[-1] = None if kinds[-1] == "{" else path[-1] + 1
        elif word != ":" and tokens[number + 1:number + 2] and tokens[number + 1].group() == ":":
            path[-1] = json.loads(word)
        elif word != ":":
            found.append((tuple(path), token.start(), token.end()))
    return found


def another(value):
    """A different value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value * 2 + 1
    if value is None:
        return 5
    tagged = next((tag for tag in (BIG, DATE) if value.startswith(tag)), None)
    if tagged == DATE:
        return f"{DATE}{int(value[len(DATE):]) - 7200000}"
    return f"{BIG}{int(value[len(BIG):]) * 3 + 1}" if tagged else value + "x"


def of_another_kind(value):
    return {"odd": 1} if isinstance(value, str) else "odd"


def changes(text, with_kinds):
    """(path, changed text, is it of a history) for each value, of a history for a sample."""
    every = scalars(text)
    history = [each for each in every if "history" in each[0]]
    newest = history[-1:] + [each for each in history if "loss" in each[0]][-20:]
    chosen = random.Random(1).sample(history, min(HISTORY_SAMPLE, len(history))) + newest
    for path, start, end in [each for each in every if "history" not in each[0]] + chosen:
        value = json.loads(text[start:end])
        is_history = "history" in path
        for change in (another, of_another_kind)[:1 if is_history or not with_kinds else 2]:
            changed = json.dumps(change(value), ensure_ascii=False)
            yield path, text[:start] + changed + text[end:], is_history


# --- looking at answers ---------------------------------------------------------------------


def exact(text):
    """JSON with its numbers as they are written."""
    return json.loads(text, parse_float=lambda digits: f"number {digits}")


def differences(before, after):
    return {key for key in set(before) | set(after) if before.get(key) != after.get(key)}


def labels_of(value):
    if not isinstance(value, dict):
        return set()
    return {value.get("source"), *value.get("sources", [])} - {None}


def is_labelled(value):
    return bool(labels_of(value)) and labels_of(value) <= LABELS_OF_DASHBOARD


def is_quoted(guide):
    """Headings of the references with a sentence of theirs: for a phase, a kind of checkpoint, or whom to trust."""
    members = [name for name in guide if name not in ("source", "as_of")]
    quotes = [guide[name].partition(": ") for name in members]
    return (guide["source"] == "[guide]" and members and set(members) <= {"phase", "kind", "trust"}
            and all(f"## {heading} {sentence}" in REFERENCES for heading, _, sentence in quotes))


def is_table_of_both(value):
    return CHAIN in labels_of(value) and len(labels_of(value)) > 1 and "rows" in value


def rows_by_source(table):
    """({run id: the dashboard's values}, {run id: the chain's values}) of a table of both."""
    columns = table["columns"]
    of_chain = [name.endswith(CHAIN) for name in columns]
    source_at = columns.index("source") if "source" in columns else None
    dashboard, chain = {}, {}
    for row in table["rows"]:
        is_chains = source_at is not None and row[source_at] == CHAIN
        if not is_chains:
            dashboard[row[0]] = [value for value, skip in zip(row, of_chain) if not skip]
        chain[row[0]] = row if is_chains else [value for value, own in zip(row, of_chain) if own]
    return dashboard, chain


def grade_table(what, holders, changed_source):
    """The columns and rows of the source that did not change stay."""
    tables = [value if isinstance(value, dict) else {} for value in holders]
    if not true(all("rows" in table for table in tables), f"{what}: it has come or gone"):
        return
    dashboards, chains = zip(*map(rows_by_source, tables))
    if changed_source == CHAIN:
        equal(dashboards[1], dashboards[0], f"{what}: what the dashboard says")
    else:
        both = set(chains[0]) & set(chains[1]) & set(dashboards[0]) & set(dashboards[1])
        kept = [{run_id: chain[run_id] for run_id in both} for chain in chains]
        equal(kept[1], kept[0], f"{what}: what the chain says")


def rows_of_sources(answer, is_chain):
    return [row for row in answer.get("sources", []) if (row["source"] == CHAIN) == is_chain]


def grade(what, where, before, after):
    """The dashboard's reply has changed. Whether something in the answer did; complains about what must not have."""
    changed = differences(before, after)
    for key in sorted(changed - MAY_FOLLOW):
        holders = [answer[key] for answer in (before, after) if key in answer]
        if key == "guide":
            true(all(is_quoted(value) for value in holders), f"{what}: guide: {holders}")
            continue
        if len(holders) == 2 and any(map(is_table_of_both, holders)):
            grade_table(f"{what}: {key}", holders, "[tracked]")
            continue
        true(key not in FIXED and all(is_labelled(value) for value in holders),
             f"{what}: {key} changed")
    if where[-1] != "id":                   # a page without one is of nobody
        equal(after.get("sources"), before["sources"],
              f"{what}: the source is understood as before")
    return bool(changed)


def grade_chain(what, before, after, is_alone=False):
    """An account has changed. Whether something in the answer did; complains about what must not have. With
    `is_alone` nobody else knows of the run: of an account that cannot be read, whether it is there is not known."""
    changed = differences(before, after)
    is_lost = is_alone and after.get("found") == "unknown"
    for key in sorted(changed - MAY_FOLLOW_CHAIN - ({"found", "matched_by"} if is_lost else set())):
        holders = [answer[key] for answer in (before, after) if key in answer]
        if key == "guide":
            true(all(is_quoted(value) for value in holders), f"{what}: guide: {holders}")
        elif any(map(is_table_of_both, holders)):
            grade_table(f"{what}: {key}", [answer.get(key) for answer in (before, after)], CHAIN)
        else:
            true(all(labels_of(value) == {CHAIN} for value in holders), f"{what}: {key} changed: {holders}")
    equal(rows_of_sources(after, False), rows_of_sources(before, False), f"{what}: the dashboard's rows of sources")
    return bool(changed)


def is_of_storage(value):
    return labels_of(value) == {STORAGE}


def grade_storage(what, before, after):
    """The hub's or a bucket's reply has changed. Whether something in the answer did; complains about what must not
    have."""
    changed = differences(before, after)
    for key in sorted(changed - MAY_FOLLOW_STORAGE):
        holders = [answer[key] for answer in (before, after) if key in answer]
        true(all(map(is_of_storage, holders)), f"{what}: {key} changed: {holders}")
    others = [[row for row in answer["sources"] if row["source"] != STORAGE] for answer in (before, after)]
    equal(others[1], others[0], f"{what}: the other sources")
    return bool(changed)
