"""The shipped provider with a real etcd and a real kube-apiserver, as control calls it."""

import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import stat
import subprocess

import pytest

import control_plane
from provider import PROTOCOL, Cluster, Provider, Webhooks, lives, processes_of, wait_until


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    made = Provider(tmp_path_factory.mktemp("provider") / "state")
    yield made
    for folder in made.state.glob("*"):
        made.call({"apiVersion": PROTOCOL, "action": "delete", "cluster": "demo", "clusterId": folder.name})
    assert processes_of(made.state) == []


@pytest.fixture(scope="module")
def cluster(provider):
    """One cluster, which each test leaves running."""
    made = Cluster(provider)
    made.reply = made.create()
    return made


@pytest.fixture(scope="module")
def webhooks(tmp_path_factory):
    made = Webhooks(tmp_path_factory.mktemp("webhooks"))
    yield made
    made.close()


def get(cluster, path, token=None):
    """The status of an HTTPS request whose certificate was checked against the endpoint's name, and the certificate."""
    host, port = cluster.reply["servers"][0].rsplit(":", 1)
    context = ssl.create_default_context(cadata=cluster.reply["ca"])
    with context.wrap_socket(socket.create_connection((host, int(port)), 5), server_hostname=cluster.endpoint) as secure:
        connection = http.client.HTTPSConnection(cluster.endpoint)
        connection.sock = secure
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        return connection.getresponse().status, secure.getpeercert()


def names(certificate):
    return {name for _, name in certificate["subjectAltName"]}


def test_it_serves_the_endpoint(cluster):
    status, certificate = get(cluster, "/readyz")
    assert status == 200
    assert {cluster.endpoint, "127.0.0.1", "10.100.0.1", "kubernetes.default.svc"} <= names(certificate)
    assert "kube-system" in cluster.kubectl("get", "namespaces").stdout
    # Without credentials there is nothing but the health checks, as on EKS.
    assert get(cluster, "/version")[0] == 401


def test_service_account_tokens_are_accepted(cluster):
    assert cluster.can("create", "serviceaccount", "robot")
    token = cluster.kubectl("create", "token", "robot").stdout.strip()
    assert get(cluster, "/version", token)[0] == 200
    assert get(cluster, "/version", token[:-4] + "AAAA")[0] == 401


def test_what_it_keeps_is_this_users_alone(cluster):
    assert [path for path in [cluster.provider.state, *cluster.folder.rglob("*")]
            if stat.S_IMODE(path.stat().st_mode) & 0o077 != 0] == []


def test_no_other_user_gets_into_etcd(cluster):
    """Neither without a certificate nor with one of the cluster's authority, which any node may have."""
    port = cluster.record("cluster.json")["etcdClientPort"]
    pki = cluster.folder / "pki"
    for own in (None, pki / "admin"):
        context = ssl.create_default_context(cafile=str(pki / "etcd-ca.crt"))
        if own:
            context.load_cert_chain(f"{own}.crt", f"{own}.key")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            with context.wrap_socket(socket.create_connection(("127.0.0.1", port), 5), server_hostname="127.0.0.1") as to:
                to.sendall(b"GET /version HTTP/1.1\r\nHost: etcd\r\n\r\n")
                assert to.recv(100) == b""
                raise ConnectionError("closed")


def test_processes_have_none_of_the_callers_environment(cluster):
    for name in ("etcd", "kube-apiserver"):
        environment = pathlib.Path(f"/proc/{cluster.pids()[name]}/environ").read_bytes()
        assert [line.partition(b"=")[0] for line in environment.split(b"\0") if line] == [b"PATH"]


def test_create_again_changes_nothing(cluster):
    before = cluster.pids()
    assert cluster.create() == cluster.reply
    assert cluster.pids() == before


@pytest.mark.parametrize("name", ["kube-apiserver", "etcd"])
def test_a_killed_process_comes_back_with_the_data(cluster, name):
    assert cluster.can("create", "configmap", f"kept-{name}")
    before = cluster.pids()
    os.kill(before[name], signal.SIGKILL)
    wait_until(lambda: cluster.pids()[name] not in (0, before[name]), 20, f"{name} started again")
    wait_until(lambda: cluster.can("get", "configmap", f"kept-{name}"), 30, "the object is back")
    assert cluster.pids()["supervisor"] == before["supervisor"]


