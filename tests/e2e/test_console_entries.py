"""Access entries made, changed and deleted in the console, with what they do to kubectl; and the deletion of a cluster."""

import pytest

import control_plane
from browser import serious_findings, visit
from kube_stage import CLUSTER, Kubectl, start_with_webhooks
from world import WILDCARD, World, free_port, host_of, wait_until

VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


@pytest.fixture(scope="module")
def kube(tmp_path_factory):
    """Not started yet: its webhooks' files are the cluster's, which needs its address first."""
    made = control_plane.ControlPlane(tmp_path_factory.mktemp("kube"), [WILDCARD])
    yield made
    made.stop()


@pytest.fixture(scope="module")
def world(tmp_path_factory, kube):
    sallyport = World(tmp_path_factory.mktemp("world"), [f"{kube.address}:{kube.port}"], kube.pki,
                      extra_config=f'[webhooks]\nlisten = ["127.0.0.1:{free_port()}"]\n').start()
    yield sallyport
    assert sallyport.stop() == 0, sallyport.log_text()[-4000:]


@pytest.fixture(scope="module")
def kubectl(world, cluster, kube, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kubeconfig")
    start_with_webhooks(world, kube, folder)
    return Kubectl(world, cluster, folder)


@pytest.fixture(scope="module")
def ann(world):
    """A user: ARN and key."""
    iam = world.client("iam")
    return iam.create_user(UserName="ann")["User"]["Arn"], iam.create_access_key(UserName="ann")["AccessKey"]


def access_tab(seen):
    page = seen.page
    seen.open().sign_in()
    page.get_by_role("link", name=CLUSTER, exact=True).click()
    page.get_by_role("tab", name="Access").click()
    return page


def choose(page, label, option):
    page.get_by_role("button").and_(page.get_by_label(label)).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_an_entry_lets_kubectl_in_and_its_deletion_ends_that(world, kubectl, ann, browser):
    arn, key = ann
    may = lambda *arguments: kubectl.run(key, *arguments).returncode == 0
    assert not may("get", "namespaces")
    with visit(browser, world) as seen:
        page = access_tab(seen)
        page.get_by_role("link", name="Create access entry").click()
        page.get_by_role("heading", name="Create access entry").wait_for()
        page.get_by_label("IAM principal ARN").fill("ann")
        seen.button("Create").click()
        seen.see("The ARN of a user, of a role or of root")
        page.get_by_label("IAM principal ARN").fill(arn)
        seen.button("Add access policy").click()
        choose(page, "Policy 1", "AmazonEKSViewPolicy")
        assert serious_findings(seen) == []
        seen.button("Create").click()
        page.get_by_role("row").filter(has_text=arn).get_by_text("AmazonEKSViewPolicy").wait_for()
        assert may("get", "namespaces"), kubectl.run(key, "get", "namespaces").stderr

        page.get_by_role("radio", name=arn).check()
        seen.button("Delete").click()
        dialog = page.get_by_role("dialog", name="Delete access entry")
        assert serious_findings(seen) == []
        dialog.get_by_role("button", name="Delete").click()
        page.get_by_role("row").filter(has_text=arn).wait_for(state="detached")
        wait_until(lambda: not may("get", "namespaces"), 10, "the refusal")
        assert seen.complaints == [] and seen.strangers() == []


def test_an_entry_is_changed_and_what_is_refused_is_said_where_it_was_typed(world, cluster, ann, browser):
    arn, _ = ann
    eks = world.client()
    eks.create_access_entry(clusterName=CLUSTER, principalArn=arn)
    with visit(browser, world) as seen:
        page = access_tab(seen)
        page.get_by_role("link", name=arn).click()
        page.get_by_role("heading", name="Edit access entry").wait_for()
        assert page.get_by_label("IAM principal ARN").is_disabled()
        page.get_by_label("Groups").fill("system:masters")
        seen.button("Save changes").click()
        group = page.locator("form").get_by_text("system:masters is invalid")
        group.wait_for()
        page.get_by_label("Groups").fill("devs\nops")
        page.get_by_label("Username").fill("ann")
        seen.button("Add access policy").click()
        choose(page, "Policy 1", "AmazonEKSViewPolicy")
        choose(page, "Access scope 1", "Kubernetes namespaces")
        seen.button("Save changes").click()
        seen.see("Name one namespace or more")
        page.get_by_label("Namespaces 1").fill("dev, test-*")
        seen.button("Save changes").click()
        row = page.get_by_role("row").filter(has_text=arn)
        row.get_by_text("AmazonEKSViewPolicy (dev, test-*)").wait_for()
    entry = eks.describe_access_entry(clusterName=CLUSTER, principalArn=arn)["accessEntry"]
    assert (entry["username"], entry["kubernetesGroups"]) == ("ann", ["devs", "ops"])
    (associated,) = eks.list_associated_access_policies(clusterName=CLUSTER, principalArn=arn)["associatedAccessPolicies"]
    assert associated["policyArn"] == VIEW
    assert associated["accessScope"] == {"type": "namespace", "namespaces": ["dev", "test-*"]}

    with visit(browser, world) as seen:
        page = access_tab(seen)
        page.get_by_role("link", name="Create access entry").click()
        page.get_by_label("IAM principal ARN").fill(arn)
        seen.button("Create").click()
        seen.see("already in use on this cluster")
    eks.delete_access_entry(clusterName=CLUSTER, principalArn=arn)


def test_a_cluster_is_deleted_and_its_connections_are_cut(world, kubectl, browser):
    host = host_of(world.create("short-lived", pool=CLUSTER))
    with world.connect(host, "127.0.0.2") as connection, visit(browser, world) as seen:
        page = seen.open().sign_in().page
        page.get_by_role("link", name="short-lived", exact=True).click()
        seen.button("Delete cluster").click()
        dialog = page.get_by_role("dialog", name="Delete cluster")
        delete = dialog.get_by_role("button", name="Delete")
        assert not delete.is_enabled()
        page.get_by_label("Confirmation").fill("my-cluster")
        assert not delete.is_enabled()
        assert serious_findings(seen) == []
        page.get_by_label("Confirmation").fill("short-lived")
        delete.click()
        seen.see("short-lived is deleted")
        page.get_by_role("row").filter(has_text="short-lived").wait_for(state="detached")
        assert connection.is_cut()
        page.get_by_role("link", name=CLUSTER, exact=True).wait_for()
        # That it is gone is seen by a 404, which the browser notes down.
        assert [one for one in seen.complaints if "/clusters/short-lived" not in one] == []
    assert "short-lived" not in world.client().list_clusters()["clusters"]
