"""A real OpenSSH server as an ordinary process on loopback, set up as docs/bastion.md says, with keys of its own."""

from __future__ import annotations

import getpass
import grp
import os
import pathlib
import re
import shutil
import socket
import subprocess

from world import ROOT, free_port, wait_until

SSHD = shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") or "/usr/sbin/sshd"
GUIDE = ROOT / "docs" / "bastion.md"


def documented_block(permitted: list[str]) -> str:
    """The guide's block for sshd, word by word but for whom it is for and where they may go."""
    block = re.search(r"/etc/ssh/sshd_config\.d/kube\.conf.*?\n\n((?:    [^\n]*\n)+)", GUIDE.read_text(), re.DOTALL)[1]
    group = grp.getgrgid(os.getgid()).gr_name
    block, groups = re.subn(r"Match Group kube$", f"Match Group {group}", block, flags=re.MULTILINE)
    block, lists = re.subn(r"PermitOpen .*", f"PermitOpen {' '.join(permitted)}", block)
    assert (groups, lists) == (1, 1), f"{GUIDE} has another block than the tests know:\n{block}"
    return block


class SshServer:
    """Lets its own user in by one key, and forward to `permitted` ("host:port") alone; "{ssh}" is its own port."""

    def __init__(self, folder: pathlib.Path, permitted: list[str]):
        self.folder = folder
        self.port = free_port()
        self.log = folder / "sshd.log"
        self.process: subprocess.Popen | None = None
        self._made_run = False
        for name in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
        host_key = " ".join((folder / "host_key.pub").read_text().split()[:2])
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host_key}\n")
        shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
        # As Debian has it: the folder first, and a Match block ends with its file.
        (folder / "sshd_config.d").mkdir()
        (folder / "sshd_config.d" / "kube.conf").write_text(
            documented_block([place.format(ssh=self.port) for place in permitted]))
        (folder / "sshd_config").write_text(f"""Include {folder}/sshd_config.d/*.conf
ListenAddress 127.0.0.1
Port {self.port}
HostKey {folder}/host_key
PidFile none
UsePAM no
StrictModes no
AuthorizedKeysFile {folder}/authorized_keys
AuthenticationMethods publickey
Subsystem sftp internal-sftp
""")
        # A file, as `ssh -J` passes on no option but this one. Two names for the one server: a bastion, and a way to it.
        (folder / "ssh_config").write_text(f"""Host bastion jump
    HostName 127.0.0.1
    Port {self.port}
    User {getpass.getuser()}
    IdentityFile {folder}/user_key
    IdentitiesOnly yes
    UserKnownHostsFile {folder}/known_hosts
    StrictHostKeyChecking yes
    BatchMode yes
    LogLevel VERBOSE
""")
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        # sshd insists on this empty folder when it runs as root; a service has systemd make it.
        if os.geteuid() == 0 and not os.path.isdir("/run/sshd"):
            os.mkdir("/run/sshd", 0o755)
            self._made_run = True
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", self.folder / "sshd_config"], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)
        wait_until(lambda: answers(self.port) or self.process.poll() is not None, 10, "sshd's listening")
        assert self.process.poll() is None, self.said()

    def ssh(self, *arguments: str) -> list[str]:
        return ["ssh", "-F", str(self.folder / "ssh_config"), *arguments]

    def forward(self, *options: str) -> subprocess.Popen:
        """`ssh -N` with those options, `-D …` or `-L …`, as the guide has them."""
        with open(self.folder / "ssh.log", "ab") as log:
            return subprocess.Popen(self.ssh("-N", *options, "-o", "ExitOnForwardFailure=yes", "-o",
                                             "ServerAliveInterval=15", "bastion"),
                                    stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """`ssh` with those arguments, until it ends by itself."""
        return subprocess.run(self.ssh(*arguments), capture_output=True, text=True, timeout=30,
                              **{"stdin": subprocess.DEVNULL, **options})

    def said(self) -> str:
        client = self.folder / "ssh.log"
        return self.log.read_text(errors="replace") + (client.read_text(errors="replace") if client.exists() else "")

    def close(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self._made_run:
            os.rmdir("/run/sshd")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
