"""Addresses that lie in the public internet."""

import asyncio
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_ALLOCATED = ip_network("2000::/3")  # of IPv6: beside it lie NAT64, addresses that hold one of IPv4, site-local ones
_INSIDE = [
    ip_network(network)
    for network in (
        "192.0.0.0/24", "192.88.99.0/24",  # protocols and relays of IPv6 over IPv4
        "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24", "2620:4f:8000::/48",  # anycast of sinks (AS112, AMT)
        "2001::/23", "2002::/16",  # Teredo and 6to4: a relay unpacks an address of IPv4
        "3ffe::/16", "3fff::/20",  # given back, documentation
    )
]  # fmt: skip


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet, and leads to no other: what a relay translates does."""
    if isinstance(address, IPv6Address) and address not in _ALLOCATED:
        return False
    inside = any(address in network for network in _INSIDE if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not inside


async def public_address(host: str) -> str:
    """An address of a host in the public internet (carrier-grade NAT is not). Raises ValueError where it has none."""
    for *_, (address, *_) in await asyncio.get_running_loop().getaddrinfo(host, None):
        if is_public(ip_address(address)):
            return str(address)
    raise ValueError(f"{host} has no public address")
