"""The Hermes plugin: tools, skills and commands on top of psyche_monitor.so.

The same files are the module psyche_monitor_hermes of the wheel. Hermes calls register in each of
its processes, so it only loads the library and reads the settings; the handle, its thread and the
network come with the first question."""

from . import commands, settings, skills, terminal, tools
from .bridge import Bridge

_current = None                           # the handle is one a process, however often we are asked


def register(ctx):
    global _current
    _current = bridge = Bridge(settings.read())
    tools.register(ctx, bridge)
    registered = skills.register(ctx)
    commands.register(ctx, bridge)
    terminal.register(ctx, bridge, registered)
