"""A webhook may lead to the Internet, and nowhere else unless the settings say so."""

import socket
from ipaddress import ip_address, ip_network

import pytest

from models.errors import UsageError
from service.serving.destination import Destination, UndeliveredError, is_public, parse_destination, parse_networks, resolve


@pytest.mark.parametrize(
    ("url", "parsed", "authority"),
    [
        ("https://a.example/hook?x=1#part", Destination(True, "a.example", 443, "/hook?x=1"), "a.example"),
        ("http://a.example", Destination(False, "a.example", 80, "/"), "a.example"),
        ("HTTP://A.Example:8080/", Destination(False, "a.example", 8080, "/"), "a.example:8080"),
        ("https://[2001:4860::1]:8443/h", Destination(True, "2001:4860::1", 8443, "/h"), "[2001:4860::1]:8443"),
    ],
)
def test_a_url_is_taken_apart(url: str, parsed: Destination, authority: str) -> None:
    assert parse_destination(url) == parsed
    assert parsed.authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.example/hook",
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://a.example/_x",
        "http://",
        "http:///path",
        "http://user:password@a.example/",
        "http://user@a.example/",
        "http://@a.example/",
        "http://a.example:99999/",
        "http://a.example:0/",
        "http://a.example:x/",
        "http://a.example/\r\nX-Other: 1",
        "http://a.example/a b",
        "http://a.example\\@b.example/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://标题.example/",
        "http://a.example/" + "x" * 3000,
        "http://" + "a" * 70 + ".example/",
    ],
)
def test_what_is_no_receivers_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        parse_destination(url)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),  # noqa: S104
        *("224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1"),
        *("::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::7f00:1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1"),
    ],
)
def test_what_only_this_machine_or_its_network_reaches_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_the_internet_reaches_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
def test_this_machine_is_not_reached_in_whatever_way_it_is_written(host: str) -> None:
    with pytest.raises(UndeliveredError):
        resolve(parse_destination(f"http://{host}/"), ())


def test_a_network_that_is_allowed_may_be_reached_and_no_other() -> None:
    allowed = parse_networks(["10.1.0.0/16", " 127.0.0.1 "])
    assert resolve(Destination(False, "127.0.0.1", 80, "/"), allowed) == [ip_address("127.0.0.1")]
    assert resolve(Destination(False, "::ffff:127.0.0.1", 80, "/"), allowed) == [ip_address("::ffff:127.0.0.1")]
    with pytest.raises(UndeliveredError):
        resolve(Destination(False, "127.0.0.2", 80, "/"), allowed)
    with pytest.raises(UsageError):
        parse_networks(["10.1.0.1/16"])


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr("socket.getaddrinfo", answer)
    with pytest.raises(UndeliveredError, match=r"10\.0\.0\.1"):
        resolve(Destination(False, "a.example", 80, "/"), ())
    allowed = (ip_network("10.0.0.0/8"),)
    assert resolve(Destination(False, "a.example", 80, "/"), allowed) == [ip_address("8.8.8.8"), ip_address("10.0.0.1")]
