"""The zone that both servers serve, and the questions that both are asked."""

import hashlib
import random

ZONE = "sallyport.internal"
APEX = f"eks.{ZONE}"
REGION = "us-east-1"
ADDRESS_4 = "203.0.113.10"
ADDRESS_6 = "2001:db8::10"

# What a resolver of many clients asks, by weight: endpoints mostly, some types they lack, some names there are not.
MIX = (("A", 50), ("AAAA", 25), ("HTTPS", 5), ("TXT", 5), ("absent", 15))


def endpoint_ids(clusters):
    return [hashlib.sha256(b"%d" % i).hexdigest()[:32].upper() for i in range(clusters)]


def endpoint_name(endpoint_id):
    return f"{endpoint_id}.gr1.{REGION}.{APEX}"


def zone_file(ids):
    """As `sallyport serve` fills the zone, in the form of RFC 1035."""
    lines = [
        f"$ORIGIN {APEX}.",
        "@ 15 SOA ns hostmaster 7 300 60 86400 15",
        "@ 60 NS ns",
        "ns 60 A 127.0.0.1",
    ]
    for endpoint_id in ids:
        lines.append(f"{endpoint_id.lower()}.gr1.{REGION} 60 A {ADDRESS_4}")
        lines.append(f"{endpoint_id.lower()}.gr1.{REGION} 60 AAAA {ADDRESS_6}")
    return "\n".join(lines) + "\n"


def mixed_case(name, chance):
    return "".join(c.upper() if chance.random() < 0.5 else c.lower() for c in name)


def questions(ids, count, seed=20):
    """`count` pairs of name and type, the same for the same seed; half of the names in mixed case."""
    chance = random.Random(seed)
    kinds = chance.choices([kind for kind, _ in MIX], [weight for _, weight in MIX], k=count)
    asked = []
    for kind in kinds:
        endpoint_id = chance.choice(ids) if kind != "absent" else "%032X" % chance.getrandbits(128)
        name = endpoint_name(endpoint_id)
        if chance.random() < 0.5:
            name = mixed_case(name, chance)
        asked.append((name, "A" if kind == "absent" else kind))
    return asked
