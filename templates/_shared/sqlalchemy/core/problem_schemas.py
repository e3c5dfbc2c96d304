class ProblemError(BaseModel):
    pointer: str | None = None
    parameter: str | None = None
    detail: str


class ProblemDetails(BaseModel):
    """What every error answers, as `application/problem+json` (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[ProblemError] | None = None
    request_id: str | None = None
