"""The shipped provider as its caller sees it: a request on standard input, a reply on standard output."""

import contextlib
import http.server
import json
import os
import pathlib
import secrets
import ssl
import subprocess
import threading
import time

import control_plane

PROVIDER = pathlib.Path(os.environ["SALLYPORT_BINARY"]).parent / "providers" / "kube-apiserver"
PROTOCOL = "sallyport.dev/provider/v1"


def wait_until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} has not happened within {seconds} s")


def lives(pid):
    """Whether any thread of it runs: the first may have ended, to be waited for, while others still hold its ports."""
    for thread in pathlib.Path(f"/proc/{pid}/task").glob("*/stat"):
        with contextlib.suppress(OSError):
            if thread.read_text().rpartition(")")[2].split()[0] not in "ZX":
                return True
    return False


class Provider:
    """One state folder with ports of its own."""

    def __init__(self, state: pathlib.Path, *options: str):
        self.state = state
        # Where another program took one of them meanwhile, the provider passes over it.
        first = max(1024, min(control_plane.free_ports("127.0.0.1", 1)[0], 65000))
        self.command = [str(PROVIDER), "--state-dir", str(state), "--ports", f"{first}-{first + 200}", "--timeout", "60",
                        "--kube-apiserver", str(control_plane.BINARIES / "kube-apiserver"), *options]

    def start(self, request) -> subprocess.Popen:
        process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # It may end without having read all: bad options, too long a request.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(request if isinstance(request, bytes) else json.dumps(request).encode())
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdin = None
        return process

    def finish(self, process: subprocess.Popen) -> tuple[int, dict, str]:
        out, err = process.communicate(timeout=100)
        assert out.count(b"\n") == 1, out
        return process.returncode, json.loads(out), err.decode()

    def call(self, request) -> tuple[int, dict, str]:
        return self.finish(self.start(request))

    def does(self, request) -> dict:
        code, reply, progress = self.call(request)
        assert code == 0, (reply, progress)
        return reply

    def refuses(self, request) -> str:
        code, reply, _ = self.call(request)
        assert code == 1 and list(reply) == ["error"], reply
        return reply["error"]


class Cluster:
    """A cluster of a provider: its requests, and what is to be seen of it."""

    def __init__(self, provider: Provider, name="demo"):
        self.provider = provider
        self.id = secrets.token_hex(16).upper()
        self.endpoint = f"{secrets.token_hex(16)}.gr1.us-east-1.eks.sallyport.internal"
        self.request = {"apiVersion": PROTOCOL, "action": "create", "cluster": name, "clusterId": self.id,
                        "endpoint": self.endpoint, "version": "1.34", "serviceIpv4Cidr": "10.100.0.0/16",
                        "sans": [self.endpoint, "127.0.0.1"]}
        self.folder = provider.state / self.id

    def create(self, **changes) -> dict:
        self.request |= changes
        return self.provider.does(self.request)

    @property
    def deletion(self) -> dict:
        return {"apiVersion": PROTOCOL, "action": "delete", "cluster": self.request["cluster"], "clusterId": self.id}

    def delete(self) -> dict:
        return self.provider.does(self.deletion)

    def record(self, name) -> dict:
        return json.loads((self.folder / name).read_text())

    def pids(self) -> dict:
        status = self.record("status.json")
        return {"supervisor": status["supervisor"], "etcd": status["etcd"]["pid"],
                "kube-apiserver": status["kubeApiserver"]["pid"]}

    def kubectl(self, *arguments) -> subprocess.CompletedProcess:
        command = [control_plane.BINARIES / "kubectl", "--kubeconfig", self.folder / "admin.kubeconfig",
                   "--request-timeout=8s", *arguments]
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=30)

    def can(self, *arguments) -> bool:
        return self.kubectl(*arguments).returncode == 0


def processes_of(folder: pathlib.Path) -> list[int]:
    """Those whose command line names the folder."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and str(folder).encode() in (entry / "cmdline").read_bytes() and lives(entry.name):
                found.append(int(entry.name))
    return found


class Webhooks:
    """A TLS server that answers reviews and remembers them."""

    def __init__(self, folder: pathlib.Path):
        self.authority = control_plane.Authority(folder)
        self.reviews: list[tuple[str, str, dict]] = []  # path, Authorization, review
        self.authenticated = True
        cert, key = self.authority.issue("webhook", "/CN=webhook", ["IP:127.0.0.1"])
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.reviews.append((self.path.partition("?")[0], self.headers["Authorization"], review))
                status = outer.answer(review)
                body = json.dumps({"apiVersion": review["apiVersion"], "kind": review["kind"], "status": status}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.bearer = secrets.token_urlsafe(24)

    def answer(self, review) -> dict:
        if review["kind"] == "TokenReview":
            if not self.authenticated:
                return {"authenticated": False}
            groups = ["system:masters"] if review["spec"]["token"] == "master" else ["readers"]
            return {"authenticated": True, "user": {"username": "somebody", "groups": groups}}
        attributes = review["spec"].get("resourceAttributes", {})
        return {"allowed": attributes.get("verb") == "list" and attributes.get("resource") == "configmaps"}

    def settings(self) -> dict:
        base = f"https://127.0.0.1:{self.server.server_address[1]}/clusters/demo"
        return {"authentication": f"{base}/token-review", "authorization": f"{base}/access-review",
                "ca": self.authority.cert.read_text(), "bearerToken": self.bearer}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
