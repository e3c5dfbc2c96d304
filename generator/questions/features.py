"""The words that `scaffold add` and `remove` take: answers that can be off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from generator.questions.catalog import Question

OFF = "none"


def is_any_on(questions: Iterable[str], answers: Mapping[str, Any]) -> bool:
    """Tell whether an answer to one of `questions` turns a feature on."""
    return any(answers.get(question) not in (None, False, OFF) for question in questions)


@dataclass(frozen=True)
class Feature:
    """What turns a feature on: the answer `value` to a question; `label` is for people."""

    word: str
    question: str
    value: Any
    label: str


def assignments(
    questions: Mapping[str, Question],
    current: Mapping[str, Any],
    words: Sequence[str],
    *,
    wanted: bool,
) -> dict[str, Any]:
    """Return the answers that turn the features `words` on, or off unless `wanted`.

    A feature is a yes-or-no question (docker), a question with the choice `none` (ci), or another
    choice of such a question (github). Raises `UsageError`.
    """
    result: dict[str, Any] = {}
    for word in words:
        key, value = _answer(questions, current, word, wanted=wanted)
        if result.get(key, value) != value:
            raise UsageError(
                f"{key} cannot be both {result[key]} and {value}.", "Keep one of them."
            )
        result[key] = value
    return result


def features(questions: Iterable[Question]) -> list[Feature]:
    """Return what can be turned on by `questions`, those that cannot be off left out.

    A feature of a single kind has its question's name (auth), others that of the kind (github).
    """
    found = []
    for question in _features({question.name: question for question in questions}):
        if question.type == "bool":
            found.append(Feature(question.name, question.name, True, question.help))
        kinds = [choice for choice in question.choices if choice.value != OFF]
        for kind in kinds:
            word = question.name if len(kinds) == 1 else kind.value
            found.append(Feature(word, question.name, kind.value, kind.label))
    return found


def off(question: Question) -> Any:
    """Return the answer that turns a feature off."""
    return False if question.type == "bool" else OFF


def possible(
    questions: Mapping[str, Question], current: Mapping[str, Any], *, wanted: bool
) -> list[str]:
    """Return the words for `assignments` that would change the answers `current`."""
    words = []
    for question in _features(questions):
        kinds, now = _kinds(question), current.get(question.name, OFF)
        if question.type == "bool":
            words += [question.name] if (now is True) != wanted else []
        elif wanted:
            words += [question.name] if len(kinds) == 1 and now == OFF else []
            words += [kind for kind in kinds if kind != now]
        elif now != OFF:
            words += [question.name, now]
    return words


def _features(questions: Mapping[str, Question]) -> list[Question]:
    return [q for q in questions.values() if q.asked and (q.type == "bool" or OFF in q.values)]


def _kinds(question: Question) -> list[str]:
    return [value for value in question.values if value != OFF]


def _answer(
    questions: Mapping[str, Question], current: Mapping[str, Any], word: str, *, wanted: bool
) -> tuple[str, Any]:
    features = {q.name: q for q in _features(questions)}
    choices = {kind: q.name for q in features.values() for kind in _kinds(q)}
    if word in choices:
        return _choice(choices[word], word, current, wanted=wanted)
    if word not in features:
        raise UsageError(
            f"There is no feature {word!r}.", did_you_mean(word, [*features, *choices])
        )
    question = features[word]
    if question.type == "bool":
        return word, wanted
    if not wanted:
        return word, OFF
    kinds = _kinds(question)
    if len(kinds) > 1:
        cure = " or ".join(f"scaffold add {kind}" for kind in kinds)
        raise UsageError(f"There are several kinds of {word}.", f"Write {cure}.")
    return word, kinds[0]


def _choice(key: str, value: str, current: Mapping[str, Any], *, wanted: bool) -> tuple[str, Any]:
    if wanted:
        return key, value
    if current.get(key) != value:
        raise UsageError(
            f"{key} is {current.get(key)}, not {value}.", f"Write scaffold remove {key}."
        )
    return key, OFF
