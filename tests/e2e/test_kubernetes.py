"""A real kube-apiserver with etcd behind the gateway, reached by real kubectl and curl."""

import base64
import subprocess
import time

import pytest

import control_plane
from world import World, host_of, wait_until


@pytest.fixture(scope="module")
def world(tmp_path_factory, kube):
    sallyport = World(tmp_path_factory.mktemp("world"), [f"{kube.address}:{kube.port}"], kube.pki).start()
    yield sallyport
    assert sallyport.stop() == 0


@pytest.fixture(scope="module")
def kubectl(world, cluster, kube, tmp_path_factory):
    config = kube.write_kubeconfig(tmp_path_factory.mktemp("kubeconfig") / "config",
                                   f"https://{world.public[0]}:{world.public[1]}", host_of(cluster))
    command = [str(control_plane.BINARIES / "kubectl"), "--kubeconfig", str(config), "--request-timeout=8s"]
    return lambda *arguments, **options: subprocess.run([*command, *arguments], capture_output=True, text=True,
                                                        timeout=30, **options)


def curl(world, kube, host, source):
    port = world.public[1]
    done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", "4", "--interface", source,
                           "--cacert", str(kube.pki.cert), "--resolve", f"{host}:{port}:{world.public[0]}",
                           f"https://{host}:{port}/version"], capture_output=True, text=True)
    return done.returncode == 0 and "gitVersion" in done.stdout


def test_the_cluster_carries_the_api_servers_authority(cluster, kube):
    assert base64.b64decode(cluster["certificateAuthority"]["data"]) == kube.pki.cert.read_bytes()


def test_kubectl_and_curl_follow_the_update(world, host, kube, kubectl):
    world.update(publicAccessCidrs=["127.0.0.1/32", "127.0.0.2/32"])
    assert "kube-system" in kubectl("get", "namespaces").stdout
    assert curl(world, kube, host, "127.0.0.2")
    assert not curl(world, kube, host, "127.0.0.3")

    world.update(publicAccessCidrs=["127.0.0.3/32"])
    assert kubectl("get", "namespaces").returncode != 0
    assert not curl(world, kube, host, "127.0.0.2")
    assert curl(world, kube, host, "127.0.0.3")
    world.update(publicAccessCidrs=["127.0.0.0/24"])


def test_apply_and_a_watch_across_an_unrelated_update(world, kubectl, kube, host, cluster, tmp_path):
    config = kube.write_kubeconfig(tmp_path / "config", f"https://{world.public[0]}:{world.public[1]}", host)
    output = open(tmp_path / "watch.txt", "w")
    watch = subprocess.Popen([str(control_plane.BINARIES / "kubectl"), "--kubeconfig", str(config), "get", "configmaps",
                              "--watch", "--namespace", "default", "--output", "name"], stdout=output)
    seen = lambda: (tmp_path / "watch.txt").read_text()
    try:
        manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {key: value}\n"
        assert kubectl("apply", "-f", "-", input=manifest % "before").returncode == 0
        wait_until(lambda: "configmap/before" in seen(), 10, "the watch's first event")
        world.update(publicAccessCidrs=["127.0.0.0/24", "198.51.100.0/24"])
        time.sleep(0.2)
        assert watch.poll() is None
        assert kubectl("apply", "-f", "-", input=manifest % "after").returncode == 0
        wait_until(lambda: "configmap/after" in seen(), 10, "an event after the update, on the same watch")
    finally:
        watch.terminate()
        watch.wait()
        output.close()


def test_the_watch_is_cut_when_its_source_loses_permission(world, kube, host, tmp_path):
    config = kube.write_kubeconfig(tmp_path / "config", f"https://{world.public[0]}:{world.public[1]}", host)
    world.update(publicAccessCidrs=["127.0.0.1/32"])
    watch = subprocess.Popen([str(control_plane.BINARIES / "kubectl"), "--kubeconfig", str(config), "get", "namespaces",
                              "--watch", "--output", "name"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert watch.stdout.readline().startswith("namespace/")
        update = world.update(publicAccessCidrs=["127.0.0.9/32"])
        assert world.sallyport_json("describe", "my-cluster", "--update", update["id"])["update"]["connectionsCut"] >= 1
        watch.wait(20)
    finally:
        if watch.poll() is None:
            watch.terminate()
            watch.wait()
        watch.stdout.close()


def test_an_api_server_whose_certificate_lacks_the_name_shows_in_health(kube, tmp_path):
    with control_plane.ControlPlane(tmp_path / "kube", []) as nameless:
        folder = tmp_path / "sallyport"
        folder.mkdir()
        sallyport = World(folder, [f"{nameless.address}:{nameless.port}"], nameless.pki).start()
        try:
            sallyport.create()
            issues = wait_until(
                lambda: sallyport.client().describe_cluster(name="my-cluster")["cluster"]["health"]["issues"], 20, "issue")
            assert any("kubeadm" in issue["message"] for issue in issues)
        finally:
            assert sallyport.stop() == 0
