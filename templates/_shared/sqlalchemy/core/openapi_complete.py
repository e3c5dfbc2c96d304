# Fields of the responses that no client sends.
FIELDS = {
    "id": "UUID, version 7.",
    "created_at": "Time of creation, in UTC.",
    "updated_at": "Time of the last change, in UTC.",
}


def describe_fields(schemas: dict[str, Any]) -> None:
    """Describe the fields of a response as those of the request that sets them."""
    for name, schema in schemas.items():
        sent = schemas.get(name.removesuffix("Read") + "Create", {}).get("properties", {})
        for field, described in schema.get("properties", {}).items():
            text = FIELDS.get(field) or sent.get(field, {}).get("description")
            if text:
                described.setdefault("description", text)


def complete(operation: dict[str, Any]) -> None:
    """Declare the errors that every operation of this kind can answer, and all headers."""
    responses, parameters = operation["responses"], operation.get("parameters", [])
    statuses = {400, 500, 503} | {int(s) for s in responses if s.isdecimal() and int(s) >= 400}
    if "requestBody" in operation:
        statuses |= {413, 415, 422}
    if "security" in operation:
        statuses |= {401}
    if "requestBody" in operation or any(one["in"] == "query" for one in parameters):
        statuses |= {422}
    else:
        statuses -= {422}
        responses.pop("422", None)
    for status in sorted(statuses):
        response = responses.setdefault(str(status), {})
        if response.get("description") in (None, "Validation Error"):
            response.clear()
            response["description"] = title_of(status)
        # A route's own model, as that of /health/ready, stays.
        problem = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
        response.setdefault("content", {"application/problem+json": problem})
        if status == 429:
            response["headers"] = RETRY_AFTER
    for response in responses.values():
        response["headers"] = response.get("headers", {}) | REQUEST_ID
