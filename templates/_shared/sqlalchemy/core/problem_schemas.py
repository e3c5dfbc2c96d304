class ProblemError(BaseModel):
    """One invalid value of a request."""

    pointer: str | MISSING = Field(default=MISSING, description="JSON Pointer into the body.")
    parameter: str | MISSING = Field(default=MISSING, description="Name of the parameter.")
    detail: str = Field(description="What is wrong with the value.")


class ProblemDetails(BaseModel):
    """The body of every error (RFC 9457)."""

    type: str = Field(description="What programs read: a URN, or `about:blank`.")
    title: str = Field(description="Name of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str | MISSING = Field(default=MISSING, description="What went wrong, for people.")
    errors: list[ProblemError] | MISSING = Field(default=MISSING, description="All invalid values.")
    request_id: str | MISSING = Field(default=MISSING, description="Id of the request in the log.")
