"""Names of the targets, in the order of every table."""

TARGETS = ("direct", "haproxy", "nginx", "sallyport")
RIVALS = ("haproxy", "nginx")
OURS = "sallyport"
SPLICING = "haproxy-splice"
TITLES = {"direct": "direct", "haproxy": "HAProxy", "nginx": "nginx", "sallyport": "Sallyport"}
