"""The newcomer's path: what `make run` starts and prints, pasted as it stands."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from machine import POLLUTION, lacks
from world import ROOT, wait_until

RUN = ROOT / "build" / "run"


@pytest.fixture(scope="module")
def running():
    for address, port in (("127.0.0.1", 8787), ("127.0.0.1", 8443), ("127.0.0.1", 8053)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                lacks(f"{address}:{port} is taken: the example runs already")
    output = ROOT / "build" / "quickstart-output.txt"
    with open(output, "w") as out:
        process = subprocess.Popen([sys.executable, ROOT / "scripts" / "quickstart"], stdout=out, stderr=out,
                                   env=os.environ | POLLUTION)
    try:
        wait_until(lambda: "Stop with Ctrl-C" in output.read_text() or process.poll() is not None, 90, "the guide")
        assert process.poll() is None, output.read_text()
        yield output.read_text()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        code = process.wait(60)
    assert code == 0, output.read_text()


def paste(commands):
    done = subprocess.run(["bash", "-c", f"source {RUN}/env.sh\n{commands}"], capture_output=True, text=True, timeout=120,
                          env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "AWS_PAGER": "",
                               **POLLUTION})
    return done.stdout + done.stderr


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


def test_what_the_guide_says_happens(running):
    assert 'publicAccessCidrs="127.0.0.2/32"' in running
    # Whatever an earlier run left, start from one known setting; "already at" is fine.
    paste(UPDATE + 'endpointPublicAccess=true,endpointPrivateAccess=false,publicAccessCidrs="0.0.0.0/0"' + UNTIL_DONE)
    assert "kube-system" in paste("kubectl get namespaces")

    said = paste(UPDATE + 'publicAccessCidrs="127.0.0.2/32"' + UNTIL_DONE + "reach 127.0.0.2; reach 127.0.0.3")
    assert "update: Successful" in said
    assert "127.0.0.2: allowed" in said and "127.0.0.3: refused" in said
    assert paste("kubectl get namespaces --request-timeout=5s").count("kube-system") == 0     # from 127.0.0.1

    said = paste(UPDATE + 'endpointPublicAccess=true,publicAccessCidrs="203.0.113.5/32",endpointPrivateAccess=true'
                 + UNTIL_DONE + "reach 127.0.0.2; reach 127.31.0.5\n"
                 "dig +short -p 8053 @127.0.0.1 $ENDPOINT_HOST; dig +short -p 8053 @127.31.0.2 $ENDPOINT_HOST")
    assert "update: Successful" in said
    assert "127.0.0.2: refused" in said and "127.31.0.5: allowed" in said
    assert "\n127.0.0.1\n127.31.0.10\n" in said

    said = paste("sallyport explain --cluster my-cluster --source 127.0.0.2; sallyport status; sallyport describe my-cluster")
    assert "203.0.113.5/32" in said
