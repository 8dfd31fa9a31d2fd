"""Several samples of one prompt: seeds, choices in one request, and servers that cannot give several."""

import pytest

from evalsite.client.core import seed_for
from evalsite.client.transport import Timeouts
from evalsite.client.trying import Missing
from tests.client.helpers import client, outcomes, prompt, run, settings, texts
from tests.faulty_server import FaultyServer, meant


def test_samples_differ_by_seed_and_come_out_the_same_again() -> None:
    """The first sample has the user's seed, each other one its own, whatever else is asked."""

    async def go(samples: tuple[int, ...]) -> dict[tuple[str, int], str]:
        async with FaultyServer() as server:
            return texts(await outcomes(client(server.url, settings(seed=11)), [(prompt(), samples)]))

    whole, part = run(go((0, 1, 2, 3))), run(go((2, 3)))
    assert len(set(whole.values())) == 4
    assert whole[("T/0", 0)] == meant(prompt().text, 11)
    assert part.items() <= whole.items()


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
def test_seeds_never_clash_between_runs_with_neighbouring_seeds(seed: int) -> None:
    """200 samples with seed s and with s+1 share no seed, and all fit into 31 bits."""
    ours = {seed_for(seed, sample) for sample in range(200)}
    next_run = {seed_for(seed + 1, sample) for sample in range(200)}
    assert len(ours) == 200
    assert not ours & next_run
    assert all(each is not None and 0 <= each < 2**31 for each in ours)
    assert seed_for(None, 3) is None


def test_the_seed_of_a_sample_is_written_down() -> None:
    """In every run's record: the same sample of the same seed is asked for alike for ever."""
    assert [seed_for(7, sample) for sample in (0, 1, 3)] == [7, 1_000_010, 3_000_016]


@pytest.mark.parametrize("stream", [True, False])
def test_several_samples_come_from_one_request_where_the_server_honours_n(stream: bool) -> None:
    """Without a seed, four samples are one request, and each gets a choice of its own."""

    async def go() -> None:
        async with FaultyServer() as server:
            got = await outcomes(client(server.url, settings(stream=stream)), [(prompt(), (4, 5, 6, 7))])
        assert [request.body["n"] for request in server.requests] == [4]
        assert texts(got) == {("T/0", 4 + index): meant(prompt().text, None, index) for index in range(4)}

    run(go())


def test_one_lost_sample_does_not_take_the_others_of_its_request_along() -> None:
    """Four samples are one request; it fails for good, and three of them still get attempts of their own."""
    limits = Timeouts(attempts=2, first_wait_s=0.001, longest_wait_s=0.001)

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("http-500", "http-500")
            got = await outcomes(client(server.url, timeouts=limits), [(prompt(), (0, 1, 2, 3))])
        assert [each.sample for each in got if isinstance(each, Missing)] == [0]
        assert sorted(texts(got)) == [("T/0", 1), ("T/0", 2), ("T/0", 3)]

    run(go())


def test_a_server_that_fails_at_n_is_asked_one_by_one() -> None:
    """Some answer several choices with a 500: the retry asks for one, and the rest go without n as well."""

    async def go() -> None:
        async with FaultyServer(fails_at_n=True) as server:
            got = await outcomes(
                client(server.url, concurrency=1), [(prompt(n), (0, 1, 2)) for n in range(3)]
            )
        assert len(texts(got)) == 9
        assert [request.body.get("n", 1) for request in server.requests] == [3] + [1] * 9

    run(go())
