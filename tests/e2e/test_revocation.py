"""An update cuts exactly the connections that lost permission, and is not Successful before the cut."""

import threading

from world import host_of, wait_until


def test_an_update_that_removes_one_source_cuts_that_one_only(world, cluster, host, upstream):
    world.update(publicAccessCidrs=["127.0.0.2/32", "127.0.0.3/32", "127.0.0.4/32"])
    connections = {source: world.connect(host, source) for source in ("127.0.0.2", "127.0.0.3", "127.0.0.4")}
    assert all(connection.alive() for connection in connections.values())

    cut_seen = threading.Event()

    def watch():
        try:
            connections["127.0.0.3"].stream.settimeout(30)
            if connections["127.0.0.3"].stream.recv(1) == b"":
                cut_seen.set()
        except OSError:
            cut_seen.set()

    watcher = threading.Thread(target=watch)
    watcher.start()

    update = world.update(publicAccessCidrs=["127.0.0.2/32", "127.0.0.4/32"])
    # Successful was read just now: the cut must have reached the socket before it, give or take the thread's wake-up.
    watcher.join(1)
    assert cut_seen.is_set(), "the update was Successful with the revoked connection still open"
    assert connections["127.0.0.2"].alive() and connections["127.0.0.4"].alive()

    described = world.sallyport_json("describe", "my-cluster", "--update", update["id"])
    assert described["update"]["connectionsCut"] == 1
    for connection in connections.values():
        connection.close()


def test_a_refused_source_gets_no_byte_of_tls_and_no_upstream_connection(world, host, upstream):
    world.update(publicAccessCidrs=["127.0.0.2/32"])
    before = upstream.connections
    assert not world.reaches(host, "127.0.0.5")
    assert upstream.connections == before
    assert world.reaches(host, "127.0.0.2")
    assert upstream.connections == before + 1


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
    update = world.update(publicAccessCidrs=["127.0.0.0/27"])
    assert world.sallyport_json("describe", "my-cluster", "--update", update["id"])["update"]["connectionsCut"] == 30
    assert not any(connection.alive() for connection in losing)
    assert all(connection.alive() for connection in keeping)
    assert world.metric("sallyport_gateway_connections_cut_total") >= 30
