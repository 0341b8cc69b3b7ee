"""Clusters as they are managed in the console: a list that keeps up with them, deletion protection, authentication mode, tags."""

import json
import sys

import pytest

from browser import focused, serious_findings, tab_to, visit
from world import ROLE, World, wait_until

ROOT_ARN = "arn:aws:iam::000000000000:root"


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """A file: once it is there, the provider makes what it was asked for."""
    return tmp_path_factory.mktemp("gate") / "open"


@pytest.fixture(scope="module")
def world(tmp_path_factory, authority, upstream, gate):
    folder = tmp_path_factory.mktemp("world")
    provider = folder / "provider"
    answer = {"servers": [f"127.0.0.1:{upstream.port}"], "ca": authority.cert.read_text()}
    provider.write_text(f"""#!{sys.executable} -I
import json, pathlib, sys, time
create = json.load(sys.stdin)["action"] == "create"
while create and not pathlib.Path({str(gate)!r}).exists():
    time.sleep(0.05)
print(json.dumps({answer!r} if create else {{}}))
""")
    provider.chmod(0o755)
    sallyport = World(folder, [f"127.0.0.1:{upstream.port}"], authority,
                      extra_config=f"[provider]\ncommand = {json.dumps(str(provider))}\n").start()
    yield sallyport
    assert sallyport.stop() == 0


def wait_for_focus(page, name):
    wait_until(lambda: focused(page)[1] == name, what=f"the focus at {name!r}")


def test_deletion_protection_is_switched(world, cluster, browser):
    eks = world.client()

    def protected():
        return eks.describe_cluster(name="my-cluster")["cluster"]["deletionProtection"]

    with visit(browser, world) as seen:
        page = seen.open("#/clusters/my-cluster/overview").sign_in().page
        seen.see("Cluster info")
        tab_to(page, "Turn on deletion protection")
        page.keyboard.press("Enter")
        page.get_by_role("dialog", name="Turn on deletion protection").wait_for()
        tab_to(page, "Turn on")
        page.keyboard.press("Enter")
        seen.see("Deletion protection of my-cluster is updated")
        assert protected()
        wait_for_focus(page, "Turn off deletion protection")

        seen.button("Delete cluster").click()
        dialog = page.get_by_role("dialog", name="Delete cluster")
        dialog.get_by_text("Deletion protection is on").wait_for()
        dialog.get_by_role("link", name="Overview").click()
        dialog.wait_for(state="hidden")
        seen.button("Turn off deletion protection").click()
        dialog = page.get_by_role("dialog", name="Turn off deletion protection")
        eks.update_cluster_config(name="my-cluster", deletionProtection=False)
        wait_until(lambda: not protected())
        dialog.get_by_role("button", name="Turn off").click()
        dialog.get_by_text("Cluster is already at the desired configuration").wait_for()


def test_the_authentication_mode_goes_forward(world, browser):
    eks = world.client()
    eks.create_cluster(name="by-map", roleArn=ROLE, tags={"sallyport.dev/pool": "my-cluster"},
                       resourcesVpcConfig={"subnetIds": world.subnets()}, accessConfig={"authenticationMode": "CONFIG_MAP"})
    eks.get_waiter("cluster_active").wait(name="by-map", WaiterConfig={"Delay": 1, "MaxAttempts": 30})

    def mode():
        return eks.describe_cluster(name="by-map")["cluster"]["accessConfig"]["authenticationMode"]

    with visit(browser, world) as seen:
        page = seen.open("#/clusters/by-map/access").sign_in().page
        seen.see("This authentication mode reads none")
        seen.button("Change authentication mode").click()
        dialog = page.get_by_role("dialog", name="Change authentication mode")
        dialog.get_by_text("This cannot be undone: there is no way back to ConfigMap").wait_for()
        assert serious_findings(seen) == []
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        assert mode() == "CONFIG_MAP", "what was only asked was done"
        seen.button("Change authentication mode").click()
        dialog.get_by_role("button", name="Change", exact=True).click()
        seen.see("Access configuration of by-map is updated")
        assert mode() == "API_AND_CONFIG_MAP"
        page.get_by_role("link", name=ROOT_ARN).wait_for()
        wait_for_focus(page, "Change authentication mode")

        seen.button("Change authentication mode").click()
        dialog.get_by_text("from EKS API and ConfigMap to EKS API?").wait_for()
        eks.update_cluster_config(name="by-map", accessConfig={"authenticationMode": "API"})
        wait_until(lambda: mode() == "API")
        dialog.get_by_role("button", name="Change", exact=True).click()
        dialog.get_by_text("Unsupported authentication mode update from API to API").wait_for()
        dialog.get_by_role("button", name="Cancel").click()
        seen.button("Refresh").click()
        wait_until(lambda: seen.button("Change authentication mode").is_disabled(), what="no further step is offered")