def test_a_killed_supervisor_takes_all_with_it_and_create_brings_all_back(cluster):
    assert cluster.can("create", "configmap", "kept")
    before = cluster.pids()
    os.kill(before["supervisor"], signal.SIGKILL)
    wait_until(lambda: not any(map(lives, before.values())), 10, "its processes ended")
    # Two at once: they make one of everything.
    calls = [cluster.provider.start(cluster.request) for _ in range(2)]
    assert [cluster.provider.finish(call)[:2] for call in calls] == [(0, cluster.reply)] * 2
    assert cluster.can("get", "configmap", "kept")
    assert sorted(processes_of(cluster.folder)) == sorted(cluster.pids().values())


def test_a_create_while_it_is_being_stopped_has_it_run(cluster):
    before = cluster.pids()
    os.kill(before["supervisor"], signal.SIGTERM)
    assert cluster.create() == cluster.reply
    assert get(cluster, "/readyz")[0] == 200
    assert not any(map(lives, before.values())) and sorted(processes_of(cluster.folder)) == sorted(cluster.pids().values())


def test_another_name_is_served_without_a_restart(cluster):
    before, ca = cluster.pids(), cluster.reply["ca"]
    assert cluster.create(sans=[cluster.endpoint, "api.example.com", "127.0.0.1", "192.0.2.7"]) == cluster.reply
    assert {"api.example.com", "192.0.2.7"} <= names(get(cluster, "/readyz")[1])
    assert (cluster.pids(), cluster.reply["ca"]) == (before, ca)


def test_webhooks_are_asked_with_the_token_and_each_time_for_a_permission(cluster, webhooks):
    before = cluster.pids()
    assert cluster.create(webhooks=webhooks.settings()) == cluster.reply
    after = cluster.pids()
    assert after["kube-apiserver"] != before["kube-apiserver"]
    assert (after["etcd"], after["supervisor"]) == (before["etcd"], before["supervisor"])

    assert get(cluster, "/api/v1/namespaces", "master")[0] == 200
    path, authorization, review = webhooks.reviews[0]
    assert path == "/clusters/demo/token-review" and authorization == f"Bearer {webhooks.bearer}"
    assert review["apiVersion"] == "authentication.k8s.io/v1" and review["spec"]["token"] == "master"

    assert get(cluster, "/api/v1/configmaps", "reader")[0] == 200
    assert get(cluster, "/api/v1/secrets", "reader")[0] == 403
    path, authorization, review = webhooks.reviews[-1]
    assert path == "/clusters/demo/access-review" and authorization == f"Bearer {webhooks.bearer}"
    assert review["apiVersion"] == "authorization.k8s.io/v1" and review["spec"]["user"] == "somebody"
    asked = len(webhooks.reviews)
    assert get(cluster, "/api/v1/configmaps", "reader")[0] == 200
    assert len(webhooks.reviews) > asked, "a permission is asked for each time"

    for log in (cluster.folder / "logs").iterdir():
        assert webhooks.bearer not in log.read_text(errors="replace")
    assert webhooks.bearer not in (cluster.folder / "cluster.json").read_text()
    webhooks.authenticated = False


def test_what_cannot_be_changed_is_refused_and_left_alone(cluster):
    before = cluster.pids()
    refused = cluster.provider.refuses(cluster.request | {"serviceIpv4Cidr": "10.200.0.0/16"})
    assert "serviceIpv4Cidr" in refused and "10.100.0.0/16" in refused
    assert "1.34" in cluster.provider.refuses(cluster.request | {"version": "1.30"})
    assert cluster.pids() == before and get(cluster, "/readyz")[0] == 200


def test_clusters_share_nothing_and_delete_leaves_nothing(provider, cluster):
    other = Cluster(provider, name="other")
    assert other.create()["servers"] != cluster.reply["servers"]
    ports = [value for name, value in other.record("cluster.json").items() if name.endswith("Port")]
    assert len(ports) == 3
    assert other.can("create", "configmap", "kept")

    # After a crash another program has its port: it moves, with its data.
    crashed = other.pids().values()
    os.kill(other.pids()["supervisor"], signal.SIGKILL)
    wait_until(lambda: not any(map(lives, crashed)), 10, "its processes ended")
    with socket.create_server(("127.0.0.1", ports[0])):
        moved = other.create()
    assert moved["servers"] != [f"127.0.0.1:{ports[0]}"] and other.can("get", "configmap", "kept")

    ports += [value for name, value in other.record("cluster.json").items() if name.endswith("Port")]
    pids = other.pids().values()
    assert other.delete() == {}
    assert not any(map(lives, pids)) and processes_of(other.folder) == []
    assert sorted(path.name for path in provider.state.iterdir() if other.id in path.name) == []
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    assert other.delete() == {}
    assert get(cluster, "/readyz")[0] == 200


