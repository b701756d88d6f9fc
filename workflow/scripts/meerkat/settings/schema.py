"""The JSON schema of settings, and what it allows in words."""

from pydantic import BaseModel


def schema_of(model: type[BaseModel]) -> dict:
    """The JSON schema of a section without references: each setting with type, range, default and description."""
    whole = model.model_json_schema()
    definitions = whole.pop("$defs", {})

    def plain(entry: dict) -> dict:
        entry = {key: value for key, value in entry.items() if key != "title"}
        if "$ref" in entry:
            entry = definitions[entry.pop("$ref").rpartition("/")[2]] | entry
            entry.pop("default", None)  # A section's defaults are those of its settings.
            return plain(entry)
        if "anyOf" in entry:  # something, or null
            options = [plain(option) for option in entry.pop("anyOf")]
            (other,) = [option for option in options if option["type"] != "null"]
            entry |= other | {"type": [other["type"], "null"]}
        if "properties" in entry:
            entry["properties"] = {name: plain(setting) for name, setting in entry["properties"].items()}
        if "items" in entry:
            entry["items"] = plain(entry["items"])
        return entry

    return plain(whole)


def files_of_user(model: type[BaseModel]) -> list[str]:
    """The settings of all sections that name a file of the user, if its content decides which steps run."""
    sections = [entry["properties"] for entry in schema_of(model)["properties"].values() if "properties" in entry]
    return [name for section in sections for name, entry in section.items() if entry.get("counts") == "content"]


def allowed(schema: dict) -> str:
    """What the schema of a setting allows, in words: `a whole number from 1 to 99`."""
    if "enum" in schema:
        *others, last = map(str, schema["enum"])
        return f"{', '.join(others)} or {last}"
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    words = {
        "integer": "a whole number",
        "number": "a number",
        "string": "a path" if schema.get("format") == "path" else "a text",
        "boolean": "true or false",
        "null": "null",
        "array": f"a list such as {schema['examples'][0]}" if "examples" in schema else "a list",
        "object": "settings, one a line, indented",
    }
    first, *others = (words[name] for name in types)
    return (", or " if "," in _range(schema) else " or ").join([first + _range(schema), *others])


def _range(schema: dict) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}" if high < 1e6 else f" from {low:g} to {high}"
    bounds = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}
    return "".join(f", {word} {schema[key]:g}" for key, word in bounds.items() if key in schema)
