"""The unmodified AWS CLI, in the order the EKS guide has it."""

import json
import os
import subprocess

import pytest

from machine import POLLUTION
from world import AWS, BINARY, ROLE, host_of, wait_until


def describe_until_done(world, update_id, name="my-cluster"):
    def done():
        update = world.aws_json("eks", "describe-update", "--name", name, "--update-id", update_id)["update"]
        return update if update["status"] != "InProgress" else None
    return wait_until(done, 60, "end of the update")


def parameter(update, name):
    return next(entry["value"] for entry in update["params"] if entry["type"] == name)


def test_the_seed_command_is_answered_by_an_update_that_becomes_successful(world):
    created = world.aws_json("eks", "create-cluster", "--name", "my-cluster", "--role-arn", ROLE,
                             "--resources-vpc-config", "subnetIds=" + ",".join(world.subnets()))["cluster"]
    assert created["status"] == "CREATING"
    world.aws("eks", "wait", "cluster-active", "--name", "my-cluster")
    cluster = world.aws_json("eks", "describe-cluster", "--name", "my-cluster")["cluster"]
    access = cluster["resourcesVpcConfig"]
    assert (access["endpointPublicAccess"], access["endpointPrivateAccess"]) == (True, False)
    assert access["publicAccessCidrs"] == ["0.0.0.0/0"]
    assert cluster["endpoint"].startswith("https://") and host_of(cluster).endswith(".gr1.us-east-1.eks.sallyport.internal")

    update = world.aws_json(
        "eks", "update-cluster-config", "--name", "my-cluster", "--resources-vpc-config",
        'endpointPublicAccess=true,publicAccessCidrs="203.0.113.5/32",endpointPrivateAccess=true')["update"]
    assert update["status"] in ("InProgress", "Successful")
    assert update["type"] == "EndpointAccessUpdate"
    assert parameter(update, "EndpointPublicAccess") == "true"
    assert parameter(update, "EndpointPrivateAccess") == "true"
    assert json.loads(parameter(update, "PublicAccessCidrs")) == ["203.0.113.5/32"]
    assert update["errors"] == []

    assert describe_until_done(world, update["id"])["status"] == "Successful"
    access = world.aws_json("eks", "describe-cluster", "--name", "my-cluster")["cluster"]["resourcesVpcConfig"]
    assert (access["endpointPublicAccess"], access["endpointPrivateAccess"]) == (True, True)
    assert access["publicAccessCidrs"] == ["203.0.113.5/32"]


def test_private_only_and_back(world):
    update = world.aws_json("eks", "update-cluster-config", "--name", "my-cluster", "--resources-vpc-config",
                            "endpointPublicAccess=false,endpointPrivateAccess=true")["update"]
    assert describe_until_done(world, update["id"])["status"] == "Successful"
    update = world.aws_json("eks", "update-cluster-config", "--name", "my-cluster", "--resources-vpc-config",
                            "endpointPublicAccess=true,endpointPrivateAccess=false")["update"]
    assert describe_until_done(world, update["id"])["status"] == "Successful"
    newest = world.aws_json("eks", "list-updates", "--name", "my-cluster")["updateIds"]
    assert newest[0] == update["id"] and len(newest) == 3


def test_both_off_is_refused_by_name(world):
    refused = world.aws("eks", "update-cluster-config", "--name", "my-cluster", "--resources-vpc-config",
                        "endpointPublicAccess=false,endpointPrivateAccess=false", check=False)
    assert refused.returncode != 0
    assert "InvalidParameterException" in refused.stderr
    assert "endpointPrivateAccess" in refused.stderr


def test_nothing_to_change_is_refused(world):
    refused = world.aws("eks", "update-cluster-config", "--name", "my-cluster", "--resources-vpc-config",
                        "endpointPublicAccess=true,endpointPrivateAccess=false", check=False)
    assert "Cluster is already at the desired configuration" in refused.stderr


