"""The browser workplace as its users have it: the console in Chromium, the API, a workplace host on the bastion in the VPC,
and a real kube-apiserver behind a private-only endpoint."""

import contextlib
import json
import os
import pathlib
import types

import pytest

import control_plane
from browser import LOOKS, fits, serious_findings, visit
from kube_stage import CLUSTER, start_with_webhooks
from machine import lacks
from network import Network, NotAllowed, PRIVATE_ONLY, SETTINGS
from own_etc import own_etc
from topology import PRIVATE, RESOLVER_A, HOSTS, Topology, inside
from workplace_host import Host, processes_of
from world import WILDCARD, host_of, wait_until

BASTION = HOSTS["bastion"][0].split("/")[0]
UIDS = range(71000, 71100)
ALLOW = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": ["eks:List*", "eks:Describe*", "sallyport:*", "sts:*"], "Resource": "*"}]}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """Sallyport on the gateway's host with an API server that asks its webhooks; a workplace host on the bastion's, whose
    resolver is the VPC's."""
    if os.geteuid() != 0:
        lacks("not root: no network namespaces, and no users for the shells")
    folder = tmp_path_factory.mktemp("workplace")
    with contextlib.ExitStack() as after:
        try:
            topology = after.enter_context(contextlib.closing(Topology()))
        except NotAllowed as refused:
            lacks(f"no network namespaces here: {refused}")
        after.enter_context(inside(topology.name("gateway")))
        kube = control_plane.ControlPlane(folder / "kube", [WILDCARD])
        after.callback(kube.stop)
        host = Host(folder / "host", f"""
uids = [{UIDS[0]}, {UIDS[-1]}]
idle_seconds = 900
api_ca_file = "{kube.pki.cert}"
""", api=f"https://{PRIVATE}:8787", tls=True)
        after.callback(host.close)
        move(host, BASTION, kube.pki)
        net = Network(folder, topology, types.SimpleNamespace(address=kube.address, port=kube.port), kube.pki)
        net.config.write_text(net.config.read_text() + f"""
[webhooks]
listen = ["127.0.0.1:8788"]
[workplace]
url = "https://{BASTION}:{host.port}"
ca_file = "{kube.pki.cert}"
secret_file = "{folder}/host/secret"
""")
        after.callback(net.close)
        net.open()
        start_with_webhooks(net, kube, folder)
        net.update(**SETTINGS[PRIVATE_ONLY])
        tools = folder / "bin"
        tools.mkdir()
        (tools / "kubectl").write_bytes((control_plane.BINARIES / "kubectl").read_bytes())
        (tools / "kubectl").chmod(0o755)
        with inside(topology.name("bastion")):
            host.start(*own_etc(folder / "etc", resolv_conf=f"nameserver {RESOLVER_A}\n"),
                       "sh", "-ec", f'mount --bind {tools} /usr/local/bin; exec "$@"', "workplace")
        yield types.SimpleNamespace(net=net, host=host, kube=kube)
        assert host.stop() == 0, host.said()[-4000:]


def move(host: Host, address: str, authority: control_plane.Authority) -> None:
    """The class is made for loopback; this one listens where the API server comes from."""
    cert, key = authority.issue("workplace", "/CN=workplace", [f"IP:{address}"])
    lines = [line for line in host.config.read_text().splitlines() if not line.startswith("tls_")]
    text = "\n".join(lines).replace(f'listen = ["127.0.0.1:{host.port}"]\nsecret',
                                    f'listen = ["{address}:{host.port}"]\ntls_cert_file = "{cert}"\n'
                                    f'tls_key_file = "{key}"\nsecret')
    assert address in text
    host.config.write_text(text)


