"""An update cuts exactly the connections that lost permission, and is not Successful before the cut."""

import socket
import ssl
import time

from world import host_of, wait_until


def test_an_update_that_removes_one_source_cuts_that_one_only(world, cluster, host, upstream):
    world.update(publicAccessCidrs=["127.0.0.2/32", "127.0.0.3/32", "127.0.0.4/32"])
    connections = {source: world.connect(host, source) for source in ("127.0.0.2", "127.0.0.3", "127.0.0.4")}
    assert all(connection.alive() for connection in connections.values())
    change = "publicAccessCidrs=127.0.0.2/32,127.0.0.4/32"
    foreseen = world.sallyport_json("preview", "my-cluster", "--resources-vpc-config", change)["connections"]
    assert (foreseen["cut"], foreseen["kept"]) == (1, 2)
    assert foreseen["cutSources"] == [{"source": "127.0.0.3", "side": "public", "connections": 1}]
    assert all(connection.alive() for connection in connections.values()), "a preview changes nothing"
    eks = world.client()
    update = eks.update_cluster_config(name="my-cluster", resourcesVpcConfig={
        "publicAccessCidrs": ["127.0.0.2/32", "127.0.0.4/32"]})["update"]
    while update["status"] == "InProgress":
        update = eks.describe_update(name="my-cluster", updateId=update["id"])["update"]
    # Nothing is waited for: on loopback a reset is there when the call that sends it returns.
    assert connections["127.0.0.3"].is_cut(), "the update was Successful with the revoked connection still open"
    assert update["status"] == "Successful", update
    assert connections["127.0.0.2"].alive() and connections["127.0.0.4"].alive()

    described = world.sallyport_json("describe", "my-cluster", "--update", update["id"])
    assert described["update"]["connectionsCut"] == foreseen["cut"]
    for connection in connections.values():
        connection.close()


def what_comes_after_the_hello(address, host, source):
    """The bytes a refused client gets for its ClientHello, and how the connection ended."""
    outgoing = ssl.MemoryBIO()
    with_name = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=host)
    try:
        with_name.do_handshake()
    except ssl.SSLWantReadError:
        pass
    hello = outgoing.read()
    assert hello[0] == 22        # a TLS handshake record
    got = b""
    try:
        with socket.create_connection(address, timeout=3, source_address=(source, 0)) as raw:
            raw.sendall(hello)
            while part := raw.recv(4096):
                got += part
    except OSError as error:
        return got, type(error)
    return got, None


def test_a_refused_source_gets_no_byte_of_tls_and_no_upstream_connection(world, host, upstream):
    world.update(publicAccessCidrs=["127.0.0.2/32"])
    # A cluster that admits the source keeps the kernel from refusing it, so that what this cluster says is seen.
    world.create("neighbour", pool="my-cluster", publicAccessCidrs=["127.0.0.5/32"])
    attempts = 20
    # Sallyport's own checks reach the upstream too: one of its health in two seconds, one of the certificate for each
    # cluster in a minute. Begin just after one; what leaked would be one an attempt.
    checks = upstream.accepted
    wait_until(lambda: upstream.accepted > checks, 10, "a health check")
    before, data_before, began = upstream.accepted, upstream.connections, time.monotonic()
    for _ in range(attempts):
        assert what_comes_after_the_hello(world.public, host, "127.0.0.5") == (b"", ConnectionResetError)
    took = time.monotonic() - began
    assert upstream.accepted - before <= took / 2 + 3, "a refused connection reached the API server"
    assert upstream.connections == data_before
    assert world.reaches(host, "127.0.0.2")
    assert upstream.connections == data_before + 1

    # Without that neighbour the kernel may refuse it, by silence; where it cannot, the reset above.
    eks = world.client()
    eks.delete_cluster(name="neighbour")
    eks.get_waiter("cluster_deleted").wait(name="neighbour", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    got, ended = what_comes_after_the_hello(world.public, host, "127.0.0.5")
    assert got == b"" and ended in (TimeoutError, ConnectionResetError)


def test_no_other_connection_is_touched_by_a_stream_of_updates(world, host):
    world.update(publicAccessCidrs=["127.0.0.0/28"])
    with world.connect(host, "127.0.0.9") as steady:
        for number in range(6):
            world.update(publicAccessCidrs=["127.0.0.9/32", f"127.0.1.{number}/32"])
            assert steady.alive()


def test_private_listener_follows_the_private_switch(world, cluster, host):
    assert cluster["endpoint"].endswith(f":{world.private[1]}"), "the URL must lead to the private listener too"
    world.update(endpointPublicAccess=True, endpointPrivateAccess=True, publicAccessCidrs=["127.0.0.2/32"])
    inside = world.connect(host, "127.31.0.5", to=world.private)
    assert inside.alive()
    assert not world.reaches(host, "127.0.0.2", to=world.private), "publicAccessCidrs must not open the private side"
    assert not world.reaches(host, "127.31.0.5"), "the VPC's address is not in publicAccessCidrs"

    world.update(endpointPublicAccess=False)
    assert inside.alive(), "a connection both settings allow was touched"
    assert not world.reaches(host, "127.0.0.2")

    world.update(endpointPublicAccess=True, endpointPrivateAccess=False, publicAccessCidrs=["0.0.0.0/0"])
    wait_until(lambda: not inside.alive(), 5, "cut of the private connection")
    assert world.reaches(host, "127.0.0.2")


def test_deleting_a_cluster_cuts_its_connections_and_leaves_others(world, host):
    other = host_of(world.create("other", pool="my-cluster"))
    gone, stays = world.connect(other, "127.0.0.2"), world.connect(host, "127.0.0.2")
    eks = world.client()
    eks.delete_cluster(name="other")
    eks.get_waiter("cluster_deleted").wait(name="other", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    assert not gone.alive()
    assert stays.alive()
    assert not world.reaches(other, "127.0.0.2")


def test_explain_says_what_the_gateway_does(world, host):
    world.update(publicAccessCidrs=["127.0.0.2/32"])
    for source, allowed in (("127.0.0.2", True), ("127.0.0.3", False)):
        explained = world.sallyport_json("explain", "--cluster", "my-cluster", "--source", source)
        assert explained["decision"]["allow"] is allowed
        assert world.reaches(host, source) is allowed
    assert "127.0.0.2/32" in world.sallyport("explain", "--cluster", "my-cluster", "--source", "127.0.0.2").stdout


def test_many_connections_are_cut_in_one_update_and_counted(world, host):
    world.update(publicAccessCidrs=["127.0.0.0/24"])
    losing = [world.connect(host, f"127.0.0.{n}") for n in range(100, 130)]
    keeping = [world.connect(host, f"127.0.0.{n}") for n in range(10, 20)]
    said = world.sallyport("preview", "my-cluster", "--resources-vpc-config", "publicAccessCidrs=127.0.0.0/27").stdout
    assert said.split("would be cut")[1].split()[0] == "30" and said.split("would stay")[1].split()[0] == "10"
    update = world.update(publicAccessCidrs=["127.0.0.0/27"])
    assert world.sallyport_json("describe", "my-cluster", "--update", update["id"])["update"]["connectionsCut"] == 30
    assert not any(connection.alive() for connection in losing)
    assert all(connection.alive() for connection in keeping)
    assert world.metric("sallyport_gateway_connections_cut_total") >= 30
