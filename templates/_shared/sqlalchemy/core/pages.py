class PageQuery(BaseModel):
    # Bounded so that OFFSET fits in 64 bits.
    page: Annotated[
        int, Field(ge=1, le=1_000_000_000, description="Number of the page."), Digits
    ] = 1
    size: Annotated[int, Field(ge=1, le=100, description="Objects on a page."), Digits] = 20


class SearchQuery(PageQuery):
    q: Annotated[PlainText, Field(max_length=200, description="Text to search for.")] = ""


class Page(BaseModel, Generic[T]):
    model_config = ConfigDict(from_attributes=True)

    items: list[T] = Field(description="The objects of this page.")
    total: int = Field(description="Number of objects on all pages.")
    page: int = Field(description="Number of this page.")
    size: int = Field(description="Most objects on a page.")


@dataclass(frozen=True)
class Rows(Generic[T]):
    """A page of rows, before the response model turns it into JSON."""

    items: Sequence[T]
    total: int
    page: int
    size: int
