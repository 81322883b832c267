"""The command `huiyin token`: make, list and revoke the tokens of other systems."""

import os
from typing import Any

import click


@click.group()
def token() -> None:
    """Tokens for the API."""


@token.command()
@click.option("--staff-no", required=True, help="The account (工号) that the token acts for.")
@click.option("--name", required=True, help="What it is for.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="read, register, act, reveal, registry, webhooks."
)
@click.option("--days", default=365, show_default=True, help="Days until it expires.")
@click.option("--per-minute", default=6000, show_default=True, help="Calls a minute.")
def create(staff_no: str, name: str, scopes: tuple[str, ...], days: int, per_minute: int) -> None:
    """Make a token; its secret is printed once, alone on the last line."""
    _set_up()
    from django.utils import timezone

    from huiyin.accounts.models import Staff
    from huiyin.api import tokens
    from huiyin.api.scopes import Scope
    from huiyin.domain.errors import InvalidData

    staff = Staff.objects.filter(staff_no=staff_no).first()
    unknown = [scope for scope in scopes if scope not in set(map(str, Scope))]
    if staff is None or unknown:
        raise click.ClickException(f"没有工号 {staff_no}" if staff is None else f"没有权限 {'、'.join(unknown)}")
    wanted = [Scope(scope) for scope in scopes]
    try:
        issued = tokens.issue(
            name=name, staff=staff, scopes=wanted, days=days, per_minute=per_minute, now=timezone.now()
        )
    except InvalidData as wrong:
        raise click.ClickException(wrong.message) from wrong
    click.echo(f"令牌 {issued.token.pk}：{name}，{staff}，到期 {issued.token.expires_at:%Y-%m-%d}。密钥只显示这一次：")
    click.echo(issued.secret)


@token.command("list")
def list_tokens() -> None:
    """List the tokens."""
    _set_up()
    for row in _tokens().select_related("staff").order_by("id"):
        state = "停用" if row.revoked_at else f"到期 {row.expires_at:%Y-%m-%d}"
        click.echo(f"{row.pk}\t{row.hint}…\t{row.name}\t{row.staff}\t{','.join(row.scopes)}\t{state}")


@token.command()
@click.argument("token_id", type=int)
def revoke(token_id: int) -> None:
    """Revoke the token with this number; it is refused within five seconds."""
    _set_up()
    from django.utils import timezone

    from huiyin.api import tokens

    row = _tokens().filter(pk=token_id).first()
    if row is None:
        raise click.ClickException(f"没有令牌 {token_id}")
    tokens.revoke(row, now=timezone.now())
    click.echo(f"已停用令牌 {token_id}：{row.name}")


def _tokens() -> Any:
    from huiyin.api.models import ApiToken

    return ApiToken.objects


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    import django

    django.setup()
