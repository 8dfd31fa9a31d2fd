"""``evalsite.toml`` in a few words."""

from evalsite.publish.config import read_config


def read(tmp_path, text):
    path = tmp_path / "evalsite.toml"
    path.write_text(text)
    return read_config(path)
