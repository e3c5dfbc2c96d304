"""Resources are read from models, and what they cannot have is remarked."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.errors import UsageError
from generator.questions.manifest import load
from generator.questions.resource_texts import parse_resource
from generator.sources.code import STYLES
from generator.sources.fit import Found, Place, fit
from generator.versions.locate import template_root

RESERVED = load(template_root()).facts("django").reserved


def read(style: str, folder: Path, *, users: bool = True, present: str = "") -> Found:
    old = [parse_resource(present)] if present else []
    return fit(STYLES[style]([folder], folder), Place(RESERVED, users, old))


def options(found: Found) -> list[str]:
    return [resource.option() for resource in found.resources]


def remarks(found: Found) -> list[str]:
    return [str(remark) for remark in found.remarks]


def sqlalchemy(folder: Path, text: str, **place: bool | str) -> Found:
    (folder / "models.py").write_text(text)
    return read("sqlalchemy", folder, **place)  # type: ignore[arg-type]


def django(folder: Path, text: str, **place: bool | str) -> Found:
    (folder / "shop").mkdir(exist_ok=True)
    (folder / "shop/models.py").write_text(text)
    return read("django", folder, **place)  # type: ignore[arg-type]


NEWER = """
import enum
from typing import Annotated, Optional

key = Annotated[int, mapped_column(primary_key=True)]

class Genre(enum.Enum):
    NOVEL = "novel"
    ESSAY = "essay"

class Times:
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

