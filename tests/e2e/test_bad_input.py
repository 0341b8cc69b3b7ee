"""Bad input ends in a clear error or a closed connection, with a counter; the service goes on."""

import http.client
import json
import socket
import ssl
import time

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest

from world import REGION, ROLE, wait_until


def signed(world, method, path, body=b"", service="eks", headers=None, change=None, age=0):
    """A request signed by botocore, then changed as the test wants; (status, error type, message)."""
    import datetime
    from unittest import mock
    values = world.environment()
    credentials = botocore.credentials.Credentials(values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"])
    request = botocore.awsrequest.AWSRequest(method, values["AWS_ENDPOINT_URL"] + path, data=body, headers=headers or {})
    moment = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age)
    with mock.patch("botocore.auth.get_current_datetime", return_value=moment.replace(tzinfo=None)):
        botocore.auth.SigV4Auth(credentials, service, REGION).add_auth(request)
    final = dict(request.headers.items())
    if change:
        body = change(final, body) or body
    connection = http.client.HTTPConnection(*world.api, timeout=10)
    connection.request(method, path, body, final)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    try:
        message = json.loads(text).get("message", "")
    except ValueError:
        message = text.decode(errors="replace")
    return answer.status, answer.getheader("x-amzn-ErrorType", "").split(":")[0], message


def test_the_signing_in_this_file_is_right(world, cluster):
    status, _, _ = signed(world, "GET", "/clusters")
    assert status == 200


@pytest.mark.parametrize("body, said", [
    (b"{", "JSON"),
    (b'{"name": "a"} x', "JSON"),
    (b"[]", "object"),
    (b'{"resourcesVpcConfig": {"endpointPublicAccess": "yes"}}', "endpointPublicAccess"),
    (b'{"resourcesVpcConfig": {"publicAccessCidrs": "0.0.0.0/0"}}', "publicAccessCidrs"),
    (b'{"resourcesVpcConfig": {"publicAccessCidrs": [7]}}', "publicAccessCidrs"),
    (b'{"resourcesVpcConfig": {"endpointPublicAcess": true}}', "endpointPublicAcess"),
    (b'{"surprise": 1}', "surprise"),
    (b'{"resourcesVpcConfig": ' + b"[" * 5000 + b"]" * 5000 + b"}", ""),
    (b'\xff\xfe{"name": 1}', ""),
])
def test_bodies_that_are_not_a_request(world, cluster, body, said):
    status, kind, message = signed(world, "POST", "/clusters/my-cluster/update-config", body)
    assert status == 400 and kind.endswith("Exception"), (status, kind, message)
    assert said in message


@pytest.mark.parametrize("name", ["", "-leading", "a" * 101, "with space", "dot.dot"])
def test_names(world, name):
    body = json.dumps({"name": name, "roleArn": ROLE, "resourcesVpcConfig": {"subnetIds": world.subnets()}}).encode()
    status, kind, message = signed(world, "POST", "/clusters", body)
    assert (status, kind) == (400, "InvalidParameterException") and "name" in message


def test_signatures(world, cluster):
    def flip(headers, _):
        headers["Authorization"] = headers["Authorization"][:-1] + ("0" if headers["Authorization"][-1] != "0" else "1")
    assert signed(world, "GET", "/clusters", change=flip)[:2] == (403, "InvalidSignatureException")
    assert signed(world, "POST", "/clusters", b"{}", change=lambda *_: b'{"x":1}')[:2] == (403, "InvalidSignatureException")
    assert signed(world, "GET", "/clusters", change=lambda h, _: h.pop("Authorization") and None)[:2] == (
        403, "MissingAuthenticationTokenException")
    status, kind, message = signed(world, "GET", "/clusters", age=600)
    assert (status, kind) == (403, "InvalidSignatureException") and "expired" in message
    assert signed(world, "GET", "/clusters", age=-600)[0] == 403
    assert signed(world, "GET", "/clusters", age=240)[0] == 200


def test_oversized_bodies_and_headers(world, cluster):
    def answer_to(raw):
        with socket.create_connection(world.api, timeout=10) as stream:
            stream.sendall(raw)
            return stream.recv(4096).split(b"\r\n")[0]
    assert b" 413 " in answer_to(b"POST /clusters HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
    assert b" 431 " in answer_to(b"GET /clusters HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 17000 + b"\r\n\r\n")
    assert b" 400 " in answer_to(b"\x16\x03\x01 nonsense\r\n\r\n")
    assert signed(world, "GET", "/clusters")[0] == 200


def closed_without_a_byte(world, payload, source="127.0.0.2", seconds=9):
    with socket.create_connection(world.public, timeout=seconds, source_address=(source, 0)) as stream:
        stream.sendall(payload)
        try:
            return stream.recv(1) == b""
        except ConnectionResetError:
            return True


def client_hello(server_name):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    stream = context.wrap_bio(incoming, outgoing, server_hostname=server_name)
    with pytest.raises(ssl.SSLWantReadError):
        stream.do_handshake()
    return outgoing.read()


def denied(world, reason):
    return world.metric(f'sallyport_gateway_denied_total{{reason="{reason}"}}')


@pytest.mark.parametrize("payload, reason", [
    (lambda: client_hello(None), "no-sni"),
    (lambda: client_hello("nowhere.example.com"), "unknown-sni"),
    (lambda: b"GET / HTTP/1.1\r\n\r\n", "malformed-client-hello"),
    (lambda: b"\x16\x03\x01\xff\xff" + b"\x01\x00\xff\xff" + b"\x00" * 20000, "malformed-client-hello"),
])
def test_client_hellos_that_name_nobody(world, host, payload, reason):
    before = denied(world, reason)
    assert closed_without_a_byte(world, payload())
    wait_until(lambda: denied(world, reason) == before + 1, 5, f"the count of {reason}")
    assert world.reaches(host, "127.0.0.2")


def test_a_client_hello_a_byte_a_second_is_closed(world, host):
    before = denied(world, "client-hello-timeout")
    hello = client_hello(host)
    with socket.create_connection(world.public, timeout=2, source_address=("127.0.0.2", 0)) as stream:
        closed = False
        for byte in hello[:15]:
            try:
                stream.sendall(bytes([byte]))
                stream.settimeout(1)
                if stream.recv(1) == b"":
                    closed = True
                    break
            except socket.timeout:
                continue
            except OSError:
                closed = True
                break
    assert closed
    assert denied(world, "client-hello-timeout") == before + 1
    assert world.reaches(host, "127.0.0.2")


def test_a_client_hello_in_small_pieces_is_served(world, host):
    raw = socket.create_connection(world.public, timeout=8, source_address=("127.0.0.2", 0))
    hello = client_hello(host)
    with raw:
        for start in range(0, len(hello), 97):
            raw.sendall(hello[start:start + 97])
            time.sleep(0.005)
        assert raw.recv(1) == b"\x16"
