class PageQuery(BaseModel):
    page: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 20


class SearchQuery(PageQuery):
    q: Annotated[PlainText, Field(max_length=200)] = ""


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int
    page: int
    size: int
