"""The bastion with the system's resolver, as it is shipped: /etc/resolv.conf and /etc/hosts of its own say what it asks."""

import contextlib
import threading
import time

import pytest

from bastion_stage import NAME, SECRET, USER, Api, Resolver, Stage
from control_plane import Authority
from machine import lacks
from own_etc import own_etc
from world import ZONE, wait_until

OTHER = "AKIAIOSFODNN7ANOTHER"
RESOLVER = "127.53.0.1"
RESOLV_CONF = f"nameserver {RESOLVER}\nsearch wild.test\noptions timeout:2 attempts:1\n"
HOSTS = "127.0.0.1 localhost\n"


@pytest.fixture
def resolver():
    """At port 53, which resolv.conf(5) knows alone. Like a wildcard record: every name of `zone` has an address."""
    try:
        made = Resolver(RESOLVER, 53)
    except OSError as error:
        lacks(f"{RESOLVER}:53 cannot be bound: {error}")
    with contextlib.closing(made):
        yield made


@contextlib.contextmanager
def staged(folder, resolver, zone, hosts=HOSTS, **more):
    resolver.zone = zone
    with contextlib.closing(Stage(folder, resolver=resolver, tls=False,
                                  command=own_etc(folder / "etc", resolv_conf=RESOLV_CONF, hosts=hosts), **more)) as made:
        yield made


def ask(stage, name=NAME, user=USER):
    return stage.bastion.ask(f"{name}:{stage.endpoint.port}", user, SECRET)[0]


def test_a_search_list_leads_no_tunnel_astray(tmp_path, resolver):
    with staged(tmp_path, resolver, "wild.test.") as stage:
        assert ask(stage) == 502
        assert stage.bastion.ask_socks(NAME, stage.endpoint.port, USER, SECRET)[0] == 4
        assert stage.bastion.refused("no-such-name") == 2
        assert set(resolver.asked) == {f"{NAME.lower()}."}
        # The name itself is found when it is there.
        resolver.zone = ZONE
        stage.open().close()


def test_what_hosts_says_needs_the_dot_too(tmp_path, resolver):
    with staged(tmp_path / "without", resolver, "wild.test.", f"{HOSTS}127.0.0.1 {NAME}\n") as stage:
        assert ask(stage) == 502
    again = Resolver(RESOLVER, 53)
    with staged(tmp_path / "with", again, "wild.test.", f"{HOSTS}127.0.0.1 {NAME}.\n") as stage:
        stage.open().close()


def test_names_that_are_slow_to_find_keep_no_login_waiting(tmp_path, resolver):
    pki = Authority(tmp_path / "api", "api-ca")
    api = Api(tls=pki.issue("api", "/CN=api", ["DNS:localhost"]))
    resolver.rcode = None
    # By name, so that a login needs the system's resolver as well.
    settings = f'api = "https://localhost:{api.port}"\napi_ca_file = "{pki.cert}"'
    with staged(tmp_path, resolver, ".", settings=settings, api=api) as stage:
        assert ask(stage, "example.com") == 403     # the login is known from now on
        slow = [threading.Thread(target=lambda: statuses.append(ask(stage))) for _ in range(16)]
        statuses = []
        for thread in slow:
            thread.start()
        wait_until(lambda: resolver.heard >= 4, 5, "every thread's question")
        started = time.monotonic()
        assert ask(stage, "example.com", OTHER) == 403
        assert time.monotonic() - started < 3
        for thread in slow:
            thread.join()
        assert set(statuses) == {502}
