"""Work cut into requests, pulled lazily; what a server left out comes round again."""

from tests.client.helpers import client, outcomes, prompt, run, texts
from tests.faulty_server import FaultyServer


def test_a_server_that_ignores_n_is_asked_one_by_one() -> None:
    """The one choice that came is kept, the others are asked for, and nobody sends n again."""

    async def go() -> None:
        async with FaultyServer(honours_n=False) as server:
            work = [(prompt(n), (0, 1, 2)) for n in range(4)]
            got = await outcomes(client(server.url, concurrency=1), work)
        assert sorted(texts(got)) == [(f"T/{n}", sample) for n in range(4) for sample in range(3)]
        assert [request.body.get("n", 1) for request in server.requests] == [3] + [1] * 11

    run(go())


def test_samples_of_one_problem_still_share_the_concurrency_without_n() -> None:
    """What a server left out goes back into the queue instead of being asked in a row by one worker."""

    async def go() -> None:
        async with FaultyServer(honours_n=False, latency_s=0.05) as server:
            got = await outcomes(client(server.url, concurrency=8), [(prompt(), tuple(range(24)))])
        assert len(texts(got)) == 24
        assert server.most_in_flight == 8

    run(go())


def test_fewer_choices_than_asked_are_completed_by_another_request() -> None:
    """Two of three choices are kept; only the third is asked for again."""

    async def go() -> None:
        async with FaultyServer() as server:
            server.commit("fewer")
            got = await outcomes(client(server.url), [(prompt(), (0, 1, 2))])
        assert [request.body.get("n", 1) for request in server.requests] == [3, 1]
        assert sorted(texts(got)) == [("T/0", 0), ("T/0", 1), ("T/0", 2)]

    run(go())
