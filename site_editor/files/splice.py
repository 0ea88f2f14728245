"""Pure: changed facts, put into the text of their file so that only their own lines change."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml

from site_build.authoring.yaml_file import block_yaml
from site_editor.files.alignment import align_items, has_same_id, is_same
from site_editor.files.entries import Entry, Layout, depth, is_block
from site_editor.files.scalars import Writing, write_value
from site_model.loading.yaml_lines import NotYamlError, compose_yaml, parse_yaml
from site_model.text.saved_files import text_of


class SpliceError(ValueError):
    """The facts cannot be put into the file without writing all of it anew."""


class _TooFineError(Exception):
    """A value between brackets that cannot be written anew without losing its comments."""


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def splice_facts(text: str, after: Any) -> str:
    """The text of a YAML file, changed so that it reads as `after`.

    What did not change keeps its bytes: comments, blank lines, order, quotes, line ends, the mark
    of order. A file that cannot be changed so fine gets the smallest block around the change
    written anew. Raises NotYamlError for a text that is no YAML, SpliceError where nothing of the
    outermost value would stay.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    raw = line_end + text.removeprefix(mark)  # so that each line has a line end before it
    read, places = _as_read(raw)
    before, node = parse_yaml(read).data, compose_yaml(read)
    for deepest in range(depth(node), 0, -1):
        splice = _Splice(read, raw, places, deepest)
        try:
            splice.change(None, node, before, after, 0)
        except _TooFineError:
            continue
        edits = [edit._replace(text=edit.text.replace("\n", line_end)) for edit in splice.edits]
        result = mark + _applied(raw, edits, 0, len(raw)).removeprefix(line_end)
        try:
            if is_same(parse_yaml(text_of(result.encode())).data, after, as_read=True):
                return result
        except NotYamlError:
            continue
    raise SpliceError("the changed text would not read as the facts that were given")


def _as_read(text: str) -> tuple[str, list[int]]:
    """The text as the loader reads it, and where each of its signs stands in the file."""
    tokens = re.findall(r"\r\n|[\s\S]", text)
    signs = {token: text_of(token.encode()) for token in set(tokens)}
    places, place = [], 0
    for token in tokens:
        places += [place] * len(signs[token])
        place += len(token)
    return "".join(signs[token] for token in tokens), [*places, place]


def _applied(text: str, edits: list[_Edit], start: int, end: int) -> str:
    """A part of the text with its edits; what is put in before a removed part comes first."""
    parts = []
    for edit in sorted(edits, key=lambda one: one[:2]):
        parts += [text[start : edit.start], edit.text]
        start = max(start, edit.end)
    return "".join((*parts, text[start:end]))


def _indented(text: str, column: int) -> str:
    return re.sub(r"\n(?=[^\n])", "\n" + " " * column, text)


