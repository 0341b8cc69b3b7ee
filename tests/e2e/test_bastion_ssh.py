"""The plain way in: OpenSSH's forwarding, by `ssh -D`, `-L`, `-W` and `-J`, through a real sshd on the machine in the VPC
that has the guide's own block of configuration."""

import contextlib
import socket
import ssl as tls
import subprocess

import pytest

import control_plane
from ssh_server import SshServer, answers
from world import World, free_port, wait_until


@pytest.fixture(scope="module")
def world(tmp_path_factory, kube):
    sallyport = World(tmp_path_factory.mktemp("world"), [f"{kube.address}:{kube.port}"], kube.pki).start()
    yield sallyport
    assert sallyport.stop() == 0


@pytest.fixture(scope="module")
def cluster(world):
    # The endpoint admits the machine that sshd runs on, and nobody else.
    return world.create(publicAccessCidrs=["127.0.0.1/32"])


@pytest.fixture(scope="module")
def sshd(world, tmp_path_factory):
    with contextlib.closing(SshServer(tmp_path_factory.mktemp("ssh"), [
            f"127.0.0.1:{world.public[1]}", f"localhost:{world.public[1]}", "127.0.0.1:{ssh}"])) as server:
        yield server


@pytest.fixture
def forwarding(sshd):
    """Starts `ssh` with an option and a local port, and waits until it forwards."""
    started = []

    def forward(option, after="", *more):
        port = free_port()
        process = sshd.forward(option, f"127.0.0.1:{port}{after}", *more)
        started.append(process)
        wait_until(lambda: answers(port) or process.poll() is not None, 10, "ssh's forwarding")
        assert process.poll() is None, sshd.said()
        return port, process
    yield forward
    for process in started:
        process.kill()    # OpenSSH 9.2 can sleep through a SIGTERM that comes just after it was busy
        process.wait()


def kubectl(kube, path, server, name, proxy=None):
    kube.write_kubeconfig(path, server, name)
    if proxy:
        text = path.read_text().replace(f"    server: {server}\n", f"    server: {server}\n    proxy-url: {proxy}\n")
        path.write_text(text)
    command = [str(control_plane.BINARIES / "kubectl"), "--kubeconfig", str(path), "--request-timeout=8s"]
    return lambda *arguments: subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=40)


def curl(kube, *arguments):
    return subprocess.run(["curl", "--silent", "--show-error", "--max-time", "10", "--cacert", str(kube.pki.cert),
                           *arguments], capture_output=True, text=True)


def test_others_have_no_way(world, host):
    assert not world.reaches(host, "127.0.0.9")


def test_dynamic_forwarding(world, kube, host, forwarding, tmp_path):
    port, ssh = forwarding("-D")
    # "localhost" stands for the endpoint's name, which this machine's own resolver does not know: it is sshd's
    # machine that resolves it.
    ask = kubectl(kube, tmp_path / "config", f"https://localhost:{world.public[1]}", host, f"socks5://127.0.0.1:{port}")
    assert "kube-system" in ask("get", "namespaces").stdout
    url = f"https://{host}:{world.public[1]}/version"
    done = curl(kube, "--socks5", f"127.0.0.1:{port}", "--resolve", f"{host}:{world.public[1]}:127.0.0.1", url)
    assert "gitVersion" in done.stdout, done.stderr
    watch = subprocess.Popen([str(control_plane.BINARIES / "kubectl"), "--kubeconfig", str(tmp_path / "config"), "get",
                              "namespaces", "--watch", "--output", "name"], stdout=subprocess.PIPE, text=True)
    assert watch.stdout.readline().startswith("namespace/")
    ssh.kill()
    ssh.wait()
    watch.wait(20)
    watch.stdout.close()
    assert ask("get", "namespaces").returncode != 0


def test_local_forwarding(world, kube, host, forwarding, tmp_path):
    port, ssh = forwarding("-L", f":127.0.0.1:{world.public[1]}")
    ask = kubectl(kube, tmp_path / "config", f"https://127.0.0.1:{port}", host)
    assert "kube-system" in ask("get", "namespaces").stdout
    done = curl(kube, "--connect-to", f"{host}:443:127.0.0.1:{port}", f"https://{host}/version")
    assert "gitVersion" in done.stdout, done.stderr
    ssh.kill()
    ssh.wait()
    assert ask("get", "namespaces").returncode != 0


def test_one_connection_on_stdin_and_stdout(world, sshd, kube, host):
    mine, its = socket.socketpair()
    with mine, its:
        mine.settimeout(15)
        ssh = subprocess.Popen(sshd.ssh("-W", f"localhost:{world.public[1]}", "bastion"), stdin=its, stdout=its)
        its.close()
        try:
            context = tls.create_default_context(cafile=str(kube.pki.cert))
            with context.wrap_socket(mine, server_hostname=host) as stream:
                stream.sendall(f"GET /version HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                answer = b""
                while part := stream.recv(4096):
                    answer += part
            assert b"gitVersion" in answer
        finally:
            ssh.kill()
            ssh.wait()


def test_a_bastion_behind_another(world, kube, host, forwarding):
    port, _ = forwarding("-D", "", "-J", "jump")
    done = curl(kube, "--socks5", f"127.0.0.1:{port}", "--resolve", f"{host}:{world.public[1]}:127.0.0.1",
                f"https://{host}:{world.public[1]}/version")
    assert "gitVersion" in done.stdout, done.stderr


def test_only_what_permitopen_names(world, sshd, kube, forwarding, host):
    port, _ = forwarding("-D")
    api = f"http://127.0.0.1:{world.api[1]}/"
    done = curl(kube, "--socks5", f"127.0.0.1:{port}", api)
    assert done.returncode != 0
    port, _ = forwarding("-L", f":127.0.0.1:{world.api[1]}")
    assert curl(kube, f"http://127.0.0.1:{port}/").returncode != 0
    done = sshd.run("-W", f"127.0.0.1:{world.api[1]}", "bastion")
    assert done.returncode != 0 and "administratively prohibited" in done.stderr, done.stderr
    # The rule is in force, not the address out of reach.
    assert curl(kube, api).returncode == 0


def test_no_shell_no_command_no_terminal(sshd, tmp_path):
    trace = tmp_path / "trace"
    for arguments in (["bastion"], ["bastion", f"touch {trace}"], ["-s", "bastion", "sftp"]):
        done = sshd.run(*arguments, stdin=None, input=f"touch {trace}\n")
        assert done.returncode == 1 and "not available" in done.stdout, (arguments, done)
    assert not trace.exists()
    done = sshd.run("-tt", "bastion")
    assert "PTY allocation request failed" in done.stderr, done.stderr


def test_nothing_is_forwarded_to_the_laptop(sshd):
    port = free_port()
    done = sshd.run("-N", "-R", f"127.0.0.1:{port}:127.0.0.1:1", "-o", "ExitOnForwardFailure=yes", "bastion")
    assert done.returncode != 0 and "remote port forwarding failed" in done.stderr, done.stderr
    assert not answers(port)
