"""Who connects and who is denied: as the console shows it, and as the command does."""

from browser import visit


def test_who_is_denied_is_seen_and_allowed_by_an_update_alone(world, cluster, host, browser):
    world.update(endpointPublicAccess=True, endpointPrivateAccess=True, publicAccessCidrs=["127.0.0.2/32", "127.0.0.8/32"])
    assert world.reaches(host, "127.0.0.2") and not world.reaches(host, "127.0.0.7")
    with visit(browser, world) as seen:
        page = seen.open().sign_in().page
        page.get_by_role("link", name="my-cluster", exact=True).click()
        page.get_by_role("tab", name="Networking").click()
        page.get_by_label("Allowed and denied connections over time").first.wait_for()
        denied = page.get_by_role("table", name="Denied sources").get_by_role("row").filter(has_text="127.0.0.7")
        assert "Public" in denied.text_content() and "before it named a cluster" in denied.text_content()
        denied.get_by_role("button", name="Allow this: 127.0.0.7/32").click()
        page.get_by_role("heading", name="Manage endpoint access").wait_for()
        assert "added: 127.0.0.7/32" in " ".join(page.get_by_role("region", name="Changes").text_content().split())
        assert not world.reaches(host, "127.0.0.7"), "what is only reviewed was enforced"

        seen.button("Update").click()
        seen.see("Endpoint access of my-cluster is updated")
        assert world.reaches(host, "127.0.0.7")
        denied.get_by_text("Admitted by the setting in force now").wait_for()
        page.get_by_role("toolbar", name="Sources to show").get_by_role("button", name="Allowed").click()
        page.get_by_role("table", name="Allowed sources").get_by_role("row").filter(has_text="127.0.0.7").wait_for()
        assert seen.complaints == [] and seen.strangers() == []
    told = world.sallyport_json("traffic", "--cluster", "my-cluster")["traffic"]
    assert {one["source"] for one in told["allowed"]["sources"]} >= {"127.0.0.2", "127.0.0.7"}
    assert sum(one["allowed"] for one in told["intervals"]) >= 2
    assert "127.0.0.7" in world.sallyport("traffic", "--cluster", "my-cluster").stdout
