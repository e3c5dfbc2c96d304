class ProblemError(BaseModel):
    """One invalid value of a request."""

    pointer: str | None = Field(default=None, description="JSON Pointer to the value in the body.")
    parameter: str | None = Field(default=None, description="Name of the query or path parameter.")
    detail: str = Field(description="What is wrong with the value.")


class ProblemDetails(BaseModel):
    """The body of every error (RFC 9457)."""

    type: str = Field(description="What programs read: a URN, or `about:blank`.")
    title: str = Field(description="Name of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str | None = Field(default=None, description="What went wrong, for people.")
    errors: list[ProblemError] | None = Field(default=None, description="All invalid values.")
    request_id: str | None = Field(default=None, description="Id of the request in the log.")
