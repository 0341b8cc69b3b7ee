"""What the tests need of the machine they run on."""

import os

import pytest


def lacks(what: str):
    """Ends the test: skipped on a developer's machine, failed on one that promises all the tests need (CI=true)."""
    if os.environ.get("CI") == "true":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def clear_environment():
    """What the machine's owner has set for AWS clients or as a proxy is not for the tests."""
    for name in [name for name in os.environ if name.startswith("AWS_") or name.lower().endswith("_proxy")]:
        del os.environ[name]


# An environment that would lead AWS clients astray in every way it can, should any of it remain in force.
POLLUTION = {
    "AWS_PROFILE": "work", "AWS_DEFAULT_PROFILE": "work", "AWS_SESSION_TOKEN": "stale", "AWS_SECURITY_TOKEN": "stale",
    "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_CA_BUNDLE": "/nonexistent/ca.pem",
    **{f"AWS_ENDPOINT_URL_{service}": "http://127.0.0.1:9" for service in ("EKS", "STS", "EC2", "IAM")},
    **{name: "http://127.0.0.1:9" for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY",
                                               "ALL_PROXY")},
}
