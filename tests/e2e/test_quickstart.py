"""The newcomer's path: what `make run` starts and prints, pasted as it stands."""

import json
import signal

import pytest

from example import RUN, Example, children, paste
from world import wait_until

UPDATE = "aws eks update-cluster-config --name my-cluster --resources-vpc-config "
UNTIL_DONE = """
id=$(aws eks list-updates --name my-cluster --query 'updateIds[0]' --output text)
for _ in $(seq 60); do
  status=$(aws eks describe-update --name my-cluster --update-id "$id" --query update.status --output text)
  [ "$status" = InProgress ] || break
  sleep 0.5
done
echo "update: $status"
"""


KUBECTL_BY_IAM = f"""
export KUBECONFIG={RUN}/iam.kubeconfig
aws eks update-kubeconfig --name my-cluster --kubeconfig $KUBECONFIG
kubectl config set-cluster "$(kubectl config view --output 'jsonpath={{.clusters[0].name}}')" \\
    --server https://127.0.0.1:8443 --tls-server-name "$ENDPOINT_HOST"
kubectl auth whoami
kubectl get namespaces
"""


def begin_the_guide(guide):
    assert "both allowed: 0.0.0.0/0 is the default" in guide
    said = paste("reach 127.0.0.2; reach 127.0.0.3")
    assert "127.0.0.2: allowed" in said and "127.0.0.3: allowed" in said
    said = paste(KUBECTL_BY_IAM)
    assert "arn:aws:iam::000000000000:root" in said and "kube-system" in said


def follow_the_guide(guide):
    assert 'publicAccessCidrs="127.0.0.2/32"' in guide
    assert "kube-system" in paste("kubectl get namespaces")
    version = paste("aws eks describe-cluster --name my-cluster --query cluster.version --output text").strip()
    assert f'"gitVersion": "v{version}.' in paste("reach 127.0.0.2")

    held = RUN / "held.txt"
    assert "hold 127.0.0.2; hold 127.0.0.3\n" in guide
    paste(f"exec >{held} 2>&1; hold 127.0.0.2; hold 127.0.0.3")
    wait_until(lambda: held.read_text().count("holds a connection") == 2, 20, "both connections")
    said = paste('sallyport preview my-cluster --resources-vpc-config publicAccessCidrs="127.0.0.2/32"')
    assert said.split("would be cut")[1].split()[0] == said.split("would stay")[1].split()[0] == "1"

    said = paste(UPDATE + 'publicAccessCidrs="127.0.0.2/32"' + UNTIL_DONE + "sallyport describe my-cluster --output json")
    assert "update: Successful" in said
    described = json.loads(said[said.rindex('{"cluster"'):])
    assert described["updates"][0]["connectionsCut"] == 1
    live = [(source["source"], source["count"]) for source in described["connections"]["sources"]]
    assert live == [("127.0.0.2", 1)]
    wait_until(lambda: "127.0.0.3: its connection has ended" in held.read_text(), 5, "word of the cut")
    assert "127.0.0.2: its connection has ended" not in held.read_text()

    said = paste("reach 127.0.0.2; reach 127.0.0.3")
    assert "127.0.0.2: allowed" in said and "127.0.0.3: refused" in said
    assert paste("kubectl get namespaces --request-timeout=5s").count("kube-system") == 0     # from 127.0.0.1

    said = paste(UPDATE + 'endpointPublicAccess=true,publicAccessCidrs="203.0.113.5/32",endpointPrivateAccess=true'
                 + UNTIL_DONE + "reach 127.0.0.2; reach 127.31.0.5\n"
                 "dig +short -p 8053 @127.0.0.1 $ENDPOINT_HOST; dig +short -p 8053 @127.31.0.2 $ENDPOINT_HOST")
    assert "update: Successful" in said
    assert "127.0.0.2: refused" in said and "127.31.0.5: allowed" in said
    assert "\n127.0.0.1\n127.31.0.10\n" in said
    wait_until(lambda: "127.0.0.2: its connection has ended" in held.read_text(), 5, "the end of the other")

    said = paste("sallyport explain --cluster my-cluster --source 127.0.0.2; sallyport status; sallyport describe my-cluster")
    assert "203.0.113.5/32" in said


def test_what_the_guide_says_happens_on_every_start():
    for follow in (follow_the_guide, lambda _: None):      # the second start finds what the first left
        example = Example()
        try:
            guide = example.wait_for_guide().said()
            begin_the_guide(guide)
            follow(guide)
        finally:
            code = example.stop()
        assert code == 0, example.said()
        assert children() == set()


@pytest.mark.parametrize("when, number", [
    ("etcd", signal.SIGTERM), ("kube-apiserver", signal.SIGHUP), ("kube-apiserver", signal.SIGKILL),
    ("sallyport", signal.SIGINT), ("sallyport", signal.SIGHUP),
], ids=str)
def test_a_signal_while_it_starts_leaves_no_child(when, number):
    example = Example()
    try:
        wait_until(lambda: when in children(), 60, when)
    finally:
        code = example.stop(number)
    assert code == (-number if number == signal.SIGKILL else 128 + number), example.said()
    # An API server that is told to stop while it starts waits for its store, which stops too: that may take a minute.
    wait_until(lambda: children() == set(), 90, "end of the children")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL], ids=str)
def test_a_signal_while_it_serves_leaves_no_child(number):
    example = Example()
    try:
        example.wait_for_guide()
        assert children() == {"etcd", "kube-apiserver", "sallyport"}
    finally:
        code = example.stop(number)
    assert code == (-number if number == signal.SIGKILL else 0), example.said()
    wait_until(lambda: children() == set(), 20, "end of the children")
