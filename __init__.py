"""psyche-monitor as a Hermes plugin; what it does stands in plugin/hermes.

Hermes imports this folder as a package and calls register. Nothing is imported before that, so
that other programs may walk over this file."""


def register(ctx):
    from .plugin.hermes import register as register_with

    register_with(ctx)
