"""As much of JSON Schema as the published schemas use."""

from collections.abc import Iterator, Mapping
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def objects_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The schema itself and its definitions, those that have properties."""
    for name, part in ({"": schema} | schema.get("$defs", {})).items():
        if "properties" in part:
            yield name, part


def breaches(schema: Mapping[str, Any], value: object) -> list[str]:
    """Where a value breaks a schema; nothing when it holds."""
    return list(_breaches(schema, value, schema.get("$defs", {}), "$"))


def _breaches(
    schema: Mapping[str, Any], value: object, defs: Mapping[str, Any], at: str
) -> Iterator[str]:
    if "$ref" in schema:
        schema = {**defs[schema["$ref"].removeprefix("#/$defs/")], **schema}
    options = schema.get("anyOf", ())
    if options and all(list(_breaches(x, value, defs, at)) for x in options):
        yield f"{at}: {value!r} is none of the options"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is not in {schema['enum']}"
    kind = schema.get("type")
    if kind and not _is(value, kind):
        yield f"{at}: {value!r} is no {kind}"
        return
    if isinstance(value, dict):
        yield from _of_object(schema, value, defs, at)
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _breaches(schema.get("items", {}), item, defs, f"{at}[{place}]")


def _of_object(
    schema: Mapping[str, Any], value: dict[str, Any], defs: Mapping[str, Any], at: str
) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name in set(schema.get("required", ())) - set(value):
        yield f"{at}: no {name}"
    for name, item in value.items():
        if name in known:
            yield from _breaches(known[name], item, defs, f"{at}.{name}")
        elif isinstance(others, dict):
            yield from _breaches(others, item, defs, f"{at}.{name}")
        elif others is False:
            yield f"{at}: {name} is not allowed"


def _is(value: object, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])
