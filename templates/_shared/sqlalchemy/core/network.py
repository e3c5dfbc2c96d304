def plain(address: str) -> str:
    """An address as it is usually written; an IPv6 socket sees 192.0.2.1 as ::ffff:192.0.2.1."""
    ip = ip_address(address)
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def network(address: str) -> str:
    """Whose address it is: who has one of IPv6 has the 2^64 around it as well."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
