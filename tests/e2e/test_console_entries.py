"""Access entries and the deletion of clusters in the console, with what they do to a real kubectl and a real connection."""

import pytest

from browser import LOOKS, fits, focused, serious_findings, visit
from kube_stage import CLUSTER, Kubectl, start_with_webhooks
from peers import Connection
from world import World, free_port, host_of, wait_until

ANN = "arn:aws:iam::000000000000:user/ann"


@pytest.fixture(scope="module")
def world(tmp_path_factory, waiting_kube, upstream, authority):
    """A pool of the real API server and one, "old", of an upstream whose connections can be watched."""
    old = f'[[pool]]\nname = "old"\nservers = ["127.0.0.1:{upstream.port}"]\nca_file = "{authority.cert}"\n'
    sallyport = World(tmp_path_factory.mktemp("world"), [f"{waiting_kube.address}:{waiting_kube.port}"], waiting_kube.pki,
                      extra_config=f'[webhooks]\nlisten = ["127.0.0.1:{free_port()}"]\n{old}').start()
    yield sallyport
    assert sallyport.stop() == 0


@pytest.fixture(scope="module")
def ann(world, cluster, waiting_kube, tmp_path_factory):
    """kubectl as the user ann, who has keys and no entry; says whether she may list the config maps of default."""
    folder = tmp_path_factory.mktemp("kubeconfig")
    start_with_webhooks(world, waiting_kube, folder)
    iam = world.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    kubectl = Kubectl(world, cluster, folder)

    def may():
        done = kubectl.run(key, "get", "configmaps")
        refused = "logged in" in done.stderr or "forbidden" in done.stderr.lower()
        assert done.returncode == 0 or refused, done.stderr
        return done.returncode == 0
    return may


def access_tab(seen):
    page = seen.page
    page.get_by_role("link", name=CLUSTER, exact=True).click()
    page.get_by_role("tab", name="Access").click()
    return page


def choose_policy(scope, name):
    scope.get_by_label("Policy name").click()
    scope.get_by_role("option", name=name, exact=True).click()


def test_an_entry_made_in_the_page_lets_kubectl_in_and_its_end_shuts_it_out(world, ann, browser, pictures):
    assert not ann()
    with visit(browser, world) as seen:
        page = access_tab(seen.open().sign_in())
        seen.button("Create access entry").click()
        page.get_by_role("heading", name="Create access entry").wait_for()
        seen.button("Create").click()
        seen.see("Required.")
        principal = page.get_by_label("IAM principal ARN")
        principal.fill("arn:aws:sts::000000000000:assumed-role/dev/ann")
        seen.see("This is a session of a role")
        principal.fill(ANN + "-not")
        seen.button("Create").click()
        seen.see("The specified principalArn is invalid: invalid principal")
        principal.fill(ANN)
        seen.button("Add group").click()
        page.get_by_label("Group name 1").fill("system:masters")
        seen.see("does not begin with system:")
        page.get_by_label("Group name 1").fill("viewers")
        choose_policy(page, "AmazonEKSViewPolicy")
        page.get_by_role("radio", name="Kubernetes namespace").check()
        seen.button("Add policy").click()
        seen.see("at least one namespace")
        page.get_by_label("Namespaces").fill("default, team-*")
        seen.button("Add policy").click()
        page.get_by_role("cell", name="Namespaces: default, team-*").wait_for()
        fits(seen, "create-access-entry", pictures / "create-access-entry-light.png")
        seen.button("Create").click()
        page.get_by_role("heading", name=ANN).wait_for()
        wait_until(ann, 20, "ann may")

        seen.button("Edit").click()
        page.get_by_label("Username").fill("ann-of-web")
        seen.button("Save changes").click()
        seen.see("ann-of-web")
        wait_until(lambda: focused(page)[1] == "Edit", what="the focus where it came from")
        seen.button("Add access policy").click()
        dialog = page.get_by_role("dialog", name="Add access policy")
        choose_policy(dialog, "AmazonEKSEditPolicy")
        dialog.get_by_role("button", name="Add access policy").click()
        dialog.wait_for(state="hidden")
        fits(seen, "access-entry", pictures / "access-entry-light.png")
        eks = world.client()
        at = {"clusterName": CLUSTER, "principalArn": ANN}
        entry = eks.describe_access_entry(**at)["accessEntry"]
        assert (entry["username"], entry["kubernetesGroups"]) == ("ann-of-web", ["viewers"])
        scopes = {one["policyArn"].rsplit("/", 1)[1]: one["accessScope"]
                  for one in eks.list_associated_access_policies(**at)["associatedAccessPolicies"]}
        assert scopes == {"AmazonEKSViewPolicy": {"type": "namespace", "namespaces": ["default", "team-*"]},
                          "AmazonEKSEditPolicy": {"type": "cluster", "namespaces": []}}
        seen.button("Remove AmazonEKSEditPolicy").click()
        dialog = page.get_by_role("dialog", name="Remove access policy")
        dialog.get_by_role("button", name="Remove").click()
        dialog.wait_for(state="hidden")
        wait_until(lambda: len(eks.list_associated_access_policies(**at)["associatedAccessPolicies"]) == 1)

        page.get_by_role("link", name=CLUSTER, exact=True).click()
        page.get_by_role("radio", name=f"Select {ANN}").check()
        seen.button("Delete").click()
        dialog = page.get_by_role("dialog", name="Delete access entry")
        assert serious_findings(seen) == []
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")
        assert focused(page)[1] == "Delete"
        assert ann(), "what was only asked was done"
        seen.button("Delete").click()
        dialog.get_by_role("button", name="Delete").click()
        page.get_by_role("link", name=ANN).wait_for(state="hidden")
        wait_until(lambda: focused(page)[1] == "Create access entry", what="the focus where one goes on")
        # The refusals that were asked for are in the browser's own log; nothing else is.
        assert [text for text in seen.complaints if "status of 400" not in text] == [] and seen.strangers() == []
    wait_until(lambda: not ann(), 20, "ann may no more")