def test_a_create_stopped_by_a_signal_is_deleted_whole(provider):
    made = Cluster(provider)
    call = provider.start(made.request)
    wait_until(lambda: (made.folder / "status.json").exists() and made.pids()["etcd"], 20, "etcd started")
    call.send_signal(signal.SIGTERM)
    code, reply, _ = provider.finish(call)
    assert code == 1 and "signal" in reply["error"]
    assert processes_of(made.folder) != []
    assert made.delete() == {}
    assert processes_of(made.folder) == [] and not made.folder.exists()


def test_one_that_does_not_come_up_says_why_and_is_stopped(tmp_path):
    """A kube-apiserver that ends at once; what it wrote is in the error."""
    program = tmp_path / "kube-apiserver"
    program.write_text("#!/bin/sh\n[ \"$1\" = --version ] && echo 'Kubernetes v1.34.0' && exit\n"
                       "echo 'error: the moon is full' >&2\nexit 3\n")
    program.chmod(0o755)
    broken = Cluster(Provider(tmp_path / "state", "--timeout", "3", "--kube-apiserver", str(program)))
    refused = broken.provider.refuses(broken.request)
    assert "the moon is full" in refused and "kube-apiserver.log" in refused
    assert processes_of(broken.folder) == []
    assert broken.delete() == {} and not broken.folder.exists()


def test_a_withdrawn_identity_is_refused(cluster, webhooks):
    """Last of this cluster's tests: kube-apiserver itself remembers an accepted token for ten seconds."""
    cluster.create(webhooks=webhooks.settings())
    webhooks.authenticated = False
    wait_until(lambda: get(cluster, "/api/v1/configmaps", "reader")[0] == 401, 20, "the token is refused")


GOOD = {"apiVersion": PROTOCOL, "action": "create", "cluster": "demo", "clusterId": "0" * 32,
        "endpoint": "demo.gr1.us-east-1.eks.sallyport.internal", "version": "1.34", "sans": []}


@pytest.mark.parametrize("request_, named", [
    (b"", "JSON"),
    (b"{", "JSON"),
    (b"[]", "object"),
    (b" " * (1024 * 1024 + 1), "1 MiB"),
    (GOOD | {"apiVersion": "sallyport.dev/provider/v2"}, "apiVersion"),
    (GOOD | {"action": "explode"}, "explode"),
    (GOOD | {"clusterId": "../../../../etc/important/things"}, "clusterId"),
    (GOOD | {"clusterId": "0" * 31}, "clusterId"),
    (GOOD | {"endpoint": "not a name"}, "endpoint"),
    (GOOD | {"sans": ["a.example.com", "a,b"]}, "a,b"),
    (GOOD | {"serviceIpv4Cidr": "10.0.0.0/8"}, "serviceIpv4Cidr"),
    (GOOD | {"webhooks": {"authentication": "http://127.0.0.1/", "authorization": "https://x/", "ca": "", "bearerToken": "x"}},
     "webhooks.authentication"),
    (GOOD | {"version": "1.33"}, "1.33"),
], ids=lambda value: value if isinstance(value, str) else "request")
def test_a_bad_request_is_refused_and_makes_nothing(tmp_path, request_, named):
    asked = Provider(tmp_path / "state")
    assert named in asked.refuses(request_)
    assert not asked.state.exists()


@pytest.mark.parametrize("option, named", [
    (["--etcd", "/nonexistent/etcd"], "/nonexistent/etcd"),
    (["--kube-apiserver", "/nonexistent/server"], "/nonexistent/server"),
    (["--ports", "21000-21001"], "--ports"),
    (["--address", "0.0.0.0"], "--address"),
    (["--address", "localhost"], "--address"),
    (["--what"], "--what"),
])
def test_a_bad_option_is_refused_and_makes_nothing(tmp_path, option, named):
    asked = Provider(tmp_path / "state", *option)
    assert named in asked.refuses(GOOD)
    assert not asked.state.exists()


def test_help_names_every_option():
    done = subprocess.run([Provider(pathlib.Path("/nonexistent")).command[0], "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    for option in ("--state-dir", "--address", "--ports", "--etcd", "--kube-apiserver", "--any-version", "--timeout"):
        assert option in done.stdout
