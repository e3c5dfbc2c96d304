def network(address: str) -> str:
    """Whose address it is: who has one of IPv6 has the 2^64 around it as well."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
