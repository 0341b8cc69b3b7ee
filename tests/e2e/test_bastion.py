"""The bastion before a private-only cluster with a real kube-apiserver, used by real kubectl and curl."""

import contextlib
import http.client
import subprocess
import time

import pytest

import control_plane
from bastion import Bastion
from world import REGION, ZONE, World, free_port, host_of, wait_until


@pytest.fixture(scope="module")
def world(tmp_path_factory, kube):
    sallyport = World(tmp_path_factory.mktemp("world"), [f"{kube.address}:{kube.port}"], kube.pki)
    # One port for both listeners, as 443 is in production: the bastion goes where its VPC's resolver says.
    text = sallyport.config.read_text()
    both = next(port for port in (free_port(sallyport.private[0]) for _ in range(100)) if port_is_free(port))
    text = text.replace(f"127.31.0.10:{sallyport.private[1]}", f"127.31.0.10:{both}")
    text = text.replace(f"public = [\"127.0.0.1:{sallyport.public[1]}\"]", f"public = [\"127.0.0.1:{both}\"]")
    sallyport.config.write_text(text)
    sallyport.public, sallyport.private = ("127.0.0.1", both), ("127.31.0.10", both)
    sallyport.start()
    yield sallyport
    assert sallyport.stop() == 0, sallyport.log.read_text(errors="replace")[-4000:]


def port_is_free(port):
    import socket
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture(scope="module")
def cluster(world):
    return world.create(endpointPublicAccess=False, endpointPrivateAccess=True)


@pytest.fixture(scope="module")
def login(world):
    values = world.environment()
    return values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]


def settings_for(world):
    return f"""
api = "http://{world.api[0]}:{world.api[1]}"
resolver = "{world.resolver[0]}:{world.resolver[1]}"
port = {world.private[1]}
source = "127.31.0.5"
"""


@pytest.fixture(scope="module")
def bastion(world, tmp_path_factory):
    with contextlib.closing(Bastion(tmp_path_factory.mktemp("bastion"), settings_for(world))) as running:
        yield running.start()
        assert running.stop() == 0, running.said()[-4000:]
        secrets = (world.environment()["AWS_SECRET_ACCESS_KEY"], "wrong/secret")
        assert all(secret not in running.said() for secret in secrets)


@pytest.fixture(scope="module")
def kubectl(world, host, kube, bastion, login, tmp_path_factory):
    """kubectl with a kubeconfig whose proxy-url has that scheme, and no other way to the cluster."""
    folder = tmp_path_factory.mktemp("kubeconfig")
    bundle = folder / "both.crt"
    bundle.write_bytes(kube.pki.cert.read_bytes() + bastion.authority.cert.read_bytes())

    def command(scheme, user=login[0], secret=login[1]):
        path = folder / f"{scheme}-{hash((user, secret))}.kubeconfig"
        path.write_text(f"""apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: prod
  cluster:
    server: https://{host}:{world.public[1]}
    certificate-authority: {bundle}
    proxy-url: {bastion.url(scheme, user, secret)}
contexts:
- name: prod
  context: {{cluster: prod, user: admin}}
users:
- name: admin
  user:
    client-certificate: {kube.admin_cert}
    client-key: {kube.admin_key}
""")
        return [str(control_plane.BINARIES / "kubectl"), "--kubeconfig", str(path), "--request-timeout=10s"]
    return command


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=40, **options)


def curl(bastion, kube, url, *proxy):
    return run(["curl", "--silent", "--show-error", "--max-time", "15", "--cacert", str(kube.pki.cert), *proxy, url])


def test_without_it_there_is_no_way(world, host):
    assert not world.reaches(host, "127.0.0.1")
    assert not world.reaches(host, "127.0.0.1", to=world.private)


@pytest.mark.parametrize("scheme", ["https", "socks5"])
def test_kubectl_by_proxy_url(kubectl, scheme):
    done = run([*kubectl(scheme), "get", "namespaces"])
    assert "kube-system" in done.stdout, done.stderr
    manifest = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: by-{scheme}}}\ndata: {{key: value}}\n"
    assert run([*kubectl(scheme), "apply", "-f", "-"], input=manifest).returncode == 0


def test_curl_by_both_fronts(bastion, kube, host, world, login):
    url = f"https://{host}:{world.public[1]}/version"
    user = ":".join(login)
    https = curl(bastion, kube, url, "--proxy", f"https://127.0.0.1:{bastion.connect[1]}", "--proxy-cacert",
                 str(bastion.authority.cert), "--proxy-user", user)
    assert "gitVersion" in https.stdout, https.stderr
    socks = curl(bastion, kube, url, "--socks5-hostname", f"127.0.0.1:{bastion.socks[1]}", "--proxy-user", user)
    assert "gitVersion" in socks.stdout, socks.stderr
    anyauth = curl(bastion, kube, url, "--proxy", f"https://127.0.0.1:{bastion.connect[1]}", "--proxy-cacert",
                   str(bastion.authority.cert), "--proxy-anyauth", "--proxy-user", user)
    assert "gitVersion" in anyauth.stdout, anyauth.stderr