class Book(Times, Base):
    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("owner_id", "isbn"), Index("ix_books_title", "title"))
    id: Mapped[key]
    isbn: Mapped[str] = mapped_column(String(13))
    title: Mapped[str]
    subtitle: Mapped[Optional[str]]
    genre: Mapped[Genre] = mapped_column(sa.Enum(Genre), default=Genre.ESSAY)
    meta: Mapped["dict[str, Any] | None"] = mapped_column("details", JSONB)
    writer_id: Mapped[int] = mapped_column(ForeignKey("writers.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    writer: Mapped["Writer"] = relationship(back_populates="books")

class Writer(Base):
    __tablename__ = "writers"
    id: Mapped[key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    books: Mapped[list["Book"]] = relationship(back_populates="writer")
"""


def test_models_with_mapped_columns(tmp_path: Path) -> None:
    found = sqlalchemy(tmp_path, NEWER)
    assert options(found) == [
        "writer name:str:unique:length=80",
        "book isbn:str:unique:length=13 title:str:index subtitle:str:optional "
        "genre:enum=novel,essay:default=essay details:json:optional writer:ref=writer",
    ]
    assert remarks(found) == []


OLDER = """
class Invoice(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    number = db.Column(db.String(20), nullable=False, unique=True)
    total = db.Column(db.Numeric(10, 2), nullable=False, default=Decimal("1.5"))
    is_paid = db.Column(db.Boolean, nullable=False, server_default=sa.text("false"))
    state = db.Column(db.Enum("open", "paid", name="state"), nullable=False)
    sent_at = db.Column(db.DateTime(timezone=True))
    customer_id = db.Column(db.Integer, db.ForeignKey("customer.id"), index=True)

class Customer(db.Model):
    __tablename__ = "customer"
    id = db.Column(db.Integer, primary_key=True)
    notes = db.Column(db.Text)
"""


def test_models_with_columns(tmp_path: Path) -> None:
    found = sqlalchemy(tmp_path, OLDER)
    assert options(found) == [
        "customer/customer notes:text:optional",
        "invoice number:str:unique:length=20 total:decimal=10,2:default=1.50 "
        "is_paid:bool:default=false state:enum=open,paid sent_at:datetime:optional "
        "customer:ref=customer:optional:protect",
    ]


LEFT_OUT = """
class Track(Base):
    __tablename__ = "tracks"
    album_id = Column(Integer, ForeignKey("albums.id"), primary_key=True)
    number = Column(Integer, primary_key=True)
    sound = Column(LargeBinary)
    played = Column(Integer, default=count, nullable=False)
    tags = relationship("Tag", secondary=tagged)
    __table_args__ = (UniqueConstraint("number", "played"), CheckConstraint("number > 0"))
"""


def test_what_cannot_be_expressed_is_remarked_with_its_line(tmp_path: Path) -> None:
    found = sqlalchemy(tmp_path, LEFT_OUT)
    assert options(found) == ["track:unique=number+played number:int played:int"]
    assert remarks(found) == [
        "models.py:2: Track has a key of several columns (album_id, number): rows get an id.",
        "models.py:4: album_id is left out: there is no resource for albums.",
        "models.py:6: sound is left out: no type of field is like LargeBinary.",
        "models.py:7: the default of played is left out: count.",
        "models.py:8: tags is left out: there is no resource for Tag.",
        "models.py:9: the CheckConstraint (number > 0) is left out.",
    ]


DJANGO = """
from django.conf import settings
from django.db import models

class Dated(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    starts_on = models.DateField(db_index=True)

    class Meta:
        abstract = True

class Course(Dated):
    LEVELS = [("low", "Low"), ("high", "High")]

    title = models.CharField(max_length=120, unique=True)
    motto = models.CharField(max_length=300, blank=True, default="")
    level = models.CharField(max_length=5, choices=LEVELS, default="high")
    teacher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    room = models.OneToOneField("Room", null=True, on_delete=models.SET_NULL)
    after = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)
    members = models.ManyToManyField("Member")
    length = models.DurationField()

    class Meta:
        unique_together = ("title", "level")

class Room(models.Model):
    seats = models.PositiveIntegerField(default=20)

    class Meta:
        db_table = "halls"

class CourseForm(forms.Form):
    title = forms.CharField()

class CourseSerializer(ModelSerializer):
    tags = TagField(many=True)
"""


def test_models_of_django(tmp_path: Path) -> None:
    found = django(tmp_path, DJANGO)
    assert options(found) == [
        "room/halls seats:int:default=20:min=0",
        "course:unique=title+level starts_on:date:index title:str:unique:length=120 "
        "motto:text:optional:length=300 level:enum=low,high:default=high "
        "teacher:ref=user:cascade room:ref=room:optional:unique after:ref=course:optional",
    ]
    assert remarks(found) == [
        "shop/models.py:21: members is left out: there is no resource for Member.",
        "shop/models.py:22: length is left out: no type of field is like DurationField.",
    ]


LIMITED = """
class Tag(models.Model):
    name = models.SlugField(max_length=30)

class Offer(models.Model):
    code = models.CharField(max_length=9, validators=[RegexValidator(r"^[A-Z]{2}-[0-9]{4}\\Z")])
    price = models.DecimalField(
        max_digits=8, decimal_places=3, validators=[MinValueValidator(Decimal("0.5"))]
    )
    stars = models.IntegerField(validators=[MinValueValidator(1), MaxValueValidator(5), is_odd])
    since = models.DateField(validators=[MinValueValidator(dt.date(2000, 1, 1))])
    tag = models.ForeignKey(Tag, on_delete=models.SET_DEFAULT)
    tags = models.ManyToManyField(Tag, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "since"], name="once")]
"""


def test_limits_of_django_models_are_read_and_the_rest_is_remarked(tmp_path: Path) -> None:
    found = django(tmp_path, LIMITED)
    assert options(found) == [
        "tag name:str:length=30",
        "offer:unique=code+since code:str:length=9:pattern=[A-Z]{2}-[0-9]{4} "
        "price:decimal=8,3:min=0.500 stars:int:min=1:max=5 since:date:min=2000-01-01 tag:ref=tag "
        "tags:refs=tag",
    ]
    assert remarks(found) == [
        "shop/models.py:10: a validator is left out: is_odd.",
        "shop/models.py:12: on_delete is left out: SET_DEFAULT.",
    ]


LINKED = """
class Book(Base):
    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("title", "shelf_id"),)
    title: Mapped[str] = mapped_column(String(300))
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelves.id", ondelete="CASCADE"))
    tags: Mapped[list["Tag"]] = relationship(secondary="book_tags", back_populates="books")

class Shelf(Base):
    __tablename__ = "shelves"
    width: Mapped[Decimal] = mapped_column(Numeric(6, 1))

class Tag(Base):
    __tablename__ = "tags"
    word: Mapped[str] = mapped_column(String(30))
    books: Mapped[list["Book"]] = relationship(secondary="book_tags", back_populates="tags")

class BookTag(Base):
    __tablename__ = "book_tags"
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True)
"""


def test_links_limits_and_deletes_of_sqlalchemy_models_are_read(tmp_path: Path) -> None:
    found = sqlalchemy(tmp_path, LINKED)
    assert options(found) == [
        "shelf width:decimal=6,1",
        "tag word:str:length=30",
        "book title:text:length=300 shelf:ref=shelf:optional:cascade tags:refs=tag",
    ]
    assert remarks(found) == [
        "models.py:2: the unique constraint (title, shelf_id) is left out.",
    ]


def test_names_that_are_refused_are_changed(tmp_path: Path) -> None:
    text = "class Query(models.Model):\n    page = models.IntegerField()\n"
    found = django(tmp_path, text)
    assert options(found) == ["query_entry query_entry_page:int"]
    assert remarks(found) == [
        "shop/models.py:1: renamed Query to query_entry, page to query_entry_page."
    ]


def test_long_names_lose_words(tmp_path: Path) -> None:
    text = "class InternationalShippingLabel(models.Model):\n    code = models.IntegerField()\n"
    assert options(django(tmp_path, text)) == ["international code:int"]


def test_refs_in_a_circle_lose_an_optional_one(tmp_path: Path) -> None:
    text = """
