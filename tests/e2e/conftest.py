from __future__ import annotations

import os

import pytest

import browser as web
import control_plane
from machine import clear_environment, lacks
from network import NotAllowed, network
from vpcs import Objects
from world import ROOT, WILDCARD, Authority, EchoUpstream, World, host_of

clear_environment()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def upstream(authority):
    server = EchoUpstream(authority)
    yield server
    server.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory, authority, upstream):
    """One Sallyport for a file of tests."""
    sallyport = World(tmp_path_factory.mktemp("world"), [f"127.0.0.1:{upstream.port}"], authority)
    sallyport.start()
    yield sallyport
    assert sallyport.stop() == 0, sallyport.log.read_text(errors="replace")[-4000:]


@pytest.fixture
def fresh_world(tmp_path, authority, upstream):
    """One Sallyport for one test; not started yet."""
    sallyport = World(tmp_path, [f"127.0.0.1:{upstream.port}"], authority)
    yield sallyport
    if sallyport.process is not None:
        assert sallyport.stop() == 0, sallyport.log.read_text(errors="replace")[-4000:]


@pytest.fixture(scope="module")
def cluster(world):
    return world.create()


@pytest.fixture(scope="module")
def host(cluster):
    return host_of(cluster)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Chromium, for visits to the console."""
    with web.chromium(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture(scope="module")
def kube(tmp_path_factory):
    """A real kube-apiserver with etcd, whose certificate is for any endpoint."""
    with control_plane.ControlPlane(tmp_path_factory.mktemp("kube"), [WILDCARD]) as running:
        yield running


@pytest.fixture(scope="module")
def waiting_kube(tmp_path_factory):
    """Not started yet: its webhooks' files are the cluster's, which needs its address first."""
    made = control_plane.ControlPlane(tmp_path_factory.mktemp("kube"), [WILDCARD])
    yield made
    made.stop()


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    """One Sallyport on real addresses for a file of tests; while it lasts, the test itself is on the gateway host."""
    try:
        with network(tmp_path_factory.mktemp("net")) as made:
            yield made
    except NotAllowed as refused:
        lacks(f"no network namespaces here: {refused}")


@pytest.fixture(scope="module")
def objects(net):
    """The other networks' VPCs, made; what connects them is a test's to make."""
    return Objects(net)


@pytest.fixture(scope="module")
def kernel_filter(net):
    """What a test says about silence holds only where the kernel drops: user space resets what it refuses."""
    if net.metric("sallyport_gateway_kernel_filter_active") != 1:
        lacks("no eBPF for Sallyport here: the kernel filter is not active")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Where screenshots go: SALLYPORT_SCREENSHOTS=docs/console renews those of the documentation."""
    kept = os.environ.get("SALLYPORT_SCREENSHOTS")
    return ROOT / kept if kept else tmp_path_factory.mktemp("pictures")
