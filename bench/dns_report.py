"""Medians of rounds and the table of them. Pure."""

import statistics


def summary(values):
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


def of_rounds(rounds):
    """`rounds`: per round a measure of each server. Ratios are Sallyport's to Knot's of the same round."""

    def each(server, key):
        return [measured[server][key] for measured in rounds]

    servers = {}
    for server in ("sallyport", "knot"):
        servers[server] = {key: summary(each(server, key)) for key in ("rate", "cpu_per_million", "latency_us")}
        servers[server]["lost"] = sum(each(server, "lost"))
        servers[server]["sent"] = sum(each(server, "sent"))

    def ratio(key):
        return summary([ours / theirs for ours, theirs in zip(each("sallyport", key), each("knot", key))])

    return {"servers": servers, "rate_ratio": ratio("rate"), "cpu_ratio": ratio("cpu_per_million"), "rounds": rounds}


def spread(measure, digits):
    return "%.*f (%.*f-%.*f)" % (digits, measure["median"], digits, measure["lowest"], digits, measure["highest"])


def thousands(measure):
    return spread({key: value / 1000 for key, value in measure.items()}, 1)


HEAD = ("transport", "clusters", "server", "1,000 queries/s", "CPU s / million", "lost", "CPU to Knot's")


def rows(results):
    for result in results:
        for name, server in result["servers"].items():
            ratio = spread(result["cpu_ratio"], 2) if name == "sallyport" else ""
            yield (result["transport"], f"{result['clusters']:,}", name, thousands(server["rate"]),
                   spread(server["cpu_per_million"], 2), str(server["lost"]), ratio)


def table(results):
    lines = [HEAD, *rows(results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)
