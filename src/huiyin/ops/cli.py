"""The command `huiyin`: one table of sub-commands, each imported only when it is called."""

import importlib

import click

COMMANDS = {
    "serve": "huiyin.ops.serve:serve",
    "web": "huiyin.ops.serve:web",
    "worker": "huiyin.ops.serve:worker",
    "scheduler": "huiyin.ops.serve:scheduler",
    "migrate": "huiyin.ops.manage:migrate",
    "check": "huiyin.ops.manage:check",
    "manage": "huiyin.ops.manage:manage",
    "database": "huiyin.ops.database:database",
    "bench": "huiyin.ops.bench.command:bench",
    "preset": "huiyin.registry.command:preset",
    "administrator": "huiyin.accounts.command:administrator",
    "import": "huiyin.intake.importing.command:import_file",
    "export": "huiyin.ops.export:export",
    "demo": "huiyin.ops.demo.command:demo",
    "demo-live": "huiyin.ops.demo.command:live",
    "token": "huiyin.api.command:token",
}


class LazyGroup(click.Group):
    """Import a sub-command's module on first use: `huiyin --help` needs neither Django nor a database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="huiyin")
def main() -> None:
    """回音 Huiyin: the platform of a city's 12345 hotline."""
