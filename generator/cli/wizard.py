"""What `scaffold new` asks in a terminal: which questions, in which order, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from generator.cli import candidates
from generator.cli.prompting import Back, Option, Prompts
from generator.engine.create import check_target
from generator.errors import ScaffoldError
from generator.questions import exclusions, features
from generator.questions.access import PUBLIC
from generator.questions.catalog import Catalog, Question
from generator.questions.limits import TYPES_OF
from generator.questions.names import check_project_name
from generator.questions.relations import ON_DELETE
from generator.questions.resource_answers import resources_from_answer
from generator.questions.resource_texts import parse_resource
from generator.questions.resources import MODIFIERS, TYPES, Resource
from generator.questions.rules import check_resources

# The questions that have an option of their own; the framework's is the first.
ASKED = ("framework", "database", "auth", "docker", "ci", "jobs", "observability", "storage")
NAME, RESOURCES = "project_name", "resources"
RESOURCES_HELP = f"""\
One resource on a line: its name, then its fields, such as
  book title:str summary:text:optional genre:enum=novel,essay author:ref=user
Types: {", ".join(TYPES)}; with storage, file. Modifiers: {", ".join(MODIFIERS)}, default=VALUE,
  {"=, ".join(TYPES_OF)}=;
of a ref: {", ".join(ON_DELETE)}.
An endpoint is its name and a method: publish:POST, or latest:GET:collection.
After the name stand who reads and writes it: book:read=users, book:read=all, book:{PUBLIC};
fields that are unique together: book:unique=author+title;
and a table that exists already: book:table=BOOK:key=BookId title:str:column=Title."""

Answers = dict[str, Any]
Step = Callable[[Answers], Answers]


@dataclass(frozen=True)
class Wizard:
    """Asks for what is not `given`; `defaults` are all answers where nothing more is said."""

    catalog: Catalog
    defaults: Mapping[str, Any]
    given: Container[str]
    prompts: Prompts

    def ask(self, *last: Step) -> Answers:
        """Return the answers to what was asked; the `last` steps end it, where any question was."""
        steps = list(self._steps())
        steps += last if steps else ()
        asked: Answers = {}
        position = 0
        while position < len(steps):
            try:
                answers = {**asked, **steps[position](asked)}
            except Back:
                position = max(position - 1, 0)
                continue
            if objection := _objection(self._check_given, answers):
                self.prompts.say(objection)
                continue
            asked = answers
            position += 1
        return asked

    def _steps(self) -> Iterator[Step]:
        asked = [self.catalog.questions[key] for key in ASKED if key not in self.given]
        on = features.features(asked)
        optional = {feature.question for feature in on}
        if NAME not in self.given:
            yield self._name
        for question in asked:
            if question.name not in optional and len(question.choices) != 1:
                yield partial(self._choice, question)
        if on:
            yield partial(self._features, on)
        if RESOURCES not in self.given:
            yield self._resources

    def _name(self, asked: Answers) -> Answers:
        question, unavailable = self.catalog.questions[NAME], self.catalog.manifest.project_names

        def check(name: str) -> None:
            check_project_name(name, unavailable)
            check_target(Path.cwd() / name)

        default = asked.get(NAME) or _free(example_name(self.catalog))
        return {NAME: self.prompts.line(question.help, default, partial(_objection, check))}

    def _choice(self, question: Question, asked: Answers) -> Answers:
        default = self.defaults[question.name]
        choices = sorted(question.choices, key=lambda choice: choice.value != default)
        options = [Option(choice.value, choice.label) for choice in choices]
        chosen = asked.get(question.name, default)
        return {question.name: self.prompts.one(question.help, options, chosen)}

    def _features(self, possible: Sequence[features.Feature], asked: Answers) -> Answers:
        now = {**self.defaults, **asked}
        options = [Option(feature.word, feature.label) for feature in possible]
        chosen = [f.word for f in possible if now[f.question] == f.value]

        def answers(words: Sequence[str]) -> Answers:
            return features.assignments(self.catalog.questions, {}, words, wanted=True)

        words = self.prompts.several("Features", options, chosen, partial(_objection, answers))
        questions = {f.question: self.catalog.questions[f.question] for f in possible}
        off = {name: features.off(question) for name, question in questions.items()}
        return {**off, **answers(words)}

    def _resources(self, asked: Answers) -> Answers:
        """Ask for one after the other until a line is empty; the way back edits the last one."""
        texts: list[str] = list(asked.get(RESOURCES, ()))
        question = self.catalog.questions[RESOURCES].help
        self.prompts.say(f"{question}. {RESOURCES_HELP}")
        typed = ""
        while True:
            try:
                line = self._resource(asked, texts, typed)
            except Back:
                if not texts:
                    raise
                typed = texts.pop()
                continue
            if not line:
                return {RESOURCES: texts}
            texts.append(line)
            typed = ""

    def _resource(self, asked: Answers, earlier: Sequence[str], typed: str) -> str:
        """Ask for one more resource; empty where there is none. The first one has a default."""
        default = ""
        if not earlier:
            resources = resources_from_answer(self.defaults[RESOURCES])
            default = " + ".join(resource.option() for resource in resources)

        def check(line: str) -> None:
            texts = earlier if line == default else [*earlier, line]
            self._check(asked, [parse_resource(text) for text in texts])

        what = f"Resource {len(earlier) + 1}" + (" (Enter: no more)" if earlier else "")
        line = self.prompts.line(
            what,
            default,
            partial(_objection, check),
            typed,
            partial(candidates.resource, earlier=earlier),
        )
        return "" if line == default else line

    def _check_given(self, asked: Answers) -> None:
        """Refuse answers that do not go together, those that are not asked for included."""
        exclusions.check(self.catalog.manifest.exclusions, {**self.defaults, **asked})
        if RESOURCES in self.given:
            self._check(asked, [])

    def _check(self, asked: Answers, resources: Sequence[Resource]) -> None:
        """Refuse `resources`, or those that are not asked, where other answers rule them out."""
        answers = {**self.defaults, **asked}
        check_resources(
            resources or resources_from_answer(self.defaults[RESOURCES]),
            reserved=self.catalog.manifest.facts(answers["framework"]).reserved.given(answers),
            users=answers["auth"] != features.OFF,
            files=answers.get("storage", features.OFF) != features.OFF,
        )


def example_name(catalog: Catalog) -> str:
    """Return a name that a project can have."""
    return catalog.questions[NAME].placeholder or "my-service"


def _free(name: str) -> str:
    """Return `name`, with a number where the current folder has something of that name."""
    taken = (f"{name}-{number}" if number > 1 else name for number in range(1, 1000))
    return next((free for free in taken if not Path(free).exists()), name)


def _objection(check: Callable[[Any], object], value: Any) -> str:
    """Return what `check` objects to, if anything."""
    try:
        check(value)
    except ScaffoldError as error:
        return f"{error.message} {error.hint}".strip()
    return ""
