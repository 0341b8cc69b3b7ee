"""Who callers are and what they may do: tokens of the real AWS CLI at the webhooks, and a real kube-apiserver that asks
them, reached by real kubectl with the kubeconfig that `aws eks update-kubeconfig` writes."""

import base64
import http.client
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import types
import urllib.parse

import pytest

import control_plane
from kube_stage import CLUSTER, Kubectl, start_with_webhooks, webhook_file
from world import AWS, REGION, World, free_port, wait_until

POLICY = "arn:aws:eks::aws:cluster-access-policy/"
ADMIN_MANIFEST = """
apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: v1
kind: Namespace
metadata: {name: db}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: readers, namespace: db}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: readers, namespace: db}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: readers}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: db-readers}]
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory, waiting_kube):
    listen = f"127.0.0.1:{free_port()}"
    sallyport = World(tmp_path_factory.mktemp("world"), [f"{waiting_kube.address}:{waiting_kube.port}"], waiting_kube.pki,
                      extra_config=f'[webhooks]\nlisten = ["{listen}"]\n').start()
    yield sallyport
    assert sallyport.stop() == 0, sallyport.log.read_text(errors="replace")[-4000:]


@pytest.fixture(scope="module")
def eks(world, cluster):
    return world.client()


@pytest.fixture(scope="module")
def people(world, eks):
    """Users with keys, by name; each has an access entry of its own kind but for eve, who has none."""
    iam = world.client("iam")
    made = types.SimpleNamespace(arn={}, key={})
    for name in ("viewer", "editor", "member", "admin", "eve"):
        made.arn[name] = iam.create_user(UserName=name)["User"]["Arn"]
        made.key[name] = iam.create_access_key(UserName=name)["AccessKey"]
    def enter(name, policy=None, namespaces=None, **entry):
        eks.create_access_entry(clusterName=CLUSTER, principalArn=made.arn[name], **entry)
        if policy:
            scope = {"type": "namespace", "namespaces": namespaces} if namespaces else {"type": "cluster"}
            eks.associate_access_policy(clusterName=CLUSTER, principalArn=made.arn[name], policyArn=POLICY + policy,
                                        accessScope=scope)
    enter("viewer", "AmazonEKSViewPolicy", username="the-viewer")
    enter("editor", "AmazonEKSEditPolicy", ["we*"])
    enter("member", kubernetesGroups=["db-readers"])
    enter("admin", "AmazonEKSClusterAdminPolicy")
    return made


def environment(world, key=None, token=None):
    values = world.environment()
    if key:
        values |= {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    if token:
        values["AWS_SESSION_TOKEN"] = token
    return values


def get_token(world, key=None, session=None, cluster=CLUSTER):
    done = subprocess.run([AWS, "eks", "get-token", "--cluster-name", cluster, "--output", "json"], capture_output=True,
                          text=True, env=environment(world, key, session), timeout=60, check=True)
    return json.loads(done.stdout)["status"]["token"]


class Webhook:
    """What an API server would do with the file `sallyport webhook-config` prints."""

    def __init__(self, world, kind):
        self.file = webhook_file(world, kind)
        field = lambda name: re.search(rf"^\s+{name}: (\S+)$", self.file, re.MULTILINE)[1]
        self.url = urllib.parse.urlsplit(field("server"))
        self.bearer = field("token")
        self.trust = ssl.create_default_context(cadata=base64.b64decode(field("certificate-authority-data")).decode())

    def post(self, body, bearer=None):
        connection = http.client.HTTPSConnection(self.url.hostname, self.url.port, context=self.trust, timeout=10)
        try:
            connection.request("POST", self.url.path + "?timeout=10s", json.dumps(body),
                               {"Authorization": "Bearer " + (bearer or self.bearer)})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def review(self, token):
        status, answer = self.post({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
                                    "metadata": {"creationTimestamp": None}, "spec": {"token": token}})
        assert status == 200, answer
        return answer["status"]


@pytest.fixture(scope="module")
def tokens(world, cluster):
    return Webhook(world, "authentication")


def test_a_token_of_the_aws_cli_is_the_entrys_user(world, people, tokens):
    status = tokens.review(get_token(world, people.key["viewer"]))
    assert status["authenticated"] and status["user"]["username"] == "the-viewer"
    assert status["user"]["extra"]["canonicalArn"] == [people.arn["viewer"]]
    assert status["user"]["extra"]["accessKeyId"] == [people.key["viewer"]["AccessKeyId"]]
    assert status["user"]["uid"].startswith("aws-iam-authenticator:000000000000:AIDA")
    assert tokens.review(get_token(world, people.key["member"]))["user"]["groups"] == ["db-readers"]


def test_a_token_of_aws_iam_authenticator_is_as_good(world, people, tokens):
    done = subprocess.run([control_plane.BINARIES / "aws-iam-authenticator", "token", "--cluster-id", CLUSTER],
                          env=environment(world, people.key["viewer"]), capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    status = tokens.review(json.loads(done.stdout)["status"]["token"])
    assert status["authenticated"] and status["user"]["username"] == "the-viewer", status


def test_a_session_is_its_roles(world, eks, tokens):
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}}]}
    iam = world.client("iam")
    arn = iam.create_role(RoleName="ops", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    eks.create_access_entry(clusterName=CLUSTER, principalArn=arn, username="ops:{{SessionName}}")
    iam.create_user(UserName="guest")
    key = iam.create_access_key(UserName="guest")["AccessKey"]
    iam.put_user_policy(UserName="guest", PolicyName="assume", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn}]}))
    import boto3
    session = boto3.client("sts", endpoint_url=world.environment()["AWS_ENDPOINT_URL"], region_name=REGION,
                           aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"]
                           ).assume_role(RoleArn=arn, RoleSessionName="ann@example.com")["Credentials"]
    token = get_token(world, session, session["SessionToken"])
    user = tokens.review(token)["user"]
    assert user["username"] == "ops:ann-example.com"
    assert user["extra"]["sessionName"] == ["ann@example.com"] and user["extra"]["canonicalArn"] == [arn]
    iam.delete_role(RoleName="ops")
    assert not tokens.review(token)["authenticated"]


def test_a_session_of_a_user_is_the_users_until_its_key_is_off(world, eks, tokens):
    iam = world.client("iam")
    arn = iam.create_user(UserName="shift")["User"]["Arn"]
    iam.attach_user_policy(UserName="shift", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    eks.create_access_entry(clusterName=CLUSTER, principalArn=arn, username="on-shift")
    key = iam.create_access_key(UserName="shift")["AccessKey"]

    def aws(keys, *words):
        return subprocess.run([AWS, *words, "--output", "json"], env=environment(world, keys, keys.get("SessionToken")),
                              capture_output=True, text=True, timeout=60)

    session = json.loads(aws(key, "sts", "get-session-token", "--duration-seconds", "900").stdout)["Credentials"]
    assert json.loads(aws(session, "eks", "list-clusters").stdout)["clusters"] == [CLUSTER]
    assert json.loads(aws(session, "sts", "get-caller-identity").stdout)["Arn"] == arn
    assert "Cannot call GetSessionToken with session credentials" in aws(session, "sts", "get-session-token").stderr
    assert "InvalidClientTokenId" in aws(session, "iam", "list-users").stderr
    token = get_token(world, session, session["SessionToken"])
    assert tokens.review(token)["user"]["username"] == "on-shift"
    iam.update_access_key(UserName="shift", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert not tokens.review(token)["authenticated"]
    assert aws(session, "eks", "list-clusters").returncode != 0


def test_a_token_is_for_one_cluster_and_ends_with_its_key(world, people, tokens):
    assert "another cluster" in tokens.review(get_token(world, people.key["viewer"], cluster="other"))["error"]
    iam = world.client("iam")
    key = iam.create_access_key(UserName="viewer")["AccessKey"]
    token = get_token(world, key)
    assert tokens.review(token)["authenticated"]
    iam.delete_access_key(UserName="viewer", AccessKeyId=key["AccessKeyId"])
    assert tokens.review(token) == {"authenticated": False,
                                    "error": "the token's access key is unknown, inactive or has expired"}


def test_nobody_without_the_clusters_bearer(world, tokens):
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": "x"}}
    assert tokens.post(body, bearer="wrong")[0] == 401
    assert tokens.post(body)[0] == 200
    assert world.metric('sallyport_webhook_requests_refused_total{reason="bearer"}') == 1
    assert world.metric('sallyport_webhook_token_reviews_total{outcome="refused",reason="format"}') >= 1
    assert world.metric('sallyport_certificate_expiry_timestamp_seconds{server="webhooks"}') > 1e9
    log = world.log.read_text()
    assert tokens.bearer not in log and "BEGIN" not in log


def test_a_new_certificate_is_served_without_a_restart(tmp_path, authority):
    """A broken file keeps the old one; a good one is for new connections, while the old connection goes on."""
    listen = ("127.0.0.1", free_port())
    shutil.copy(authority.issue("hook", "/CN=first", ["IP:127.0.0.1"])[0], tmp_path / "hook.crt")
    shutil.copy(authority.folder / "hook.key", tmp_path / "hook.key")
    sallyport = World(tmp_path, ["127.0.0.1:1"], authority, extra_config=f"""
