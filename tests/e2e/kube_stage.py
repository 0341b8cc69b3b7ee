"""A real kube-apiserver that asks a cluster's webhooks, and kubectl as people of IAM."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import control_plane
from world import AWS, World, host_of

CLUSTER = "my-cluster"


def webhook_file(world: World, kind: str) -> str:
    """What an API server is given to ask about "authentication" or "authorization"."""
    return world.sallyport("webhook-config", "--cluster", CLUSTER, "--kind", kind).stdout


def start_with_webhooks(world: World, kube: control_plane.ControlPlane, folder: pathlib.Path) -> None:
    files = {}
    for kind in ("authentication", "authorization"):
        files[kind] = folder / f"{kind}.yaml"
        files[kind].write_text(webhook_file(world, kind))
        files[kind].chmod(0o600)
    kube.token_webhook, kube.access_webhook = files["authentication"], files["authorization"]
    kube.start()


class Kubectl:
    """kubectl by the kubeconfig that `aws eks update-kubeconfig` writes."""

    def __init__(self, world: World, cluster: dict, folder: pathlib.Path):
        self._world, self._config = world, folder / "config"
        world.aws("eks", "update-kubeconfig", "--name", CLUSTER, "--kubeconfig", str(self._config))
        self._command = [str(control_plane.BINARIES / "kubectl"), "--kubeconfig", str(self._config)]
        # The endpoint's name is in no resolver of this machine.
        name = json.loads(self._plainly("config", "view", "--output", "json"))["clusters"][0]["name"]
        self._plainly("config", "set-cluster", name, "--tls-server-name", host_of(cluster),
                      "--server", f"https://{world.public[0]}:{world.public[1]}")

    def _plainly(self, *arguments: str) -> str:
        return subprocess.run([*self._command, *arguments], check=True, capture_output=True, text=True).stdout

    def run(self, key: dict | None, *arguments: str, **options) -> subprocess.CompletedProcess:
        """As the owner of an access key of boto3's; as root with None."""
        values = self._world.environment() | {"PATH": f"{AWS.parent}:{os.environ['PATH']}"}
        if key:
            values |= {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        return subprocess.run([*self._command, "--request-timeout=8s", *arguments], env=values, capture_output=True,
                              text=True, timeout=60, **options)
