"""The bastion way by real programs on real addresses: a client on the internet, `sallyport bastion` or sshd in the VPC.

Nothing but the bastion leads from the internet to the private-only endpoint. Security groups see the bastion's
address, so what they no longer admit is cut behind it, and its client sees the end.
"""

import os
import shlex
import shutil

import pytest

import ssh_server
from bastion import Bastion
from machine import lacks
from network import BOTH, PATIENCE, PRIVATE_ONLY, PUBLIC_ONLY, SILENCE
from tables import NO, YES, name_of
from topology import CIDR_A, HOSTS, PRIVATE, PUBLIC, RESOLVER_A, inside
from world import REGION, ZONE, wait_until

BASTION = HOSTS["bastion"][0].split("/")[0]
NODE = HOSTS["vpc-node"][0].split("/")[0]


@pytest.fixture(scope="module")
def bastion(net, tmp_path_factory):
    """`sallyport bastion` on its host; the class is made for loopback, so its listener is moved."""
    with inside(net.topology.name("bastion")):
        running = Bastion(tmp_path_factory.mktemp("bastion"), f"""
resolver = "{RESOLVER_A}:53"
api = "https://{PRIVATE}:8787"
api_ca_file = "{net.authority.cert}"
""")
        loopback, running.connect = running.connect, (BASTION, 3128)
        text = running.config.read_text()
        moved = text.replace(f'"127.0.0.1:{loopback[1]}"', f'"{BASTION}:3128"')
        assert moved != text
        running.config.write_text(moved)
        running.authority.issue("bastion", "/CN=bastion", [f"IP:{BASTION}"])
        running.start()
    yield running
    assert running.stop() == 0, running.said()[-4000:]


@pytest.fixture(scope="module")
def login(net):
    values = net.environment()
    return [values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]]


@pytest.fixture(scope="module")
def by_sallyport(bastion, login):
    """How a client goes by it."""
    return {"proxy": list(bastion.connect), "proxy_ca": str(bastion.authority.cert), "login": login}


@pytest.fixture(scope="module")
def sshd(net, tmp_path_factory):
    """sshd on the bastion host, whose system resolver is the VPC's, and which listens at its address too."""
    if not (os.path.exists(ssh_server.SSHD) and shutil.which("ssh") and shutil.which("unshare")):
        lacks("no OpenSSH here")
    folder = tmp_path_factory.mktemp("ssh")
    (folder / "resolv.conf").write_text(f"nameserver {RESOLVER_A}\n")
    # Files belong to a mount namespace, which ends with sshd.
    start = (f"mount --bind {shlex.quote(str(folder / 'resolv.conf'))} /etc/resolv.conf && "
             f'exec {ssh_server.SSHD} -o ListenAddress={BASTION} "$@"')
    script = folder / "sshd"
    script.write_text(f"#!/bin/sh\nexec unshare --mount sh -c {shlex.quote(start)} sshd \"$@\"\n")
    script.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch, inside(net.topology.name("bastion")):
        patch.setattr(ssh_server, "SSHD", str(script))
        running = ssh_server.SshServer(folder, [f"{net.host}:443"])
    yield running
    running.close()


@pytest.fixture(scope="module")
def by_ssh(net, sshd):
    """`ssh -D` on the internet host."""
    with inside(net.topology.name("internet")):
        process = sshd.forward("-D", "127.0.0.1:1080", "-o", f"HostName={BASTION}",
                               "-o", f"HostKeyAlias=[127.0.0.1]:{sshd.port}")
    try:
        wait_until(lambda: listens(net) or process.poll() is not None, PATIENCE, "ssh's forwarding")
        assert process.poll() is None, sshd.said()
        yield {"proxy": ["127.0.0.1", 1080]}
    finally:
        process.kill()      # a SIGTERM that comes just before it waits is seen with the next packet only
        process.wait()


def listens(net) -> bool:
    with inside(net.topology.name("internet")):
        return ssh_server.answers(1080)


@pytest.fixture(params=["by_sallyport", "by_ssh"])
def way(request):
    return request.getfixturevalue(request.param)


def through(net, way, expected: bool = YES, name: str | None = None, **options) -> str:
    """Goes that way from the internet host, and keeps what it gets. What is expected sets the patience only."""
    return net.hosts["internet"].ask("through", key="tunnel", name=name or net.host, ca=str(net.authority.cert),
                                     timeout=PATIENCE if expected else SILENCE, **(way | options))


# publicAccessCidrs: with both on they leave the VPC's egress out, so that the bastion must go where its resolver leads.
CIDRS = {PUBLIC_ONLY: "0.0.0.0/0", BOTH: HOSTS["internet"][0].replace("/24", "/32"), PRIVATE_ONLY: None}


@pytest.mark.parametrize("combination", CIDRS, ids=name_of)
def test_the_way_leads_to_the_endpoint(net, way, combination):
    net.set_access(combination, cidrs=[CIDRS[combination]])
    assert through(net, way) == "ok"
    assert net.alive("internet", "tunnel")
    # It is the only way there once public access is off.
    doors = {PUBLIC: combination != PRIVATE_ONLY, PRIVATE: NO}
    assert net.reached("internet", doors) == doors
    net.drop_held()


def test_what_security_groups_no_longer_admit_is_cut_behind_it(net, objects, way):
    net.set_access(PRIVATE_ONLY)
    with objects.rule(objects.permission(f"{NODE}/32")), objects.without_rule(objects.permission(CIDR_A)):
        net.hold("vpc-node", PRIVATE)
        rule = objects.permission(f"{BASTION}/32")
        with objects.rule(rule):
            assert through(net, way) == "ok"
            assert net.alive("internet", "tunnel")
        assert net.was_cut("internet", "tunnel")
        assert through(net, way, NO) != "ok"
        assert net.alive("vpc-node", PRIVATE)
        with objects.rule(rule):
            assert through(net, way) == "ok"
    net.drop_held()


# name, port: how `sallyport bastion` answers.
REFUSED = {
    ("example.com", 443): "403",
    (PRIVATE, 443): "403",
    (f"{'0' * 32}.gr1.{REGION}.eks.{ZONE}", 443): "502",      # an endpoint's name, and no endpoint has it
    (None, 22): "403",                                        # the endpoint
}


@pytest.mark.parametrize("name, port", REFUSED)
def test_it_leads_nowhere_else(net, by_sallyport, name, port):
    net.set_access(PRIVATE_ONLY)
    assert through(net, by_sallyport, name=name, port=port) == REFUSED[name, port]


def test_it_knows_who_comes(net, by_sallyport, login):
    net.set_access(PRIVATE_ONLY)
    assert through(net, by_sallyport, login=[login[0], "wrong"]) == "407"
    assert through(net, by_sallyport) == "ok"
    net.drop_held()


@pytest.mark.parametrize("name, port", [(PRIVATE, 443), (None, 22), (RESOLVER_A, 53)])
def test_ssh_leads_to_what_permitopen_lists_alone(net, sshd, by_ssh, name, port):
    net.set_access(PRIVATE_ONLY)
    prohibited = "open failed: administratively prohibited"
    before = sshd.said().count(prohibited)
    assert through(net, by_ssh, name=name, port=port) != "ok"
    assert sshd.said().count(prohibited) == before + 1