class _Splice:
    """Collects the edits that make one value of another; from `deepest` on values are rewritten."""

    def __init__(self, text: str, raw: str, places: list[int], deepest: int) -> None:
        self.text = text
        self._layout = Layout(text)
        self.raw = raw
        self.places = places
        self.deepest = deepest
        self.edits: list[_Edit] = []

    def change(self, entry: Entry | None, node: yaml.Node, old: Any, new: Any, depth: int) -> None:
        """Add the edits that make `new` of the value `old`, which stands at `node`."""
        if is_same(old, new, as_read=True):
            return
        alike = type(old) is type(new) and old and new and depth < self.deepest
        if isinstance(node, yaml.ScalarNode) and not isinstance(new, dict | list):
            self._put_scalar(entry, node, old, new)
        elif not alike or not self._change_entries(node, old, new, depth):
            self._rewrite(entry, node, new)

    def _change_entries(self, node: yaml.Node, old: Any, new: Any, depth: int) -> bool:
        """False where no entry would stay."""
        entries = list(self._layout.entries(node))
        if isinstance(old, dict):
            places = {key: place for place, key in enumerate(old)}
            found = [places.get(key) for key in new]
            olds, news = list(old.values()), list(new.items())
        else:
            found, olds, news = align_items(old, new), old, [(None, item) for item in new]
        gone = sorted(set(range(len(old))).difference(found))
        if len(gone) == len(old) or len(entries) != len(old):
            return False
        moved = [] if isinstance(old, dict) else [*gone]
        last: Entry | None = None
        for place, (key, value) in zip(found, news, strict=True):
            if place is not None:
                last = entries[place]
                self.change(last, last.node, olds[place], value, depth + 1)
                continue
            source = next((n for n in moved if is_same(olds[n], value)), None)
            if source is None:
                source = next((n for n in moved if has_same_id(olds[n], value)), None)
            if source is None:
                text = self._new_text(key, value, entries[0])
            else:
                moved.remove(source)
                text = self._moved(entries[source], olds[source], value, depth)
            self._insert(entries[0], last, text)
        self._remove(entries, gone)
        return True

    def _moved(self, entry: Entry, old: Any, new: Any, depth: int) -> str:
        """An item with its comments, as it will stand elsewhere in its list."""
        inner = _Splice(self.text, self.raw, self.places, self.deepest)
        inner.change(entry, entry.node, old, new, depth + 1)
        start, end = self.places[entry.lead], self.places[entry.end]
        return _applied(self.raw, inner.edits, start, end).replace("\r\n", "\n")

    def _new_text(self, key: Any, value: Any, beside: Entry) -> str:
        if beside.in_flow:
            flow = _flow({key: value} if beside.is_keyed else [value])
            return flow[1:-1]
        block = block_yaml({key: value} if beside.is_keyed else [value])
        return _indented(block, beside.column)

    def _insert(self, first: Entry, last: Entry | None, text: str) -> None:
        """Put an entry behind `last`, or before all others."""
        between = ", " if first.in_flow else "\n" + " " * first.column
        if last:
            self._edit(last.end, last.end, between + text)
        elif first.is_inline:
            self._edit(first.lead, first.lead, text + between)
        else:
            place = self._layout.line_start(first.lead) - 1
            self._edit(place, place, between + text)

    def _remove(self, entries: list[Entry], gone: list[int]) -> None:
        """Take entries away; those that begin within a line, up to the first that stays."""
        begun = next(n for n in range(len(entries)) if n not in gone)
        begun = begun if entries[0].is_inline else 0
        if begun:
            self._edit(entries[0].lead, entries[begun].lead, "")
        for place in gone:
            if place >= begun:
                entry = entries[place]
                line = self._layout.line_start(entry.lead) - 1
                self._edit(entries[place - 1].end if entry.in_flow else line, entry.end, "")

    def _put_scalar(self, entry: Entry | None, node: yaml.ScalarNode, old: Any, new: Any) -> None:
        start, end = node.start_mark.index, self._layout.content_end(node)
        in_flow = entry is not None and entry.in_flow
        is_last = not self.text[end : self._layout.line_end(end)].strip()
        column = entry.column if entry and is_last and not in_flow else None
        was = Writing(self.text[start:end], node.style or "", old)
        text = write_value(new, column, in_flow, was)
        space = " " if start == end and not self.text[start - 1].isspace() else ""
        self._edit(start, end, space + text)

    def _rewrite(self, entry: Entry | None, node: yaml.Node, new: Any) -> None:
        """Write the whole value anew, between brackets or as a block."""
        if entry is None:
            raise SpliceError("nothing of the file would stay")
        start, end = node.start_mark.index, self._layout.content_end(node)
        if entry.in_flow:
            if self._layout.comments(node, start, end):
                raise _TooFineError
            self._edit(start, end, _flow(new))
            return
        is_long = isinstance(new, dict | list) and new
        column = node.start_mark.column if is_block(node) else 0
        column = column if column > entry.column else entry.column + 2
        text = _indented(block_yaml(new), column) if is_long else _flow(new, in_flow=False)
        header, line = self._layout.line_end(entry.after), self._layout.line_end(end)
        if not entry.is_keyed:
            space = " " * (column - entry.column - 1) if is_long else " "
            gone = entry.after, line if is_block(node) or is_long else end
        else:
            space = "\n" + " " * column if is_long else " "
            # What stands on the line of the key goes alone; a comment behind it stays.
            gone = (header, line) if start >= header else (entry.after, end)
        place = entry.after
        if entry.is_keyed and is_long:
            place = header if start > header else line
        self._edit(place, place, space + text)
        self._edit(*gone, "")
        # What somebody wrote about the old value stays, below the new one.
        notes = self._layout.comments(node, *gone)
        self._edit(line, line, "".join("\n" + " " * (entry.column + 2) + one for one in notes))

    def _edit(self, start: int, end: int, text: str) -> None:
        self.edits.append(_Edit(self.places[start], self.places[end], text))


def _flow(value: Any, in_flow: bool = True) -> str:
    """A value on its line, lists and mappings between brackets."""
    if isinstance(value, dict):
        inner = (f"{_flow(key)}: {_flow(one)}" for key, one in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return write_value(value, None, in_flow)
