"""Groups of commands whose modules are imported only when one of them is called."""

import importlib
from collections.abc import Mapping

import click


class LazyGroup(click.Group):
    """`table` names each sub-command's place, "module:attribute"; listing them imports nothing."""

    table: Mapping[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


def lazy_group(table: Mapping[str, str]) -> type[LazyGroup]:
    return type("LazyGroup", (LazyGroup,), {"table": table})
