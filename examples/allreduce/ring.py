"""Adds up vectors over a ring of replicas, by TCP alone: the ring all-reduce of distributed training.

Each replica passes pieces of its vector to the next one and takes those of the one before it, so that every link carries
the same amount and no replica is the bottleneck. With N replicas each sends 2 (N - 1) / N times the vector.
"""

import json
import select
import socket
import struct
import time
from array import array
from collections.abc import Mapping
from dataclasses import dataclass

Address = tuple[str, int]

# What a replica says first, so that nothing else that connects is taken for one: these letters, its rank, how many we are.
HELLO = struct.Struct("!8sII")
MARK = b"RING0001"
# Before each piece: how many bytes follow.
LENGTH = struct.Struct("!Q")


class RingError(Exception):
    """The replicas cannot work together; the message says why."""


class NeighbourLost(RingError):
    """Another replica has ended or is out of reach, though all were together before."""


@dataclass(frozen=True)
class Place:
    """Which of the replicas this one is (0 is the chief), and where each of them listens."""

    rank: int
    addresses: tuple[Address, ...]

    @property
    def size(self) -> int:
        return len(self.addresses)


def read_place(environment: Mapping[str, str]) -> Place:
    """Reads CLUSTER_SPEC, which Vertex AI sets in each container. Throws RingError.

    The first worker pool is the chief, the second holds the other workers; further pools have other tasks.
    """
    text = environment.get("CLUSTER_SPEC")
    if not text:
        raise RingError(
            "CLUSTER_SPEC is not set. Vertex AI sets it in each container of a job, and so does region: local; "
            "elsewhere --alone trains with a single replica."
        )
    try:
        spec = json.loads(text)
        pools = [spec["cluster"].get(f"workerpool{pool}", []) for pool in range(2)]
        own_pool, own_index = str(spec["task"]["type"]), int(spec["task"]["index"])
        addresses = tuple(address_of(entry) for pool in pools for entry in pool)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RingError(f"CLUSTER_SPEC cannot be read ({error!r}): {text}") from error
    ranks = {"workerpool0": 0, "workerpool1": len(pools[0])}
    if own_pool not in ranks or ranks[own_pool] + own_index >= len(addresses):
        raise RingError(f"{own_pool}-{own_index} takes no part: the worker pools 0 and 1 train. CLUSTER_SPEC: {text}")
    return Place(ranks[own_pool] + own_index, addresses)


def read_hello(link: socket.socket) -> bytes:
    """What the other side says first; less than that where it ends or goes silent."""
    said = b""
    try:
        while len(said) < HELLO.size and (part := link.recv(HELLO.size - len(said))):
            said += part
    except OSError:
        pass
    return said


def address_of(entry: str) -> Address:
    host, port = entry.rsplit(":", 1)
    return host, int(port)


class Ring:
    """The connections to the next replica and to the one before; none where there is a single replica."""

    def __init__(self, place: Place, patience: float) -> None:
        """Waits until all neighbours are up, which may take minutes; `patience` is in seconds. Throws RingError."""
        self.rank = place.rank
        self.size = place.size
        self._patience = patience
        self._next: socket.socket | None = None
        self._previous: socket.socket | None = None
        if place.size == 1:
            return
        deadline = time.monotonic() + patience
        try:
            with socket.create_server(("", place.addresses[place.rank][1])) as listener:
                self._next = self._connect(place.addresses[(place.rank + 1) % place.size], deadline)
                self._previous = self._accept(listener, deadline)
        except OSError as error:
            self.close()
            raise RingError(f"replica {self.rank} cannot listen for the others: {error}") from error
        except RingError:
            self.close()
            raise
        self._next.setblocking(False)
        self._previous.setblocking(False)

    def __enter__(self) -> "Ring":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for link in (self._next, self._previous):
            if link is not None:
                link.close()

    def _connect(self, address: Address, deadline: float) -> socket.socket:
        """The other may not run yet, and then its name is not known or nobody listens there."""
        pause = 0.1
        while True:
            try:
                link = socket.create_connection(address, timeout=5)
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                link.sendall(HELLO.pack(MARK, self.rank, self.size))
                return link
            except OSError as error:
                if time.monotonic() + pause > deadline:
                    host, port = address
                    raise RingError(
                        f"replica {(self.rank + 1) % self.size} at {host}:{port} was not to be reached "
                        f"for {self._patience:g} s: {error}"
                    ) from error
            time.sleep(pause)
            pause = min(2 * pause, 5.0)

    def _accept(self, listener: socket.socket, deadline: float) -> socket.socket:
        previous = (self.rank - 1) % self.size
        while True:
            listener.settimeout(max(0.0, deadline - time.monotonic()) or 0.001)
            try:
                link, _ = listener.accept()
            except TimeoutError as error:
                raise RingError(f"replica {previous} did not connect for {self._patience:g} s") from error
            link.settimeout(5)
            if read_hello(link) == HELLO.pack(MARK, previous, self.size):
                return link
            # A port scan, or a health check.
            link.close()

    def all_reduce(self, vector: array) -> None:
        """Puts the sum over all replicas in place of each replica's vector of doubles, the same to the last bit in all.

        All must call it in the same order, with vectors of the same length. Throws RingError, NeighbourLost among them.
        """
        edges = [len(vector) * piece // self.size for piece in range(self.size + 1)]

        def bounds(piece: int) -> slice:
            piece %= self.size
            return slice(edges[piece], edges[piece + 1])

        # First each piece goes round and grows to its sum, which one replica then holds; then the sums go round.
        for step in range(self.size - 1):
            taken = bounds(self.rank - step - 1)
            others = self._exchange(vector[bounds(self.rank - step)], taken.stop - taken.start)
            vector[taken] = array("d", map(float.__add__, vector[taken], others))
        for step in range(self.size - 1):
            taken = bounds(self.rank - step)
            vector[taken] = self._exchange(vector[bounds(self.rank + 1 - step)], taken.stop - taken.start)

    def _exchange(self, piece: array, count: int) -> array:
        """Sends a piece to the next replica and takes one of `count` numbers from the one before, both at once.

        One after the other could block for ever: all would send, and none would read.
        """
        payload = piece.tobytes()
        outgoing = memoryview(LENGTH.pack(len(payload)) + payload)
        wanted = LENGTH.size + 8 * count
        incoming = bytearray()
        while outgoing or len(incoming) < wanted:
            readers = [self._previous] if len(incoming) < wanted else []
            writers = [self._next] if outgoing else []
            readable, writable, _ = select.select(readers, writers, [], self._patience)
            if not readable and not writable:
                raise RingError(f"replica {self.rank} has heard nothing of its neighbours for {self._patience:g} s")
            try:
                if writable:
                    outgoing = outgoing[self._next.send(outgoing) :]
                if readable:
                    incoming += self._receive(wanted - len(incoming))
            except BlockingIOError:
                continue
            except OSError as error:
                raise NeighbourLost(f"replica {self.rank} has lost a neighbour: {error}") from error
        (length,) = LENGTH.unpack_from(incoming)
        if length != 8 * count:
            raise RingError(f"replica {(self.rank - 1) % self.size} sent {length} bytes in place of {8 * count}")
        numbers = array("d")
        numbers.frombytes(bytes(incoming[LENGTH.size :]))
        return numbers

    def _receive(self, most: int) -> bytes:
        part = self._previous.recv(most)
        if not part:
            raise NeighbourLost(f"replica {(self.rank - 1) % self.size} has ended before the training has")
        return part
