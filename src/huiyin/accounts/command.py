"""`huiyin administrator`: the first person who can sign in, and the way back in when nobody can."""

import os

import click
import django


@click.command()
@click.argument("username")
@click.option("--name", default="系统管理员", show_default=True, help="The person's name.")
@click.option("--staff-no", default="", help="Staff number; the user name if left out.")
@click.option("--forget-second-factor", is_flag=True, help="Also remove one-time and recovery codes.")
def administrator(username: str, name: str, staff_no: str, forget_second_factor: bool) -> None:
    """Make USERNAME an administrator of the hotline, or give this administrator a new password."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()
    from huiyin.accounts import first

    try:
        password = first.administrator(username, name=name, staff_no=staff_no or username)
        if forget_second_factor:
            first.forget_second_factor(username)
    except first.NoHotline as exc:
        raise click.ClickException(str(exc)) from exc
    click.echo(f"登录名 {username}，初始密码 {password}（首次登录时须修改）")
