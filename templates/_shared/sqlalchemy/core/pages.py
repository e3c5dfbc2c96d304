class PageQuery(BaseModel):
    # Bounded so that OFFSET fits in 64 bits.
    page: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 20


class SearchQuery(PageQuery):
    q: Annotated[PlainText, Field(max_length=200)] = ""


class Page(BaseModel, Generic[T]):
    model_config = ConfigDict(from_attributes=True)

    items: list[T]
    total: int
    page: int
    size: int

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """ItemReadPage: what a client's generated code shall call it."""
        return f"{params[0].__name__}Page"


@dataclass(frozen=True)
class Rows(Generic[T]):
    """What `paginate` found, before the response model turns it into a page of JSON."""

    items: Sequence[T]
    total: int
    page: int
    size: int
