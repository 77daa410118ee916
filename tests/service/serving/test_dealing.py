"""Connections go to the processes in turn, to none that is not ready, and none is lost while nobody is."""

import socket
import time
from collections.abc import Iterator

import pytest

from service.serving.dealing import Dealer, Seat, make_seat, say_ready, take_connection
from service.serving.listening import listen
from tests.service.serving.receivers import wait_until


class Player:
    """Whoever has a seat."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.lives = True
        self.held: list[socket.socket] = []

    def alive(self) -> bool:
        return self.lives

    def take(self) -> int:
        """Take what was dealt; how much it was altogether."""
        while (connection := take_connection(self.seat.there)) is not None:
            self.held.append(connection)
        return len(self.held)


class Table:
    """Two players, and a port."""

    def __init__(self, port: int, players: list[Player]) -> None:
        self.port = port
        self.players = players
        self.guests: list[socket.socket] = []

    def come(self, count: int) -> None:
        self.guests += [socket.create_connection(("127.0.0.1", self.port)) for _ in range(count)]

    def taken(self) -> list[int]:
        return [player.take() for player in self.players]

    def ready(self, *players: Player) -> None:
        for player in players:
            say_ready(player.seat.there)
        wait_until(lambda: all(player.seat.ready for player in players))


@pytest.fixture
def table() -> Iterator[Table]:
    (listener,) = listen("127.0.0.1", 0)
    with listener, make_seat() as left, make_seat() as right:
        made = Table(listener.getsockname()[1], [Player(left), Player(right)])
        with Dealer([listener], [(player.seat, player.alive) for player in made.players]):
            yield made
        for connection in (*made.guests, *(each for player in made.players for each in player.held)):
            connection.close()


def test_each_gets_as_many(table: Table) -> None:
    table.ready(*table.players)
    table.come(50)
    wait_until(lambda: table.taken() == [25, 25])


def test_who_comes_while_nobody_is_ready_waits(table: Table) -> None:
    table.come(3)
    time.sleep(0.5)
    assert table.taken() == [0, 0]
    table.ready(table.players[1])
    wait_until(lambda: table.taken() == [0, 3])


def test_the_dead_are_dealt_nothing_until_they_are_back(table: Table) -> None:
    left, right = table.players
    table.ready(left, right)
    left.lives = False
    wait_until(lambda: not left.seat.ready)
    table.come(4)
    wait_until(lambda: table.taken() == [0, 4])
    left.lives = True
    time.sleep(0.3)
    table.come(2)
    wait_until(lambda: table.taken() == [0, 6])
    table.ready(left)
    table.come(4)
    wait_until(lambda: table.taken() == [2, 8])


def test_what_was_dealt_to_one_that_died_is_found_by_the_next(table: Table) -> None:
    table.ready(table.players[0])
    table.come(2)
    time.sleep(0.3)
    table.players[0].lives = False
    assert table.taken() == [2, 0]


def test_who_takes_nothing_is_passed_over(table: Table) -> None:
    """Its channel holds some hundred connections; then they go to the other."""
    left, right = table.players
    left.seat.here.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    table.ready(left, right)
    table.come(100)
    wait_until(lambda: right.take() > 80)
    assert right.take() + left.take() == 100


def test_what_arrives_is_the_connection_itself(table: Table) -> None:
    table.ready(table.players[0])
    table.come(1)
    wait_until(lambda: table.players[0].take() == 1)
    (taken,), (guest,) = table.players[0].held, table.guests
    assert taken.getpeername() == guest.getsockname()
    assert taken.proto == socket.IPPROTO_TCP  # asyncio sends at once where it knows TCP
    guest.sendall(b"hello")
    assert taken.recv(5) == b"hello"
