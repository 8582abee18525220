"""``python -m tongtai.entrypoints.gateway``: the gateway without the rest of the command line."""

import typer

from tongtai.entrypoints.gateway.command import gateway

if __name__ == "__main__":
    typer.run(gateway)
