"""The console does what the guide's procedure says, step by step, and its update cuts a real connection."""

from browser import visit
from world import World, wait_until


def manage(seen, name="my-cluster"):
    """The guide's steps 2 and 3."""
    page = seen.page
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("tab", name="Networking").click()
    seen.button("Update").click()
    page.get_by_role("heading", name="Manage endpoint access").wait_for()
    return page


def test_the_procedure_of_the_guide(world, cluster, host, browser):
    world.update(endpointPublicAccess=True, endpointPrivateAccess=False, publicAccessCidrs=["127.0.0.2/32", "127.0.0.3/32"])
    stays, goes = world.connect(host, "127.0.0.2"), world.connect(host, "127.0.0.3")
    with visit(browser, world) as seen:
        seen.open().sign_in()
        page = manage(seen)

        page.get_by_role("checkbox", name="Private access").check()
        assert page.get_by_role("checkbox", name="Public access").is_checked()
        page.get_by_role("button", name="Remove 127.0.0.3/32").click()
        seen.button("Add source").click()
        page.get_by_label("CIDR block 2").fill("203.0.113.5/32")
        changes = page.get_by_role("region", name="Changes")
        told = " ".join(changes.text_content().split())
        for change in ("Disabled → becomes Enabled", "removed: 127.0.0.3/32", "added: 203.0.113.5/32", "1 block unchanged"):
            assert change in told
        seen.see("The update cuts 1 live connection of 2")
        would_go = page.get_by_role("list", name="Connections that would be cut")
        assert would_go.text_content() == "127.0.0.3, public endpoint: 1 connection"
        assert goes.alive(), "what is only reviewed was enforced"

        seen.button("Update").click()
        seen.see("Endpoint access of my-cluster is updated")
        assert goes.is_cut() and stays.alive()
        seen.see("1 connection that lost permission was cut")
        allowlist = page.get_by_role("list", name="Public access source allowlist")
        wait_until(lambda: allowlist.text_content() == "127.0.0.2/32203.0.113.5/32", what="the new setting in the tab")

        page.get_by_role("tab", name="Update history").click()
        row = page.get_by_role("row").filter(has_text="203.0.113.5/32")
        row.get_by_text("Successful").wait_for()
        assert row.get_by_role("cell").nth(1).text_content() == "1"

        config = world.client().describe_cluster(name="my-cluster")["cluster"]["resourcesVpcConfig"]
        assert (config["endpointPrivateAccess"], config["endpointPublicAccess"], config["publicAccessCidrs"]) == (
            True, True, ["127.0.0.2/32", "203.0.113.5/32"])
        assert seen.complaints == [] and seen.strangers() == []
    stays.close()
    goes.close()


def test_public_access_stays_while_private_access_is_off(world, cluster, browser):
    world.update(endpointPublicAccess=True, endpointPrivateAccess=False, publicAccessCidrs=["127.0.0.2/32"])
    with visit(browser, world) as seen:
        seen.open().sign_in()
        page = manage(seen)
        page.get_by_role("checkbox", name="Public access").uncheck()
        seen.see("Turn on private access to turn off public access")
        asked = len(seen.requests)
        seen.button("Update").click()
        assert page.get_by_role("heading", name="Manage endpoint access").is_visible()
        assert [url for url in seen.requests[asked:] if "update-config" in url] == []

        page.get_by_role("checkbox", name="Private access").check()
        assert page.get_by_text("Turn on private access").count() == 0
        seen.button("Update").click()
        seen.see("Endpoint access of my-cluster is updated")
    config = world.client().describe_cluster(name="my-cluster")["cluster"]["resourcesVpcConfig"]
    assert (config["endpointPrivateAccess"], config["endpointPublicAccess"]) == (True, False)


