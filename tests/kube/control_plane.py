"""A real Kubernetes control plane on loopback: etcd from Debian and the kube-apiserver that tests/kube/build made.

Shared by the end-to-end tests and scripts/quickstart. Standard library and the openssl command only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time
import urllib.request

BINARIES = pathlib.Path(os.environ.get("SALLYPORT_CACHE") or pathlib.Path.home() / ".cache" / "sallyport") / "kube"


def free_ports(address: str, count: int) -> list[int]:
    """Ports nobody has at this moment. All are held until the last is found: one let go may be the next one given."""
    with contextlib.ExitStack() as held:
        ports = []
        for _ in range(count):
            probe = held.enter_context(socket.socket())
            probe.bind((address, 0))
            ports.append(probe.getsockname()[1])
        return ports


def die_with_parent() -> None:
    """A subprocess's preexec_fn: SIGTERM comes when the process that started it ends, however it ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Authority:
    """A certificate authority in a folder, and the certificates it signs."""

    def __init__(self, folder: pathlib.Path, name: str = "sallyport-example-ca"):
        self.folder = folder
        self.cert = folder / "ca.crt"
        self.key = folder / "ca.key"
        folder.mkdir(parents=True, exist_ok=True)
        if not self.cert.exists():
            self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                          "-keyout", self.key, "-out", self.cert, "-days", "365", "-subj", f"/CN={name}",
                          "-addext", "basicConstraints=critical,CA:TRUE",
                          "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def issue(self, name: str, subject: str, sans: list[str] | None = None) -> tuple[pathlib.Path, pathlib.Path]:
        """Certificate and key files; `sans` ("DNS:…", "IP:…") make it a server certificate, none a client's."""
        key, request, cert = (self.folder / f"{name}.{suffix}" for suffix in ("key", "csr", "crt"))
        extensions = self.folder / f"{name}.ext"
        lines = ["basicConstraints=CA:FALSE", "keyUsage=critical,digitalSignature"]
        if sans:
            lines += ["extendedKeyUsage=serverAuth", "subjectAltName=" + ",".join(sans)]
        else:
            lines += ["extendedKeyUsage=clientAuth"]
        extensions.write_text("\n".join(lines) + "\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", key, "-out", request, "-subj", subject)
        self._openssl("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key, "-CAcreateserial",
                      "-days", "365", "-extfile", extensions, "-out", cert)
        request.unlink()
        extensions.unlink()
        return cert, key

    @staticmethod
    def _openssl(*arguments) -> None:
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"openssl {arguments[0]} failed: {done.stderr.strip()}")


class ControlPlane:
    """etcd and kube-apiserver with `sans` in the serving certificate. Use as a context manager."""

    def __init__(self, folder: pathlib.Path, sans: list[str], address: str = "127.0.0.1"):
        self.folder = folder
        self.address = address
        self.port, self._client_port, self._peer_port = free_ports(address, 3)
        self.pki = Authority(folder / "pki")
        self._sans = sans
        # Kubeconfig files of webhooks, to be set before `start`: without them, RBAC alone decides.
        self.token_webhook: pathlib.Path | None = None
        self.access_webhook: pathlib.Path | None = None
        self._processes: list[subprocess.Popen] = []

    def __enter__(self) -> "ControlPlane":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def start(self) -> None:
        etcd_url = f"http://{self.address}:{self._client_port}"
        self._spawn("etcd", ["etcd", "--data-dir", self.folder / "etcd", "--listen-client-urls", etcd_url,
                             "--advertise-client-urls", etcd_url,
                             "--listen-peer-urls", f"http://{self.address}:{self._peer_port}",
                             "--initial-advertise-peer-urls", f"http://{self.address}:{self._peer_port}",
                             "--initial-cluster", f"default=http://{self.address}:{self._peer_port}",
                             "--unsafe-no-fsync"])
        serving_cert, serving_key = self.pki.issue(
            "apiserver", "/CN=kube-apiserver", [*self._sans, f"IP:{self.address}", "DNS:localhost"])
        accounts = self.folder / "pki" / "service-accounts.key"
        if not accounts.exists():
            Authority._openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", accounts)
        self._spawn("kube-apiserver", [
            BINARIES / "kube-apiserver", "--etcd-servers", etcd_url, "--bind-address", self.address,
            "--advertise-address", "192.0.2.1", "--secure-port", self.port, "--endpoint-reconciler-type", "none",
            "--tls-cert-file", serving_cert, "--tls-private-key-file", serving_key,
            "--client-ca-file", self.pki.cert, *self._webhook_flags(),
            "--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", accounts,
            "--service-account-signing-key-file", accounts, "--service-cluster-ip-range", "10.100.0.0/16",
            "--cert-dir", self.folder / "pki"])
        self.admin_cert, self.admin_key = self.pki.issue("admin", "/O=system:masters/CN=sallyport-example-admin")
        self._wait_until_ready(60)

    def _webhook_flags(self) -> list:
        flags = ["--authorization-mode", "RBAC,Webhook" if self.access_webhook else "RBAC"]
        if self.token_webhook:
            flags += ["--authentication-token-webhook-config-file", self.token_webhook,
                      "--authentication-token-webhook-version", "v1", "--authentication-token-webhook-cache-ttl", "1s"]
        if self.access_webhook:
            flags += ["--authorization-webhook-config-file", self.access_webhook,
                      "--authorization-webhook-version", "v1", "--authorization-webhook-cache-authorized-ttl", "1s",
                      "--authorization-webhook-cache-unauthorized-ttl", "1s"]
        return flags

    def stop(self) -> None:
        for process in reversed(self._processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self._processes.clear()

    def write_kubeconfig(self, path: pathlib.Path, server: str, tls_server_name: str) -> pathlib.Path:
        path.write_text(f"""apiVersion: v1
kind: Config
current-context: example
clusters:
- name: example
  cluster:
    server: {server}
    tls-server-name: {tls_server_name}
    certificate-authority: {self.pki.cert}
contexts:
- name: example
  context: {{cluster: example, user: admin}}
users:
- name: admin
  user:
    client-certificate: {self.admin_cert}
    client-key: {self.admin_key}
""")
        path.chmod(0o600)
        return path

    def _spawn(self, name: str, command: list) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        log = open(self.folder / f"{name}.log", "ab")
        try:
            # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop these in order.
            self._processes.append(subprocess.Popen([str(part) for part in command], stdout=log, stderr=log,
                                                    stdin=subprocess.DEVNULL, start_new_session=True,
                                                    preexec_fn=die_with_parent))
        finally:
            log.close()

    def _wait_until_ready(self, seconds: float) -> None:
        context = ssl.create_default_context(cafile=str(self.pki.cert))
        context.load_cert_chain(str(self.admin_cert), str(self.admin_key))
        # This server is on this machine: no proxy of the environment may stand between.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        deadline = time.monotonic() + seconds
        problem: Exception | None = None
        while time.monotonic() < deadline:
            for process in self._processes:
                if process.poll() is not None:
                    raise RuntimeError(f"{process.args[0]} exited with {process.returncode}; see {self.folder}/*.log")
            try:
                url = f"https://{self.address}:{self.port}/readyz"
                with opener.open(url, timeout=2) as answer:
                    if answer.read() == b"ok":
                        return
            except OSError as error:
                problem = error
            time.sleep(0.2)
        raise RuntimeError(f"kube-apiserver was not ready after {seconds} s: {problem}; see {self.folder}/*.log")
