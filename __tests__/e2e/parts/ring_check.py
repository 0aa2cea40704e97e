"""Checks ring.py of examples/allreduce: every replica is a thread here, with connections of its own on loopback."""

import json
import random
import socket
import threading
import unittest
from array import array
from math import fsum

from ring import Place, Ring, RingError, read_place


def free_addresses(count):
    """Ports that nobody listens on."""
    probes = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return tuple(("localhost", port) for port in ports)


def together(size, replica, patience=20.0, addresses=None):
    """Runs `replica(ring)` in a thread for each rank; gives what each returned or raised, by rank."""
    addresses = addresses or free_addresses(size)
    results = [None] * size

    def run(rank):
        try:
            with Ring(Place(rank, addresses), patience) as ring:
                results[rank] = replica(ring)
        except RingError as error:
            results[rank] = error

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def vector_of(rank, length):
    chance = random.Random(f"{rank} {length}")
    return array("d", [chance.uniform(-1, 1) for _ in range(length)])


def cluster(task_type, index=0, workers=2):
    pools = {"workerpool0": ["chief:2222"], "workerpool1": [f"worker-{n}:2222" for n in range(workers)]}
    spec = {"cluster": {**pools, "workerpool3": ["evaluator:2222"]}, "task": {"type": task_type, "index": index}}
    return {"CLUSTER_SPEC": json.dumps(spec)}


class Sums(unittest.TestCase):
    # The last is more than the sockets' buffers take: whoever sent before it read would wait for ever.
    LENGTHS = (0, 1, 2, 4, 7, 1000, 400_000)

    def test_are_those_of_all_and_the_same_in_all(self):
        for size in (1, 2, 3, 5):
            lengths = self.LENGTHS if size == 3 else self.LENGTHS[:-1]

            def replica(ring):
                vectors = [vector_of(ring.rank, length) for length in lengths]
                for vector in vectors:
                    ring.all_reduce(vector)
                return [vector.tobytes() for vector in vectors]

            results = together(size, replica)
            self.assertEqual(results, [results[0]] * size)
            for length, found in zip(lengths, results[0], strict=True):
                columns = zip(*[vector_of(rank, length) for rank in range(size)], strict=True)
                for value, column in zip(array("d", found), columns, strict=True):
                    self.assertAlmostEqual(value, fsum(column), delta=1e-14)


class Faults(unittest.TestCase):
    def test_a_stranger_is_not_taken_for_a_replica(self):
        addresses = free_addresses(2)
        stop = threading.Event()

        def knock():
            while not stop.is_set():
                try:
                    with socket.create_connection(addresses[0], timeout=1) as link:
                        link.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                except OSError:
                    pass

        stranger = threading.Thread(target=knock)
        stranger.start()

        def replica(ring):
            vector = array("d", [1.0, ring.rank])
            ring.all_reduce(vector)
            return list(vector)

        results = together(2, replica, addresses=addresses)
        stop.set()
        stranger.join()
        self.assertEqual(results, [[2.0, 1.0]] * 2)

    def test_one_that_ends_early_ends_the_others_with_a_reason(self):
        def replica(ring):
            for _ in range(1 if ring.rank == 1 else 3):
                ring.all_reduce(array("d", [1.0] * 9))

        results = together(3, replica)
        self.assertIsNone(results[1])
        for error in (results[0], results[2]):
            self.assertRegex(str(error), r"has ended before the training has|has lost a neighbour")

    def test_one_that_is_silent_is_waited_for_no_longer_than_the_patience(self):
        silent = threading.Event()

        def replica(ring):
            if ring.rank == 1:
                silent.wait(30)
                return
            try:
                ring.all_reduce(array("d", [1.0]))
            finally:
                silent.set()

        self.assertRegex(str(together(2, replica, patience=0.5)[0]), "has heard nothing of its neighbours for 0.5 s")

    def test_one_that_never_comes_is_named(self):
        address, missing = free_addresses(2)
        with self.assertRaisesRegex(RingError, rf"replica 1 at localhost:{missing[1]} was not to be reached for 0.3 s: "):
            Ring(Place(0, (address, missing)), 0.3)

    def test_one_that_does_not_connect_is_named(self):
        addresses = free_addresses(3)
        with socket.create_server(addresses[1]):
            with self.assertRaisesRegex(RingError, "replica 2 did not connect for 0.3 s"):
                Ring(Place(0, addresses), 0.3)

    def test_vectors_of_different_lengths_are_an_error(self):
        def replica(ring):
            ring.all_reduce(array("d", [1.0] * (4 + 4 * ring.rank)))

        results = together(2, replica)
        self.assertTrue(any("bytes in place of" in str(result) for result in results), results)

    def test_a_port_in_use_is_told(self):
        (address,) = free_addresses(1)
        with socket.create_server(("", address[1])):
            with self.assertRaisesRegex(RingError, "replica 0 cannot listen for the others: "):
                Ring(Place(0, (address, address)), 0.3)


class Places(unittest.TestCase):
    def test_the_chief_comes_first_and_the_workers_follow(self):
        addresses = (("chief", 2222), ("worker-0", 2222), ("worker-1", 2222))
        for task, rank in (("workerpool0", 0), 0), (("workerpool1", 0), 1), (("workerpool1", 1), 2):
            self.assertEqual(read_place(cluster(*task)), Place(rank, addresses))

    def test_a_single_replica_has_a_place(self):
        self.assertEqual(read_place(cluster("workerpool0", workers=0)), Place(0, (("chief", 2222),)))

    def test_others_are_refused_with_the_reason(self):
        for environment, reason in (
            ({}, "CLUSTER_SPEC is not set.*--alone"),
            (cluster("workerpool3"), "workerpool3-0 takes no part"),
            (cluster("workerpool1", 2), "workerpool1-2 takes no part"),
            ({"CLUSTER_SPEC": "none"}, "cannot be read.*: none"),
            ({"CLUSTER_SPEC": "{}"}, r"cannot be read \(KeyError\('cluster'\)\)"),
            ({"CLUSTER_SPEC": '{"cluster": 3}'}, "cannot be read"),
            ({"CLUSTER_SPEC": '{"cluster": {"workerpool0": ["chief"]}, "task": {"type": "", "index": 0}}'}, "cannot be"),
        ):
            with self.subTest(environment), self.assertRaisesRegex(RingError, reason):
                read_place(environment)


if __name__ == "__main__":
    unittest.main()
