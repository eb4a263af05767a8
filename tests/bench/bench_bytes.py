#!/usr/bin/env python3
"""bench_bytes - how long answers are beside the same facts as indented JSON, as Markdown on standard output.

What "the same facts" are can be read in three ways; members and sentences are those of our answer in each:

group   what stands together says once where it comes from and how old it is, as ours does: only the white
        space, and the columns' names in each row, come on top
record  every object and every row says so
fact    every single fact says so

The last column is the first of them without what is sentences: summary, notes, next calls and guide."""

import json

from world import ACTIONS, Lib, indented_facts, world

SAID = ("source", "sources", "age_s", "as_of", "cluster", "slot", "stale")
FORMS = ("group", "record", "fact")
SENTENCES = ("summary", "notes", "next", "guide")


def is_table(value):
    return isinstance(value, dict) and {"columns", "rows"} <= set(value)


def is_labelled(value):
    return isinstance(value, dict) and ("source" in value or "sources" in value)


def said_by(value, said):
    """Where it comes from and how old it is; what stands around it tells the rest."""
    return {**said, **{key: value[key] for key in SAID if key in value}}


def as_records(value, said):
    if is_table(value):
        said = said_by(value, said)
        rest = {key: each for key, each in value.items() if key not in ("columns", "rows")}
        rows = [{**dict(zip(value["columns"], row)), **said} for row in value["rows"]]
        return {**said, **rest, "rows": rows}
    if isinstance(value, dict):
        said = said_by(value, said)
        return {**{key: as_records(each, said) for key, each in value.items()}, **said}
    return value


def as_facts(value, said):
    if is_table(value):
        said = said_by(value, said)
        rest = {key: each for key, each in value.items() if key not in ("columns", "rows", *SAID)}
        rows = [dict(zip(value["columns"], row)) for row in value["rows"]]
        return {**rest, "rows": [as_facts(row, said) for row in rows]}
    if isinstance(value, dict):
        said = said_by(value, said)
        return {key: as_facts(each, said) for key, each in value.items() if key not in SAID}
    return {"value": value, **said}


def spread(answer, form):
    """The answer with its groups in another form; what is no group stays."""
    return {key: form(value, {}) if is_labelled(value) else indented_facts(value)
            for key, value in answer.items()}


def size_of(value, **form):
    return len(json.dumps(value, **form).encode())


def compare(reply):
    """Bytes of our answer, [(bytes, per cent fewer in ours)] of the forms, and per cent without sentences."""
    ours, answer = len(reply.text), reply.json
    forms = [indented_facts(answer), spread(answer, as_records), spread(answer, as_facts)]
    sizes = [size_of(form, indent=2) for form in forms]
    facts = {key: value for key, value in answer.items() if key not in SENTENCES}
    fewer = 100 - 100 * size_of(facts, separators=(",", ":")) / size_of(indented_facts(facts), indent=2)
    return ours, [(size, 100 - 100 * ours / size) for size in sizes], fewer


def main():
    print("| question | bytes | " + " | ".join(f"said of each {form} | fewer" for form in FORMS)
          + " | without sentences |")
    print("| --- | ---: |" + " ---: | ---: |" * len(FORMS) + " ---: |")
    with world() as here, Lib().open(here.options(**{"cache.ttl": "600"})) as monitor:
        for name, request in ACTIONS.items():
            monitor.call(request)                          # the second answer is the cached one
            ours, forms, without = compare(monitor.call(request))
            cells = " | ".join(f"{size} | {fewer:.0f} %" for size, fewer in forms)
            print(f"| {name} | {ours} | {cells} | {without:.0f} % |")


main()
