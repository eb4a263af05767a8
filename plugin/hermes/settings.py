"""What the user set for this plugin: plugins.entries.psyche.settings of Hermes.

The library knows its own settings and refuses what it does not know, so they are handed over as
they are. Two words are the plugin's own: `tools`, a list of those that are wanted, and `now`, a
moment at which the clock stands still, for tests."""

import json

PATH = ("plugins", "entries", "psyche", "settings")


class Settings:
    """values: for the library; tools: names, or None for all; note: what is wrong, or ""."""

    def __init__(self, values=None, note=""):
        self.values, self.tools, self.now, self.note = values, None, None, note
        if isinstance(values, dict):
            self.values = dict(values)
            self.now = self.values.pop("now", None)
            self._take_tools(self.values.pop("tools", None))

    def _take_tools(self, tools):
        if tools is None or (isinstance(tools, list) and all(isinstance(name, str) for name in tools)):
            self.tools = tools
        else:
            self.note = "the setting tools is no list of names; all tools are there"

    def options(self, references=None, **more):
        """Options of psyche_monitor_open, as JSON. What JSON does not have (YAML's dates) is text.
        `references` is a folder, for settings that name none."""
        values = {} if self.values is None else self.values
        if references and isinstance(values, dict):
            values = {"references": str(references), **values}
        options = {"settings": values, "now": self.now, **more}
        kept = {name: value for name, value in options.items() if value not in (None, "", {})}
        return json.dumps(kept, default=str).encode()


def read():
    """Whole, from Hermes's configuration: its plugin context, where it can read at all, gives one
    key at a time. Settings that cannot be read are a note, never a failure."""
    try:
        from hermes_cli.config import cfg_get, load_config
    except ImportError:                   # not inside Hermes
        return Settings()
    try:
        return Settings(cfg_get(load_config(), *PATH, default=None))
    except Exception as trouble:
        return Settings(note=f"Hermes's settings cannot be read ({type(trouble).__name__}); "
                             "the defaults are used")
