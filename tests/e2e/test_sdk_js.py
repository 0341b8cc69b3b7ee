"""The AWS SDK for JavaScript: the same journey as tests/sdk-js/journey.mjs tells it."""

import json
import subprocess

from world import ROOT


def test_the_javascript_sdk_walks_the_journey(world):
    folder = ROOT / "tests" / "sdk-js"
    done = subprocess.run(["node", "journey.mjs", *world.subnets()], cwd=folder, env=world.environment(),
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    walked = json.loads(done.stdout)
    assert walked["steps"] == ["identity", "create", "update", "pages", "tags", "errors", "delete"]
