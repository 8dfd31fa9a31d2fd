"""Runs and changed decisions as an Atom feed."""

from xml.sax.saxutils import escape, quoteattr

from evalsite.counts.loaded import LoadedRun
from evalsite.site.evidence.changes import Change, verdict_changes
from evalsite.site.evidence.judgement import Judgement
from evalsite.site.evidence.runs import in_time
from evalsite.site.options import SiteOptions
from evalsite.site.slugs import slug_map
from evalsite.site.urls import FEED
from evalsite.words import cells
from evalsite.words.text import visible


def feed(judgement: Judgement, options: SiteOptions) -> bytes:
    """Runs as Atom entries, the newest first, each after the verdicts that it turned."""
    newest = in_time(judgement.evidence.entries)[::-1]
    updated = max((_ended(entry) for entry in newest), default="1970-01-01T00:00:00Z")
    changes = verdict_changes(judgement)
    entries = "".join(
        "".join(_change_entry(change, judgement, options) for change in changes.get(entry.id, ()))
        + _feed_entry(entry, judgement, options)
        for entry in newest[:50]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{_xml(options.title)}</title>\n<id>{_xml(options.base_url)}</id>\n"
        f"<link href={quoteattr(options.base_url)}/>\n"
        f'<link rel="self" href={quoteattr(options.base_url + FEED)}/>\n'
        f"<updated>{_xml(updated)}</updated>\n<author><name>{_xml(options.title)}</name></author>\n"
        f"{entries}</feed>\n"
    ).encode()


def _feed_entry(entry: LoadedRun, judgement: Judgement, options: SiteOptions) -> str:
    address = options.base_url + judgement.evidence.urls.run(entry.id)
    score = f"pass@1 {cells.percent(entry.pass_at_1)} %" if entry.pass_at_1 is not None else "no score yet"
    said = " ".join(f"{one.title}: {one.decision}. {one.text}" for one in judgement.conclusions(entry))
    return (
        f"<entry>\n<title>{_xml(f'{entry.model} on {entry.run.dataset.name}: {score}')}</title>\n"
        f"<id>{_xml(address)}</id>\n<link href={quoteattr(address)}/>\n"
        f"<updated>{_xml(_ended(entry))}</updated>\n"
        f"<summary>{_xml(f'{score}. {said}'.strip())}</summary>\n</entry>\n"
    )


def _change_entry(change: Change, judgement: Judgement, options: SiteOptions) -> str:
    """One changed verdict. Its id is the run's address with the target's name, and so lasts."""
    entry, result = change.entry, change.result
    address = options.base_url + judgement.evidence.urls.run(entry.id)
    target = result.target.name
    title = f"{entry.model} on {entry.run.dataset.name}: {target} is {result.decision}, was {change.was}"
    before = f"In the run of {cells.day(change.before.run.created_at)} it was {change.was}."
    return (
        f"<entry>\n<title>{_xml(title)}</title>\n"
        f"<id>{_xml(f'{address}#verdict-{slug_map([target])[target]}')}</id>\n"
        f"<link href={quoteattr(address)}/>\n<updated>{_xml(_ended(entry))}</updated>\n"
        f"<summary>{_xml(f'{result.sentence} {before}')}</summary>\n</entry>\n"
    )


def _ended(entry: LoadedRun) -> str:
    return entry.run.finished_at or entry.run.created_at


def _xml(text: str) -> str:
    return escape(visible(text))