@pytest.mark.parametrize("where", ["tags", "access-entries"])
def test_tags_are_changed_by_the_keyboard(world, cluster, browser, where):
    eks = world.client()

    def tags():
        if where == "tags":
            return eks.describe_cluster(name="my-cluster")["cluster"]["tags"]
        return eks.describe_access_entry(clusterName="my-cluster", principalArn=ROOT_ARN)["accessEntry"]["tags"]

    assert tags() == {}
    with visit(browser, world) as seen:
        place = where if where == "tags" else f"{where}/{ROOT_ARN.replace('/', '%2F')}"
        page = seen.open(f"#/clusters/my-cluster/{place}").sign_in().page
        keyboard = page.keyboard
        seen.see("No tags")
        tab_to(page, "Manage tags")
        keyboard.press("Enter")
        wait_for_focus(page, "Key 1")
        keyboard.type("team")
        tab_to(page, "Value 1")
        keyboard.type("blue")
        tab_to(page, "Add tag")
        keyboard.press("Enter")
        wait_for_focus(page, "Key 2")
        keyboard.type("stage")
        tab_to(page, "Remove stage")
        keyboard.press("Enter")
        wait_for_focus(page, "Remove team")
        tab_to(page, "Save changes")
        keyboard.press("Enter")
        wait_for_focus(page, "Manage tags")
        page.get_by_role("row").filter(has_text="team").filter(has_text="blue").wait_for()
        assert tags() == {"team": "blue"}

        keyboard.press("Enter")
        wait_for_focus(page, "Key 1")
        tab_to(page, "Remove team")
        keyboard.press("Enter")
        wait_for_focus(page, "Add tag")
        tab_to(page, "Cancel")
        keyboard.press("Enter")
        wait_for_focus(page, "Manage tags")
        assert tags() == {"team": "blue"}
        assert seen.complaints == []


def test_the_list_has_every_cluster_and_keeps_up_with_those_that_change(world, cluster, gate, browser):
    eks = world.client()
    among = {"roleArn": ROLE, "resourcesVpcConfig": {"subnetIds": world.subnets()}}
    eks.create_cluster(name="late", **among)
    many = [f"c{number:03}" for number in range(110)]    # more than the console asks for in one page
    for name in many:
        eks.create_cluster(name=name, tags={"sallyport.dev/pool": "my-cluster"}, **among)
    wait_until(lambda: eks.describe_cluster(name=many[-1])["cluster"]["status"] == "ACTIVE")
    total = sum(len(page["clusters"]) for page in eks.get_paginator("list_clusters").paginate())
    with visit(browser, world) as seen:
        page = seen.open().sign_in().page
        page.get_by_role("heading", name=f"Clusters ({total})").wait_for()
        page.get_by_label("Filter clusters").fill("late")
        page.keyboard.press("Enter")
        seen.see("1 match")
        page.get_by_role("radio", name="Select late").check()
        row = page.get_by_role("row").filter(has_text="late")
        row.get_by_text("Creating").wait_for()
        asked = len(seen.requests)
        gate.touch()
        row.get_by_text("Active").wait_for()
        assert page.get_by_role("radio", name="Select late").is_checked()
        assert page.get_by_role("row").count() == 2, "the head of the table and what the filter lets through"
        assert {url.rsplit("/", 1)[1] for url in seen.requests[asked:]} == {"late"}, "only what changes is looked at again"
        assert seen.complaints == []