@pytest.mark.parametrize("look", ["dark", "phone"])
def test_the_new_views_fit_in_every_look(world, cluster, browser, look):
    with visit(browser, world, **LOOKS[look]) as seen:
        page = access_tab(seen.open().sign_in())
        page.get_by_role("link", name="arn:aws:iam::000000000000:root").wait_for()
        fits(seen, "access")
        seen.button("Change authentication mode").click()
        seen.see("This cannot be undone")
        fits(seen, "authentication-mode")
        seen.button("Cancel").click()
        seen.button("Delete cluster").click()
        seen.see("live through its endpoint")
        fits(seen, "delete-cluster")
        seen.button("Cancel").click()
        page.get_by_role("link", name="arn:aws:iam::000000000000:root").click()
        seen.see("AmazonEKSClusterAdminPolicy")
        fits(seen, "access-entry")
        seen.button("Manage tags").click()
        fits(seen, "tags-of-access-entry")
        page.get_by_role("link", name=CLUSTER, exact=True).click()
        seen.button("Create access entry").click()
        page.get_by_label("IAM principal ARN").wait_for()
        fits(seen, "create-access-entry")
        assert seen.complaints == []


def test_a_cluster_is_deleted_after_its_name_was_typed(world, cluster, browser, authority, pictures):
    created = world.create("old")
    world.update("old", publicAccessCidrs=["127.0.0.0/8"])
    client = world.client()
    live = Connection(authority, host_of(created), "127.0.0.2", world.public)
    with visit(browser, world) as seen:
        page = seen.open().sign_in().page
        page.get_by_role("radio", name="Select old").check()
        seen.button("Delete").click()
        dialog = page.get_by_role("dialog", name="Delete cluster")
        seen.see("1 connection is live through its endpoint now")
        typed = dialog.get_by_label("To confirm, type old")
        typed.fill("ol")
        assert not dialog.get_by_role("button", name="Delete").is_enabled()
        typed.fill("old")
        client.update_cluster_config(name="old", deletionProtection=True)
        wait_until(lambda: client.describe_cluster(name="old")["cluster"]["deletionProtection"])
        fits(seen, "delete-cluster", pictures / "delete-cluster-light.png")
        dialog.get_by_role("button", name="Delete").click()
        dialog.get_by_text("has deletion protection enabled").wait_for()
        client.update_cluster_config(name="old", deletionProtection=False)
        wait_until(lambda: not client.describe_cluster(name="old")["cluster"]["deletionProtection"])
        assert live.alive()
        dialog.get_by_role("button", name="Delete").click()
        seen.see("Cluster old is deleted")
        page.get_by_role("link", name="old", exact=True).wait_for(state="hidden")
        assert live.is_cut() and client.list_clusters()["clusters"] == [CLUSTER]
    live.close()


def test_an_api_that_is_away_is_said_and_found_again(world, cluster, browser):
    with visit(browser, world) as seen:
        page = access_tab(seen.open().sign_in())
        page.get_by_role("link", name="arn:aws:iam::000000000000:root").wait_for()
        page.context.set_offline(True)
        seen.button("Refresh").click()
        seen.see("The API at this address did not answer")
        page.context.set_offline(False)
        seen.button("Try again").first.click()
        page.get_by_text("did not answer").wait_for(state="hidden")
    with visit(browser, world) as seen:
        seen.page.route("**/settings.json", lambda route: route.abort())
        seen.open()
        seen.see("The API at this address did not answer")
        seen.page.unroute("**/settings.json")
        seen.button("Try again").click()
        seen.sign_in()
        seen.page.get_by_role("link", name=CLUSTER, exact=True).wait_for()
