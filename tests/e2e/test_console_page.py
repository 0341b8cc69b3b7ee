"""What the console is like, whatever it shows: light, safe, and fit for everybody's eyes and hands."""

import urllib.error
import urllib.request

import pytest

from browser import LOOKS, fits, focused, tab_to, visit

WEIGHT = 1_500_000    # bytes, for all that a first visit to every page transfers


@pytest.fixture(scope="module")
def shown(world, cluster, host):
    """A world with something to see."""
    world.create("staging", pool="my-cluster", endpointPrivateAccess=True, publicAccessCidrs=["203.0.113.0/24"])
    world.update(publicAccessCidrs=["127.0.0.2/32", "127.0.0.3/32"])
    with world.connect(host, "127.0.0.2"), world.connect(host, "127.0.0.3"):
        yield world


def walk(seen):
    """Each view in turn, with its name."""
    page = seen.page
    seen.open()
    page.get_by_label("Access key ID").wait_for()
    yield "sign-in"
    seen.sign_in()
    page.get_by_role("link", name="staging", exact=True).wait_for()
    yield "clusters"
    page.get_by_role("link", name="Create cluster").click()
    page.get_by_role("heading", name="Create cluster").wait_for()
    page.get_by_role("checkbox", name="Private access").wait_for()
    yield "create-cluster"
    page.get_by_role("link", name="Clusters").click()
    page.get_by_role("link", name="my-cluster", exact=True).click()
    seen.see("Cluster info")
    yield "overview"
    for tab, sign in (("Access", "arn:aws:iam::000000000000:root"), ("Update history", "Successful"), ("Tags", "No tags"),
                      ("Networking", "Cluster security group")):
        page.get_by_role("tab", name=tab).click()
        page.get_by_role("tabpanel").get_by_text(sign).first.wait_for()
        if tab == "Networking":
            page.get_by_label("Source address").fill("127.0.0.9")
            seen.button("Check").click()
            seen.see("Does not reach the cluster")
        yield tab.lower().replace(" ", "-")
    seen.button("Update").click()
    page.get_by_label("CIDR block 2").fill("127.0.0.77/24")
    page.get_by_role("checkbox", name="Private access").check()
    seen.see("Host bits are set")
    yield "manage-endpoint-access-flagged"
    seen.button("Use 127.0.0.0/24").click()
    page.get_by_role("button", name="Remove 127.0.0.2/32").click()
    page.get_by_label("CIDR block 1").fill("127.0.0.3/32")
    seen.see("The update cuts 1 live connection")
    yield "manage-endpoint-access"


def layout_shift(seen):
    """The sum of what moved without anybody's doing, as browsers score it (CLS): 0 is nothing, 0.1 is still good."""
    return seen.page.evaluate("""() => new Promise(resolve => {
        let sum = 0
        new PerformanceObserver(list => {
            for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value
        }).observe({type: 'layout-shift', buffered: true})
        setTimeout(() => resolve(sum), 200)    // the browser hands over what it kept in a task of its own
    })""")


@pytest.mark.parametrize("look", LOOKS)
def test_every_view_is_accessible_fits_and_is_quiet(shown, browser, pictures, look):
    with visit(browser, shown, **LOOKS[look]) as seen:
        for name in walk(seen):
            seen.page.wait_for_load_state("networkidle")
            if name in ("sign-in", "clusters"):
                assert layout_shift(seen) < 0.05, name
            # The documentation has each view once, and one in every look.
            wanted = look == "light" or name == "manage-endpoint-access"
            fits(seen, name, pictures / f"{name}-{look}.png" if wanted else None)
            dark = seen.page.evaluate("document.body.classList.contains('awsui-dark-mode')")
            assert dark == (look == "dark"), name
        # Neither the policy of the page nor React nor the browser found fault.
        assert seen.complaints == []
        assert seen.strangers() == []
        assert len(seen.requests) > 15 and seen.transferred < WEIGHT


def test_keys_leave_nothing_behind(shown, browser):
    with visit(browser, shown) as seen:
        seen.open().sign_in()
        seen.page.get_by_role("link", name="my-cluster", exact=True).wait_for()
        secret = shown.environment()["AWS_SECRET_ACCESS_KEY"]
        kept = seen.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
        assert secret not in kept and "AKIA" not in kept
        assert seen.page.context.cookies() == []
        assert not any(secret in url for url in seen.requests)
        seen.page.reload()
        seen.page.get_by_label("Access key ID").wait_for()
        assert seen.page.get_by_label("Access key ID").input_value() == ""


def test_the_keyboard_alone_is_enough(shown, browser):
    shown.update(endpointPrivateAccess=False, publicAccessCidrs=["127.0.0.2/32"])
    values = shown.environment()
    with visit(browser, shown) as seen:
        page = seen.open().page
        keyboard = page.keyboard
        tab_to(page, "Access key ID")
        keyboard.type(values["AWS_ACCESS_KEY_ID"])
        tab_to(page, "Secret access key")
        keyboard.type(values["AWS_SECRET_ACCESS_KEY"])
        keyboard.press("Enter")
        page.get_by_role("link", name="my-cluster", exact=True).wait_for()
        tab_to(page, "my-cluster")
        keyboard.press("Enter")
        seen.see("Cluster info")
        tab_to(page, "Overview")
        keyboard.press("ArrowRight")
        seen.see("Cluster security group")
        assert focused(page) == ["tab", "Networking"], "the tabs lost the focus"
        tab_to(page, "Update")
        keyboard.press("Enter")
        page.get_by_label("CIDR block 1").wait_for()
        tab_to(page, "Private access")
        keyboard.press("Space")
        tab_to(page, "CIDR block 1")
        keyboard.press("Control+A")
        keyboard.type("127.0.0.3/32")
        tab_to(page, "Update")
        keyboard.press("Enter")
        seen.see("Endpoint access of my-cluster is updated")
    config = shown.client().describe_cluster(name="my-cluster")["cluster"]["resourcesVpcConfig"]
    assert (config["endpointPrivateAccess"], config["publicAccessCidrs"]) == (True, ["127.0.0.3/32"])


def ask(world, path, **headers):
    request = urllib.request.Request(f"http://{world.api[0]}:{world.api[1]}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.headers, answer.read()


def test_files_are_compressed_cached_and_guarded(shown):
    status, headers, page = ask(shown, "/console/")
    assert status == 200 and headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"] and "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-cache"
    script = page.decode().split('src="')[1].split('"')[0]
    _, plain, whole = ask(shown, script)
    _, zipped, small = ask(shown, script, **{"Accept-Encoding": "gzip, br"})
    assert zipped["Content-Encoding"] == "gzip" and plain["Content-Encoding"] is None
    assert len(small) < len(whole) / 2
    assert "immutable" in zipped["Cache-Control"]
    with pytest.raises(urllib.error.HTTPError) as same:
        ask(shown, script, **{"If-None-Match": plain["ETag"]})
    assert same.value.code == 304


def test_no_other_origin_may_read_what_the_api_answers(shown):
    """There is no CORS: a page of another origin sees nothing, and its preflight is not answered."""
    for path in ("/clusters", "/console/settings.json"):
        request = urllib.request.Request(f"http://{shown.api[0]}:{shown.api[1]}{path}", method="OPTIONS", headers={
            "Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization,x-amz-date"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert not [name for name in refused.value.headers if name.lower().startswith("access-control-")]
