"""The files of deploy/ as far as a machine without containers can tell: the real LiveKit takes them, and every name exists."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.support.processes import Process, free_ports
from tests.support.services import redis
from typer.testing import CliRunner

from tongtai.entrypoints.cli.main import app
from tongtai.entrypoints.cli.media_server import find_server
from tongtai.infra.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
NODES = sorted((DEPLOY / "livekit").iterdir())
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]


def certificate(folder: Path) -> None:
    """Made for TURN's name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "turn.example.org")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    ).sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.stem)
async def test_a_media_node_starts_with_its_file(node: Path, tmp_path: Path) -> None:
    program = find_server()
    if program is None:
        pytest.skip("the LiveKit server has not been built (make)")
    text = node.read_text().replace("TURN_DOMAIN", "turn.example.org")
    ports = dict(zip(re.findall(r"port: (\d+)", text), free_ports(8), strict=False))
    text = re.sub(r"port: (\d+)", lambda found: f"port: {ports[found[1]]}", text)
    (tmp_path / "node.yaml").write_text(text)
    certificate(tmp_path)
    with redis() as address:
        values = {
            "LIVEKIT_KEYS": "tongtai: 0123456789abcdef0123456789abcdef",
            "NODE_IP": "127.0.0.1",
            "REDIS_HOST": address.removeprefix("redis://").removesuffix("/0"),
            "REDIS_PASSWORD": "",
            "LIVEKIT_TURN_CERT": str(tmp_path / "fullchain.pem"),
            "LIVEKIT_TURN_KEY": str(tmp_path / "privkey.pem"),
        }
        assert values.keys() == SERVICES["livekit-a"]["environment"].keys()
        process = Process([str(program), "--config", str(tmp_path / "node.yaml")], tmp_path / "log", values)
        try:
            await process.start(f"http://127.0.0.1:{yaml.safe_load(text)['port']}")
        finally:
            process.kill()
    log = (tmp_path / "log").read_text()
    assert "connecting to redis" in log
    assert ("TURN server" in log) is ("turn:" in text)


def test_every_value_of_the_compose_file_is_asked_for() -> None:
    used = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    offered = set(re.findall(r"^(\w+)=", (DEPLOY / "env.example").read_text(), flags=re.MULTILINE))
    # TURN's name goes into the node's file by hand.
    assert offered == used | {"TURN_DOMAIN"}
    in_caddy = set(re.findall(r"\{\$(\w+)\}", (DEPLOY / "Caddyfile").read_text()))
    assert in_caddy == SERVICES["proxy"]["environment"].keys()


def follows_the_specification(file: Path) -> bool:
    """Whether a compose file has only what the Compose Specification knows, where it knows it."""
    words = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run([sys.executable, *words], check=False, capture_output=True).returncode == 0


def test_the_compose_file_follows_the_specification(tmp_path: Path) -> None:
    assert follows_the_specification(DEPLOY / "compose.yaml")
    text = (DEPLOY / "compose.yaml").read_text()
    for right, wrong in [
        ("stop_grace_period: 20s", "stop_grace: 20s"),
        ("condition: service_healthy", "condition: healthy"),
        ("retries: 12", "retries: [12]"),
    ]:
        assert right in text
        (tmp_path / "compose.yaml").write_text(text.replace(right, wrong, 1))
        assert not follows_the_specification(tmp_path / "compose.yaml"), wrong


def test_every_part_of_the_compose_file_exists() -> None:
    for name, service in SERVICES.items():
        assert service["depends_on"].keys() <= SERVICES.keys() if "depends_on" in service else True
        for needed in service.get("depends_on", {}):
            assert "healthcheck" in SERVICES[needed]
        for volume in service.get("volumes", []):
            source = volume.split(":/")[0]
            if source.startswith("./"):
                assert (DEPLOY / source).is_file(), name
            elif not source.startswith("$"):
                assert source in COMPOSE["volumes"], name
        # Nothing but the media and the proxy is reached from outside.
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert ("ports" in service) is not (service.get("network_mode") == "host"), name
    build = SERVICES["server"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


def test_the_server_knows_its_settings(tmp_path: Path) -> None:
    known = {f"TONGTAI_{name.upper()}" for name in Settings.load(tmp_path).model_dump()}
    assert SERVICES["server"]["environment"].keys() <= known
    image = re.findall(r"(TONGTAI_\w+)=", (DEPLOY / "Dockerfile").read_text())
    assert set(image) <= known


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_that_exists(unit: Path) -> None:
    (command,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), flags=re.MULTILINE)
    program, *words = command.split()
    if not program.endswith("/tongtai"):
        assert words == ["--config", "/etc/tongtai/livekit/node-%i.yaml"]
        return
    shown = CliRunner().invoke(app, [words[0], "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}).output
    assert all(word in shown for word in words if word.startswith("--"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on PATH")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    """With a program that is there: those of an installation are not on this machine."""
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
