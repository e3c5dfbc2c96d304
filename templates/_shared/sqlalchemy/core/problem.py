class Problem(Exception):
    """Raise it anywhere in a request; `type` is what a client's program reads."""

    def __init__(
        self,
        status: int,
        type: str = "about:blank",
        detail: str = "",
        errors: Sequence[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, type, detail)
        self.status = status
        self.type = type if ":" in type else f"urn:problem:{type}"
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def response(self) -> ProblemResponse:
        body: dict[str, Any] = {
            "type": self.type,
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = list(self.errors)
        if self.status >= 500:
            body["request_id"] = structlog.contextvars.get_contextvars().get("request_id")
        return ProblemResponse(body, self.status, self.headers)


def not_found(what: str) -> Problem:
    return Problem(404, detail=f"There is no such {what}.")


def conflict(detail: str) -> Problem:
    return Problem(409, "conflict", detail)


def invalid(*errors: dict[str, str]) -> Problem:
    return Problem(422, "validation-error", "The request is not valid.", errors)
