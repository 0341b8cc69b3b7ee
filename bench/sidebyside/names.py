"""Names of the targets, in the order of every table."""

TARGETS = ("direct", "haproxy", "nginx", "sallyport")
RIVALS = ("haproxy", "nginx")
OURS = "sallyport"
# Other settings of a rival, which is measured with the quicker one.
VARIANTS = {"haproxy": "haproxy-splice", "nginx": "nginx-64k"}
TITLES = {"direct": "direct", "haproxy": "HAProxy", "nginx": "nginx", "sallyport": "Sallyport"}