class Team(models.Model):
    name = models.CharField(max_length=9)
    captain = models.ForeignKey("Player", null=True, on_delete=models.SET_NULL)
class Player(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
"""
    found = django(tmp_path, text)
    assert options(found) == ["team name:str:length=9", "player team:ref=team:cascade"]
    assert remarks(found) == ["team.captain: the ref to player is left out, as player refers back."]


def test_the_only_field_of_a_resource_is_not_the_one_that_breaks_a_circle(tmp_path: Path) -> None:
    text = """
class Team(models.Model):
    captain = models.ForeignKey("Player", null=True, on_delete=models.SET_NULL)
class Player(models.Model):
    name = models.CharField(max_length=9)
    team = models.ForeignKey(Team, on_delete=models.CASCADE)
"""
    assert options(django(tmp_path, text)) == [
        "player name:str:length=9",
        "team captain:ref=player:optional",
    ]


def test_users_become_accounts_or_a_resource(tmp_path: Path) -> None:
    text = """
class User(AbstractUser):
    bio = models.TextField()
class Note(models.Model):
    author = models.ForeignKey("shop.User", on_delete=models.CASCADE)
"""
    assert options(django(tmp_path, text)) == ["note author:ref=user:cascade"]
    assert options(django(tmp_path, text, users=False)) == [
        "user_entry bio:text",
        "note author:ref=user_entry:cascade",
    ]


def test_what_the_project_has_is_left_alone(tmp_path: Path) -> None:
    text = """
class Room(models.Model):
    seats = models.IntegerField()
class Chair(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
"""
    found = django(tmp_path, text, present="room name:str")
    assert options(found) == ["chair room:ref=room:cascade"]
    assert found.present == ["room"]


def test_a_file_that_is_no_python_is_remarked(tmp_path: Path) -> None:
    assert remarks(sqlalchemy(tmp_path, "class")) == [
        "models.py: the file cannot be read as Python."
    ]


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no"):
        read("django", tmp_path / "nowhere")
