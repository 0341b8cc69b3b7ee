"""Whether two servers say the same."""

import dns.flags
import dns.message
import dns.query
import dns.rcode

SECONDS = 5


def ask(server, name, kind, transport):
    query = dns.message.make_query(name, kind, use_edns=0, payload=1232)
    send = dns.query.udp if transport == "udp" else dns.query.tcp
    return send(query, "127.0.0.1", port=server.port, timeout=SECONDS)


def sets(section):
    return sorted(f"{records.name} {records.ttl} {records.rdclass} {' '.join(sorted(r.to_text() for r in records))}".lower()
                  for records in section)


def essence(answer):
    """Code, authority, question with its case, and the records: what a client goes by."""
    return {
        "rcode": dns.rcode.to_text(answer.rcode()),
        "aa": bool(answer.flags & dns.flags.AA),
        "tc": bool(answer.flags & dns.flags.TC),
        "question": [str(question) for question in answer.question],
        "answer": sets(answer.answer),
        "authority": sets(answer.authority),
        "edns": answer.edns,
    }


def differences(ours, theirs, questions, transport):
    found = []
    for name, kind in questions:
        mine, other = (essence(ask(server, name, kind, transport)) for server in (ours, theirs))
        if mine != other:
            found.append(f"{name} {kind} over {transport}: {ours.name} says {mine}, {theirs.name} {other}")
    return found
