"""The real process, killed at unchosen moments under updates: nothing lost, doubled or half-applied."""

import random
import threading
import time

import botocore.exceptions

from world import host_of, wait_until


def test_updates_survive_sigkill(fresh_world):
    world = fresh_world.start()
    host = host_of(world.create())
    dice = random.Random(20261124)
    settled = ["0.0.0.0/0"]
    asked = {}

    for round_number in range(12):
        token = f"round-{round_number}"
        wanted = [f"127.0.{round_number}.0/24"]
        eks = world.client(connect_timeout=2, read_timeout=5)
        accepted = {}

        def change():
            try:
                accepted["id"] = eks.update_cluster_config(
                    name="my-cluster", clientRequestToken=token,
                    resourcesVpcConfig={"publicAccessCidrs": wanted})["update"]["id"]
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
                accepted["error"] = error

        caller = threading.Thread(target=change)
        caller.start()
        time.sleep(dice.random() * 0.03)
        world.kill()
        caller.join(10)
        world.start()
        eks = world.client()

        def at_rest():
            cluster = eks.describe_cluster(name="my-cluster")["cluster"]
            return cluster if cluster["status"] == "ACTIVE" else None
        cluster = wait_until(at_rest, 20, "the cluster's rest after the restart")
        now = cluster["resourcesVpcConfig"]["publicAccessCidrs"]
        if "id" in accepted:
            update = eks.describe_update(name="my-cluster", updateId=accepted["id"])["update"]
            assert update["status"] == "Successful", "an accepted update was lost"
            assert now == wanted
        assert now in (settled, wanted), "half-applied"

        # The same token again: the first answer when it had been stored, else applied now; never twice.
        again = eks.update_cluster_config(name="my-cluster", clientRequestToken=token,
                                          resourcesVpcConfig={"publicAccessCidrs": wanted})["update"]["id"]
        if "id" in accepted:
            assert again == accepted["id"]
        asked[again] = wanted
        wait_until(lambda: eks.describe_update(name="my-cluster", updateId=again)["update"]["status"] == "Successful",
                   20, "success")
        wait_until(at_rest, 20, "rest")
        assert sorted(eks.list_updates(name="my-cluster", maxResults=100)["updateIds"]) == sorted(asked)
        settled = wanted

    world.update(publicAccessCidrs=["127.0.0.2/32"])
    assert world.reaches(host, "127.0.0.2") and not world.reaches(host, "127.0.0.3")


def test_access_is_enforced_from_the_first_connection_after_a_restart(fresh_world):
    world = fresh_world.start()
    host = host_of(world.create(publicAccessCidrs=["127.0.0.2/32"]))
    world.kill()
    world.start()
    assert not world.reaches(host, "127.0.0.3")
    assert world.reaches(host, "127.0.0.2")
