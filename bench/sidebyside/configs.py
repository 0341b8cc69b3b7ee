"""The rivals' configurations: text alone. Each is written for speed, as its own manual advises for a busy TCP proxy."""

from __future__ import annotations

import dataclasses
import pathlib

# Up to here a walk along the list at accept is cheaper for nginx than to read the ClientHello of who is refused anyway.
NGINX_WALKED_CIDRS = 64


@dataclasses.dataclass(frozen=True)
class Proxy:
    """What every proxy is told: where to listen, whom to admit, and which origin each server name leads to."""
    listen: tuple[str, int]
    cidrs: list[str]
    origins: dict[str, str]          # "raw", "tls" → address:port
    names: dict[str, str]            # server name → key of origins
    threads: int
    connections: int                 # that it must be able to relay at once
    descriptors: int                 # open files that a process may have


def at(pair: tuple[str, int]) -> str:
    return f"{pair[0]}:{pair[1]}"


def cidr_list(count: int) -> list[str]:
    """As many blocks as asked for; the first holds the load's addresses, the others nobody's."""
    return ["127.10.0.0/16"] + [f"10.{number // 256}.{number % 256}.0/24" for number in range(count - 1)]


def name_of(number: int, zone: str) -> str:
    """A server name of the shape that Sallyport gives to endpoints."""
    return f"{number:032x}.gr1.us-east-1.eks.{zone}"


def haproxy_files(proxy: Proxy, folder: pathlib.Path, splice: bool) -> dict[str, str]:
    """File name → text; `haproxy -f folder/haproxy.cfg`."""
    backends = "".join(f"\nbackend {key}\n    server {key} {origin}\n" for key, origin in proxy.origins.items())
    splicing = "    option splice-auto\n" if splice else ""
    return {
        "names.map": "".join(f"{name} {key}\n" for name, key in proxy.names.items()),
        "cidrs.list": "".join(f"{cidr}\n" for cidr in proxy.cidrs),
        "haproxy.cfg": f"""global
    nbthread {proxy.threads}
    maxconn {proxy.connections}

defaults
    mode tcp
    maxconn {proxy.connections}
    backlog 65535
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    timeout tunnel 1h
    option dontlognull
{splicing}
frontend gateway
    bind {at(proxy.listen)} backlog 65535
    tcp-request connection reject if !{{ src -f {folder}/cidrs.list }}
    tcp-request inspect-delay 5s
    tcp-request content accept if {{ req.ssl_hello_type 1 }}
    tcp-request content reject if WAIT_END
    use_backend %[req.ssl_sni,lower,map({folder}/names.map)]
{backends}""",
    }


def nginx_files(proxy: Proxy, folder: pathlib.Path, buffer_kib: int) -> dict[str, str]:
    """File name → text; `nginx -p folder -c folder/nginx.conf`."""
    walked = len(proxy.cidrs) <= NGINX_WALKED_CIDRS
    names = "".join(f"{name} {key};\n" for name, key in proxy.names.items())
    if walked:
        tables = f"""    map $ssl_preread_server_name $origin {{
        include {folder}/names.map;
    }}
"""
        refusal = "".join(f"        allow {cidr};\n" for cidr in proxy.cidrs) + "        deny all;\n"
    else:
        tables = f"""    geo $admitted {{
        default 0;
        include {folder}/cidrs.geo;
    }}
    map $ssl_preread_server_name $named {{
        include {folder}/names.map;
    }}
    map $admitted $origin {{
        1 $named;
    }}
"""
        refusal = ""
    upstreams = "".join(f"    upstream {key} {{ server {origin} max_fails=0; }}\n"
                        for key, origin in proxy.origins.items())
    size = max(2_048, 1 << (4 * len(proxy.names)).bit_length())
    return {
        "names.map": names,
        "cidrs.geo": "".join(f"{cidr} 1;\n" for cidr in proxy.cidrs),
        "nginx.conf": f"""load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
user root;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes {proxy.threads};
worker_rlimit_nofile {proxy.descriptors};
events {{
    worker_connections {2 * proxy.connections + 512};
    multi_accept on;
}}
stream {{
    access_log off;
    tcp_nodelay on;
    map_hash_max_size {size};
    map_hash_bucket_size 128;
{tables}{upstreams}    server {{
        listen {at(proxy.listen)} reuseport backlog=65535;
        ssl_preread on;
        preread_timeout 5s;
        proxy_connect_timeout 5s;
        proxy_timeout 1h;
        proxy_buffer_size {buffer_kib}k;
        proxy_pass $origin;
{refusal}    }}
}}
""",
    }
