"""A cluster whose API server Sallyport makes: from `aws eks create-cluster` to unmodified kubectl through the gateway, as
whom IAM and the cluster's access entries say, and until nothing is left of it."""

import base64
import contextlib
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

import pytest

import control_plane
from provider import PROVIDER, processes_of
from world import AWS, ROLE, Authority, World, free_port, host_of, wait_until

CLUSTER = "own"
KUBECTL = control_plane.BINARIES / "kubectl"
POLICY = "arn:aws:eks::aws:cluster-access-policy/"


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("provider") / "state"


@pytest.fixture(scope="module")
def world(tmp_path_factory, state):
    folder = tmp_path_factory.mktemp("world")
    arguments = ["--state-dir", str(state), "--kube-apiserver", str(control_plane.BINARIES / "kube-apiserver"),
                 "--any-version", "--ports", "27000-27099"]
    sallyport = World(folder, ["127.0.0.1:1"], Authority(folder / "pki"), pool="unused", extra_config=f"""
[webhooks]
listen = ["127.0.0.1:{free_port()}"]
[provider]
command = "{PROVIDER}"
arguments = {json.dumps(arguments)}
""").start()
    yield sallyport
    # What a failed test left.
    eks = sallyport.client()
    for name in eks.list_clusters()["clusters"]:
        wait_until(lambda: eks.describe_cluster(name=name)["cluster"]["status"] != "CREATING", 180, "end of creation")
        eks.delete_cluster(name=name)
        wait_until(lambda: name not in eks.list_clusters()["clusters"], 60, "deletion")
    assert sallyport.stop() == 0, sallyport.log.read_text(errors="replace")[-4000:]
    assert processes_of(state) == []


@pytest.fixture(scope="module")
def eks(world):
    return world.client()


@pytest.fixture(scope="module")
def cluster(world, eks):
    """Made by the AWS CLI, and seen on its way there."""
    made = world.aws_json("eks", "create-cluster", "--name", CLUSTER, "--role-arn", ROLE, "--resources-vpc-config",
                          "subnetIds=" + ",".join(world.subnets()))["cluster"]
    assert made["status"] == "CREATING" and "data" not in made["certificateAuthority"]
    progress = set()
    def active():
        progress.add(world.sallyport_json("describe", CLUSTER).get("providerProgress"))
        now = eks.describe_cluster(name=CLUSTER)["cluster"]
        assert now["status"] in ("CREATING", "ACTIVE"), now
        return now if now["status"] == "ACTIVE" else None
    now = wait_until(active, 120, "ACTIVE")
    assert any(progress), "the provider's progress was never shown"
    assert "BEGIN CERTIFICATE" in base64.b64decode(now["certificateAuthority"]["data"]).decode()
    return now