def test_a_wrong_secret_opens_nothing(bastion, kube, kubectl, host, world, login):
    rejected = bastion.refused("bad-credentials")
    assert "Proxy Authentication Required" in run([*kubectl("https", secret="wrong/secret"), "get", "ns"]).stderr
    assert run([*kubectl("socks5", secret="wrong/secret"), "get", "ns"]).returncode != 0
    status, answer, _ = bastion.ask(f"{host}:{world.public[1]}", login[0], "wrong/secret")
    assert status == 407 and 'Proxy-Authenticate: Basic realm="sallyport"' in answer
    assert bastion.refused("bad-credentials") >= rejected + 3
    # The key's owner is not locked out by others' guesses.
    assert bastion.ask(f"{host}:{world.public[1]}", *login)[0] == 200


def test_a_login_is_asked_about_once_a_minute(bastion, host, world, login):
    assert bastion.ask(f"{host}:{world.public[1]}", *login)[0] == 200
    asked = bastion.metric("sallyport_bastion_logins_asked_total")
    for _ in range(5):
        assert bastion.ask(f"{host}:{world.public[1]}", *login)[0] == 200
    assert bastion.metric("sallyport_bastion_logins_asked_total") == asked


@pytest.mark.parametrize("target, reason, socks_code", [
    ("127.31.0.10", "ip-literal", 2),
    ("example.com", "not-an-endpoint", 2),
    (f"{'0' * 31}.gr1.{REGION}.eks.{ZONE}", "not-an-endpoint", 2),
    (f"{'0' * 32}.gr1.eu-west-1.eks.{ZONE}", "not-an-endpoint", 2),
    (f"{'0' * 32}.gr1.{REGION}.eks.{ZONE}", "no-such-name", 4),
])
def test_targets(bastion, world, login, target, reason, socks_code):
    before = bastion.refused(reason)
    status, answer, _ = bastion.ask(f"{target}:{world.public[1]}", *login)
    assert status == (502 if reason == "no-such-name" else 403), answer
    assert bastion.ask_socks(target, world.public[1], *login)[0] == socks_code
    assert bastion.refused(reason) == before + 2
    assert f"reason={reason} by=connect" in bastion.said()


def test_other_ports_and_addresses(bastion, host, login):
    assert bastion.ask(f"{host}:22", *login)[0] == 403
    assert bastion.ask_socks(host, 22, *login)[0] == 2
    assert bastion.ask_socks("127.31.0.10", 443, *login, kind=1)[0] == 2
    assert bastion.ask("[::1]:443", *login)[0] == 403


def test_other_methods_are_no_way_in(bastion, host, world, login):
    for method in ("GET", "POST", "OPTIONS"):
        status, answer, _ = bastion.ask("http://example.com/", *login, method=method)
        assert status == 405 and "Allow: CONNECT" in answer
    assert bastion.ask(f"{host}:{world.public[1]}")[0] == 407


@pytest.mark.parametrize("scheme", ["https", "socks5"])
def test_a_watch_lives_through_an_api_outage_and_nobody_new_passes(tmp_path, world, bastion, kubectl, login, host, scheme):
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(open(tmp_path / "watch", "w"))
        watch = subprocess.Popen([*kubectl(scheme)[:-1], "get", "configmaps", "--watch", "--output", "name"],
                                 stdout=output)
        stack.callback(watch.wait)
        stack.callback(watch.terminate)
        seen = lambda: (tmp_path / "watch").read_text()
        fresh = stack.enter_context(contextlib.closing(Bastion(tmp_path / "fresh", settings_for(world).replace(
            f":{world.api[1]}", f":{free_port()}")))).start()
        wait_until(lambda: "configmap/kube-root-ca.crt" in seen() or "configmap/" in seen(), 15, "first event")
        # As if the API were down for it: a bastion that cannot ask lets nobody in.
        assert fresh.ask(f"{host}:{world.public[1]}", *login)[0] == 503
        assert fresh.ask_socks(host, world.public[1], *login)[0] == -1
        assert fresh.refused("api-unavailable") == 2
        name = f"after-{scheme}"
        made = run([*kubectl(scheme), "create", "configmap", name])
        assert made.returncode == 0, made.stderr
        wait_until(lambda: f"configmap/{name}" in seen(), 10, "an event")
        assert watch.poll() is None
        assert fresh.stop() == 0


@pytest.fixture
def short(world, tmp_path):
    """A bastion for one test, which may stop it."""
    with contextlib.closing(Bastion(tmp_path, settings_for(world))) as made:
        yield made.start()


def test_sigterm_drains(world, short, host, login, kube):
    status, _, stream = short.ask(f"{host}:{world.public[1]}", *login)
    assert status == 200
    short.process.terminate()
    wait_until(lambda: "stopping by signal 15" in short.said(), 5, "the drain's beginning")
    with pytest.raises(OSError):
        for _ in range(50):
            short.dial(timeout=1).close()
            time.sleep(0.05)
    # The tunnel still works while it drains; its end lets the process end.
    hello = tls_in_tls(stream, kube, host)
    hello.request("GET", "/version")
    assert b"gitVersion" in hello.getresponse().read()
    started = time.monotonic()
    hello.close()
    stream.close()
    assert short.process.wait(15) == 0
    assert time.monotonic() - started < 5


def tls_in_tls(stream, kube, host):
    """An HTTP connection over TLS inside the tunnel, by memory buffers as the tunnel itself is TLS."""
    import ssl
    import urllib3.util.ssltransport
    context = ssl.create_default_context(cafile=str(kube.pki.cert))
    connection = http.client.HTTPConnection(host)
    connection.sock = urllib3.util.ssltransport.SSLTransport(stream, context, server_hostname=host)
    return connection
