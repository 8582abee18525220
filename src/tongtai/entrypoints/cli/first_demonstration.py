"""The first start of the demonstration: its people and cases, their passwords, gateways, CT and plans.

It loads what the server loads; a second start waits for none of that.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from rich.console import Console

from tongtai.entrypoints.demo.dress import ask_for_plan, enrolment_code, push_simulated_ct
from tongtai.entrypoints.demo.papers import consent_to_recording
from tongtai.entrypoints.demo.referrals import refer_cases
from tongtai.entrypoints.demo.seed import Demonstration, seed
from tongtai.entrypoints.gateway.enrolment import enrolled_token
from tongtai.entrypoints.gateway.server import Server
from tongtai.entrypoints.web.app import build_container
from tongtai.infra.settings import Settings


@dataclass(frozen=True, slots=True)
class FirstDemonstration:
    """What was made in an empty installation, and what is still to be done through its server."""

    settings: Settings
    made: Demonstration

    @classmethod
    async def seeded(cls, settings: Settings) -> Self | None:
        """Institutions, people and cases; ``None`` when the installation is not empty."""
        container = build_container(settings)
        try:
            made = await seed(container)
        finally:
            await container.database.close()
        return None if made is None else cls(settings, made)

    async def dress(self, url: str, console: Console, *, referrals: bool, plans: bool) -> None:
        """Enrol the gateways, push the CT, refer further cases, ask for the plans."""
        console.print("… demonstration: gateways, simulated CT and its plans")
        await self._enrol_gateways(url)
        now, tables = datetime.now(UTC), self.made.tables
        await consent_to_recording(url, self.made, now)
        await asyncio.gather(*(push_simulated_ct(url, self.made, table, acquired_at=now) for table in tables))
        if referrals:
            console.print("… demonstration: agreements, referrals, a team meeting")
            await refer_cases(url, self.made, now)
        if plans:
            for table in tables:
                await ask_for_plan(url, self.made, table)

    def print_accounts(self, console: Console) -> None:
        """Show every login and password, once."""
        console.print("\n[bold]Accounts of the demonstration[/bold]  (shown once; kept as hashes only)")
        place = None
        for account in self.made.accounts:
            if account.institution is not place:
                place = account.institution
                console.print(f"\n  {place.name}  {place.name_en}")
            console.print(f"    {account.login:<28} {account.password}  ", highlight=False, soft_wrap=True)
        console.print(
            "\n  A lost password is replaced by: tongtai user reset-password LOGIN", highlight=False
        )

    async def _enrol_gateways(self, url: str) -> None:
        """One gateway for each table, as `tongtai gateway --code` does."""
        for table in self.made.tables:
            code = await enrolment_code(url, self.made, table)
            server = Server(url)
            try:
                folder = self.settings.data / "gateways" / table.hospital.key
                await enrolled_token(server, data=folder, code=code)
            finally:
                await server.close()
