"""``tongtai user``: people of the installation, for whoever has its shell."""

from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.installation import in_installation
from tongtai.features.accounts.api import account_service
from tongtai.features.accounts.model import Role
from tongtai.features.accounts.service import AccountService, NewUser, UserChange
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.institutions.api import institution_service
from tongtai.features.institutions.model import InstitutionKind
from tongtai.features.institutions.sql import SqlInstitutions
from tongtai.infra.container import Container

user_app = typer.Typer(help="People of the installation.", no_args_is_help=True)


async def _by_login(container: Container, session: AsyncSession, login: str) -> tuple[AccountService, str]:
    service = account_service(container, session)
    return service, (await service.get_by_login(login)).id


@user_app.command("add")
def add(
    login: Annotated[str, typer.Argument(help="Login name.")],
    role: Annotated[list[Role], typer.Option(help="Role; can be given more than once.")],
    institution: Annotated[str, typer.Option(help="Name of the institution; made if there is none.")],
    kind: Annotated[
        InstitutionKind, typer.Option(help="What a new institution is: invited is the expert centre.")
    ] = InstitutionKind.INVITED,
    name: Annotated[str, typer.Option(help="Display name; default is the login.")] = "",
    data: Data = DATA,
) -> None:
    """Make a user and print the first password, which must be changed at the first sign-in."""

    async def work(container: Container, session: AsyncSession) -> str:
        institutions = institution_service(session)
        known = {found.name: found for found in await SqlInstitutions(session).all()}
        place = known.get(institution) or await institutions.create(
            name=institution, name_en=institution, kind=kind
        )
        new = NewUser(
            login=login,
            display_name=name or login,
            display_name_en=name or login,
            institution_id=place.id,
            roles=frozenset(role),
        )
        _, password = await account_service(container, session).create(new)
        return f"{login}  {password}"

    typer.echo(in_installation(data, work))


@user_app.command("reset-password")
def reset_password(login: Annotated[str, typer.Argument(help="Login name.")], data: Data = DATA) -> None:
    """Give a user a new password, print it, and end their sessions."""

    async def work(container: Container, session: AsyncSession) -> str:
        service, user_id = await _by_login(container, session, login)
        return f"{login}  {await service.reset_password(user_id)}"

    typer.echo(in_installation(data, work))


@user_app.command("revoke")
def revoke(login: Annotated[str, typer.Argument(help="Login name.")], data: Data = DATA) -> None:
    """Lock a user out: of a running server's streams and live rooms too, within a second."""

    async def work(container: Container, session: AsyncSession) -> str:
        service, user_id = await _by_login(container, session, login)
        await service.revoke(user_id)
        return f"{login} is revoked."

    typer.echo(in_installation(data, work))


@user_app.command("list")
def list_users(data: Data = DATA) -> None:
    """Print every user: login, institution, roles, state."""

    async def work(_container: Container, session: AsyncSession) -> str:
        places = {place.id: place.name for place in await SqlInstitutions(session).all()}
        return "\n".join(
            f"{user.login}  {places[user.institution_id]}  {','.join(sorted(user.roles))}"
            f"{'' if user.active else '  revoked'}"
            for user in await SqlUsers(session).of_institution(None)
        )

    typer.echo(in_installation(data, work))


@user_app.command("roles")
def set_roles(
    login: Annotated[str, typer.Argument(help="Login name.")],
    role: Annotated[list[Role], typer.Argument(help="All the roles that the user has from now on.")],
    data: Data = DATA,
) -> None:
    """Give a user exactly these roles; a running server lets go of what is lost within a second."""

    async def work(container: Container, session: AsyncSession) -> str:
        service, user_id = await _by_login(container, session, login)
        changed = await service.change(user_id, UserChange(roles=frozenset(role)))
        return f"{login}  {','.join(sorted(changed.roles))}"

    typer.echo(in_installation(data, work))
