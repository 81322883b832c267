"""The command `huiyin`: one table of sub-commands, each imported only when it is called."""

import click

from huiyin.ops.lazy import lazy_group

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
    "nlp": "huiyin.ops.nlp.command:nlp",
    "evaluate": "huiyin.ops.evaluate.command:evaluate",
    "preset": "huiyin.registry.command:preset",
    "administrator": "huiyin.accounts.command:administrator",
    "import": "huiyin.intake.importing.command:import_file",
    "knowledge": "huiyin.knowledge.command:knowledge",
    "governance": "huiyin.governance.command:governance",
    "callbacks": "huiyin.ops.callbacks:callbacks",
    "indicators": "huiyin.indicators.command:indicators",
    "export": "huiyin.ops.export:export",
    "demo": "huiyin.ops.demo.command:demo",
    "demo-live": "huiyin.ops.demo.command:live",
    "token": "huiyin.api.command:token",
}


@click.group(cls=lazy_group(COMMANDS), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="huiyin")
def main() -> None:
    """回音 Huiyin: the platform of a city's 12345 hotline."""
