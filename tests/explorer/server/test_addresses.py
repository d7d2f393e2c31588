"""Which addresses are public: whatever leads to another one is not."""

import asyncio

import pytest

from explorer.server.addresses import public_address


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "localhost.", "127.0.0.1.", "2130706433", "0x7f.1", "0177.0.0.1", "0.0.0.0", "10.1.2.3",
     "192.168.0.1", "169.254.169.254", "100.100.100.200", "192.0.0.8", "192.88.99.1", "198.18.0.1", "224.0.0.1",
     "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
     "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::8.8.8.8", "64:ff9b:1::a9fe:a9fe", "100::1",
     "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:20::1", "2001:db8::1", "2002:7f00:1::1",
     "2002:a9fe:a9fe::1", "2002:808:808::1", "3ffe::1", "3fff::1", "4000::1", "5f00::1", "fd00::1", "fe80::1",
     "fec0::1", "ff0e::1"],
)  # fmt: skip
def test_addresses_that_are_not_public(host):
    with pytest.raises((ValueError, OSError)):  # a resolver may know no address of odd spellings
        asyncio.run(public_address(host))


@pytest.mark.parametrize("host", ["8.8.8.8", "1.1.1.1", "2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450::1"])
def test_addresses_that_are_public(host):
    assert asyncio.run(public_address(host)) == host
