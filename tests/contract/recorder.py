"""Hermes' side of the plugin, as far as a test needs it: a context that keeps what is registered.

Children of the tests use it too, so it needs nothing but Python. `load(root)` imports a tree, or an
unpacked wheel, as Hermes does."""

import argparse
import importlib.util
import itertools
import json
import pathlib
import sys
import threading
import types

_names = itertools.count()


class Context:
    """What register(ctx) gave; handler and schema of the first tool are at hand."""

    def __init__(self):
        self.tools, self.skills, self.commands, self.terminal = {}, {}, {}, {}

    def register_tool(self, name, toolset, schema, handler, check_fn=None, requires_env=None, is_async=False,
                      description="", emoji="", override=False):
        self.tools[name] = types.SimpleNamespace(toolset=toolset, schema=schema, handler=handler,
                                                 description=description)

    def register_skill(self, name, path, description=""):
        assert isinstance(path, pathlib.Path)
        self.skills[name] = types.SimpleNamespace(path=path, description=description)

    def register_command(self, name, handler, description="", args_hint=""):
        self.commands[name] = handler

    def register_cli_command(self, name, help, setup_fn, handler_fn=None, description=""):
        self.terminal[name] = (setup_fn, handler_fn)

    def ask(self, arguments, **words):
        """The tool's answer as text; words are what the host adds."""
        return self.tools["psyche_monitor"].handler(arguments, task_id="t", session_id="s", **words)

    def answer(self, arguments):
        return json.loads(self.ask(arguments))

    def slash(self, words):
        return self.commands["psyche"](words)

    def run(self, *words):
        """`hermes psyche WORDS`: the exit status."""
        set_up, handle = self.terminal["psyche"]
        parser = argparse.ArgumentParser("hermes psyche")
        set_up(parser)
        try:
            handle(parser.parse_args(words))
        except SystemExit as end:
            return end.code or 0
        return 0                          # what Hermes makes of a handler that returns


def load(root, settings=None, read=None):
    """(module, Context) of a registered plugin. `settings` stand in Hermes's configuration; `read`
    replaces the function that reads it."""
    give_configuration(read or (lambda: {"plugins": {"entries": {"psyche": {"settings": settings}}}}))
    name = f"plugin_{next(_names)}"
    spec = importlib.util.spec_from_file_location(name, f"{root}/__init__.py",
                                                  submodule_search_locations=[str(root)])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    context = Context()
    module.register(context)
    return module, context


def part(module, name):
    """A module of the plugin, wherever it lies."""
    return next(found for full, found in sys.modules.items()
                if full.startswith(module.__name__ + ".") and full.endswith("." + name))


def give_configuration(load_config):
    def cfg_get(value, *keys, default=None):
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return default if value is None else value

    config = types.ModuleType("hermes_cli.config")
    config.load_config, config.cfg_get = load_config, cfg_get
    sys.modules.update({"hermes_cli": types.ModuleType("hermes_cli"), "hermes_cli.config": config})


def give_interrupts():
    """tools.interrupt, and the set of threads that it says are interrupted."""
    threads, interrupt = set(), types.ModuleType("tools.interrupt")
    interrupt.is_interrupted = lambda: threading.get_ident() in threads
    sys.modules.update({"tools": types.ModuleType("tools"), "tools.interrupt": interrupt})
    return threads