def test_logging_deletion_protection_tags(world):
    update = world.aws_json("eks", "update-cluster-config", "--name", "my-cluster", "--logging",
                            json.dumps({"clusterLogging": [{"types": ["api", "audit"], "enabled": True}]}))["update"]
    assert update["type"] == "LoggingUpdate"
    assert describe_until_done(world, update["id"])["status"] == "Successful"

    update = world.aws_json("eks", "update-cluster-config", "--name", "my-cluster", "--deletion-protection")["update"]
    assert update["type"] == "DeletionProtectionUpdate"
    assert describe_until_done(world, update["id"])["status"] == "Successful"
    refused = world.aws("eks", "delete-cluster", "--name", "my-cluster", check=False)
    assert "InvalidRequestException" in refused.stderr
    update = world.aws_json("eks", "update-cluster-config", "--name", "my-cluster", "--no-deletion-protection")["update"]
    assert describe_until_done(world, update["id"])["status"] == "Successful"

    cluster = world.aws_json("eks", "describe-cluster", "--name", "my-cluster")["cluster"]
    enabled = {log for setup in cluster["logging"]["clusterLogging"] if setup["enabled"] for log in setup["types"]}
    assert enabled == {"api", "audit"}
    world.aws("eks", "tag-resource", "--resource-arn", cluster["arn"], "--tags", "team=platform,env=test")
    tags = world.aws_json("eks", "list-tags-for-resource", "--resource-arn", cluster["arn"])["tags"]
    assert tags == {"team": "platform", "env": "test"}
    world.aws("eks", "untag-resource", "--resource-arn", cluster["arn"], "--tag-keys", "env")
    assert world.aws_json("eks", "list-tags-for-resource", "--resource-arn", cluster["arn"])["tags"] == {"team": "platform"}


def test_update_kubeconfig_writes_a_context_for_the_endpoint(world, tmp_path):
    path = tmp_path / "kubeconfig"
    world.aws("eks", "update-kubeconfig", "--name", "my-cluster", "--kubeconfig", str(path))
    cluster = world.aws_json("eks", "describe-cluster", "--name", "my-cluster")["cluster"]
    assert cluster["endpoint"] in path.read_text()
    assert cluster["certificateAuthority"]["data"] in path.read_text()


def test_who_am_i(world):
    identity = world.aws_json("sts", "get-caller-identity")
    assert identity == {"UserId": "000000000000", "Account": "000000000000", "Arn": "arn:aws:iam::000000000000:root"}


def test_an_operation_that_is_not_served_says_so(world):
    refused = world.aws("eks", "list-nodegroups", "--cluster-name", "my-cluster", check=False)
    assert refused.returncode != 0 and "Sallyport" in refused.stderr


def test_delete_ends_with_not_found(world):
    deleted = world.aws_json("eks", "delete-cluster", "--name", "my-cluster")["cluster"]
    assert deleted["status"] == "DELETING"
    world.aws("eks", "wait", "cluster-deleted", "--name", "my-cluster")
    gone = world.aws("eks", "describe-cluster", "--name", "my-cluster", check=False)
    assert "ResourceNotFoundException" in gone.stderr


# All at once, and some alone: one that leads to an early error would hide another.
@pytest.mark.parametrize("names", [list(POLLUTION), ["AWS_PROFILE"], ["AWS_SESSION_TOKEN"], ["AWS_ENDPOINT_URL_STS"],
                                   ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], ["http_proxy"], ["HTTP_PROXY"]],
                         ids=lambda names: names[0] if len(names) == 1 else "all")
def test_env_leads_a_shell_here_whatever_it_inherited(world, names):
    commands = f'eval "$({BINARY} env --data-dir {world.data})" && {AWS} sts get-caller-identity --query Arn --output text'
    done = subprocess.run(["bash", "-ec", commands], capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | {name: POLLUTION[name] for name in names})
    assert done.stdout == "arn:aws:iam::000000000000:root\n", done.stderr
