def plain(address: str) -> str:
    """The usual form of an IP address; an IPv6 socket shows 192.0.2.1 as ::ffff:192.0.2.1."""
    ip = ip_address(address.partition("%")[0])
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def network(address: str) -> str:
    """The whole IPv6 /64, which belongs to one customer, counts as one client."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
