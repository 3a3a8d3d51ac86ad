"""The query protocol of AWS, as botocore's own description of a service has it: requests read, answers written."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring


def request(shape: Any, given: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a request by their names; what the description does not know is left out."""
    return _read(shape, "", given) or {} if shape else {}


def response(operation: Any, namespace: str, result: Mapping[str, Any], identifier: str) -> bytes:
    """A result as XML; raises KeyError for a name that the description does not know."""
    root = Element(f"{operation.name}Response", xmlns=namespace)
    shape = operation.output_shape
    if shape:
        _write(SubElement(root, shape.serialization["resultWrapper"]), shape, result)
    SubElement(SubElement(root, "ResponseMetadata"), "RequestId").text = identifier
    return tostring(root)


def failure(namespace: str, code: str, message: str, identifier: str) -> bytes:
    """An error of the sender as XML."""
    root = Element("ErrorResponse", xmlns=namespace)
    error = SubElement(root, "Error")
    for name, text in (("Type", "Sender"), ("Code", code), ("Message", message)):
        SubElement(error, name).text = text
    SubElement(root, "RequestId").text = identifier
    return tostring(root)


def _read(shape: Any, name: str, given: Mapping[str, str]) -> Any:
    match shape.type_name:
        case "structure":
            return _read_structure(shape, name, given)
        case "list":
            return _read_list(shape, name, given)
        case "boolean":
            return given[name] == "true" if name in given else None
        case "integer":
            return int(given[name]) if name in given else None
    return given.get(name)


def _read_structure(shape: Any, name: str, given: Mapping[str, str]) -> dict[str, Any] | None:
    members = {
        member: _read(inner, f"{name}.{member}" if name else member, given) for member, inner in shape.members.items()
    }
    return {member: value for member, value in members.items() if value is not None} or None


def _read_list(shape: Any, name: str, given: Mapping[str, str]) -> list[Any] | None:
    found: list[Any] = []
    while (value := _read(shape.member, f"{name}.member.{len(found) + 1}", given)) is not None:
        found.append(value)
    # An empty list is sent as the bare name.
    return found if found or name in given else None


def _write(parent: Element, shape: Any, value: Any) -> None:
    match shape.type_name:
        case "structure":
            for name, inner in value.items():
                _write(SubElement(parent, name), shape.members[name], inner)
        case "list":
            for inner in value:
                _write(SubElement(parent, "member"), shape.member, inner)
        case "boolean":
            parent.text = "true" if value else "false"
        case _:
            parent.text = str(value)