def test_sources_are_judged_as_they_are_typed_and_lists_can_be_pasted(world, cluster, browser):
    world.update(endpointPublicAccess=True, endpointPrivateAccess=True, publicAccessCidrs=["127.0.0.2/32"])
    with visit(browser, world, permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.open().sign_in()
        page = manage(seen)
        first = page.get_by_label("CIDR block 1")
        first.fill("127.0.0.77/24")
        seen.see("Host bits are set")
        seen.button("Use 127.0.0.0/24").click()
        assert first.input_value() == "127.0.0.0/24"

        seen.button("Add source").click()
        page.evaluate("text => navigator.clipboard.writeText(text)", "10.0.0.0/8, 127.0.0.9/32\n127.0.0.0/24 # again\n")
        page.get_by_label("CIDR block 2").focus()
        page.keyboard.press("Control+V")
        rows = [page.get_by_label(f"CIDR block {number}") for number in range(1, 5)]
        rows[3].wait_for()
        assert [row.input_value() for row in rows] == ["127.0.0.0/24", "10.0.0.0/8", "127.0.0.9/32", "127.0.0.0/24"]
        seen.see("The same block as in row 1")
        seen.see("Within 127.0.0.0/24 already")
        seen.button("Update").click()
        seen.see("Mend the sources above first")
        assert not any("update-config" in url for url in seen.requests)

        page.get_by_role("button", name="Remove 127.0.0.0/24").nth(1).click()
        seen.button("Add my address (127.0.0.1/32)").click()
        seen.button("Update").click()
        seen.see("Endpoint access of my-cluster is updated")
    config = world.client().describe_cluster(name="my-cluster")["cluster"]["resourcesVpcConfig"]
    assert config["publicAccessCidrs"] == ["127.0.0.0/24", "10.0.0.0/8", "127.0.0.9/32", "127.0.0.1/32"]


def test_long_lists_are_paged_and_what_is_wrong_is_found(world, cluster, browser):
    world.update(endpointPublicAccess=True, endpointPrivateAccess=True, publicAccessCidrs=["127.0.0.2/32"])
    blocks = [f"10.{number // 256}.{number % 256}.0/24" for number in range(2048)]
    with visit(browser, world, permissions=["clipboard-read", "clipboard-write"]) as seen:
        seen.open().sign_in()
        page = manage(seen)
        page.get_by_label("CIDR block 1").fill("")
        page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(blocks[:1700] + ["10.6.164.9/24"] + blocks[1701:]))
        page.get_by_label("CIDR block 1").focus()
        page.keyboard.press("Control+V")
        seen.see("2048 of 2048 sources")
        assert seen.button("Add source").get_attribute("aria-disabled") == "true" or not seen.button("Add source").is_enabled()
        seen.see("1 row on other pages to mend")
        seen.button("Go to row 1701").click()
        seen.button("Use 10.6.164.0/24").click()
        seen.button("Update").click()
        seen.see("Endpoint access of my-cluster is updated")
        seen.button("2038 more").wait_for()
    config = world.client().describe_cluster(name="my-cluster")["cluster"]["resourcesVpcConfig"]
    assert config["publicAccessCidrs"] == blocks


def test_what_the_server_refuses_is_said_where_it_was_typed(tmp_path, authority, upstream, browser):
    world = World(tmp_path, [f"127.0.0.1:{upstream.port}"], authority, extra_gateway="refuse_reserved_cidrs = true").start()
    try:
        world.create()
        with visit(browser, world) as seen:
            seen.open().sign_in()
            page = manage(seen)
            seen.button("Advanced settings").click()
            page.get_by_label("CIDR block 1").fill("10.0.0.0/8")
            seen.button("Update").click()
            group = page.get_by_role("group", name="Public access source allowlist")
            group.get_by_text("The following CIDRs are invalid in publicAccessCidrs: [10.0.0.0/8").wait_for()
            page.get_by_label("CIDR block 1").fill("8.8.8.0/24")
            seen.button("Update").click()
            seen.see("Endpoint access of my-cluster is updated")
    finally:
        assert world.stop() == 0


