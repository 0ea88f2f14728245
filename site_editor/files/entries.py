"""Pure: where the entries of a YAML value stand in its text, with their comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml


@dataclass(frozen=True)
class Entry:
    """A key with its value, or an item of a list; places are counted in the text as it is read."""

    node: yaml.Node
    column: int
    lead: int
    """Where it begins, with the comments right above it."""
    after: int
    """Behind its colon or its dash."""
    end: int
    """Of its last line, with the comments that stand deeper; between brackets, of its value."""
    is_inline: bool
    """Whether it begins within a line: between brackets, or behind the dash of an outer list."""
    is_keyed: bool
    in_flow: bool


def children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _scalars(node: yaml.Node) -> Iterator[yaml.Node]:
    """Every single value of a value, with keys."""
    for one in node.value if isinstance(node, yaml.CollectionNode) else ():
        for inner in one if isinstance(one, tuple) else (one,):
            yield from _scalars(inner)
    if isinstance(node, yaml.ScalarNode):
        yield node


def depth(node: yaml.Node) -> int:
    return 1 + max(map(depth, children(node)), default=0)


def is_block(node: yaml.Node) -> bool:
    """Whether it is a mapping or a list without brackets."""
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


@dataclass(frozen=True)
class Layout:
    """Finds places in a text as the loader reads it."""

    text: str

    def entries(self, node: yaml.Node) -> Iterator[Entry]:
        in_flow, is_keyed = not is_block(node), isinstance(node, yaml.MappingNode)
        column, floor = node.start_mark.column, 0
        for one in node.value:
            key, value = one if is_keyed else (None, one)
            if key:
                start, after = key.start_mark.index, self.text.find(":", key.end_mark.index) + 1
            elif in_flow:
                start = after = value.start_mark.index
            else:
                start = self._dash(floor, column) if floor else node.start_mark.index
                after = start + 1
            end, lead = max(self.content_end(value), after), start
            is_inline = bool(in_flow or self.text[self.line_start(start) : start].strip())
            if not in_flow:
                end = self._tail(self.line_end(end), column)
            if not is_inline:
                lead = self._lead(self.line_start(start), column, floor)
            yield Entry(value, column, lead, after, end, is_inline, is_keyed, in_flow)
            floor = end

    def _dash(self, floor: int, column: int) -> int:
        found = re.compile(rf"^ {{{column}}}-(?=\s|$)", re.MULTILINE).search(self.text, floor)
        return found.end() - 1 if found else floor

    def _lead(self, line: int, column: int, floor: int) -> int:
        """Where an entry begins with its comments; those at the top of a file are the file's."""
        comment = re.compile(rf" {{{column}}}#")
        lead = line
        while lead > 1 and (above := self.line_start(lead - 1)) > floor:
            if not comment.match(self.text, above):
                break
            lead = above
        return (line if lead == 1 else lead) + column

    def _tail(self, end: int, column: int) -> int:
        """The end of the last comment that follows and stands deeper than the entry."""
        found = re.compile(rf"(?:\n *)*(?:\n+ {{{column + 1},}}#[^\n]*)+").match(self.text, end)
        return found.end() if found else end

    def content_end(self, node: yaml.Node) -> int:
        """Where the last sign of a value stands; blank lines behind a block are no part of it."""
        if is_block(node):
            return self.content_end(children(node)[-1])
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        if getattr(node, "style", None) not in ("|", ">"):
            return end
        text = self.text[start:end]
        if "+" in text.partition("\n")[0].partition("#")[0]:
            return end - text.endswith("\n")
        return start + len(re.sub(r"(?:\n *)+\Z", "", text))

    def comments(self, node: yaml.Node, start: int, end: int) -> list[str]:
        """The comments of a part of the text around a value, in their order."""
        spans = [(one.start_mark.index, self.content_end(one)) for one in _scalars(node)]
        return [
            one[0].rstrip()
            for one in re.compile(r"(?<!\S)#[^\n]*").finditer(self.text, start, end)
            if not any(begin <= one.start() < last for begin, last in spans)
        ]

    def line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end
