# Fields of the responses that no client sends.
FIELDS = {
    "id": "UUID, version 7.",
    "created_at": "Time of creation, in UTC.",
    "updated_at": "Time of the last change, in UTC.",
}


def describe_fields(schemas: dict[str, Any]) -> None:
    """Describe enums by their values, and the fields of a response as those of the request."""
    for schema in schemas.values():
        for field, described in schema.get("properties", {}).items():
            drop_null_default(described)
            kinds = [described, *described.get("anyOf", [])]
            texts = [kind["description"] for kind in kinds if "description" in kind]
            names = [kind["$ref"].rpartition("/")[2] for kind in kinds if "$ref" in kind]
            for choices in (schemas[name].get("enum", []) for name in names):
                texts.append(f"One of {', '.join(choices)}.")
            texts += ["UUID." for kind in kinds if kind.get("format") == "uuid"]
            if field in FIELDS or texts:
                described.setdefault("description", FIELDS.get(field) or texts[0])
    for name, schema in schemas.items():
        sent = schemas.get(name.removesuffix("Read") + "Create", {}).get("properties", {})
        for field, described in schema.get("properties", {}).items():
            given = sent.get(field, {})
            if "description" in given:
                described.setdefault("description", given["description"])
            kinds = [described, *described.get("anyOf", [])]
            for kind, as_sent in zip(kinds, [given, *given.get("anyOf", [])], strict=False):
                if kind.get("type") == "string" and "format" in as_sent:
                    kind.setdefault("format", as_sent["format"])


def drop_null_default(schema: dict[str, Any]) -> None:
    """A default of null means that the field may be left out, not that null is sent."""
    if schema.get("default", ...) is None:
        del schema["default"]


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
        if response.get("description") == "Validation Error":
            response.clear()  # FastAPI's own 422
        response.setdefault("description", TITLES.get(status, "Error"))
        # A route's own model, as that of /health/ready, stays.
        if not response.get("content"):
            problem = {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
            response["content"] = {"application/problem+json": problem}
        if status == 429:
            response["headers"] = RETRY_AFTER
    for parameter in parameters:
        if parameter["in"] == "path":
            parameter.setdefault("description", "Id of the object.")
    for response in responses.values():
        response["headers"] = response.get("headers", {}) | REQUEST_ID