[webhooks]
listen = ["{listen[0]}:{listen[1]}"]
tls_cert_file = "hook.crt"
tls_key_file = "hook.key"
tls_ca_file = "{authority.cert}"
""").start()
    trust = ssl.create_default_context(cafile=str(authority.cert))
    connect = lambda: trust.wrap_socket(socket.create_connection(listen, 10), server_hostname=listen[0])
    name = lambda tls: dict(pair[0] for pair in tls.getpeercert()["subject"])["commonName"]
    def shown():
        with connect() as tls:
            return name(tls)
    hangup = lambda: sallyport.process.send_signal(signal.SIGHUP)
    try:
        with connect() as old:
            assert name(old) == "first"
            (tmp_path / "hook.crt").write_text("broken")
            hangup()
            wait_until(lambda: "goes on with its present certificate" in sallyport.log.read_text(), 10, "the refusal")
            assert shown() == "first"
            certificate, key = authority.issue("hook", "/CN=second", ["IP:127.0.0.1"])
            shutil.copy(key, tmp_path / "hook.key")
            shutil.copy(certificate, tmp_path / "hook.crt")
            hangup()
            wait_until(lambda: shown() == "second", 10, "the new certificate")
            old.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert old.recv(12) == b"HTTP/1.1 404"
    finally:
        assert sallyport.stop() == 0


# A real kube-apiserver


@pytest.fixture(scope="module")
def kubectl(world, cluster, waiting_kube, people, tmp_path_factory):
    """kubectl as one of the people."""
    folder = tmp_path_factory.mktemp("kubeconfig")
    start_with_webhooks(world, waiting_kube, folder)
    kubectl = Kubectl(world, cluster, folder)

    def run(who, *arguments, **options):
        return kubectl.run(people.key.get(who), *arguments, **options)
    done = run("admin", "apply", "-f", "-", input=ADMIN_MANIFEST)
    assert done.returncode == 0, done.stderr
    return run


def allowed(done):
    assert done.returncode == 0 or "forbidden" in done.stderr.lower(), done.stderr
    return done.returncode == 0


def test_kubectl_may_what_the_access_policies_say(kubectl):
    assert "web" in kubectl("viewer", "get", "namespaces").stdout
    assert allowed(kubectl("viewer", "get", "pods", "--all-namespaces"))
    refused = kubectl("viewer", "create", "configmap", "a", "--namespace", "web")
    assert not allowed(refused) and '"the-viewer"' in refused.stderr
    assert not allowed(kubectl("viewer", "get", "secrets", "--namespace", "web"))


def test_a_policy_of_namespaces_ends_with_them(kubectl):
    assert allowed(kubectl("editor", "create", "configmap", "a", "--namespace", "web"))
    assert not allowed(kubectl("editor", "create", "configmap", "a", "--namespace", "db"))
    assert not allowed(kubectl("editor", "get", "namespaces"))


def test_a_group_of_the_entry_is_rbacs_to_bind(kubectl):
    assert allowed(kubectl("member", "get", "configmaps", "--namespace", "db"))
    assert not allowed(kubectl("member", "get", "configmaps", "--namespace", "web"))


def test_who_has_no_entry_is_unauthorized(kubectl):
    done = kubectl("eve", "get", "namespaces")
    assert done.returncode != 0 and "logged in" in done.stderr, done.stderr


def test_a_policy_taken_away_ends_at_the_next_review(eks, people, kubectl):
    assert allowed(kubectl("viewer", "get", "configmaps", "--namespace", "web"))
    eks.disassociate_access_policy(clusterName=CLUSTER, principalArn=people.arn["viewer"],
                                   policyArn=POLICY + "AmazonEKSViewPolicy")
    wait_until(lambda: not allowed(kubectl("viewer", "get", "configmaps", "--namespace", "web")), 10, "refusal")
