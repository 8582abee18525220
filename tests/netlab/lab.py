"""The network lab: hospitals behind NAT on impaired links, as network namespaces. Needs root on Linux.

All hospitals use 192.168.50.0/24, as real ones may. Namespaces: ``PREFIXsfu`` 198.51.100.1 (media and
application server), ``PREFIXexpert`` 198.51.101.2 (wired), ``PREFIXhospN`` 192.168.50.2 behind
``PREFIXgwN``, all joined by ``PREFIXcore``.

    python lab.py --hospitals 3 --up delay_ms=20,rate_mbit=30 --down delay_ms=15,rate_mbit=100

prints ``ready``, then takes the lines ``away`` and ``back`` (all hospitals' links), and takes
everything down when standard input ends.
"""

import argparse
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Self

_HERE = Path(__file__).resolve().parent


def run(*command: str, given: str | None = None) -> None:
    subprocess.run(command, check=True, input=given, text=True)


class Lab:
    """Namespaces and links, taken down in the reverse order."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._stack = ExitStack()
        self.links: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def build(self, hospitals: int, *, up: str, down: str, nat: str) -> None:
        core, sfu, expert = (self._host(name) for name in ("core", "sfu", "expert"))
        run("ip", "netns", "exec", core, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        self._pair(sfu, "s0", "198.51.100.1/24", core, "s1", "198.51.100.254/24")
        run("ip", "-n", sfu, "route", "add", "default", "via", "198.51.100.254")
        self._pair(expert, "e0", "198.51.101.2/24", core, "e1", "198.51.101.1/24")
        run("ip", "-n", expert, "route", "add", "default", "via", "198.51.101.1")
        for number in range(1, hospitals + 1):
            self._hospital(number, core, up=up, down=down, nat=nat)

    def set_away(self, away: bool) -> None:
        for link in self.links:
            link.send_signal(signal.SIGUSR1 if away else signal.SIGUSR2)

    def _hospital(self, number: int, core: str, *, up: str, down: str, nat: str) -> None:
        inside, gate = self._host(f"hosp{number}"), self._host(f"gw{number}")
        self._pair(inside, "l0", "192.168.50.2/24", gate, "l1", "192.168.50.1/24")
        run("ip", "-n", inside, "route", "add", "default", "via", "192.168.50.1")
        run("ip", "netns", "exec", gate, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        near, far, name = f"203.0.113.{number * 2 + 100}", f"203.0.113.{number * 2 + 101}", f"w{number}"
        command = [sys.executable, str(_HERE / "link.py"), "--left", gate, near, "--right", core, far]
        command += ["--name", name, "--seed", str(number), "--there", up, "--back", down]
        link = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if link.stdin is None or link.stdout is None:
            raise SystemExit("the link cannot be spoken to")
        self._stack.callback(link.wait)
        self._stack.callback(link.stdin.close)
        self.links.append(link)
        if link.stdout.readline().strip() != "ready":
            raise SystemExit(f"the link of hospital {number} did not come up")
        run("ip", "-n", gate, "route", "add", "default", "via", far, "dev", f"{name}a")
        rules = (
            "add table ip nat\n"
            "add chain ip nat post { type nat hook postrouting priority 100 ; }\n"
            f"add rule ip nat post oifname {name}a masquerade {nat}\n"
        )
        run("ip", "netns", "exec", gate, "nft", "-f", "-", given=rules)

    def _host(self, name: str) -> str:
        full = f"{self._prefix}{name}"
        # Left over from a lab that was killed.
        subprocess.run(["ip", "netns", "del", full], check=False, stderr=subprocess.DEVNULL)
        run("ip", "netns", "add", full)
        self._stack.callback(subprocess.run, ["ip", "netns", "del", full], check=False)
        run("ip", "-n", full, "link", "set", "lo", "up")
        return full

    def _pair(
        self,
        left: str,
        left_device: str,
        left_address: str,
        right: str,
        right_device: str,
        right_address: str,
    ) -> None:
        run(
            "ip",
            "-n",
            left,
            "link",
            "add",
            left_device,
            "type",
            "veth",
            "peer",
            "name",
            right_device,
            "netns",
            right,
        )
        for namespace, device, address in (
            (left, left_device, left_address),
            (right, right_device, right_address),
        ):
            run("ip", "-n", namespace, "addr", "add", address, "dev", device)
            run("ip", "-n", namespace, "link", "set", device, "up")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hospitals", type=int, default=3)
    parser.add_argument("--up", default="delay_ms=20,jitter_ms=4,rate_mbit=30,loss=0.002")
    parser.add_argument("--down", default="delay_ms=15,jitter_ms=3,rate_mbit=100,loss=0.001")
    parser.add_argument("--nat", default="", help="'random' is close to a symmetric NAT")
    parser.add_argument("--prefix", default="tt-")
    options = parser.parse_args()
    if os.geteuid() != 0:
        raise SystemExit("The network lab needs root on Linux, with iproute2 and nftables.")
    with Lab(options.prefix) as lab:
        lab.build(options.hospitals, up=options.up, down=options.down, nat=options.nat)
        print("ready", flush=True)
        for line in sys.stdin:
            if line.strip() in {"away", "back"}:
                lab.set_away(line.strip() == "away")
                print("done", flush=True)


if __name__ == "__main__":
    main()