def test_keys_that_are_wrong_or_end_lead_back_to_the_sign_in(world, cluster, browser):
    iam = world.client("iam")
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument="""{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["eks:List*", "eks:Describe*"], "Resource": "*"}]}""")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    with visit(browser, world) as seen:
        seen.open().sign_in((key["AccessKeyId"], "not" + key["SecretAccessKey"][3:]))
        seen.see("SignatureDoesNotMatch")
        seen.sign_in((key["AccessKeyId"], key["SecretAccessKey"]))
        page = manage(seen)
        page.get_by_role("checkbox", name="Private access").click()
        seen.see("not authorized to perform: sallyport:PreviewUpdate")
        seen.button("Update").click()
        seen.see("AccessDeniedException")

        iam.delete_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"])
        page.get_by_role("link", name="Clusters").click()
        seen.see("You were signed out")
        page.get_by_label("Access key ID").wait_for()


def test_a_role_can_be_assumed(world, cluster, browser):
    iam = world.client("iam")
    iam.create_role(RoleName="viewer", AssumeRolePolicyDocument="""{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}]}""")
    iam.attach_role_policy(RoleName="viewer", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.create_user(UserName="walker")
    iam.put_user_policy(UserName="walker", PolicyName="assume", PolicyDocument="""{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}""")
    key = iam.create_access_key(UserName="walker")["AccessKey"]
    with visit(browser, world) as seen:
        seen.open()
        seen.button("Session token, role").click()
        seen.page.get_by_label("Role to assume").fill("arn:aws:iam::000000000000:role/viewer")
        seen.sign_in((key["AccessKeyId"], key["SecretAccessKey"]))
        seen.button("Signed in as arn:aws:sts::000000000000:assumed-role/viewer/console").wait_for()
        seen.page.get_by_role("link", name="my-cluster", exact=True).wait_for()


def test_a_part_that_cannot_be_loaded_leaves_the_rest_usable(world, cluster, browser):
    with visit(browser, world) as seen:
        page = seen.open().sign_in().page
        page.get_by_role("link", name="my-cluster", exact=True).click()
        page.route("**/NetworkingTab-*.js", lambda route: route.fulfill(status=404, body="gone"))
        page.get_by_role("tab", name="Networking").click()
        seen.see("This page could not be shown")
        page.get_by_role("link", name="Clusters").click()
        page.get_by_role("link", name="my-cluster", exact=True).wait_for()


def test_who_can_reach_this_says_what_the_gateway_does(world, cluster, host, browser):
    world.update(endpointPublicAccess=True, endpointPrivateAccess=True, publicAccessCidrs=["127.0.0.2/32"])
    vpc = cluster["resourcesVpcConfig"]["vpcId"]
    with visit(browser, world) as seen:
        page = seen.open().sign_in().page
        page.get_by_role("link", name="my-cluster", exact=True).click()
        page.get_by_role("tab", name="Networking").click()
        address = page.get_by_label("Source address")

        def check(source):
            address.fill(source)
            seen.button("Check").click()

        check("example.org")
        seen.see("names are not looked up")
        for source, words in (("127.0.0.2", "Reaches the cluster"), ("127.0.0.3", "Does not reach the cluster")):
            check(source)
            seen.see(words)
            assert world.reaches(host, source) is (words == "Reaches the cluster")
        page.get_by_label("Vantage").click()
        page.get_by_role("option").filter(has_text=vpc).click()
        check("127.31.0.5")
        seen.see("The private endpoint")
        seen.see("Reaches the cluster")
        assert world.reaches(host, "127.31.0.5", to=world.private)
        assert seen.complaints == []


def test_insight_is_asked_of_policies(world, cluster, browser):
    """eks:* does not include it, and who may see only one cluster may ask about that one alone."""
    world.update(endpointPublicAccess=True, endpointPrivateAccess=False, publicAccessCidrs=["127.0.0.2/32"])
    iam = world.client("iam")
    iam.create_user(UserName="editor")
    iam.put_user_policy(UserName="editor", PolicyName="edit", PolicyDocument="""{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["eks:*", "ec2:Describe*"], "Resource": "*"}]}""")
    key = iam.create_access_key(UserName="editor")["AccessKey"]
    with visit(browser, world) as seen:
        seen.open().sign_in((key["AccessKeyId"], key["SecretAccessKey"]))
        page = manage(seen)
        page.get_by_role("checkbox", name="Private access").check()
        seen.see("not authorized to perform: sallyport:PreviewUpdate on resource: "
                 "arn:aws:eks:us-east-1:000000000000:cluster/my-cluster")
        iam.put_user_policy(UserName="editor", PolicyName="look", PolicyDocument="""{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "sallyport:*", "Resource": "arn:aws:eks:*:*:cluster/my-*"}]}""")
        page.get_by_role("checkbox", name="Private access").uncheck()
        page.get_by_role("checkbox", name="Private access").check()
        seen.see("No live connection loses its permission")


def test_a_cluster_is_created(world, browser):
    with visit(browser, world) as seen:
        page = seen.open().sign_in().page
        page.get_by_role("link", name="Create cluster").click()
        page.get_by_role("heading", name="Create cluster").wait_for()
        seen.button("Create").click()
        seen.see("the first is a letter or a digit")
        page.get_by_label("Name", exact=True).fill("made-here")
        page.get_by_label("Pool of API servers").fill("nowhere")
        page.get_by_role("checkbox", name="Private access").check()
        seen.button("Create").click()
        seen.see("InvalidParameterException")
        page.get_by_label("Pool of API servers").fill("my-cluster")
        seen.button("Create").click()
        seen.see("Cluster info")
        page.get_by_role("tabpanel").get_by_text("Active").wait_for()
        page.get_by_role("tabpanel").get_by_text("Public and private").wait_for()
    config = world.client().describe_cluster(name="made-here")["cluster"]["resourcesVpcConfig"]
    assert config["endpointPrivateAccess"] and config["publicAccessCidrs"] == ["0.0.0.0/0"]
    assert sorted(config["subnetIds"]) == sorted(world.subnets())


def test_tags_are_changed(world, cluster, browser):
    eks = world.client()
    eks.tag_resource(resourceArn=cluster["arn"], tags={"team": "blue", "old": "1"})
    with visit(browser, world) as seen:
        page = seen.open().sign_in().page
        page.get_by_role("link", name="my-cluster", exact=True).click()
        page.get_by_role("tab", name="Tags").click()
        seen.button("Manage tags").click()
        page.get_by_role("button", name="Remove old").click()
        page.get_by_label("Value 1").fill("green")
        seen.button("Add tag").click()
        page.get_by_label("Key 2").fill("team")
        seen.button("Save changes").click()
        seen.see("This key is there already")
        page.get_by_label("Key 2").fill("stage")
        seen.button("Save changes").click()
        page.get_by_role("row").filter(has_text="stage").wait_for()
    assert eks.list_tags_for_resource(resourceArn=cluster["arn"])["tags"] == {"team": "green", "stage": ""}


def test_the_review_warns_of_the_nodes_that_an_update_would_lock_out(tmp_path, authority, upstream, browser):
    world = World(tmp_path, [f"127.0.0.1:{upstream.port}"], authority,
                  extra_config='[ec2]\nelastic_ip_pool = ["127.0.113.64/30"]').start()
    try:
        world.create()
        ec2 = world.client("ec2")
        address = ec2.allocate_address(Domain="vpc")
        ec2.create_nat_gateway(SubnetId=world.subnets()[0], AllocationId=address["AllocationId"])
        with visit(browser, world) as seen:
            seen.open().sign_in()
            page = manage(seen)
            seen.button("Advanced settings").click()
            page.get_by_label("CIDR block 1").fill("203.0.113.5/32")
            seen.see(f"publicAccessCidrs leave out {address['PublicIp']}")
            page.get_by_role("checkbox", name="Private access").check()
            seen.see("No live connection loses its permission")
            assert page.get_by_text("publicAccessCidrs leave out").count() == 0
    finally:
        assert world.stop() == 0
