def plain(address: str) -> str:
    """An IP as it is usually written; an IPv6 socket sees 192.0.2.1 as ::ffff:192.0.2.1."""
    ip = ip_address(address)
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def network(address: str) -> str:
    """Count a whole IPv6 /64 as one client: it belongs to one customer."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
