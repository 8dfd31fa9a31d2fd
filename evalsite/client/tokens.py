"""How many output tokens each choice of an answer had: the server's count, or its share of one. Pure."""

from evalsite.client.protocol import Answer, Choice


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
        if counted and choice.chunks:
            choice.first_tokens = max(1, _first(choice, choice.tokens))


def _first(choice: Choice, tokens: int) -> int:
    """How many of a choice's tokens came with its first read.

    As many as events, where each was a token. A server that gathers several in an event does not tell: then
    it is their share of the text, or of the events where calls are no text.
    """
    if tokens - choice.bare_end <= choice.chunks <= tokens:
        return choice.first_chunks
    pieces = zip(choice.pieces, choice.reasoning, strict=True)
    lengths = [len(text) + len(thought) for text, thought in pieces]
    whole = sum(lengths)
    if choice.calls or not whole:
        return round(tokens * choice.first_chunks / choice.chunks)
    return round(tokens * sum(lengths[: choice.first_chunks]) / whole)


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
