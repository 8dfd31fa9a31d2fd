"""A model behind HTTP in the shape of llama.cpp's own server, as far as a distance asks it.

llama.cpp's server takes twenty minutes to build, and its Python server works out the probabilities of the
whole context for each token that it tells of. This one keeps the prefix that it read last, tells the
likeliest tokens of what follows, and ignores ``echo`` as that does. It needs the extra ``local``: ``python
scripts/toy_llama_server.py MODEL.gguf PORT``.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np


class Model:
    """A GGUF file, and what of a text it has read."""

    def __init__(self, path: str) -> None:
        self._llama = llama_cpp.Llama(path, n_ctx=2048, n_threads=1, n_threads_batch=1, verbose=False)
        self._pieces = [self._llama.detokenize([token]) for token in range(self._llama.n_vocab())]
        self.cpu_s = 0.0

    def tokens(self, text: str) -> list[int]:
        """The tokens of a text."""
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=True))

    def logprobs(self, tokens: list[int], *, fresh: bool = False) -> np.ndarray:
        """Log-probabilities of all tokens behind some, shape (n_vocab,); ``fresh``: with nothing kept."""
        kept = 0
        if not fresh:
            pairs = zip(self._llama.input_ids[: self._llama.n_tokens].tolist(), tokens[:-1], strict=False)
            for before, now in pairs:
                if before != now:
                    break
                kept += 1
        self._llama.n_tokens = kept
        self._llama._ctx.kv_cache_seq_rm(-1, kept, -1)
        self._llama.eval(tokens[kept:])
        logits = np.array(self._llama._ctx.get_logits()[: self._llama.n_vocab()], dtype=np.float64)
        logits -= logits.max()
        return logits - np.log(np.exp(logits).sum())

    def spelled(self, token: int, logprob: float) -> dict[str, Any]:
        """A token as llama.cpp's server tells of it."""
        piece = self._pieces[token]
        return {
            "id": token,
            "token": piece.decode("utf-8", "replace"),
            "bytes": list(piece),
            "logprob": logprob,
        }


class Handler(BaseHTTPRequestHandler):
    """Answers ``/v1/models`` and ``/v1/completions``."""

    model: Model

    def do_GET(self) -> None:
        """List the model."""
        self._send({"data": [{"id": Path(sys.argv[1]).name}]})

    def do_POST(self) -> None:
        """Go on with a text, greedily; of the first token tell the likeliest alternatives."""
        began = time.process_time()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        tokens = self.model.tokens(asked["prompt"])
        counted, said, content = len(tokens), [], []
        for _ in range(int(asked.get("max_tokens", 16))):
            logprobs = self.model.logprobs(tokens)
            best = int(logprobs.argmax())
            if number := int(asked.get("logprobs") or 0):
                order = np.argsort(-logprobs, kind="stable")[:number].tolist()
                top = [self.model.spelled(token, float(logprobs[token])) for token in order]
                content.append({**top[0], "top_logprobs": top})
            said.append(best)
            tokens.append(best)
        self.model.cpu_s += time.process_time() - began
        text = self.model._llama.detokenize(said).decode("utf-8", "replace")
        choice = {"index": 0, "text": text, "finish_reason": "length", "logprobs": {"content": content}}
        usage = {"prompt_tokens": counted, "completion_tokens": len(said), "cpu_s": self.model.cpu_s}
        self._send({"model": Path(sys.argv[1]).name, "choices": [choice], "usage": usage})

    def _send(self, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    Handler.model = Model(sys.argv[1])
    HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
