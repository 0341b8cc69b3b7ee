"""serve, check, env, status, metrics, a graceful stop."""

import os
import stat
import subprocess
import urllib.request

from world import BINARY, World, host_of, wait_until


def test_status_explain_and_describe_are_plain_when_piped(world, cluster):
    for arguments in (["status"], ["explain", "--cluster", "my-cluster", "--source", "127.0.0.2"], ["describe", "my-cluster"]):
        out = world.sallyport(*arguments).stdout
        assert out and "\x1b" not in out


def test_explain_of_an_unknown_cluster_or_address_fails_clearly(world, cluster):
    missing = world.sallyport("explain", "--cluster", "nowhere", "--source", "127.0.0.2", check=False)
    assert missing.returncode != 0 and "nowhere" in missing.stderr
    wrong = world.sallyport("explain", "--cluster", "my-cluster", "--source", "localhost", check=False)
    assert wrong.returncode != 0 and "localhost" in wrong.stderr


def test_explain_at_a_vantage_in_the_vpc(world, cluster):
    vpc = world.sallyport_json("status")["vpcs"][0]["id"]
    explained = world.sallyport_json("explain", "--cluster", "my-cluster", "--source", "127.31.0.5", "--vpc", vpc)
    assert explained["dns"]["addresses"] == ["127.0.0.1"]     # public only: the VPC sees the public address


def test_health_and_readiness(world):
    base = f"http://{world.metrics[0]}:{world.metrics[1]}"
    for path in ("/healthz", "/readyz"):
        with urllib.request.urlopen(base + path, timeout=5) as answer:
            assert answer.status == 200
    assert "sallyport_build_info" in world.metrics_text()


def test_metrics_count_the_connections(world, host):
    before = world.metric("sallyport_gateway_connections_relayed_total")
    assert world.reaches(host, "127.0.0.2")
    assert world.metric("sallyport_gateway_connections_relayed_total") == before + 1


def test_files_are_private(world):
    assert stat.S_IMODE(os.stat(world.data / "credentials").st_mode) == 0o600
    assert stat.S_IMODE(os.stat(world.data).st_mode) == 0o700


def test_no_secret_in_the_log(world, cluster):
    secret = world.environment()["AWS_SECRET_ACCESS_KEY"]
    world.client().list_clusters()
    log = world.log.read_text()
    assert "ListClusters" in log and secret not in log and "Signature=" not in log


def test_a_second_process_on_the_same_data_is_refused(world, tmp_path, authority):
    second = World(tmp_path, ["127.0.0.1:1"], authority)
    second.config.write_text(second.config.read_text().replace(str(second.data), str(world.data)))
    done = subprocess.run([BINARY, "serve", "--config", second.config], capture_output=True, text=True, timeout=20)
    assert done.returncode != 0 and "ready" not in done.stdout
    assert str(world.data) in done.stderr


def test_check_names_every_error_with_its_line(tmp_path):
    config = tmp_path / "bad.toml"
    config.write_text('[server]\nregion = 7\nzone = "not a zone"\n[gateway]\npublic = ["203.0.113.10"]\nprivat = []\n')
    done = subprocess.run([BINARY, "check", "--config", config], capture_output=True, text=True)
    assert done.returncode != 0
    said = done.stdout + done.stderr
    for line, word in ((2, "region"), (3, "zone"), (5, "public"), (6, "privat")):
        assert f"{config}:{line}" in said and word in said
    good = subprocess.run([BINARY, "check", "--config", tmp_path / "absent.toml"], capture_output=True, text=True)
    assert good.returncode != 0 and "absent.toml" in good.stderr


