"""A real OpenSSH server as an ordinary process on loopback, with keys and configuration of its own."""

from __future__ import annotations

import getpass
import os
import pathlib
import shutil
import socket
import subprocess

from world import free_port, wait_until

SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") or "/usr/sbin/sshd"


class SshServer:
    """Lets its own user in by one key, and forward to `permitted` ("host:port") alone."""

    def __init__(self, folder: pathlib.Path, permitted: list[str]):
        self.folder = folder
        self.port = free_port()
        self.log = folder / "sshd.log"
        self._made_run = False
        for name in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
        host_key = " ".join((folder / "host_key.pub").read_text().split()[:2])
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host_key}\n")
        shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
        (folder / "sshd_config").write_text(f"""ListenAddress 127.0.0.1
Port {self.port}
HostKey {folder}/host_key
PidFile none
UsePAM no
StrictModes no
AuthorizedKeysFile {folder}/authorized_keys
AuthenticationMethods publickey
AllowTcpForwarding local
PermitOpen {" ".join(permitted)}
PermitTTY no
X11Forwarding no
AllowAgentForwarding no
GatewayPorts no
ClientAliveInterval 30
""")
        # sshd insists on this empty folder when it runs as root; a service has systemd make it.
        if os.geteuid() == 0 and not os.path.isdir("/run/sshd"):
            os.mkdir("/run/sshd", 0o755)
            self._made_run = True
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", folder / "sshd_config"], stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)
        wait_until(lambda: answers(self.port), 10, "sshd's listening")

    def forward(self, *options: str) -> subprocess.Popen:
        """`ssh -N` with those options, `-D …` or `-L …`."""
        with open(self.folder / "ssh.log", "ab") as log:
            return subprocess.Popen(
                ["ssh", "-N", "-F", "none", "-i", self.folder / "user_key", "-p", str(self.port),
                 "-o", f"UserKnownHostsFile={self.folder}/known_hosts", "-o", "StrictHostKeyChecking=yes",
                 "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes",
                 "-o", "ServerAliveInterval=15", *options, f"{getpass.getuser()}@127.0.0.1"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def said(self) -> str:
        client = self.folder / "ssh.log"
        return self.log.read_text(errors="replace") + (client.read_text(errors="replace") if client.exists() else "")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        if self._made_run:
            os.rmdir("/run/sshd")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
