"""How many output tokens each choice of an answer had: the server's count, or its share of one. Pure."""

from evalsite.client.protocol import Answer


def count_tokens(answer: Answer) -> None:
    """Give each choice of a whole answer its output tokens, and where the number is from.

    A server counts the tokens of a whole request. That is the count of its only choice (``usage``). Of
    several choices it is the sum, and each choice's own count is known only where every event of the stream
    was one token, which shows in that they add up. Else the sum is shared out by the length of the texts
    (``shared``), so that sums over samples stay right; no single share is a measurement. Events alone are
    never taken for tokens, for servers gather several in one; but where a stream was not read on, no server
    has counted, and they are the fewest that there can have been (``chunks``).
    """
    total = answer.completion_tokens
    if answer.broken_off:
        for choice in answer.choices.values():
            choice.tokens, choice.tokens_from = choice.chunks, "chunks"
    if answer.broken_off or total is None or (total == 0 and _says_something(answer)):
        return
    counted = _alone(answer, total) or _one_by_one(answer, total)
    shared = {} if counted else _shared(answer, total)
    for place, choice in answer.choices.items():
        choice.tokens = (counted or shared)[place]
        choice.tokens_from = "usage" if counted else "shared"


def _says_something(answer: Answer) -> bool:
    return any(any(each.pieces) or any(each.reasoning) for each in answer.choices.values())


def _alone(answer: Answer, total: int) -> dict[int, int]:
    return dict.fromkeys(answer.choices, total) if len(answer.choices) == 1 else {}


def _one_by_one(answer: Answer, total: int) -> dict[int, int]:
    """Count the events with text, and bare ends too where the server counts an end as a token."""
    if not answer.streamed:
        return {}
    spoken = {place: choice.chunks for place, choice in answer.choices.items()}
    ended = {place: spoken[place] + choice.bare_end for place, choice in answer.choices.items()}
    return next((counts for counts in (spoken, ended) if sum(counts.values()) == total), {})


def _shared(answer: Answer, total: int) -> dict[int, int]:
    """Share ``total`` out in proportion to the texts, thinking included; the parts add up to it."""
    lengths = {
        place: sum(map(len, choice.pieces)) + sum(map(len, choice.reasoning))
        for place, choice in answer.choices.items()
    }
    if not any(lengths.values()):
        lengths = dict.fromkeys(lengths, 1)
    whole = sum(lengths.values())
    shares = {place: total * length // whole for place, length in lengths.items()}
    by_remainder = sorted(lengths, key=lambda place: (-(total * lengths[place] % whole), place))
    for place in by_remainder[: total - sum(shares.values())]:
        shares[place] += 1
    return shares