def test_check_accepts_what_serve_runs_and_says_what_it_has(world, tmp_path):
    said = world.sallyport("check", "--config", str(world.config)).stdout
    assert "provider: none" in said and "webhooks: none" in said and "workplace: none" in said
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef" * 2)
    secret.chmod(0o600)
    more = tmp_path / "more.toml"
    more.write_text(world.config.read_text() + f"""
[provider]
command = "{BINARY.absolute()}"
[webhooks]
listen = ["127.0.0.1:8790"]
[workplace]
url = "https://[2001:db8::20]:3130"
secret_file = "{secret}"
""")
    said = world.sallyport("check", "--config", str(more)).stdout
    assert f"provider: {BINARY.absolute()}\n" in said
    assert "API servers dial 127.0.0.1:8790" in said and "workplace: https://[2001:db8::20]:3130\n" in said


def test_a_cluster_is_named_by_position_or_by_option(world, host):
    for command, *options in (("describe",), ("explain", "--source", "127.0.0.2"), ("traffic",), ("zones",), ("webhook-config",),
                              ("preview", "--resources-vpc-config", "publicAccessCidrs=127.0.0.2/32")):
        for name, code in (("my-cluster", 1 if command == "webhook-config" else 0), ("nowhere", 1)):    # webhooks are off
            for named in ([name], ["--cluster", name]):
                done = world.sallyport(command, *named, *options, check=False)
                assert done.returncode == code, (command, named, done.stderr)
                assert name == "my-cluster" or command == "webhook-config" or "nowhere" in done.stderr
        without = world.sallyport(command, *options, check=False)
        assert without.returncode == (0 if command == "zones" else 2), (command, without.stderr)
    for arguments, code in ((["my-cluster"], 0), (["--cluster", "my-cluster"], 0),
                            (["my-cluster", "--cluster", "another"], 2), ([], 2)):
        done = subprocess.run([BINARY, "token", *arguments], env=world.environment(), capture_output=True, text=True)
        assert done.returncode == code and ("ExecCredential" in done.stdout) == (code == 0), done.stderr


def test_sigterm_ends_with_zero_and_state_survives(fresh_world):
    world = fresh_world.start()
    first = world.create()
    keys = world.environment()["AWS_ACCESS_KEY_ID"]
    assert world.stop() == 0
    world.start()
    assert world.environment()["AWS_ACCESS_KEY_ID"] == keys
    assert host_of(world.client().describe_cluster(name="my-cluster")["cluster"]) == host_of(first)


def test_a_cluster_whose_pool_left_the_configuration_is_named(fresh_world):
    world = fresh_world.start()
    cluster = world.create()
    def issues():
        return world.client().describe_cluster(name="my-cluster")["cluster"]["health"]["issues"]
    assert issues() == []
    with_pool = world.config.read_text()
    for _ in range(2):          # the second start finds the issue stored, and warns nevertheless
        assert world.stop() == 0
        world.log.unlink()
        world.config.write_text(with_pool.replace('name = "my-cluster"', 'name = "another"'))
        world.start()
        issue = wait_until(issues, 10, "the issue")[0]
        assert issue["code"] == "ClusterUnreachable" and '"my-cluster"' in issue["message"]
        assert world.metric("sallyport_clusters_without_pool") == 1
        assert "1 cluster (my-cluster) cannot be reached" in world.log.read_text()
        assert not world.reaches(host_of(cluster), "127.0.0.2")

    assert world.stop() == 0
    world.config.write_text(with_pool)
    world.start()
    wait_until(lambda: issues() == [], 10, "the end of the issue")
    assert world.metric("sallyport_clusters_without_pool") == 0
    assert world.reaches(host_of(cluster), "127.0.0.2")


def test_the_store_is_plain_sqlite_with_wal(world):
    files = [path for path in world.data.iterdir() if path.suffix in (".db", ".sqlite", ".sqlite3")]
    assert len(files) == 1
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert files[0].read_bytes()[18:20] == b"\x02\x02"       # file format 2: write-ahead log


def test_status_shows_nodes_at_the_stored_revision(world, cluster):
    status = world.sallyport_json("status")
    assert {node["name"] for node in status["nodes"]} == {"gateway", "dns"}
    assert all(node["acknowledged"] <= status["revision"] for node in status["nodes"])