class Kubectl:
    """kubectl with the kubeconfig of `aws eks update-kubeconfig`, as the holder of a key."""

    def __init__(self, world, cluster, folder):
        self.world = world
        self.config = folder / "config"
        world.aws("eks", "update-kubeconfig", "--name", cluster["name"], "--kubeconfig", str(self.config))
        # The endpoint's name is in no resolver of this machine.
        view = json.loads(self._run("config", "view", "--output", "json").stdout)
        done = self._run("config", "set-cluster", view["clusters"][0]["name"], "--tls-server-name", host_of(cluster),
                         "--server", f"https://{world.public[0]}:{world.public[1]}")
        assert done.returncode == 0, done.stderr

    def environment(self, key=None):
        values = self.world.environment() | {"PATH": f"{AWS.parent}:{os.environ['PATH']}"}
        if key:
            values |= {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        return values

    def _run(self, *arguments, key=None, text=None):
        return subprocess.run([KUBECTL, "--kubeconfig", self.config, *arguments], env=self.environment(key), input=text,
                              capture_output=True, text=True, timeout=60)

    def __call__(self, *arguments, key=None, text=None):
        return self._run("--request-timeout=20s", *arguments, key=key, text=text)    # the last of the same flag counts

    def works(self, *arguments, **options):
        done = self(*arguments, **options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextlib.contextmanager
    def running(self, *arguments):
        """Its lines as they come."""
        process = subprocess.Popen([KUBECTL, "--kubeconfig", self.config, *arguments], env=self.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines: list[str] = []
        reader = threading.Thread(target=lambda: [lines.append(line) for line in process.stdout], daemon=True)
        reader.start()
        try:
            yield process, lines
        finally:
            process.terminate()
            process.wait(10)
            reader.join(10)
            process.stdout.close()


@pytest.fixture(scope="module")
def kubectl(world, cluster, tmp_path_factory):
    return Kubectl(world, cluster, tmp_path_factory.mktemp("kubeconfig"))


def test_whoever_made_it_administers_it(kubectl):
    assert "kube-system" in kubectl.works("get", "namespaces")
    assert kubectl.works("auth", "can-i", "*", "*").strip() == "yes"


def test_others_do_what_their_entries_say(world, eks, kubectl):
    iam = world.client("iam")
    arn = iam.create_user(UserName="reader")["User"]["Arn"]
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    unmapped = kubectl("get", "namespaces", key=key)
    assert unmapped.returncode != 0 and "logged in" in unmapped.stderr
    eks.create_access_entry(clusterName=CLUSTER, principalArn=arn)
    eks.associate_access_policy(clusterName=CLUSTER, principalArn=arn, policyArn=POLICY + "AmazonEKSViewPolicy",
                                accessScope={"type": "cluster"})
    wait_until(lambda: kubectl("get", "namespaces", key=key).returncode == 0, 30, "access of the reader")
    refused = kubectl("create", "namespace", "mine", key=key)
    assert refused.returncode != 0 and "forbidden" in refused.stderr.lower()


def test_source_and_identity_refuse_each_alone(world, kubectl, cluster):
    """The administrator from a source that is not admitted; a stranger from one that is."""
    world.update(CLUSTER, publicAccessCidrs=["203.0.113.0/24"])
    shut = kubectl("--request-timeout=3s", "get", "namespaces")
    assert shut.returncode != 0 and "logged in" not in shut.stderr
    world.update(CLUSTER, publicAccessCidrs=["127.0.0.1/32"])
    kubectl.works("get", "namespaces")
    key = world.client("iam").create_access_key(UserName="reader")["AccessKey"]
    world.client("iam").delete_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"])
    refused = kubectl("get", "namespaces", key=key)
    assert refused.returncode != 0 and "logged in" in refused.stderr
    world.update(CLUSTER, publicAccessCidrs=["0.0.0.0/0"])


def test_a_watch_goes_on_across_an_update_that_leaves_it_its_right(world, kubectl):
    with kubectl.running("get", "configmaps", "--namespace", "default", "--watch", "--output", "name") as (process, lines):
        kubectl.works("create", "configmap", "before", "--namespace", "default")
        wait_until(lambda: any("before" in line for line in lines), 30, "the first event")
        update = world.update(CLUSTER, publicAccessCidrs=["127.0.0.0/8"])
        assert update["status"] == "Successful"
        world.update(CLUSTER, endpointPrivateAccess=True)
        kubectl.works("apply", "-f", "-", text='{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "after", '
                                               '"namespace": "default"}}')
        wait_until(lambda: any("after" in line for line in lines), 30, "the second event")
        assert process.poll() is None


# What kubelets serve


class Kubelet:
    """What an API server wants of a node: the logs of a container, line by line for as long as they are asked for, and
    a connection that is upgraded and echoes."""

    def __init__(self, folder: pathlib.Path):
        authority = Authority(folder)
        cert, key = authority.issue("kubelet", "/CN=kubelet", ["IP:127.0.0.1"])
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                assert self.path.startswith("/containerLogs/"), self.path
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                number = 0
                while not outer.ended.wait(0.1):
                    line = f"line {number}\n".encode()
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
                    number += 1

            def do_POST(self):
                self.send_response(101)
                self.send_header("Connection", "Upgrade")
                self.send_header("Upgrade", self.headers["Upgrade"])
                self.end_headers()
                while data := self.connection.recv(4096):
                    self.connection.sendall(data.upper())

            def log_message(self, *_):
                pass

        self.ended = threading.Event()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def pod(kubectl, tmp_path_factory):
    """A pod on a node that is nothing but what logs and exec ask of it."""
    kubelet = Kubelet(tmp_path_factory.mktemp("kubelet"))
    kubectl.works("create", "serviceaccount", "default", "--namespace", "default")
    kubectl.works("create", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node"}}))
    kubectl.works("patch", "node", "node", "--subresource=status", "--type=merge", "--patch", json.dumps({"status": {
        "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": kubelet.port}}}}))
    kubectl.works("create", "-f", "-", text=json.dumps({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod", "namespace": "default"},
        "spec": {"nodeName": "node", "containers": [{"name": "main", "image": "none"}]}}))
    yield "pod"
    kubelet.close()


def test_logs_stream_while_the_cluster_is_updated(world, kubectl, pod):
    with kubectl.running("logs", pod, "--namespace", "default", "--follow") as (process, lines):
        wait_until(lambda: len(lines) > 3, 30, "lines of the log")
        assert lines[0] == "line 0\n", lines[:3]
        world.update(CLUSTER, endpointPrivateAccess=False)
        seen = len(lines)
        wait_until(lambda: len(lines) > seen + 5, 30, "more lines")
        assert process.poll() is None
        assert [int(line.split()[1]) for line in lines] == list(range(len(lines))), "a line was lost"


def test_a_connection_is_upgraded_as_exec_does(world, kubectl, cluster, pod):
    token = json.loads(world.aws("eks", "get-token", "--cluster-name", CLUSTER).stdout)["status"]["token"]
    context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificateAuthority"]["data"]).decode())
    with context.wrap_socket(socket.create_connection(world.public, 10), server_hostname=host_of(cluster)) as secure:
        secure.settimeout(20)
        secure.sendall((f"POST /api/v1/namespaces/default/pods/{pod}/exec?command=cat&stdin=true&stdout=true HTTP/1.1\r\n"
                        f"Host: {host_of(cluster)}\r\nAuthorization: Bearer {token}\r\nConnection: Upgrade\r\n"
                        "Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\nContent-Length: 0\r\n\r\n"
                        ).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            got = secure.recv(4096)
            assert got, answer
            answer += got
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        for _ in range(3):
            secure.sendall(b"through the gateway")
            echoed = b""
            while len(echoed) < len(b"through the gateway"):
                echoed += secure.recv(4096)
            assert echoed == b"THROUGH THE GATEWAY"
            time.sleep(0.2)


# Its life


def test_it_comes_back_after_a_crash_and_outlives_sallyport(world, state, kubectl, eks):
    servers = [pid for pid in processes_of(state)
               if b"--etcd-servers" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(servers) == 1, servers
    os.kill(servers[0], signal.SIGKILL)
    wait_until(lambda: kubectl("get", "configmap", "before", "--namespace", "default").returncode == 0, 60, "recovery")
    # The gateway and all of Sallyport end without warning; the API server does not notice.
    running = set(processes_of(state))
    world.kill()
    world.start()
    wait_until(lambda: kubectl("get", "configmap", "before", "--namespace", "default").returncode == 0, 30, "service")
    # The start had the provider look at them, which leaves them alone.
    wait_until(lambda: set(processes_of(state)) == running, 30, "the same processes")
    assert eks.describe_cluster(name=CLUSTER)["cluster"]["status"] == "ACTIVE"


def test_a_creation_that_cannot_succeed_is_failed_and_says_why(world, eks, state, tmp_path_factory):
    """A second cluster, for whose ports a third party has no room left to give."""
    blockers = []
    with contextlib.ExitStack() as held:
        for port in range(27000, 27100):
            blocker = held.enter_context(socket.socket())
            blocker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                blocker.bind(("127.0.0.1", port))
                blocker.listen()
                blockers.append(blocker)
        assert blockers
        eks.create_cluster(name="crowded", roleArn=ROLE, resourcesVpcConfig={"subnetIds": world.subnets()})
        def ended():
            now = eks.describe_cluster(name="crowded")["cluster"]
            return now if now["status"] != "CREATING" else None
        failed = wait_until(ended, 60, "an end of the creation")
    assert failed["status"] == "FAILED"
    assert "port" in failed["health"]["issues"][0]["message"]
    eks.delete_cluster(name="crowded")
    wait_until(lambda: "crowded" not in eks.list_clusters()["clusters"], 60, "deletion")
    assert [folder.name for folder in state.iterdir() if folder.is_dir()] == [
        host_of(eks.describe_cluster(name=CLUSTER)["cluster"]).split(".")[0].upper()]


def test_a_deletion_leaves_nothing(eks, world, state):
    eks.delete_cluster(name=CLUSTER)
    wait_until(lambda: eks.list_clusters()["clusters"] == [], 60, "deletion")
    assert processes_of(state) == []
    assert [folder for folder in state.iterdir() if folder.is_dir()] == []
    with pytest.raises(eks.exceptions.ResourceNotFoundException):
        eks.list_access_entries(clusterName=CLUSTER)
    log = world.log.read_text()
    assert "k8s-aws-v1." not in log and not re.search(r"bearer[^ ]* [0-9a-f]{32}", log, re.IGNORECASE)
