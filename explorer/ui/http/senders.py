"""Who sends a request, as far as fairness goes: the address it came from, and the open page behind that address."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

from explorer.jobs.limits import on_a_space

#: Of a page that is open, a word that it makes up: what tells the readers of one school or household apart.
PAGE_HEADER = "x-explorer-page"
LONGEST_PAGE = 32
#: Proxies between a visitor and a Space at most.
MOST_HOPS = 4
#: Whoever has an IPv6 address has 2**64 of them.
NETWORK = 64
#: The token of a visitor: in no address, which servers and proxies write down.
TOKEN_HEADER = "x-explorer-token"


@dataclass(frozen=True)
class Sender:
    """One sender.

    Attributes:
        address: of the machine or network, "" if nothing tells.
        page: of its open pages, "" for a program.
    """

    address: str = ""
    page: str = ""


def sender_of(scope: Scope) -> Sender:
    """Of a request.

    On a Space everything comes through proxies, each of which adds to X-Forwarded-For whom it was asked by. What a
    sender wrote there stands in front, so that only the last public address is believed. Elsewhere none of it is.
    """
    headers = Headers(scope=scope)
    peer = scope.get("client")
    address = str(peer[0]) if peer else ""
    if on_a_space():
        address = _last_public(headers.getlist("x-forwarded-for")) or address
    return Sender(network_of(address), headers.get(PAGE_HEADER, "")[:LONGEST_PAGE])


def _last_public(lines: list[str]) -> str:
    """The last address in these lines that is no proxy's inside a network; "" if there is none."""
    for each in reversed(",".join(lines).split(",")[-MOST_HOPS:]):
        try:
            if ipaddress.ip_address(each.strip()).is_global:
                return each.strip()
        except ValueError:
            break  # what stands before it, somebody else wrote
    return ""


def token_of(request: Request) -> dict[str, str]:
    """`{"mine": TOKEN}` of a request with that header, {} of another."""
    token = request.headers.get(TOKEN_HEADER, "")
    return {"mine": token} if token else {}


def network_of(address: str) -> str:
    """An IPv4 address as it is, of an IPv6 address the network; anything else as it came."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), NETWORK), strict=False))
