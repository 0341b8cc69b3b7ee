"""The public view and a VPC's view, asked by dig and by dnspython, over UDP and TCP."""

import shutil
import subprocess

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest

from machine import lacks

PUBLIC, PRIVATE = ["127.0.0.1"], ["127.31.0.10"]


def dig(server, name, *options):
    if shutil.which("dig") is None:
        lacks("dig is not installed")
    done = subprocess.run(["dig", "+tries=1", "+time=3", "-p", str(server[1]), f"@{server[0]}", name, *options],
                          capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ask(server, name, kind="A", over=dns.query.udp, **options):
    query = dns.message.make_query(name, kind, **options)
    for attempt in range(5):
        try:
            return over(query, server[0], port=server[1], timeout=3)
        except dns.exception.Timeout:
            # UDP may be lost, as after a flood on a busy machine; resolvers ask again.
            if over is not dns.query.udp or attempt == 4:
                raise


def addresses(answer):
    return sorted(item.address for rrset in answer.answer for item in rrset if rrset.rdtype == dns.rdatatype.A)


@pytest.mark.parametrize("settings, public_view, vpc_view", [
    ({"endpointPublicAccess": True, "endpointPrivateAccess": True}, PUBLIC, PRIVATE),
    ({"endpointPublicAccess": False, "endpointPrivateAccess": True}, PRIVATE, PRIVATE),
    ({"endpointPublicAccess": True, "endpointPrivateAccess": False}, PUBLIC, PUBLIC),
])
def test_each_combination_in_each_view(world, host, settings, public_view, vpc_view):
    world.update(**settings)
    for over in (dns.query.udp, dns.query.tcp):
        assert addresses(ask(world.dns, host, over=over)) == public_view
        assert addresses(ask(world.resolver, host, over=over)) == vpc_view
    assert dig(world.dns, host, "+short").split() == public_view
    assert dig(world.resolver, host, "+short", "+tcp").split() == vpc_view


def test_the_question_comes_back_as_it_was_written(world, host):
    mixed = "".join(c.upper() if i % 3 else c.lower() for i, c in enumerate(host))
    answer = ask(world.dns, mixed)
    assert str(answer.question[0].name).rstrip(".") == mixed
    assert addresses(answer) == PUBLIC
    assert answer.flags & dns.flags.AA
    assert answer.answer[0].ttl == 60


def test_no_data_and_no_such_name_carry_the_soa(world, host):
    nodata = ask(world.dns, host, "AAAA")
    assert nodata.rcode() == dns.rcode.NOERROR and not nodata.answer
    assert nodata.authority[0].rdtype == dns.rdatatype.SOA
    missing = ask(world.dns, "0" * 32 + "." + host.split(".", 1)[1])
    assert missing.rcode() == dns.rcode.NXDOMAIN
    assert missing.authority[0].rdtype == dns.rdatatype.SOA


def test_names_of_others_are_refused(world):
    assert ask(world.dns, "www.example.com").rcode() == dns.rcode.REFUSED
    assert ask(world.resolver, "www.example.com").rcode() == dns.rcode.REFUSED


def test_edns_cookie_and_version(world, host):
    out = dig(world.dns, host, "+cookie", "+bufsize=1232")
    assert "COOKIE:" in out and "(good)" in out
    assert "BADVERS" in dig(world.dns, host, "+edns=1", "+noednsnegotiation")


def test_any_is_minimal(world, host):
    answer = ask(world.dns, host, "ANY")
    assert answer.rcode() == dns.rcode.NOERROR
    assert sum(len(rrset) for rrset in answer.answer) <= 1


def test_garbage_is_survived_and_counted(world, host):
    import socket
    before = world.metric("sallyport_dns_malformed_total")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(500):
            sock.sendto(bytes((number * 7 + i * 13) % 256 for i in range(number % 90)), world.dns)
        # A name that points at itself.
        sock.sendto(bytes.fromhex("123401000001000000000000c00c00010001"), world.dns)
    with socket.create_connection(world.dns, timeout=5) as stream:
        stream.sendall(b"\xff\xff" + b"x" * 100)
    assert addresses(ask(world.dns, host)) == PUBLIC
    assert world.metric("sallyport_dns_malformed_total") > before


def test_many_questions_in_one_tcp_connection(world, host):
    import socket
    import struct
    query = dns.message.make_query(host, "A")
    wire = query.to_wire()
    with socket.create_connection(world.dns, timeout=5) as stream:
        stream.sendall((struct.pack("!H", len(wire)) + wire) * 50)
        reader = stream.makefile("rb")
        for _ in range(50):
            size = struct.unpack("!H", reader.read(2))[0]
            assert addresses(dns.message.from_wire(reader.read(size))) == PUBLIC
