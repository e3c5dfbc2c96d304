"""A three-way merge of lines that can take changes side by side, which git calls a conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, order=True)
class Edit:
    """Lines `start` to `end` of the base become `lines`; `side` orders insertions at one place."""

    start: int
    end: int
    side: int
    lines: tuple[str, ...]

    @property
    def only_adds(self) -> bool:
        """Tell whether no line of the base goes."""
        return self.start == self.end


@dataclass(frozen=True)
class Clash:
    """A place that both sides changed, as each side has it."""

    base: str
    ours: str
    theirs: str


Pieces = Sequence[str | Clash]
MayTouch = Callable[[Sequence[str], Edit, Edit], bool]
THEIRS, OURS = 0, 1  # where both insert at one place, the lines of theirs come first


def always(_before: Sequence[str], _one: Edit, _other: Edit) -> bool:
    """Take all changes that do not overlap."""
    return True


def never(_before: Sequence[str], _one: Edit, _other: Edit) -> bool:
    """Take changes side by side for a conflict, as git does."""
    return False


def merge_lines(base: str, ours: str, theirs: str, may_touch: MayTouch) -> Pieces:
    """Return `base` with the changes of both, and the places where they clash.

    Changes side by side are both made where they `may_touch`, in the lines of the base.
    """
    before = _ended(base).splitlines(keepends=True)
    mine, new = edits(before, _ended(ours), OURS), edits(before, _ended(theirs), THEIRS)
    made = {(edit.start, edit.end, edit.lines) for edit in mine}
    new = [edit for edit in new if (edit.start, edit.end, edit.lines) not in made]
    pieces: list[str | Clash] = []
    position = 0
    for group in _groups(sorted([*mine, *new])):
        start, end = group[0].start, max(edit.end for edit in group)
        pieces.append("".join(before[position:start]))
        pieces.append(_merged(before, start, end, group, may_touch))
        position = end
    pieces.append("".join(before[position:]))
    is_edited = _is_ended(ours) != _is_ended(base)
    return _joined(pieces, ended=_is_ended(ours if is_edited else theirs))


def clean(pieces: Pieces) -> str | None:
    """Return the merged text, None where something clashes."""
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(texts) if len(texts) == len(pieces) else None


def as_ours(pieces: Pieces) -> str:
    """Return the merged text as it is if what clashes stays as ours has it."""
    return "".join(piece if isinstance(piece, str) else piece.ours for piece in pieces)


def with_marks(pieces: Pieces, our_name: str, base_name: str, their_name: str) -> str:
    """Return the text with git's marks around what clashes; what both sides share is outside."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        base, ours, theirs = (
            side.splitlines(keepends=True) for side in (piece.base, piece.ours, piece.theirs)
        )
        first = _shared(ours, theirs)
        last = _shared(reversed(ours[first:]), reversed(theirs[first:]))
        inside = (ours[first : len(ours) - last], base, theirs[first : len(theirs) - last])
        heads = f"<<<<<<< {our_name}", f"||||||| {base_name}", "======="
        marked = [f"{head}\n{''.join(side)}" for head, side in zip(heads, inside, strict=True)]
        text += "".join([*ours[:first], *marked, f">>>>>>> {their_name}\n"])
        text += "".join(ours[len(ours) - last :])
    return text


def edits(before: Sequence[str], text: str, side: int) -> list[Edit]:
    """Return what changes the lines `before` into `text`."""
    after = text.splitlines(keepends=True)
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [
        Edit(start, end, side, tuple(after[from_:to]))
        for tag, start, end, from_, to in opcodes
        if tag != "equal"
    ]


def touch(one: Edit, other: Edit) -> bool:
    """Tell whether no line that both leave stands between two changes of different sides."""
    return one.side != other.side and one.start <= other.end and other.start <= one.end


def _groups(ordered: Iterable[Edit]) -> Iterable[list[Edit]]:
    """Return the edits in groups of those that touch, in the order of their lines."""
    groups: list[list[Edit]] = []
    for edit in ordered:
        if groups and any(touch(edit, other) for other in groups[-1]):
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


def _merged(
    before: Sequence[str], start: int, end: int, group: Sequence[Edit], may_touch: MayTouch
) -> str | Clash:
    mine, new = ([edit for edit in group if edit.side == side] for side in (OURS, THEIRS))
    for one in mine:
        for other in new:
            overlap = one.start < other.end and other.start < one.end
            if overlap or (touch(one, other) and not may_touch(before, one, other)):
                texts = (_edited(before, start, end, side) for side in ([], mine, new))
                return Clash(*texts)
    return _edited(before, start, end, group)


def _edited(before: Sequence[str], start: int, end: int, made: Iterable[Edit]) -> str:
    result: list[str] = []
    for edit in sorted(made):
        result += [*before[start : edit.start], *edit.lines]
        start = edit.end
    return "".join([*result, *before[start:end]])


def _joined(pieces: Pieces, *, ended: bool) -> Pieces:
    """Return `pieces` with the texts between two clashes as one, and a line end last or none."""
    joined: list[str | Clash] = [""]
    for piece in pieces:
        last = joined[-1]
        if isinstance(piece, str) and isinstance(last, str):
            joined[-1] = last + piece
        else:
            joined.append(piece)
    last = joined[-1]
    if isinstance(last, str) and not ended:
        joined[-1] = last.removesuffix("\n")
    return joined


def _shared(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many lines two texts begin with alike."""
    number = 0
    for mine, new in zip(one, other, strict=False):
        if mine != new:
            break
        number += 1
    return number


def _is_ended(text: str) -> bool:
    return text.endswith("\n") or not text


def _ended(text: str) -> str:
    return text if _is_ended(text) else f"{text}\n"