@pytest.fixture(scope="module")
def people(stage):
    """Keys of users who may open workplaces, ann with an access entry that lets her look; and of one who may not."""
    iam, eks = stage.net.client("iam"), stage.net.client("eks")
    keys = {}
    for name in ("ann", "eve", "guest"):
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        statement = ALLOW if name != "guest" else {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["eks:List*", "eks:Describe*"], "Resource": "*"}]}
        iam.put_user_policy(UserName=name, PolicyName="use", PolicyDocument=json.dumps(statement))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        keys[name] = key["AccessKeyId"], key["SecretAccessKey"]
        if name == "ann":
            eks.create_access_entry(clusterName=CLUSTER, principalArn=arn)
            eks.associate_access_policy(clusterName=CLUSTER, principalArn=arn, accessScope={"type": "cluster"},
                                        policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy")
    return keys


class Screen:
    """The terminal in the page, read as a screen reader does: what is drawn is on a canvas."""

    def __init__(self, seen):
        self.seen, self.page = seen, seen.page
        self._asked = 0
        self.page.get_by_text("Open until").wait_for()
        self.page.get_by_label("Screen reader mode").check()

    def text(self) -> str:
        return "\n".join(self.page.locator(".xterm-accessibility-tree [role=listitem]").all_text_contents())

    def type(self, text: str) -> None:
        self.page.locator(".xterm-helper-textarea").focus()
        self.page.keyboard.type(text)

    def run(self, command: str) -> str:
        """What a command prints, as far as the screen holds it."""
        self._asked += 1
        start, end = f"<{self._asked}<", f">{self._asked}>"
        self.type(f"clear; echo '<''{self._asked}<'; {command}; echo '>''{self._asked}>'\n")
        wait_until(lambda: end in self.text(), 30, f"the end of {command!r}; the screen:\n{self.text()}")
        return self.text().split(start, 1)[-1].split(end, 1)[0]


@contextlib.contextmanager
def workplace(stage, browser, keys, **look):
    with visit(browser, stage.net, ignore_https_errors=True, **look) as seen:
        seen.origin = f"https://{stage.net.api[0]}:{stage.net.api[1]}"
        page = seen.open().sign_in(keys).page
        page.get_by_role("link", name=CLUSTER, exact=True).click()
        page.get_by_role("link", name="Open workplace").click()
        page.get_by_role("heading", name=f"Workplace of {CLUSTER}").wait_for()
        yield seen


def processes() -> dict[int, int]:
    return processes_of(UIDS)


def records(stage, name):
    files = sorted((stage.net.data / "audit").glob("*.jsonl"))
    events = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return [event for event in events if event["eventName"] == name]


@pytest.fixture(scope="module")
def away(stage, tmp_path_factory):
    """Chromium where the test is: on the gateway's host, for its API."""
    import browser as web
    with web.chromium(tmp_path_factory.mktemp("chromium")) as running:
        yield running


def test_kubectl_reaches_the_private_endpoint_as_who_is_signed_in(stage, people, away):
    assert stage.net.resolves("bastion") == PRIVATE
    with workplace(stage, away, people["ann"]) as seen:
        screen = Screen(seen)
        assert "kube-system" in screen.run("kubectl get namespaces")
        assert "forbidden" in screen.run("kubectl create namespace mine 2>&1").lower()
        assert "user/ann" in screen.run("kubectl auth whoami")
        assert serious_findings(seen) == []
        assert seen.complaints == [] and seen.strangers() == []

        # Out of the terminal by the keyboard, and back.
        screen.type("")
        seen.page.keyboard.press("Control+Shift+Enter")
        assert seen.page.evaluate("document.activeElement.type") == "checkbox"

        screen.type("exit 3\n")
        seen.see("The shell has ended with 3.")
        seen.button("Start again").click()
        screen = Screen(seen)
        assert "kube-system" in screen.run("kubectl get namespaces")
        assert processes()
        seen.page.get_by_role("link", name="Clusters").click()
        seen.page.get_by_role("link", name=CLUSTER, exact=True).wait_for()
        wait_until(lambda: not processes(), 20, "the end of every process of the left workplace")
    opened, closed = (wait_until(lambda: found if len(found := records(stage, name)) == 2 else None, 10, name)
                      for name in ("OpenWorkplace", "CloseWorkplace"))
    assert {event["userIdentity"]["arn"].split(":")[-1] for event in (*opened, *closed)} == {"user/ann"}


def test_a_notice_neither_ends_a_terminal_nor_its_going(stage, away):
    """It changes what every page of the session is made with."""
    eks = stage.net.client("eks")
    opened = len(records(stage, "OpenWorkplace"))
    try:
        with visit(away, stage.net, ignore_https_errors=True) as seen:
            seen.origin = f"https://{stage.net.api[0]}:{stage.net.api[1]}"
            page = seen.open(f"#/clusters/{CLUSTER}/overview").sign_in().page
            seen.button("Turn on deletion protection").click()
            page.get_by_role("dialog").get_by_role("button", name="Turn on").click()
            page.get_by_role("link", name="Open workplace").click()
            screen = Screen(seen)
            screen.run("note=kept")
            seen.see(f"Deletion protection of {CLUSTER} is updated")
            seen.button("Dismiss").click()
            page.get_by_text(f"Deletion protection of {CLUSTER} is updated").wait_for(state="hidden")
            assert "kept" in screen.run("echo $note")
        assert len(records(stage, "OpenWorkplace")) == opened + 1
    finally:
        eks.update_cluster_config(name=CLUSTER, deletionProtection=False)


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_fits_every_look(stage, people, away, pictures, look):
    with workplace(stage, away, people["ann"], **LOOKS[look]) as seen:
        screen = Screen(seen)
        fits(seen, "workplace")
        columns = int(screen.run("stty size").split()[1])
        assert (columns < 60) == (look == "phone"), "the shell knows the size of its page"
        screen.run("kubectl get namespaces; kubectl auth whoami")
        if look == "light":
            seen.page.get_by_label("Screen reader mode").uncheck()
            seen.page.screenshot(path=pathlib.Path(pictures) / "workplace-light.png", animations="disabled")
        assert seen.complaints == []


def test_each_user_is_alone(stage, people, away):
    with workplace(stage, away, people["ann"]) as anns, workplace(stage, away, people["eve"]) as eves:
        ann, eve = Screen(anns), Screen(eves)
        ann.run("echo mine > ~/note; echo mine > /tmp/note; (sleep 4711 &)")
        assert "4711" in ann.run("ps ax | grep '[4]711'")
        assert "4711" not in eve.run("ps ax | grep '[4]711'")
        assert "mine" not in eve.run("cat ~/note /tmp/note 2>/dev/null")
        assert len(set(processes().values())) == 2
        # Eve has no access entry: the cluster knows nobody of hers.
        assert "logged in" in eve.run("kubectl get namespaces 2>&1").lower()


def test_who_may_not_is_told_in_the_page(stage, people, away):
    with workplace(stage, away, people["guest"]) as seen:
        seen.see("not authorized to perform: sallyport:OpenWorkplace")
        seen.button("Try again").wait_for()


def test_a_host_that_is_stopped_tells_the_page(stage, people, away):
    with workplace(stage, away, people["ann"]) as seen:
        Screen(seen)
        assert stage.host.stop() == 0, stage.host.said()[-4000:]
        seen.see("its host or the API server stops")
        seen.button("Start again").click()
        seen.see(f"the workplace host at {BASTION}:{stage.host.port}")
    with inside(stage.net.topology.name("bastion")):
        stage.host.start(*own_etc(stage.host.config.parent / "etc", resolv_conf=f"nameserver {RESOLVER_A}\n"))
